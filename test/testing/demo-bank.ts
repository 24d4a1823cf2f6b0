import type { Arrangement, Ending, FakeBooks } from '../../src/testing'
import { type FakeAnswer, type FakeApi, type FakeRequest, startFakeApi } from '../../src/testing'

interface Payment {
  readonly key: string
  readonly amount: string
  readonly iban: string
  readonly name: string
}
interface Booked extends Payment {
  readonly id: string
  status: string
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
  let booked: Booked[] = []
  let next: { what: Arrangement; badItemKey?: string | undefined } | null = null
  let hidden = new Set<string>()

  const book = (payment: Payment): Booked => {
    const known = booked.find(({ key }) => key === payment.key)
    if (known) return known
    const isBad = next?.badItemKey === payment.key
    const status = isBad || next?.what === 'decline' ? 'REJECTED' : (STATUS[next?.what ?? ''] ?? usual)
    const made = { ...payment, id: `P-${booked.length + 1}`, status }
    booked.push(made)
    if (next?.what === 'hidden') hidden.add(made.key)
    return made
  }
  const answer = ({ method, path, query, headers, body }: FakeRequest): FakeAnswer => {
    if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: { code: 'UNAUTHORIZED' } }
    if (method === 'POST' && path === '/payouts')
      return { status: 201, body: book(JSON.parse(body) as Payment) }
    if (method === 'POST' && path === '/batches')
      return {
        status: 201,
        body: { payouts: (JSON.parse(body) as { payments: Payment[] }).payments.map(book) },
      }
    const seen = booked.filter(({ key }) => !hidden.has(key))
    if (path === '/payouts')
      return { status: 200, body: { payouts: seen.filter(({ key }) => key === query.get('key')) } }
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
      bring(key, ending) {
        const payout = booked.find((each) => each.key === key)
        if (!payout) return false
        if (ending === 'forgotten') booked = booked.filter((each) => each !== payout)
        else payout.status = ENDINGS[ending]
        return true
      },
      executions: (key) =>
        booked.filter((each) => each.key.startsWith(key) && each.status !== 'REJECTED').length,
      calls: server.calls,
      followedRedirects: server.followedRedirects,
      visibleAfterMs: 60_000,
    },
  }
}

const STATUS: Readonly<Record<string, string>> = { settle: 'PAID', unknown_status: 'PERCOLATING' }
const ENDINGS: Readonly<Record<Exclude<Ending, 'forgotten'>, string>> = {
  settled: 'PAID',
  declined: 'REJECTED',
  returned: 'RETURNED',
  unknown_status: 'PERCOLATING',
}
