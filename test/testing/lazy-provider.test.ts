import type { PaymentProvider } from '../../src/ports/payment-provider'
import { createHttpClient } from '../../src/providers/shared/http-client'
import { type Arrangement, type Fault, FAULTS } from '../../src/testing'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { World } from '../helpers/world'
import { type DemoBank, startDemoBank, TOKEN } from './demo-bank'

/**
 * Goal: a provider that knows only the good answer, and throws at everything else, is slow and never wrong. Method:
 * the whole engine over a real bank that does to one call what the suite can do, then behaves.
 */
interface Options {
  /** Its look-up throws too: it has none that works. */
  readonly isBlind?: boolean
}

function lazyProvider(url: string, { isBlind = false }: Options): PaymentProvider {
  const client = createHttpClient({ baseUrl: url, timeoutMs: 250 })
  const headers = { authorization: `Bearer ${TOKEN}` }
  const paid = (payout: { id: string; status: string }) => {
    if (payout.status !== 'PAID') throw new Error('not paid')
    return { kind: 'settled', reference: payout.id, transactionId: payout.id } as const
  }
  return {
    name: 'lazy',
    capabilities: {
      methods: ['BANK'],
      currencies: 'any',
      keyLifetimeMs: 30 * 24 * 3_600_000,
      lookup: 'by_key',
      notFoundConclusiveAfterMs: 60_000,
      returnWindowMs: 0,
      expectedMs: 1_000,
      destinationFields: { BANK: ['iban'] },
      timeoutMs: 1_000,
    },
    check: () => [],
    async submit({ items }) {
      const [item] = items
      const body = JSON.stringify({ key: item?.key, amount: item?.amount })
      const answer = await client.request({ method: 'POST', path: '/payouts', headers, body })
      return paid(answer.json() as { id: string; status: string })
    },
    async lookup({ key }) {
      if (isBlind) throw new Error('not implemented')
      const answer = await client.request({ method: 'GET', path: '/payouts', query: { key }, headers })
      const [payout] = (answer.json() as { payouts: { id: string; status: string }[] }).payouts
      return payout ? paid(payout) : { kind: 'not_found', conclusive: true }
    },
  }
}

const HAPPENS: readonly Arrangement[] = ['accept', 'decline', 'hidden', ...(Object.keys(FAULTS) as Fault[])]
/** The bank's word says nothing that this provider understands: nobody but a person can end it. */
const NEEDS_A_PERSON: readonly Arrangement[] = ['decline', 'unknown_status']

describe('a provider that throws at everything but the good answer', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  async function afterwards(what: Arrangement, options: Options) {
    const bank: DemoBank = await startDemoBank('PAID')
    const world = await World.create(database, {
      around: { provider: () => lazyProvider(bank.url, options) },
    })
    await bank.api.arrange(what)
    const { id } = await world.withdrawn('10.50')
    // From now on the bank behaves.
    await bank.api.arrange('accept')
    if (what === 'hidden') bank.show()
    await world.runToRest()
    const { state, payoutKey } = await world.row(id)
    const executions = (await bank.api.booked(payoutKey)).length
    await bank.close()
    const asked = (await world.asked()).map(([kind]) => kind)
    return { state, executions, balance: await world.balance(), asked }
  }

  it.each(HAPPENS)('pays once and settles, or leaves it locked for a person, after "%s"', async (what) => {
    const { state, executions, balance, asked } = await afterwards(what, {})
    if (NEEDS_A_PERSON.includes(what)) {
      expect({ state, asked, balance }).toEqual({
        ...{ state: 'in_doubt', asked: ['unresolved'] },
        balance: { available: 9_989.5, locked: 10.5 },
      })
      expect(executions).toBeLessThanOrEqual(1)
    } else
      expect({ state, executions, balance }).toEqual({
        ...{ state: 'processed', executions: 1 },
        balance: { available: 9_989.5, locked: 0 },
      })
  })

  it.each(['commit_then_drop', 'drop_before_commit', 'answer_500', 'garbage', 'down'] as const)(
    'asks a person after "%s" when its look-up never says anything',
    async (what) => {
      const { state, executions, balance, asked } = await afterwards(what, { isBlind: true })
      expect({ state, asked }).toEqual({ state: 'in_doubt', asked: ['unresolved'] })
      expect(executions).toBe(FAULTS[what].commits ? 1 : 0)
      expect(balance).toEqual({ available: 9_989.5, locked: 10.5 })
    },
  )
})
