import { createHmac } from 'node:crypto'

import { restProvider } from '../../../src/providers/rest'
import {
  type Arrangement,
  type ConformanceSubject,
  describeConformance,
  type FakeRequest,
  startFakeApi,
} from '../../../src/testing'
import { exampleConfiguration, OPTIONS, SECRET, WEBHOOK_SECRET } from './example'
import { FakeAcme } from './fake-acme'

const STATUSES: Partial<Record<Arrangement, string>> = {
  settle: 'PAID',
  decline: 'REJECTED',
  unknown_status: 'PERCOLATING',
}

const ENDINGS = {
  settled: 'PAID',
  returned: 'RETURNED',
  declined: 'REJECTED',
  unknown_status: 'PERCOLATING',
} as const

const fromCents = (cents: number): string => {
  const digits = String(cents).padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

async function restSubject(): Promise<ConformanceSubject> {
  const now = () => new Date()
  let acme = new FakeAcme(now)
  const seenBy = ({ method, path, query, headers, body }: FakeRequest) => ({
    ...{ method, headers, body },
    url: query.size > 0 ? `${path}?${query.toString()}` : path,
  })
  const server = await startFakeApi({
    answer(request) {
      const [status, body] = acme.answer(seenBy(request))
      if (request.method === 'POST') Object.assign(acme, { statusOfNew: 'CREATED', isRefusing: false })
      return { status, body }
    },
    kindOf: ({ method }) => (method === 'POST' ? 'payout' : 'reading'),
  })

  return {
    createProvider: () =>
      restProvider({
        ...OPTIONS,
        configuration: exampleConfiguration({ baseUrl: `${server.url}/v2`, timeoutMs: 500 }),
      }),
    payout: {
      ...{ currency: 'eur', amount: '10.50' },
      destination: { method: 'BANK', iban: 'DE89370400440532013000', accountHolder: 'Canary Holdername' },
    },
    unpayable: [
      { destination: { method: 'BANK', iban: 'DE89370400440532013000' }, field: 'account_holder' },
      { destination: { method: 'BANK', iban: 'DE88370400440532013000', accountHolder: 'C' }, field: 'iban' },
    ],
    secrets: [SECRET, WEBHOOK_SECRET],
    close: () => server.close(),
    api: {
      async reset() {
        acme = new FakeAcme(now)
        await server.reset()
      },
      async arrange(what) {
        acme.statusOfNew = STATUSES[what] ?? 'CREATED'
        acme.isHiding = what === 'hidden'
        acme.isRefusing = what === 'refuse_again'
        return (await server.arrange(what)) || true
      },
      arrangeReading: server.arrangeReading,
      bring(key, ending, amount) {
        const payout = acme.byKey(key)
        const value = amount === undefined ? payout.amount.value : Number(amount) * 100
        if (ending === 'cancelable') return false
        if (ending === 'forgotten') acme.payouts.splice(0)
        else payout.status = ENDINGS[ending]
        if (ending === 'returned') payout.returned = { value }
        if (ending === 'settled') Object.assign(payout, { amount: { ...payout.amount, value } })
        return true
      },
      booked: (key) =>
        acme.payouts
          .filter(({ external_id, status }) => external_id === key && status !== 'REJECTED')
          .map(({ amount, iban }) => ({
            ...{ amount: fromCents(amount.value), currency: amount.currency, account: iban },
          })),
      addStrangers() {
        acme.strangers = ['PAID', 'REJECTED', 'RETURNED'].map((status, n) => ({
          ...{ id: `po_other_${n}`, external_id: `invoice-${n}`, status, iban: '' },
          ...{ amount: { value: 700, currency: 'EUR' }, created_at: now().toISOString() },
        }))
        return true
      },
      keyLifetimeMs: 24 * 3_600_000,
      calls: server.calls,
      followedRedirects: server.followedRedirects,
      visibleAfterMs: 300_000,
      webhook(key) {
        const body = { event_id: 'ev_1', event: 'payout.updated', data: { external_id: key } }
        const rawBody = Buffer.from(JSON.stringify(body))
        const seconds = String(Math.floor(now().getTime() / 1_000))
        const signature = createHmac('sha256', WEBHOOK_SECRET)
          .update(`${seconds}.`)
          .update(rawBody)
          .digest('hex')
        const headers = { 'x-acme-timestamp': seconds, 'x-acme-signature': `v1=${signature}` }
        return { headers, rawBody, body }
      },
    },
  }
}

describeConformance('rest', restSubject, {
  notApplicable: {
    batch: 'the REST provider sends one payout per call',
    'list.batch': 'it has no batches',
    order: 'it has no batches',
    cancel: 'the configuration knows no such call',
    document: 'it is an API',
    outbox: 'it is an API',
    void: 'it is an API',
  },
})
