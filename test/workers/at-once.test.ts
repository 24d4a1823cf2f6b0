import type { Exchange } from '../../src/ports/exchange'
import { createBatchWorld } from '../helpers/batch-world'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
const AT_ONCE = 2
const AMOUNTS = Array.from({ length: 9 }, (_, index) => String(10 + index))

/** Goal: a partner is asked for no more at once than its operator allows, however many withdrawals are in hand. */
describe('a worker', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it('has more in hand than it asks the exchange about at the same time, and stops cleanly in the middle', async () => {
    let [asking, most] = [0, 0]
    let mayAnswer = false
    const around = {
      exchange: (exchange: Exchange): Exchange => ({
        ...exchange,
        async settleHold(...given) {
          most = Math.max(most, ++asking)
          while (!mayAnswer) await nextTurn()
          asking--
          return exchange.settleHold(...given)
        },
      }),
    }
    const { world, waiting, run, states } = await createBatchWorld(
      database,
      {},
      {
        around,
        config: { workerConcurrency: AT_ONCE, maxOpenWithdrawals: 0 },
      },
    )
    await waiting(...AMOUNTS)
    await run()
    const inState = async (state: string) =>
      Object.values(await states()).filter((one) => one === state).length
    const inHand = async () =>
      (
        await database.query<{ count: number }>(
          'select count(*)::int as count from bank_withdrawal.withdrawals where lease_owner is not null',
        )
      )[0]?.count ?? 0

    world.engine.runner.start()
    while (asking < AT_ONCE) await nextTurn()
    expect(await inHand()).toBeGreaterThan(AT_ONCE)

    const stopped = world.engine.runner.stop()
    mayAnswer = true
    await stopped
    expect(most).toBe(AT_ONCE)
    // What had begun was finished; the rest is free for the next.
    expect(await inState('processed')).toBeGreaterThanOrEqual(AT_ONCE)
    expect(await inHand()).toBe(0)

    await world.runToRest()
    expect(await inState('processed')).toBe(AMOUNTS.length)
    expect(most).toBe(AT_ONCE)
  })
})
