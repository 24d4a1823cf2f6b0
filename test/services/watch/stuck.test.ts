import { verifyDatabase } from '../../../src/db/verify'
import { isWorking, type State, STATES, type WorkingState } from '../../../src/domain/states'
import { STUCK_AFTER_MS } from '../../../src/domain/stuck'
import { createArranger } from '../../db/rows'
import { between, betweenExchange } from '../../helpers/between'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { recordingLogger } from '../../helpers/loggers'
import { TestClock } from '../../helpers/test-clock'
import { World, type WorldOptions } from '../../helpers/world'
import { fakeProvider } from '../fake-provider'

const HOUR_MS = 3_600_000
const WORKING: readonly WorkingState[] = STATES.filter(isWorking)

/** Goal: nothing is retried in silence. Whatever is repeated has an age after which a person is asked, and goes on. */
describe('what is repeated for too long', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  const pass = async (world: World, ms: number) => {
    await world.runToRest(ms)
    await world.engine.watch.run()
  }
  const isVerified = async (): Promise<boolean> => {
    const results = await verifyDatabase(database, { stuckMinutes: 30, namedMax: 3 })
    return results.find(({ name }) => name === 'nothing_is_stuck')?.count === 0
  }
  const refused = () => Promise.resolve({ kind: 'refused', why: 'other', message: 'no' } as const)
  let isRefusing = true

  const REFUSALS: readonly (readonly [what: string, State, WorldOptions['around']])[] = [
    [
      'a release',
      'releasing',
      {
        provider: between({ submit: () => Promise.resolve({ kind: 'declined', code: 'account_closed' }) }),
        exchange: betweenExchange({ releaseHold: (call) => (isRefusing ? refused() : call()) }),
      },
    ],
    [
      'a settle',
      'settling',
      { exchange: betweenExchange({ settleHold: (call) => (isRefusing ? refused() : call()) }) },
    ],
  ]

  it.each(REFUSALS)('%s that the exchange refuses', async (_what, state, around) => {
    isRefusing = true
    const logger = recordingLogger()
    const world = await World.create(database, { logger, ...(around && { around }) })
    const { id } = await world.withdrawn(10)
    await pass(world, 1.5 * HOUR_MS)
    expect(await world.asked()).toEqual([])
    expect(await isVerified()).toBe(true)

    await pass(world, HOUR_MS)
    expect(await world.asked()).toEqual([['stuck', id]])
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ level: 'error', event: 'difference.opened', fields: expect.anything() }),
    )
    expect(await isVerified()).toBe(false)
    const { body } = await world.get('/health').expect(200)
    expect(body).toMatchObject({
      ready: true,
      degraded: [`1 withdrawals have been ${state} for longer than they should`],
    })

    // It was tried on meanwhile, and the question goes when it is answered.
    isRefusing = false
    await pass(world, HOUR_MS)
    expect((await world.row(id)).state).toBe(state === 'settling' ? 'processed' : 'canceled')
    expect(await world.asked()).toEqual([])
    expect(await isVerified()).toBe(true)
  })

  it('a payout whose provider was taken out of the settings, until it is back', async () => {
    let isGone = false
    const lost = () => {
      throw new Error('ECONNRESET')
    }
    const paid = () => ({ kind: 'settled', reference: 'R-1', transactionId: 'T-1' })
    const acme = () => fakeProvider({ name: 'acme', submit: lost, lookup: paid })
    const world = await World.create(database, {
      provider: () => (isGone ? fakeProvider({ name: 'other' }) : acme()),
    })
    const { id } = await world.withdrawn(10)
    expect((await world.row(id)).state).toBe('in_doubt')
    isGone = true
    await world.settled()
    await pass(world, 2 * HOUR_MS)
    expect(new Set((await world.asked()).map(([, asked]) => asked))).toEqual(new Set([id]))

    isGone = false
    await world.settled()
    await pass(world, 2 * HOUR_MS)
    expect((await world.row(id)).state).toBe('processed')
    expect(await world.asked()).toEqual([])
  })

  it.each(WORKING)('a withdrawal in %s is seen by its age, however often it is looked at', async (state) => {
    await database.reset()
    const rows = createArranger(database)
    const row = await rows.row({ state, held_at: '2026-01-05T08:00:00Z' })
    const clock = new TestClock(database)
    const query = { afterMs: STUCK_AFTER_MS, providers: ['sandbox'], withoutProviderAfterMs: 1, limit: 9 }
    const look = async (ms: number) => {
      await clock.advance(ms)
      await database.query(
        `update bank_withdrawal.withdrawals set next_run_at = bank_withdrawal.clock() + interval '1 minute'`,
      )
      return [(await rows.store.listStuck(query)).map(({ id }) => id), await isVerified()]
    }
    const ageMs = clock.now().getTime() - row.stateSince.getTime()
    expect(await look(STUCK_AFTER_MS[state] - ageMs - 1_000)).toEqual([[], true])
    expect(await look(2_000)).toEqual([[row.id], false])
  })
})
