import { NO_PRESENCE } from '../../src/db/presence'
import { createStore } from '../../src/db/store'
import { createRecovery } from '../../src/workers/recovery'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { recordingLogger } from '../helpers/loggers'
import { World } from '../helpers/world'
import { clockAlone } from '../services/clock-alone'

const SECOND_MS = 1_000
const LEASE_MS = 90 * SECOND_MS
const QUIET_MS = 120 * SECOND_MS

/** Opens once, for the call that stands before it. */
function createGate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  let arrive = () => {}
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve
  })
  let isUsed = false
  return {
    open: () => open(),
    arrived,
    async pass() {
      if (isUsed) return
      isUsed = true
      arrive()
      await opened
    },
  }
}

/**
 * Goal: a process that is taken for dead while it lives does no harm. Method: it stands still right before a call,
 * inside its lease, while another one looks at what it holds; the call leaves at the last moment it may.
 */
describe.each(DATABASE_KINDS)('a living process that is taken for dead, on %s,', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const taken = () => createStore(database).releaseLeases(null)
  async function workOff(world: World): Promise<void> {
    while ((await world.engine.runner.tick()) > 0);
  }

  it('is neither paid behind nor sent for again while its payout may still leave', async () => {
    const gate = createGate()
    const sent: string[] = []
    const world = await World.create(database, {
      isSeen: true,
      around: {
        provider: (provider) => ({
          ...provider,
          async submit(order) {
            sent.push(order.key)
            await gate.pass()
            return provider.submit(order)
          },
        }),
      },
    })
    const answered = world
      .withdraw('10')
      .expect(200)
      .then(() => 'answered')
    await gate.arrived
    expect(await taken()).toBe(1)
    await workOff(world)
    const [row] = await world.rows()
    expect(row).toMatchObject({ state: 'in_doubt' })

    // Counted from the look, the quiet time would be over, and the payout sent again.
    await world.clock.advance(LEASE_MS + QUIET_MS - SECOND_MS)
    await workOff(world)
    expect(sent).toHaveLength(1)
    gate.open()
    expect(await answered).toBe('answered')
    await world.settled()
    await world.runToRest()
    expect(await world.rows()).toMatchObject([{ state: 'processed' }])
    expect(await world.bank.executions()).toHaveLength(1)
  })

  it('is not asked for a second lock while its first may still land', async () => {
    const gate = createGate()
    let asked = 0
    const world = await World.create(database, {
      isSeen: true,
      repeatedBurn: 'burns_again',
      config: { uniqueTransactionIds: false },
      around: {
        exchange: (exchange) => ({
          ...exchange,
          async placeHold(hold) {
            asked++
            await gate.pass()
            return exchange.placeHold(hold)
          },
        }),
      },
    })
    const answered = world
      .withdraw('10')
      .expect(200)
      .then(() => 'answered')
    await gate.arrived
    expect(await taken()).toBe(1)
    await workOff(world)
    await world.clock.advance(LEASE_MS + QUIET_MS - SECOND_MS)
    await workOff(world)
    expect(asked).toBe(1)
    gate.open()
    expect(await answered).toBe('answered')
    await world.settled()
    await world.runToRest()
    expect(await world.rows()).toMatchObject([{ state: 'processed' }])
    expect((await world.kit.ledger()).map(({ kind: entry }) => entry)).toEqual(['lock', 'settle'])
  })

  it('writes nothing more to what was taken from it', async () => {
    const gate = createGate()
    const logger = recordingLogger()
    const world = await World.create(database, {
      isSeen: true,
      logger,
      around: {
        exchange: (exchange) => ({
          ...exchange,
          async markProcessing(id) {
            await gate.pass()
            return exchange.markProcessing(id)
          },
        }),
      },
    })
    const answered = world
      .withdraw('10')
      .expect(200)
      .then(() => 'answered')
    await gate.arrived
    await taken()
    await workOff(world)
    const before = await world.rows()
    expect(before).toMatchObject([{ state: 'processed' }])
    const journal = await world.journal(String(before[0]?.id))
    gate.open()
    await answered
    await world.settled()
    expect(await world.journal(String(before[0]?.id))).toEqual(journal)
    expect(logger.lines).toContainEqual(expect.objectContaining({ event: 'worker.lease_lost' }))
  })
})

describe('the start on an embedded database', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PGlite')
  })
  afterAll(() => database.close())

  it('says how many withdrawals the last life held, and nothing where it left in good order', async () => {
    const logger = recordingLogger()
    const world = await World.create(database, { logger, isSeen: true })
    await world.withdraw('10.04').expect(200)
    const recoveries = () => logger.lines.filter(({ event }) => event === 'worker.recovered')
    await world.settled()
    expect(recoveries()).toEqual([])
    await world.clock.advance(3_600_000)
    await createStore(database).claimDue({ owner: 'a-life-before', seconds: 90 }, 10)
    await world.start()
    expect(recoveries()).toMatchObject([{ level: 'warn', fields: { withdrawals: 1 } }])
  })
})

describe('who looks for dead processes', () => {
  /** A process whose lock the database lets go so long after another one has started. */
  function lookingFor(freeAfterMs: number) {
    const clock = clockAlone()
    const startMs = clock.monotonicMs()
    const passedMs = () => clock.monotonicMs() - startMs
    const looks: number[] = []
    const released: number[] = []
    let missedAtMs: number | null = null
    let isDown = false
    const store = {
      releaseLeases: () => Promise.reject(new Error('Not everything is released.')),
      releaseLeasesOfDead(graceSeconds: number) {
        looks.push(passedMs())
        if (isDown) return Promise.reject(new Error('The database is down.'))
        if (passedMs() < freeAfterMs || released.length > 0)
          return Promise.resolve({ processes: 0, withdrawals: 0, graceLeftMs: null })
        missedAtMs ??= passedMs()
        const leftMs = missedAtMs + graceSeconds * 1_000 - passedMs()
        return Promise.resolve(
          leftMs > 0
            ? { processes: 0, withdrawals: 0, graceLeftMs: leftMs }
            : { processes: 1, withdrawals: 3, graceLeftMs: null },
        )
      },
    }
    const recovery = createRecovery({
      ...{ store, clock, presence: NO_PRESENCE, logger: recordingLogger() },
      ...{ isAlone: false, looksForDead: true, onReleased: () => released.push(passedMs()) },
    })
    return {
      ...{ recovery, looks, released, clock },
      fail: () => (isDown = true),
      async pass(ms: number) {
        for (let passed = 0; passed < ms; passed += 50) await clock.advance(50)
      },
    }
  }
  const GRACE_MS = 6_000

  it.each([
    ['is free already', 0],
    ['is let go in a moment', 400],
    ['is let go after some looks', 2_300],
  ])('believes in a death as soon as the grace is over, where the lock %s', async (_when, freeAfterMs) => {
    const { recovery, released, pass } = lookingFor(freeAfterMs)
    await recovery.start()
    await pass(12_000)
    await recovery.stop()
    expect(released).toHaveLength(1)
    expect(released[0]).toBeGreaterThanOrEqual(freeAfterMs + GRACE_MS)
    expect(released[0]).toBeLessThanOrEqual(freeAfterMs + 600 + GRACE_MS)
  })

  it('is not believed in before the grace is over by the one that died later', async () => {
    const { recovery, released, looks, pass } = lookingFor(7_100)
    await recovery.start()
    await pass(20_000)
    await recovery.stop()
    expect(released[0]).toBeGreaterThanOrEqual(7_100 + GRACE_MS)
    expect(released[0]).toBeLessThanOrEqual(7_100 + 3_050 + GRACE_MS)
    // Every three seconds once the start is over.
    const late = looks.filter((at) => at > 3_000 && at < 7_000)
    expect(late.length).toBeLessThanOrEqual(2)
  })

  it('does not ask a database that is down more often because a grace is about to end', async () => {
    const { recovery, looks, pass, fail } = lookingFor(0)
    await recovery.start()
    await pass(5_900)
    fail()
    const before = looks.length
    await pass(6_200)
    await recovery.stop()
    expect(looks.length - before).toBeLessThanOrEqual(3)
  })
})
