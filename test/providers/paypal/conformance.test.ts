import { paypalProvider } from '../../../src/providers/paypal'
import {
  type Arrangement,
  describeConformance,
  type Ending,
  type FakeAnswer,
  type FakeBooks,
  type FakeRequest,
  startFakeApi,
} from '../../../src/testing'
import { CLIENT } from './fake'
import { type FakeBatch, newBatch, type RequestBody } from './fake-batch'
import { signedDelivery, testAuthorities, WEBHOOK_ID } from './fake-webhooks'

/** Goal: PayPal is held to the rules of every provider. The books are small; test/providers/paypal/fake.ts is PayPal. */
const TOKEN = 'A21AA-conformance-token'
const STATUS: Readonly<Partial<Record<Arrangement, string>>> = {
  settle: 'SUCCESS',
  decline: 'FAILED',
  unknown_status: 'PERCOLATING',
}
const ENDINGS: Readonly<Record<Exclude<Ending, 'forgotten'>, string>> = {
  settled: 'SUCCESS',
  declined: 'FAILED',
  returned: 'RETURNED',
  cancelable: 'UNCLAIMED',
  unknown_status: 'PERCOLATING',
}

class Books {
  batches: FakeBatch[] = []
  next: { what: Arrangement; badItemKey?: string | undefined } | null = null
  hidden = new Set<FakeBatch>()

  item = (key: string) => this.batches.flatMap(({ items }) => items).find((item) => item.key === key)

  answer({ method, path, headers, body }: FakeRequest): FakeAnswer {
    if (path === '/v1/oauth2/token') return { status: 200, body: { access_token: TOKEN, expires_in: 3_600 } }
    if (path.startsWith('/v1/notifications/certs/'))
      return { status: 200, body: testAuthorities().leaf.pem + testAuthorities().middle.pem }
    if (headers.authorization !== `Bearer ${TOKEN}`) return error(401, 'AUTHENTICATION_FAILURE')
    if (method === 'POST' && headers['content-type'] !== 'application/json')
      return error(415, 'UNSUPPORTED_MEDIA_TYPE')
    if (method === 'POST' && path.endsWith('/cancel')) return this.cancelItem(path.split('/').at(-2))
    if (method === 'POST') return this.create(JSON.parse(body) as RequestBody)
    const seen = this.batches.filter((batch) => !this.hidden.has(batch))
    const id = path.split('/').at(-1)
    const batch = seen.find((each) => each.id === id)
    if (batch)
      return { status: 200, body: { ...shownBatch(batch), total_items: batch.items.length, total_pages: 1 } }
    const owner = seen.find(({ items }) => items.some((item) => item.id === id))
    const item = owner?.items.find((each) => each.id === id)
    return owner && item ? { status: 200, body: shownItem(owner, item) } : error(404, 'INVALID_RESOURCE_ID')
  }

  private cancelItem(id: string | undefined): FakeAnswer {
    const batch = this.batches.find(({ items }) => items.some((item) => item.id === id))
    const item = batch?.items.find((each) => each.id === id)
    if (!batch || !item) return error(404, 'INVALID_RESOURCE_ID')
    if (item.status !== 'UNCLAIMED') return error(400, 'ITEM_INCORRECT_STATUS')
    item.status = 'RETURNED'
    return { status: 200, body: shownItem(batch, item) }
  }

  private create(body: RequestBody): FakeAnswer {
    const { next } = this
    this.next = null
    if (next?.what === 'refuse_again') return error(400, 'VALIDATION_ERROR', [{ field: 'items[0].receiver' }])
    const known = this.batches.find(({ key }) => key === body.sender_batch_header.sender_batch_id)
    const link = known && [{ href: `https://api.paypal.com/v1/payments/payouts/${known.id}`, rel: 'self' }]
    if (known) return error(400, 'USER_BUSINESS_ERROR', [{ field: 'SENDER_BATCH_ID', link }])
    const bad = body.items.findIndex(({ sender_item_id }) => sender_item_id === next?.badItemKey)
    if (bad >= 0) return error(400, 'VALIDATION_ERROR', [{ field: `items[${bad}].receiver` }])
    const batch = newBatch(body, `PB${this.batches.length + 1}`, 0)
    for (const item of batch.items) item.status = STATUS[next?.what ?? 'accept'] ?? 'PENDING'
    this.batches.push(batch)
    if (next?.what === 'hidden') this.hidden.add(batch)
    return { status: 201, body: shownBatch(batch) }
  }
}

const error = (status: number, name: string, details: readonly object[] = []): FakeAnswer => ({
  status,
  body: { name, message: '', debug_id: '1', details },
})
const shownBatch = (batch: FakeBatch) => ({
  batch_header: {
    payout_batch_id: batch.id,
    batch_status: 'PROCESSING',
    sender_batch_header: { sender_batch_id: batch.key },
    amount: { currency: batch.currency, value: batch.total },
  },
  items: batch.items.map((item) => shownItem(batch, item)),
})
const shownItem = (batch: FakeBatch, item: FakeBatch['items'][number]) => ({
  payout_item_id: item.id,
  payout_batch_id: batch.id,
  transaction_status: item.status,
  transaction_id: `TX${item.id}`,
  payout_item: {
    ...item.request,
    amount: { ...item.request.amount, ...(item.shownAmount !== undefined && { value: item.shownAmount }) },
  },
})

/** Nobody's payout of ours, in a list that PayPal says is of our batch. */
const strangerIn = (batch: FakeBatch, status: string, n: number): FakeBatch['items'][number] => ({
  id: `${batch.id}S${n}`,
  key: `BW-somebody-else-${n}`,
  status,
  request: {
    sender_item_id: `BW-somebody-else-${n}`,
    recipient_type: 'EMAIL',
    receiver: 'somebody.else@example.com',
    amount: { currency: batch.currency, value: '7.00' },
  },
})

async function startBooks(): Promise<{ api: FakeBooks; url: string; close(): Promise<void> }> {
  const books = new Books()
  let events = 0
  const server = await startFakeApi({
    answer: (request) => books.answer(request),
    kindOf: ({ method, path }) =>
      !path.startsWith('/v1/payments/') ? 'other' : method === 'POST' ? 'payout' : 'reading',
  })
  const api: FakeBooks = {
    async reset() {
      Object.assign(books, { batches: [], next: null, hidden: new Set() })
      await server.reset()
    },
    async arrange(what, badItemKey) {
      books.next = (await server.arrange(what)) ? null : { what, badItemKey }
      return true
    },
    arrangeReading: server.arrangeReading,
    bring(key, ending, amount) {
      const item = books.item(key)
      if (item) item.shownAmount = amount
      // What came back is told with the amount of the payout.
      if (ending === 'returned' && amount !== undefined) return false
      if (ending === 'forgotten')
        books.batches = books.batches.filter(({ items }) => !items.some((each) => each === item))
      else if (item) item.status = ENDINGS[ending]
      return item !== undefined
    },
    booked: (key) =>
      books.batches
        .flatMap(({ items }) => items)
        .filter(({ key: ours, status = '' }) => ours === key && !['FAILED', 'RETURNED'].includes(status))
        .map(({ request: { amount, receiver } }) => ({
          ...{ amount: amount.value, currency: amount.currency, account: receiver },
        })),
    addStrangers() {
      for (const batch of books.batches)
        batch.items.unshift(...['SUCCESS', 'FAILED'].map((status, n) => strangerIn(batch, status, n)))
      return true
    },
    keyLifetimeMs: 30 * 24 * 3_600_000,
    calls: server.calls,
    followedRedirects: server.followedRedirects,
    visibleAfterMs: 60_000,
    webhook(key) {
      const resource = { payout_item_id: books.item(key)?.id, payout_item: { sender_item_id: key } }
      const event = { id: `WH-${key}`, event_type: 'PAYMENT.PAYOUTS-ITEM.SUCCEEDED', resource }
      return signedDelivery(event, { at: new Date(), url: server.url, number: ++events })
    },
  }
  return { api, url: server.url, close: () => server.close() }
}

describeConformance(
  'paypal',
  async () => {
    const { api, url, close } = await startBooks()
    return {
      api,
      close,
      createProvider: () =>
        paypalProvider({
          ...CLIENT,
          baseUrl: url,
          timeoutMs: 1_000,
          webhookId: WEBHOOK_ID,
          trustedRoots: [testAuthorities().root.pem],
        }),
      payout: {
        currency: 'eur',
        amount: '12.34',
        destination: { method: 'PAYPAL', paypalId: 'canary.payee@example.com' },
      },
      unpayable: [
        { destination: { method: 'PAYPAL', paypalId: 'nobody' }, field: 'paypal_id' },
        { destination: { method: 'PAYPAL', paypalId: '' }, field: 'paypal_id' },
        { destination: { method: 'PAYPAL', paypalId: '+4912345678' }, field: 'paypal_id' },
      ],
      secrets: [CLIENT.clientSecret, TOKEN],
    }
  },
  {
    notApplicable: {
      'lookup.returned_in_part': 'PayPal gives a payout back whole',
      document: 'PayPal has an API',
      outbox: 'PayPal has an API',
      void: 'PayPal has an API',
    },
  },
)
