import { between } from '../../helpers/between'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { World } from '../../helpers/world'

/** Goal: that a request was kept back says nothing about an earlier one. Method: a bank that pays and never answers. */
describe('a payout that may have been taken', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it('stays in doubt when the breaker keeps its repetition back', async () => {
    const world = await World.create(database, {
      around: {
        provider: (provider) => ({
          ...between({
            submit: async (call) => {
              await call()
              throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
            },
          })(provider),
          capabilities: { ...provider.capabilities, lookup: 'none' as const },
        }),
      },
    })
    const ids: string[] = []
    for (let number = 0; number < 5; number++) ids.push((await world.withdrawn(10 + number)).id)
    // All are due at once; one of them is the breaker's probe, and the others are kept back.
    await world.clock.advance(10_000)
    while ((await world.engine.runner.tick()) > 0);
    await world.clock.advance(400_000)
    while ((await world.engine.runner.tick()) > 0);

    const journal = (await Promise.all(ids.map((id) => world.journal(id)))).flat()
    const rows = await Promise.all(ids.map((id) => world.row(id)))
    // Kept back before its step begins or in the middle of it, by whose answer comes first.
    const isKeptBack =
      rows.some(({ state }) => state === 'ready') ||
      journal.some(({ event }) => event === 'payout.deferred_in_doubt')
    expect(isKeptBack).toBe(true)
    for (const id of ids) {
      // One that is to be sent again is on its way to that, and waits for the breaker there, as much in doubt.
      expect(await world.row(id)).toMatchObject({
        state: expect.stringMatching(/^(in_doubt|ready)$/),
        payoutDoubtAt: expect.any(Date),
      })
      await world.post('', { path: `/${id}/cancel` }).expect(409)
    }
    expect(await world.bank.executions()).toHaveLength(5)
  })
})
