import type { Database } from '../../src/db/connect/database'
import { openServer } from '../../src/db/connect/pool'
import { createPresence } from '../../src/db/presence'
import { createStore } from '../../src/db/store'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { recordingLogger, silentLogger } from '../helpers/loggers'
import { startPooler } from '../helpers/pooler'
import { TestClock } from '../helpers/test-clock'

/**
 * Goal: others see that a process lives, and never that it is dead for longer than its connection is. Method: real
 * connections, which the server really ends.
 */
describe('the presence of a process', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  let ids = 0
  const present = (over: Database = database, logger = recordingLogger()) => ({
    ...createPresence({ database: over, newId: () => `process-${++ids}`, logger }),
    logger,
  })
  const GRACE_SECONDS = 6
  const deaths = async () => (await createStore(database).releaseLeasesOfDead(GRACE_SECONDS)).processes
  const workers = () => database.query('select id from bank_withdrawal.workers where gone_at is null')

  /** Ends the connections by which processes show themselves, and returns when the server has. */
  async function cut(): Promise<void> {
    const theirs = `from pg_stat_activity
      where application_name = 'bank-withdrawal presence' and datname = current_database()`
    await database.query(`select pg_terminate_backend(pid) ${theirs}`)
    while ((await database.query(`select pid ${theirs}`)).length > 0);
  }
  async function back(presence: { renew(): Promise<void>; id(): string | null }): Promise<string> {
    for (;;) {
      await presence.renew()
      const id = presence.id()
      if (id !== null) return id
    }
  }

  it('has no name before it is seen, and one from then on', async () => {
    const presence = present()
    expect(presence.id()).toBeNull()
    await presence.renew()
    const id = presence.id()
    expect(await workers()).toEqual([{ id }])
    await presence.renew()
    expect(presence.id()).toBe(id)
    await presence.close()
  })

  it('leaves in good order: nobody takes it for dead', async () => {
    const clock = new TestClock(database)
    const presence = present()
    await presence.renew()
    await presence.close()
    expect(presence.id()).toBeNull()
    expect(await workers()).toEqual([])
    await deaths()
    await clock.advance(10_000)
    expect(await deaths()).toBe(0)
    await presence.renew()
    expect(presence.id()).toBeNull()
  })

  it('comes back under its name when the connection breaks for a moment', async () => {
    const clock = new TestClock(database)
    const presence = present()
    const name = await back(presence)
    await cut()
    expect(await deaths()).toBe(0)
    await clock.advance(5_000)
    expect(await back(presence)).toBe(name)
    await clock.advance(5_000)
    expect(await deaths()).toBe(0)
    expect(presence.logger.lines).toContainEqual(expect.objectContaining({ event: 'presence.lost' }))
    await presence.close()
  })

  it('takes no lease under a name that others may take for dead', async () => {
    const presence = present()
    await back(presence)
    await cut()
    while (presence.id() !== null) await database.query('select 1')
    await presence.close()
  })

  it('comes back under another name when it was taken for dead', async () => {
    const clock = new TestClock(database)
    const presence = present()
    const name = await back(presence)
    await cut()
    await deaths()
    await clock.advance(GRACE_SECONDS * 1_000)
    expect(await deaths()).toBe(1)
    const next = await back(presence)
    expect(next).not.toBe(name)
    expect(await workers()).toEqual([{ id: next }])
    await presence.close()
  })

  it('learns that it was taken for dead although its own end of the connection still looks well', async () => {
    const presence = present()
    const name = await back(presence)
    await database.query('update bank_withdrawal.workers set gone_at = bank_withdrawal.clock()')
    expect(await back(presence)).not.toBe(name)
    await presence.close()
  })

  it('waits while an earlier connection of its own still has the lock', async () => {
    const first = createPresence({ database, newId: () => 'one-name', logger: silentLogger })
    const again = createPresence({ database, newId: () => 'one-name', logger: silentLogger })
    await first.renew()
    await again.renew()
    expect(again.id()).toBeNull()
    await cut()
    expect(await back(again)).toBe('one-name')
    await Promise.all([first.close(), again.close()])
  })

  it('never ends the process, whatever the database does', async () => {
    const gone = openServer({ url: 'postgres://nobody@127.0.0.1:1/none', logger: silentLogger })
    const presence = present(gone)
    await presence.renew()
    expect(presence.id()).toBeNull()
    expect(presence.logger.lines).toContainEqual(expect.objectContaining({ event: 'presence.failed' }))
    await presence.close()
    await gone.close()
  })

  it('is not shown behind a pooler, whose sessions belong to nobody', async () => {
    const pooler = await startPooler(new URL(String(database.url)))
    const behind = openServer({ url: pooler.url, logger: silentLogger })
    const presence = present(behind)
    await presence.renew()
    await presence.renew()
    expect(presence.id()).toBeNull()
    expect(await workers()).toEqual([])
    expect(presence.logger.lines.map(({ event }) => event)).toEqual(['presence.unseen'])
    await behind.close()
    pooler.close()
  })

  it('is shown past a pooler, where the way past it is known', async () => {
    const pooler = await startPooler(new URL(String(database.url)), { refuses: true })
    const behind = openServer({
      url: pooler.url,
      directUrl: String(database.url),
      logger: silentLogger,
    })
    const presence = present(behind)
    await presence.renew()
    expect(await workers()).toEqual([{ id: presence.id() }])
    expect(presence.logger.lines).toEqual([])
    await presence.close()
    await behind.close()
    pooler.close()
  })

  it('is not needed where the database ends with its process', async () => {
    const embedded = await openTestDatabase('PGlite')
    const presence = present(embedded)
    await presence.renew()
    expect(presence.id()).toBeNull()
    await embedded.close()
  })
})
