import { modulrProvider } from '../../../src/providers/modulr'
import { signedHeaders } from '../../../src/providers/modulr/signature'
import {
  type Arrangement,
  type ConformanceSubject,
  describeConformance,
  type FakeRequest,
  startFakeApi,
} from '../../../src/testing'
import { ACCOUNT_EUR, FakeModulr, KEY_ID, SECRET } from './fake-modulr'

const WEBHOOK_SECRET = 'modulr-webhook-secret-0123456789'
const STATUSES: Partial<Record<Arrangement, string>> = {
  settle: 'PROCESSED',
  decline: 'ER_EXTSYS',
  unknown_status: 'PERCOLATING',
}

async function modulrSubject(): Promise<ConformanceSubject> {
  const now = () => new Date()
  let modulr = new FakeModulr(now)
  let badItemKey: string | null = null
  let isRefusing = false
  const seenBy = ({ method, path, query, headers, body }: FakeRequest) => ({
    ...{ method, headers, body, path: path.replace('/api-sandbox', '') },
    query: Object.fromEntries(query),
  })
  const complaintAbout = (body: string) => {
    const { payments } = JSON.parse(body) as { payments: { externalReference: string }[] }
    const index = payments.findIndex(({ externalReference }) => externalReference === badItemKey)
    return [{ field: `payments[${index}].destination.iban`, code: 'INVALID', message: body }]
  }
  const server = await startFakeApi({
    answer(request) {
      if (request.method === 'POST' && badItemKey !== null)
        return { status: 400, body: complaintAbout(request.body) }
      if (request.method === 'POST' && isRefusing) {
        isRefusing = false
        const field = request.path.endsWith('/payments') ? 'destination.iban' : 'payments[0].destination.iban'
        return { status: 400, body: [{ field, code: 'INVALID', message: request.body }] }
      }
      const given = modulr.answer(seenBy(request))
      modulr.statusOfNew = request.method === 'POST' ? 'SUBMITTED' : modulr.statusOfNew
      return given
    },
    kindOf: ({ method }) => (method === 'POST' ? 'payout' : 'reading'),
  })

  return {
    createProvider: () =>
      modulrProvider({
        baseUrl: `${server.url}/api-sandbox`,
        ...{ keyId: KEY_ID, secret: SECRET, accounts: { eur: ACCOUNT_EUR }, timeoutMs: 600 },
        webhook: { secret: WEBHOOK_SECRET },
      }),
    payout: {
      ...{ currency: 'eur', amount: '10.50' },
      destination: { method: 'BANK', iban: 'DE89370400440532013000', accountHolder: 'Canary Holdername' },
    },
    unpayable: [
      { destination: { method: 'BANK', iban: 'DE89370400440532013000' }, field: 'account_holder' },
      { destination: { method: 'BANK', iban: 'DE88370400440532013000', accountHolder: 'C' }, field: 'iban' },
      {
        destination: { method: 'BANK', iban: 'TR330006100519786457841326', accountHolder: 'C' },
        field: 'iban',
      },
    ],
    secrets: [SECRET, WEBHOOK_SECRET],
    close: () => server.close(),
    api: {
      async reset() {
        modulr = new FakeModulr(now)
        badItemKey = null
        isRefusing = false
        await server.reset()
      },
      async arrange(what, key) {
        modulr.statusOfNew = STATUSES[what] ?? 'SUBMITTED'
        modulr.showsSingles = what !== 'hidden'
        badItemKey = what === 'bad_item' ? (key ?? null) : null
        isRefusing = what === 'refuse_again'
        return (await server.arrange(what)) || true
      },
      arrangeReading: server.arrangeReading,
      bring(key, ending, amount) {
        // Modulr shows the request that a payment was made from, and cancels nothing.
        if (ending === 'cancelable' || (ending === 'settled' && amount !== undefined)) return false
        if (ending === 'forgotten') modulr.payments.splice(0)
        else if (ending === 'returned') {
          modulr.process(key)
          modulr.credit(
            String(modulr.byKey(key).schemeId),
            Number(amount ?? modulr.byKey(key).details.amount),
          )
        } else if (ending === 'settled') modulr.process(key)
        else modulr.byKey(key).status = ending === 'declined' ? 'ER_EXTSYS' : 'PERCOLATING'
        return true
      },
      booked: (key) =>
        modulr.payments
          .filter(({ externalReference, status }) => externalReference === key && !status.startsWith('ER_'))
          .map(({ details: { amount, currency, destination } }) => ({
            ...{ amount: String(amount), currency, account: (destination as { iban: string }).iban },
          })),
      addStrangers() {
        modulr.addStrangers()
        return true
      },
      keyLifetimeMs: 48 * 3_600_000,
      calls: server.calls,
      followedRedirects: server.followedRedirects,
      visibleAfterMs: 600_000,
      webhook(key) {
        const { id, status } = modulr.byKey(key)
        const body = {
          EventName: 'PAYOUT',
          EventId: 'E1',
          PaymentId: id,
          Status: status,
          ExternalReference: key,
        }
        const credentials = { keyId: 'W1', secret: WEBHOOK_SECRET, algorithm: 'hmac-sha512' } as const
        const headers = signedHeaders(credentials, { at: now(), nonce: 'N1' })
        return { headers, rawBody: Buffer.from(JSON.stringify(body)), body }
      },
    },
  }
}

describeConformance('modulr', modulrSubject, {
  notApplicable: {
    'webhook.forged': 'Modulr signs the date and a nonce, never the body; webhook.test.ts tries the rest',
    'lookup.settled_with_another_amount': 'Modulr shows the amount of the request, and no other',
    'list.settled_with_another_amount': 'Modulr shows the amount of the request, and no other',
    'order.another_amount': 'Modulr shows the amount of the request, and no other',
    cancel: 'the provider does not cancel',
    document: 'Modulr has an API',
    outbox: 'Modulr has an API',
    void: 'Modulr has an API',
  },
})
