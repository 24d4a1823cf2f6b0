import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { TestClock } from '../../helpers/test-clock'
import { change, columnsOf, createArranger, found, LEASE, seconds } from '../rows'

describe.each(DATABASE_KINDS)('a lease on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  const arranged = () => createArranger(database)
  const claimOf = (row: { id: string; version: number }) => ({
    id: row.id,
    version: row.version,
    leaseOwner: LEASE.owner,
  })

  describe('that is given back', () => {
    it('frees the row until its time comes, and writes no journal entry', async () => {
      const rows = arranged()
      const row = await rows.row()
      expect(await rows.store.postpone(claimOf(row), 5_500, undefined)).toBe(true)
      expect(await columnsOf(database, row.id)).toMatchObject({
        ...{ lease_owner: null, lease_until: null, next_run_at: new Date('2026-01-05T09:00:05.500Z') },
        ...{ version: 1, state: 'requested', attempts: 1 },
      })
      expect(await rows.store.readJournal(row.id)).toHaveLength(1)
    })

    it('keeps, sets or clears the reason', async () => {
      const rows = arranged()
      const codes = []
      for (const code of [undefined, 'rate_limited', null] as const) {
        const row = await rows.row({ reason_code: 'confirming' })
        await rows.store.postpone(claimOf(row), 0, code)
        codes.push((await found(rows.store, row.id)).reasonCode)
      }
      expect(codes).toEqual(['confirming', 'rate_limited', null])
    })

    it('writes nothing for another worker, an old version, or a lease that is over', async () => {
      const clock = new TestClock(database)
      const rows = arranged()
      const row = await rows.row()
      const before = await columnsOf(database, row.id)
      expect(await rows.store.postpone({ ...claimOf(row), leaseOwner: 'other' }, 0, 'confirming')).toBe(false)
      expect(await rows.store.postpone({ ...claimOf(row), version: 2 }, 0, 'confirming')).toBe(false)
      expect(await rows.store.postpone({ ...claimOf(row), id: 'nobody' }, 0, 'confirming')).toBe(false)
      await clock.advance(seconds(90))
      expect(await rows.store.postpone(claimOf(row), 0, 'confirming')).toBe(false)
      expect(await columnsOf(database, row.id)).toEqual(before)
    })

    it('is given back once', async () => {
      const rows = arranged()
      const row = await rows.row()
      const tries = await Promise.all([1, 2, 3].map(() => rows.store.postpone(claimOf(row), 0, undefined)))
      expect(tries.filter(Boolean)).toHaveLength(1)
    })
  })

  describe('that nobody has', () => {
    it('lets a withdrawal be woken', async () => {
      const rows = arranged()
      const row = await rows.due('2026-01-06T09:00:00Z')
      expect(await rows.store.wake(row.id)).toBe(true)
      expect(await columnsOf(database, row.id)).toMatchObject({
        next_run_at: new Date('2026-01-05T09:00:00Z'),
        version: 1,
      })
      expect(await rows.store.claimOne(LEASE, row.id)).not.toBeNull()
    })
  })

  describe('in force', () => {
    it('keeps a woken withdrawal to its holder, who is told when it gives it back', async () => {
      const rows = arranged()
      const row = await rows.row()
      expect(await rows.store.wake(row.id)).toBe(true)
      expect(await rows.store.claimOne(LEASE, row.id)).toBeNull()

      const claim = { id: row.id, version: row.version, leaseOwner: LEASE.owner }
      await rows.store.postpone(claim, seconds(900), undefined)
      // Due at once, once: what it was woken for is looked at, and then it waits.
      const again = await rows.store.claimOne(LEASE, row.id)
      expect(again).not.toBeNull()
      await rows.store.postpone(claim, seconds(900), undefined)
      expect(await rows.store.claimOne(LEASE, row.id)).toBeNull()
    })

    it('tells the holder that moves it on, too', async () => {
      const rows = arranged()
      const row = await rows.row()
      await rows.store.wake(row.id)
      await rows.store.changeState(change(row, { to: 'releasing', next: { runInMs: seconds(900) } }))
      expect(await rows.store.claimOne(LEASE, row.id)).not.toBeNull()
    })

    it('is waited for after a person has taken the row from its worker, by a wake and by another person too', async () => {
      const clock = new TestClock(database)
      const rows = arranged()
      const row = await rows.row({ state: 'ready', held_at: '2026-01-05T09:00:00Z' })
      const hold = await rows.store.changeState(
        change(row, { to: 'in_review', leaseOwner: null, actor: 'operator:9', next: { runInMs: null } }),
      )
      expect(hold).not.toBeNull()
      const approve = { to: 'ready', leaseOwner: null, actor: 'operator:9', next: { runInMs: 0 } } as const
      if (hold) expect(await rows.store.changeState(change(hold, approve))).toMatchObject({ state: 'ready' })

      await rows.store.wake(row.id)
      expect(await rows.store.claimOne(LEASE, row.id)).toBeNull()
      await clock.advance(seconds(90))
      expect(await rows.store.claimOne(LEASE, row.id)).not.toBeNull()
    })
  })

  it('is no reason to wake what rests for good', async () => {
    const rows = arranged()
    const row = await rows.row({ state: 'canceled', next_run_at: null, lease_owner: null, lease_until: null })
    expect(await rows.store.wake(row.id)).toBe(false)
    expect(await rows.store.wake('nobody')).toBe(false)
  })
})
