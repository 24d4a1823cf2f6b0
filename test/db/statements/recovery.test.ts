import { lockOf } from '../../../src/db/statements/recovery'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { TestClock } from '../../helpers/test-clock'
import { change, columnsOf, createArranger, found, LEASE, seconds } from '../rows'

const NOW = new Date('2026-01-05T09:00:00Z')
const LEASE_END = new Date('2026-01-05T09:01:30Z')
const ENDED = { state: 'canceled', next_run_at: null, watch_at: LEASE_END }

describe.each(DATABASE_KINDS)('what a dead process held, on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  const arranged = () => createArranger(database)
  const heldBy = (owner: string) => ({ lease_owner: owner })

  it.each([
    ['is being worked on', {}, { next_run_at: NOW, watch_at: null }],
    ['waits for the next batch', { state: 'ready', mode: 'batch' }, { next_run_at: NOW, watch_at: null }],
    ['has ended and is watched', ENDED, { next_run_at: null, watch_at: NOW }],
  ])('is due at once where it %s, and says until when a call may still leave', async (_where, given, due) => {
    const rows = arranged()
    const row = await rows.row({ ...given, ...heldBy('p1.claim') })
    expect(await rows.store.releaseLeases(['p1'])).toBe(1)
    expect(await columnsOf(database, row.id)).toMatchObject({
      ...due,
      ...{ lease_owner: null, lease_until: null, woken_at: null, stray_until: LEASE_END },
      ...{ state: row.state, version: 1, attempts: 1 },
    })
    expect(await rows.store.readJournal(row.id)).toHaveLength(1)
  })

  it('is not what others hold, whatever their names begin with, nor what nobody holds', async () => {
    const rows = arranged()
    const others = [
      await rows.row(heldBy('p2.claim')),
      await rows.row(heldBy('p11.claim')),
      await rows.row(heldBy('claim-of-an-older-version')),
      await rows.due('2026-01-05T09:00:30Z'),
      await rows.row({ ...heldBy('p1.claim'), lease_until: NOW, next_run_at: NOW }),
    ]
    const before = await Promise.all(others.map(({ id }) => columnsOf(database, id)))
    expect(await rows.store.releaseLeases(['p1'])).toBe(0)
    expect(await Promise.all(others.map(({ id }) => columnsOf(database, id)))).toEqual(before)
  })

  it('is everything that is held, where all are dead', async () => {
    const rows = arranged()
    await rows.row(heldBy('p2.claim'))
    await rows.row(heldBy('claim-of-an-older-version'))
    await rows.row({ lease_owner: null })
    await rows.due('2026-01-05T09:00:30Z')
    expect(await rows.store.releaseLeases(null)).toBe(3)
  })

  it('is not written to any more by a process that lives after all', async () => {
    const rows = arranged()
    const row = await rows.row(heldBy('p1.claim'))
    await rows.store.releaseLeases(['p1'])
    const claim = { id: row.id, version: row.version, leaseOwner: 'p1.claim' }
    expect(await rows.store.changeState(change(row, { leaseOwner: 'p1.claim' }))).toBeNull()
    expect(await rows.store.postpone(claim, 0, undefined)).toBe(false)
    expect(await rows.store.renewLeases({ owner: 'p1.claim', seconds: 90 }, [row.id])).toEqual(new Set())
  })

  it('is not decided over by a person before the call of a process that lives after all is over', async () => {
    const rows = arranged()
    const row = await rows.row(heldBy('p1.claim'))
    await rows.store.releaseLeases(['p1'])
    await rows.store.changeState(change(row, { to: 'releasing', leaseOwner: null, next: { runInMs: 0 } }))
    expect((await found(rows.store, row.id)).nextRunAt).toEqual(LEASE_END)
  })

  it('keeps the latest time at which a call may leave, however often it is taken over', async () => {
    const clock = new TestClock(database)
    const rows = arranged()
    const row = await rows.row(heldBy('p1.claim'))
    await rows.store.releaseLeases(['p1'])
    await rows.store.claimOne({ owner: 'p2.claim', seconds: 10 }, row.id)
    await clock.advance(seconds(1))
    await rows.store.releaseLeases(['p2'])
    expect((await found(rows.store, row.id)).strayUntil).toEqual(LEASE_END)
  })

  it('leaves the batch it was sending in doubt, and no other', async () => {
    const rows = arranged()
    const sending = async (id: string, owner: string) => {
      const lease = { ...LEASE, owner }
      const row = await rows.due('2026-01-05T09:00:00Z', { state: 'ready', mode: 'batch' })
      const held = await rows.store.claimReady({ provider: 'sandbox', currency: 'eur' }, lease, 1)
      const into = held.map((seen) =>
        change(seen, { to: 'submitting', leaseOwner: owner, patch: { heldAt: 'now' } }),
      )
      const seal = () => ({ total: row.payoutAmount, payloadHash: 'hash' })
      await rows.store.freezeBatch({ id, provider: 'sandbox', currency: 'eur', batchKey: id, seal }, into)
    }
    await sending('batch-of-p1', 'p1.claim')
    await sending('batch-of-p2', 'p2.claim')
    await rows.store.releaseLeases(['p1'])
    expect(await rows.store.findBatch('batch-of-p1')).toMatchObject({ state: 'in_doubt' })
    expect(await rows.store.findBatch('batch-of-p2')).toMatchObject({ state: 'sending' })
  })
})

describe('a process that nobody hears of any more', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  const known = (id: string) =>
    database.query(
      'insert into bank_withdrawal.workers (id, started_at) values ($1, bank_withdrawal.clock())',
      [id],
    )
  const NOTHING = { processes: 0, withdrawals: 0, graceLeftMs: null }

  it('is dead when its lock has been free for the grace, and once', async () => {
    const clock = new TestClock(database)
    const rows = createArranger(database)
    await known('p1')
    await rows.row({ lease_owner: 'p1.claim' })
    const look = () => rows.store.releaseLeasesOfDead(6)
    expect(await look()).toEqual({ ...NOTHING, graceLeftMs: 6_000 })
    await clock.advance(seconds(5.9))
    expect(await look()).toEqual({ ...NOTHING, graceLeftMs: 100 })
    await clock.advance(seconds(0.1))
    expect(await look()).toEqual({ ...NOTHING, processes: 1, withdrawals: 1 })
    expect(await look()).toEqual(NOTHING)
  })

  it('is found by many who look at the same moment, and its rows are released once', async () => {
    const clock = new TestClock(database)
    const rows = createArranger(database)
    await known('p1')
    for (let row = 0; row < 5; row++) await rows.row({ lease_owner: 'p1.claim' })
    await rows.store.releaseLeasesOfDead(6)
    await clock.advance(seconds(6))
    const found = await Promise.all(Array.from({ length: 8 }, () => rows.store.releaseLeasesOfDead(6)))
    expect(found.filter(({ processes }) => processes > 0)).toMatchObject([{ processes: 1, withdrawals: 5 }])
  })

  it('lives as long as its lock is held, on whatever connection', async () => {
    const clock = new TestClock(database)
    const rows = createArranger(database)
    await known('p1')
    await rows.row({ lease_owner: 'p1.claim' })
    const connection = await database.dedicated?.(() => {})
    await connection?.query(`select pg_advisory_lock(${lockOf('$1::text')})`, ['p1'])
    for (let look = 0; look < 4; look++) {
      expect(await rows.store.releaseLeasesOfDead(6)).toEqual(NOTHING)
      await clock.advance(seconds(10))
    }
    await connection?.close()
  })

  it('is forgotten when no lease of its can last any more', async () => {
    const clock = new TestClock(database)
    const { store } = createArranger(database)
    const names = async () =>
      (await database.query<{ id: string }>('select id from bank_withdrawal.workers')).map(({ id }) => id)
    const die = async (id: string) => {
      await known(id)
      await store.releaseLeasesOfDead(6)
      await clock.advance(seconds(6))
      await store.releaseLeasesOfDead(6)
    }
    await die('p1')
    await clock.advance(seconds(3_601))
    await die('p2')
    expect(await names()).toEqual(['p2'])
  })
})
