import type { Arrangement, Ending, FakeBooks } from '../../src/testing'
import { type FakeAnswer, type FakeApi, type FakeRequest, startFakeApi } from '../../src/testing'

interface Payment {
  readonly key: string
  readonly amount: string
  readonly currency: string
  readonly iban: string
  readonly name: string
}
interface Entry extends Payment {
  readonly id: string
  /** Of the batch it came with. */
  readonly orderKey: string | undefined
  status: string
  /** What was paid, or what came back. */
  shown: string
  readonly at: string
}

export const TOKEN = 'demo-secret-token-81b2'

/** A bank with a JSON API that honours keys, for the tests of the suite itself. */
export interface DemoBank {
  readonly api: FakeBooks
  readonly url: string
  /** Look-ups show what was hidden. */
  show(): void
  close(): Promise<void>
}

/** @param usual The status of a payout with which nothing special happens. */
export async function startDemoBank(usual = 'PENDING'): Promise<DemoBank> {
  let booked: Entry[] = []
  let strangers: Entry[] = []
  let next: { what: Arrangement; badItemKey?: string | undefined } | null = null
  let hidden = new Set<string>()
  let refusals = 0

  const refused = (payment: Payment): Entry => ({
    ...payment,
    shown: payment.amount,
    ...{ id: `R-${++refusals}`, orderKey: undefined, at: new Date().toISOString() },
    status: 'REJECTED',
  })
  const book = (payment: Payment, orderKey?: string): Entry => {
    // This bank validates before it looks at its books.
    if (next?.what === 'refuse_again') return refused(payment)
    const known = booked.find(({ key }) => key === payment.key)
    if (known) return known
    const isBad = next?.badItemKey === payment.key
    const status = isBad || next?.what === 'decline' ? 'REJECTED' : (STATUS[next?.what ?? ''] ?? usual)
    const id = `P-${booked.length + 1}`
    const at = new Date().toISOString()
    const made = { ...payment, orderKey, shown: payment.amount, id, status, at }
    booked.push(made)
    if (next?.what === 'hidden') hidden.add(made.key)
    return made
  }
  const cancel = (id: string | undefined): FakeAnswer => {
    const payout = booked.find((each) => each.id === id)
    if (payout?.status === 'HELD') payout.status = 'STOPPED'
    return payout ? { status: 200, body: shown(payout) } : { status: 404, body: { code: 'NOT_FOUND' } }
  }
  const answer = ({ method, path, query, headers, body }: FakeRequest): FakeAnswer => {
    if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: { code: 'UNAUTHORIZED' } }
    if (method === 'POST' && path === '/payouts')
      return { status: 201, body: shown(book(JSON.parse(body) as Payment)) }
    if (method === 'POST' && path.endsWith('/cancel')) return cancel(path.split('/')[2])
    if (method === 'POST' && path === '/batches') {
      const { key, payments } = JSON.parse(body) as { key: string; payments: Payment[] }
      return { status: 201, body: { payouts: payments.map((each) => shown(book(each, key))) } }
    }
    if (path === '/list') return { status: 200, body: pageOf([...strangers, ...booked], query) }
    const seen = booked.filter(({ key }) => !hidden.has(key))
    const asked = query.get('key')
    const isAsked = ({ key, orderKey }: Entry) => (path === '/payouts' ? key : orderKey) === asked
    if (path === '/payouts' || path === '/batches')
      return { status: 200, body: { payouts: [...strangers, ...seen.filter(isAsked)].map(shown) } }
    return { status: 404, body: { code: 'NOT_FOUND' } }
  }

  const server: FakeApi = await startFakeApi({
    answer: (request) => {
      const given = answer(request)
      if (request.method === 'POST') next = null
      return given
    },
    kindOf: ({ method }) => (method === 'POST' ? 'payout' : 'reading'),
  })

  return {
    url: server.url,
    show: () => hidden.clear(),
    close: () => server.close(),
    api: {
      async reset() {
        booked = []
        strangers = []
        next = null
        hidden = new Set()
        await server.reset()
      },
      async arrange(what, badItemKey) {
        if (await server.arrange(what)) return true
        next = { what, badItemKey }
        return true
      },
      arrangeReading: server.arrangeReading,
      bring(key, ending, amount) {
        const payout = booked.find((each) => each.key === key)
        if (!payout) return false
        if (ending === 'forgotten') booked = booked.filter((each) => each !== payout)
        else payout.status = ENDINGS[ending]
        payout.shown = amount ?? payout.amount
        return true
      },
      booked: (key) =>
        booked
          .filter((each) => each.key.startsWith(key) && !['REJECTED', 'STOPPED'].includes(each.status))
          .map(({ amount, currency, iban }) => ({ amount, currency, account: iban })),
      addStrangers() {
        strangers = ['PAID', 'REJECTED', 'RETURNED'].map((status, n) => ({
          ...{ key: `BW-of-somebody-else-${n}`, id: `S-${n}`, amount: '7', shown: '7', status },
          at: new Date().toISOString(),
          ...{ currency: 'EUR', iban: 'DE02120300000000202051', name: 'Somebody Else', orderKey: undefined },
        }))
        return true
      },
      keyLifetimeMs: KEY_LIFETIME_MS,
      calls: server.calls,
      followedRedirects: server.followedRedirects,
      visibleAfterMs: 60_000,
    },
  }
}

/** What the API tells of an entry. */
const shown = ({ id, key, status, currency, shown: amount }: Entry) => ({ id, key, status, currency, amount })

/** Two on a page, so that a batch of three has another one. */
const PAGE = 2

function pageOf(entries: readonly Entry[], query: URLSearchParams) {
  const [since, until, page] = ['since', 'until', 'page'].map((name) => String(query.get(name)))
  const within = entries.filter(({ at }) => at >= String(since) && at < String(until))
  const from = Number(page) * PAGE
  return {
    payouts: within.slice(from, from + PAGE).map((entry) => ({ ...shown(entry), at: entry.at })),
    isLast: from + PAGE >= within.length,
  }
}

export const KEY_LIFETIME_MS = 30 * 24 * 3_600_000

const STATUS: Readonly<Record<string, string>> = {
  open: 'PENDING',
  settle: 'PAID',
  unknown_status: 'PERCOLATING',
}
const ENDINGS: Readonly<Record<Exclude<Ending, 'forgotten'>, string>> = {
  cancelable: 'HELD',
  settled: 'PAID',
  declined: 'REJECTED',
  returned: 'RETURNED',
  unknown_status: 'PERCOLATING',
}
