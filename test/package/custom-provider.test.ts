import {
  type Arrangement,
  describeConformance,
  type Ending,
  type FakeAnswer,
  type FakeBooks,
  startFakeApi,
} from 'hollaex-bank-withdrawal/testing'

import { AcmeBank } from '../../examples/custom-provider'

/** Goal: the provider that people copy keeps every rule of the suite that they are given. */
interface Entry {
  readonly key: string
  readonly id: string
  readonly amount: string
  readonly currency: string
  readonly iban: string
  status: string
  /** What was really paid, or came back. */
  shown: string
}

const API_KEY = 'acme-canary-key-5d1f'
const IBAN = 'DE89370400440532013000'

const STATUS_AFTER: Readonly<Partial<Record<Arrangement, string>>> = {
  settle: 'PAID',
  unknown_status: 'A_WORD_NOBODY_KNOWS',
}
const STATUS_AT_END: Readonly<Record<Exclude<Ending, 'forgotten' | 'cancelable'>, string>> = {
  settled: 'PAID',
  declined: 'REFUSED',
  returned: 'RETURNED',
  unknown_status: 'A_WORD_NOBODY_KNOWS',
}
const shownAs = ({ key, id, status, currency, shown: amount }: Entry) => ({
  key,
  id,
  status,
  currency,
  amount,
})

async function startFakeAcme(): Promise<{ url: string; api: FakeBooks; close(): Promise<void> }> {
  let books: Entry[] = []
  let next: Arrangement = 'accept'
  let hidden: string | null = null

  function take(given: Entry): FakeAnswer {
    // This bank looks at the account before it looks at the key.
    if (next === 'refuse_again' || next === 'decline')
      return { status: 422, body: { error: 'account_not_payable' } }
    const known = books.find(({ key }) => key === given.key)
    if (known) return { status: 200, body: shownAs(known) }
    const status = STATUS_AFTER[next] ?? 'RECEIVED'
    const payout = { ...given, shown: given.amount, id: `A-${books.length + 1}`, status }
    books.push(payout)
    if (next === 'hidden') hidden = payout.key
    return { status: 201, body: shownAs(payout) }
  }

  const server = await startFakeApi({
    kindOf: ({ method }) => (method === 'POST' ? 'payout' : 'reading'),
    answer({ method, path, headers, body }): FakeAnswer {
      if (headers.authorization !== `Bearer ${API_KEY}`) return { status: 401 }
      if (method === 'POST' && path === '/payouts') return take(JSON.parse(body) as Entry)
      const found = books.find(({ key }) => path === `/payouts/${key}` && key !== hidden)
      return found
        ? { status: 200, body: shownAs(found) }
        : { status: 404, body: { error: 'no_such_payout' } }
    },
  })

  const api: FakeBooks = {
    async reset() {
      ;[books, next, hidden] = [[], 'accept', null]
      await server.reset()
    },
    async arrange(what) {
      next = what
      return (await server.arrange(what)) || what !== 'bad_item'
    },
    arrangeReading: server.arrangeReading,
    bring(key, ending, amount) {
      const payout = books.find((each) => each.key === key)
      if (!payout || ending === 'cancelable') return false
      payout.shown = amount ?? payout.amount
      if (ending === 'forgotten') books = books.filter((each) => each !== payout)
      else payout.status = STATUS_AT_END[ending]
      return true
    },
    booked: (key) =>
      books
        .filter((each) => each.key === key && each.status !== 'REFUSED')
        .map(({ amount, currency, iban }) => ({ amount, currency, account: iban })),
    keyLifetimeMs: 24 * 3_600_000,
    calls: server.calls,
    followedRedirects: server.followedRedirects,
    visibleAfterMs: 60_000,
  }
  return { url: server.url, api, close: server.close }
}

describeConformance(
  'of the example',
  async () => {
    const { url, api, close } = await startFakeAcme()
    return {
      createProvider: () => new AcmeBank({ baseUrl: url, apiKey: API_KEY, timeoutMs: 300 }),
      api,
      close,
      payout: {
        currency: 'eur',
        amount: '10.50',
        destination: { method: 'BANK', iban: IBAN, accountHolder: 'Canary Holdername' },
      },
      unpayable: [{ destination: { method: 'BANK', iban: IBAN }, field: 'account_holder' }],
      secrets: [API_KEY],
    }
  },
  {
    notApplicable: {
      'lookup.among_strangers': 'one payout is asked for by its address, and nothing is listed',
      batch: 'one payout per call',
      order: 'no batches',
      cancel: 'what is sent cannot be stopped',
      list: 'the API does not list what it has taken',
      webhook: 'no webhooks',
      document: 'no documents',
      outbox: 'no files',
      void: 'no files',
    },
  },
)
