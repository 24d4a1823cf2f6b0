import { createGateStore, type GateStore } from '../../../src/db/gates'
import { createRequestLimits, type RequestLimits } from '../../../src/services/limits/request-limits'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { recordingLogger, silentLogger } from '../../helpers/loggers'
import { TestClock } from '../../helpers/test-clock'

const PER_MINUTE = 240
/** What may come at once. */
const ROOM = 60

/** Asks until it is told to wait. @returns How often it was let through. */
function askedOut(limits: RequestLimits, key = 'create:user:1'): number {
  let passed = 0
  while (passed < 10_000 && limits.take(key, PER_MINUTE) === 0) passed++
  return passed
}

describe.each(DATABASE_KINDS)('Who asks too often, counted in %s', (kind) => {
  let database: TestDatabase
  let clock: TestClock
  let gates: GateStore
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await database.reset()
    clock = new TestClock(database)
    gates = createGateStore(database)
  })
  const instance = () => createRequestLimits({ gates, clock, logger: silentLogger })
  const levels = () => database.query('select key from bank_withdrawal.request_levels')

  it('may hurry for a moment, and then as often as the limit says', async () => {
    const limits = instance()

    expect(askedOut(limits)).toBe(ROOM)
    expect(limits.take('create:user:1', PER_MINUTE)).toBe(1)
    await limits.share()
    await clock.advance(10_000)
    expect(askedOut(limits)).toBe(40)
    await limits.share()
    await clock.advance(600_000)
    expect(askedOut(limits)).toBe(ROOM)
    await limits.stop()
  })

  it('is told how long to wait, and may pass then', async () => {
    const limits = instance()
    for (let sent = 0; sent < 6; sent++) expect(limits.take('k', 24)).toBe(0)
    await limits.share()

    expect(limits.take('k', 24)).toBe(3)
    await clock.advance(2_000)
    expect(limits.take('k', 24)).toBe(1)
    await clock.advance(1_000)
    expect(limits.take('k', 24)).toBe(0)
    await limits.stop()
  })

  it('takes nothing from anybody else', async () => {
    const limits = instance()
    askedOut(limits)

    expect(askedOut(limits, 'create:user:2')).toBe(ROOM)
    expect(askedOut(limits, 'read:user:1')).toBe(ROOM)
    await limits.stop()
  })

  it('is not limited by a limit of 0', () => {
    const limits = instance()
    for (let sent = 0; sent < 1_000; sent++) expect(limits.take('k', 0)).toBe(0)
  })

  it('is one over ten instances, but for what they have not told each other yet', async () => {
    const instances = Array.from({ length: 10 }, instance)
    let passed = 0
    // Each of them in turn, as a load balancer does, and the word goes round every few requests.
    for (let round = 0; round < 60; round++) {
      for (const limits of instances) if (limits.take('k', PER_MINUTE) === 0) passed++
      await Promise.all(instances.map((limits) => limits.share()))
    }
    expect(passed).toBeGreaterThanOrEqual(ROOM)
    expect(passed).toBeLessThanOrEqual(2 * ROOM + instances.length)

    // Whoever comes to an instance that has hardly seen them finds little left.
    const late = instance()
    const [first] = instances
    for (let sent = 0; sent < 7; sent++) late.take('k', PER_MINUTE)
    await late.share()
    expect(late.take('k', PER_MINUTE)).toBeGreaterThan(0)
    expect(first?.take('k', PER_MINUTE)).toBeGreaterThan(0)
  })

  it('makes nobody write anything who asks as people do', async () => {
    const limits = instance()
    for (let minute = 0; minute < 30; minute++) {
      limits.take('k', PER_MINUTE)
      limits.take('k', PER_MINUTE)
      await limits.share()
      await clock.advance(60_000)
    }
    expect(await levels()).toEqual([])
  })

  it('is forgotten in the database when it has long leaked away', async () => {
    const limits = instance()
    askedOut(limits, 'old')
    await limits.share()
    expect(await levels()).toEqual([{ key: 'old' }])

    await clock.advance(3_600_000)
    askedOut(limits, 'new')
    await limits.share()
    expect(await levels()).toEqual([{ key: 'new' }])
  })
})

describe('Counting requests', () => {
  it('goes on alone where the database does not answer, and says so', async () => {
    const logger = recordingLogger()
    const database = await openTestDatabase('PostgreSQL')
    const gates = { ...createGateStore(database), addLevels: () => Promise.reject(new Error('gone')) }
    const limits = createRequestLimits({ gates, clock: new TestClock(database), logger })

    expect(askedOut(limits)).toBe(ROOM)
    await limits.share()
    expect(limits.take('create:user:1', PER_MINUTE)).toBeGreaterThan(0)
    expect(logger.lines).toMatchObject([{ level: 'warn', event: 'limits.not_shared' }])
    await database.close()
  })

  it('keeps a bounded number of keys in mind, however many addresses a flood comes from', async () => {
    const database = await openTestDatabase('PostgreSQL')
    const gates = createGateStore(database)
    const limits = createRequestLimits({ gates, clock: new TestClock(database), logger: silentLogger })
    limits.take('the first', 1)
    for (let address = 0; address < 50_000; address++) limits.take(`door:${address}`, 1)

    // The first was forgotten for the last; the last is known.
    expect(limits.take('door:49999', 1)).toBeGreaterThan(0)
    expect(limits.take('the first', 1)).toBe(0)
    await limits.stop()
    await database.close()
  })
})
