import { answers } from '../../helpers/batch-bank'
import { createBatchWorld } from '../../helpers/batch-world'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'

/** Goal: a provider that takes no batches is served in batch mode too: one by one, a few at a time, and to an end. */
describe('a provider without batches, in batch mode', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it('gets one call per payout, a few at a time, until none is left', async () => {
    let inFlight = 0
    let most = 0
    const { bank, waiting, run, toRest, states, batches } = await createBatchWorld(
      database,
      { maxItems: null },
      {
        config: { workerConcurrency: 3 },
        around: {
          provider: (real) => ({
            ...real,
            async submit(order) {
              most = Math.max(most, ++inFlight)
              await new Promise(setImmediate)
              return real.submit(order).finally(() => inFlight--)
            },
          }),
        },
      },
    )
    await waiting(...Array.from({ length: 10 }, (_, index) => String(10 + index)))
    expect(bank.orders).toEqual([])

    expect(await run()).toMatchObject([{ singles: 10, batches: [] }])

    expect(bank.orders.every(({ items, key }) => items.length === 1 && items[0]?.key === key)).toBe(true)
    expect(most).toBeLessThanOrEqual(3)
    expect(most).toBeGreaterThan(1)
    await toRest()
    expect(Object.values(await states())).toEqual(Array(10).fill('processed'))
    expect(await batches()).toEqual([])
  })

  it.each([0, 1])('is not asked for ever when it defers for %d ms', async (retryAfterMs) => {
    const { bank, waiting, run } = await createBatchWorld(database, { maxItems: null })
    for (let call = 0; call < 1_000; call++)
      bank.fates.push(answers({ kind: 'deferred', why: 'rate_limited', retryAfterMs }))
    await waiting('10', '11')
    await run()
    expect(bank.orders).toHaveLength(2)
  })

  it('is not asked for ever when its answers take longer than the wait it asks for', async () => {
    const { world, bank, waiting, run } = await createBatchWorld(database, { maxItems: null })
    for (let call = 0; call < 1_000; call++)
      bank.fates.push(async () => {
        await world.clock.advance(5_000)
        return { kind: 'deferred', why: 'rate_limited', retryAfterMs: 0 }
      })
    await waiting('10', '11')
    await run()
    expect(bank.orders.length).toBeLessThanOrEqual(4)
  })
})
