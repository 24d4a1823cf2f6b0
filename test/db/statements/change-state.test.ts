import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { TestClock } from '../../helpers/test-clock'
import { change, columnsOf, createArranger, found, LEASE, seconds } from '../rows'

const NOW = new Date('2026-01-05T09:00:00Z')
const HELD = { state: 'ready', held_at: '2026-01-05T09:00:00Z' }

describe.each(DATABASE_KINDS)('a change of state on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  const arranged = () => createArranger(database)

  it('moves the row and journals it in one commit, at one moment and under one number', async () => {
    const clock = new TestClock(database)
    const rows = arranged()
    const row = await rows.row()
    await clock.advance(seconds(2))

    const detail = { burnId: 'b-1', list: [1, 'ä'], nested: { deep: null } }
    const moved = await rows.store.changeState(change(row, { patch: { reasonCode: 'confirming' }, detail }))

    const at = new Date(NOW.getTime() + seconds(2))
    expect(moved).toMatchObject({ state: 'ready', version: 2, stateSince: at, updatedAt: at, createdAt: NOW })
    expect(await found(rows.store, row.id)).toEqual(moved)
    expect((await rows.store.readJournal(row.id)).at(-1)).toEqual({
      ...{ withdrawalId: row.id, seq: 2, at, event: 'hold.placed', from: 'requested', to: 'ready' },
      ...{ actor: 'worker', reasonCode: 'confirming', detail },
    })
  })

  it.each([
    ['half of a character, as an error has it that was cut', 'x'.repeat(9) + '\ud83d', 'xxxxxxxxx\ufffd'],
    ['NUL', 'a\0b', 'a\ufffdb'],
    ['what only looks like either', '\\ud83d \\u0000 😀 \\', '\\ud83d \\u0000 😀 \\'],
  ])('is written down though a provider’s word has %s', async (_what, why, kept) => {
    const rows = arranged()
    const [row, other] = [await rows.row(), await rows.row()]
    await rows.store.changeState(change(row, { detail: { why, [why]: 1 } }))
    await rows.store.changeState(change(other, { leaseOwner: null, detail: { why } }))
    expect((await rows.store.readJournal(row.id)).at(-1)?.detail).toEqual({ why: kept, [kept]: 1 })
    expect((await rows.store.readJournal(other.id)).at(-1)?.detail).toEqual({ why: kept })
  })

  it('is counted with the others of its statement, and one that stays where it is not at all', async () => {
    const rows = arranged()
    const [first, second, third] = [await rows.row(), await rows.row(), await rows.row()]
    const moved = await rows.store.changeStates([first, second].map((row) => change(row)))
    await rows.store.changeState(change(third, { to: 'requested', event: 'row.noted' }))

    expect([...moved].sort()).toEqual([first.id, second.id].sort())
    const counted = await database.query(
      `select from_state as "from", to_state as "to", count::int as count, trim_scale(amount)::text as amount, outcome
         from bank_withdrawal.tally_moves where from_state is not null`,
    )
    const amount = String(2 * Number(first.amount))
    expect(counted).toEqual([{ from: 'requested', to: 'ready', count: 2, amount, outcome: null }])
  })

  it('is undone when its journal entry cannot be written', async () => {
    const rows = arranged()
    const row = await rows.row()
    await database.query(
      `insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, to_state, actor)
       values ($1, 2, now(), 'planted', 'requested', 'test')`,
      [row.id],
    )
    const before = await columnsOf(database, row.id)
    await expect(rows.store.changeState(change(row))).rejects.toMatchObject({ code: '23505' })
    expect(await columnsOf(database, row.id)).toEqual(before)
  })

  it('leaves no journal entry when the row refuses it', async () => {
    const rows = arranged()
    const row = await rows.row()
    const unlocked = change(row, { to: 'submitting', event: 'payout.starting' })
    await expect(rows.store.changeState(unlocked)).rejects.toMatchObject({ code: '23514' })
    expect(await rows.store.readJournal(row.id)).toHaveLength(1)
  })

  describe('writes nothing', () => {
    it.each<[string, Parameters<typeof change>[1]]>([
      ['for a version that is gone', { version: 2 }],
      ['from a state that is gone', { from: 'ready' }],
      ['for a worker that does not hold the row', { leaseOwner: 'worker-2' }],
      ['for a withdrawal that does not exist', { id: 'nobody' }],
      ['for a person who saw an old version', { leaseOwner: null, version: 2 }],
    ])('%s', async (_why, more) => {
      const rows = arranged()
      const row = await rows.row()
      const before = await columnsOf(database, row.id)
      expect(
        await rows.store.changeState(change(row, { patch: { reasonCode: 'confirming' }, ...more })),
      ).toBeNull()
      expect(await columnsOf(database, row.id)).toEqual(before)
      expect(await rows.store.readJournal(row.id)).toHaveLength(1)
    })

    it('for a worker whose lease is over, even when nobody else has taken the row', async () => {
      const clock = new TestClock(database)
      const rows = arranged()
      const row = await rows.row()
      await clock.advance(seconds(90))
      const before = await columnsOf(database, row.id)
      expect(await rows.store.changeState(change(row))).toBeNull()
      expect(await columnsOf(database, row.id)).toEqual(before)
    })

    it('for a worker that a person took the row from', async () => {
      const rows = arranged()
      const row = await rows.row(HELD)
      const canceled = change(row, { to: 'releasing', leaseOwner: null, actor: 'user', next: { runInMs: 0 } })
      expect(await rows.store.changeState(canceled)).not.toBeNull()
      expect(await rows.store.changeState(change(row, { to: 'submitting' }))).toBeNull()
    })
  })

  it('is made by one of ten that decide on the same version', async () => {
    const rows = arranged()
    const row = await rows.row()
    const tries = await Promise.all(Array.from({ length: 10 }, () => rows.store.changeState(change(row))))
    expect(tries.filter((moved) => moved !== null)).toHaveLength(1)
    expect(await rows.store.readJournal(row.id)).toHaveLength(2)
  })

  it('is in a last moment of the lease still made', async () => {
    const clock = new TestClock(database)
    const rows = arranged()
    const row = await rows.row()
    await clock.advance(seconds(90) - 1)
    expect(await rows.store.changeState(change(row))).not.toBeNull()
  })

  it('may note a fact without moving: the state keeps its age and its visits, the version counts', async () => {
    const clock = new TestClock(database)
    const rows = arranged()
    const row = await rows.row({ attempts: 7 })
    await clock.advance(seconds(1))
    const noted = await rows.store.changeState(change(row, { to: 'requested', event: 'hold.asked' }))
    expect(noted).toMatchObject({ state: 'requested', version: 2, attempts: 7, stateSince: NOW })
    expect((await rows.store.readJournal(row.id)).at(-1)).toMatchObject({
      from: 'requested',
      to: 'requested',
      seq: 2,
    })
  })

  describe('sets when the row is looked at next', () => {
    it('to the end of a renewed lease when the same worker goes on', async () => {
      const clock = new TestClock(database)
      const rows = arranged()
      const row = await rows.row({ attempts: 7 })
      await clock.advance(seconds(60))
      await rows.store.changeState(change(row, { next: { keepLeaseSeconds: 90 } }))
      const end = new Date(NOW.getTime() + seconds(150))
      expect(await columnsOf(database, row.id)).toMatchObject({
        ...{ lease_owner: LEASE.owner, lease_until: end, next_run_at: end, attempts: 1 },
      })
    })

    it('to its time, and gives the lease back, when it rests', async () => {
      const rows = arranged()
      const row = await rows.row({ attempts: 7 })
      await rows.store.changeState(change(row, { next: { runInMs: 1_250 } }))
      expect(await columnsOf(database, row.id)).toMatchObject({
        ...{ lease_owner: null, lease_until: null, attempts: 0 },
        next_run_at: new Date(NOW.getTime() + 1_250),
      })
    })

    it('to never, when it is at an end', async () => {
      const rows = arranged()
      const row = await rows.row()
      await rows.store.changeState(change(row, { to: 'canceled', next: { runInMs: null } }))
      expect(await columnsOf(database, row.id)).toMatchObject({
        lease_owner: null,
        lease_until: null,
        next_run_at: null,
      })
    })

    it('to the end of the lease in force, when a person changes what a worker holds', async () => {
      const clock = new TestClock(database)
      const rows = arranged()
      const row = await rows.row(HELD)
      await clock.advance(seconds(30))
      const canceled = change(row, { to: 'releasing', leaseOwner: null, actor: 'user', next: { runInMs: 0 } })
      expect(await rows.store.changeState(canceled)).toMatchObject({
        nextRunAt: new Date(NOW.getTime() + seconds(90)),
      })
      expect(await rows.store.claimOne({ owner: 'next', seconds: 90 }, row.id)).toBeNull()
      await clock.advance(seconds(60))
      expect(await rows.store.claimOne({ owner: 'next', seconds: 90 }, row.id)).not.toBeNull()
    })

    it('to a person’s own time where that is later, or where nobody holds the row', async () => {
      const rows = arranged()
      const [held, free] = [await rows.row(HELD), await rows.due('2026-01-05T09:00:00Z', HELD)]
      const later = { to: 'in_review', leaseOwner: null, next: { runInMs: seconds(600) } } as const
      expect(await rows.store.changeState(change(held, later))).toMatchObject({
        nextRunAt: new Date(NOW.getTime() + seconds(600)),
      })
      const now = { to: 'releasing', leaseOwner: null, next: { runInMs: 0 } } as const
      expect(await rows.store.changeState(change(free, now))).toMatchObject({ nextRunAt: NOW })
    })
  })
})
