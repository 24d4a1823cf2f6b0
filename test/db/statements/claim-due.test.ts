import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { TestClock } from '../../helpers/test-clock'
import { columnsOf, createArranger, seconds } from '../rows'

const lease = (owner: string) => ({ owner, seconds: 90 })
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).sort()

describe.each(DATABASE_KINDS)('a claim on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  const arranged = () => createArranger(database)

  it('leases what is due and counts the visit', async () => {
    const { store, due } = arranged()
    const { id } = await due.call(arranged(), '2026-01-05T08:59:59Z')
    const [claimed] = await store.claimDue(lease('w'), 10)
    expect(claimed).toMatchObject({ id, leased: true, attempts: 2, state: 'requested', version: 1 })
    expect(await columnsOf(database, id)).toMatchObject({
      lease_owner: 'w',
      lease_until: new Date('2026-01-05T09:01:30Z'),
      next_run_at: new Date('2026-01-05T09:01:30Z'),
    })
  })

  it('takes what is due exactly now, and nothing that is due a moment later', async () => {
    const rows = arranged()
    const now = await rows.due('2026-01-05T09:00:00Z')
    await rows.due('2026-01-05T09:00:00.001Z')
    expect(ids(await rows.store.claimDue(lease('w'), 10))).toEqual([now.id])
  })

  it('takes what has been due longest, up to its limit', async () => {
    const rows = arranged()
    const [third, first, fourth, second] = [
      await rows.due('2026-01-05T08:30:00Z'),
      await rows.due('2026-01-05T08:10:00Z'),
      await rows.due('2026-01-05T08:40:00Z'),
      await rows.due('2026-01-05T08:20:00Z'),
    ]
    expect(ids(await rows.store.claimDue(lease('a'), 2))).toEqual([first.id, second.id].sort())
    expect(ids(await rows.store.claimDue(lease('b'), 1))).toEqual([third.id])
    expect(ids(await rows.store.claimDue(lease('c'), 10))).toEqual([fourth.id])
    expect(await rows.store.claimDue(lease('d'), 10)).toEqual([])
  })

  it('gives each row to one of eight workers that look at the same moment', async () => {
    const rows = arranged()
    const due = []
    for (let n = 0; n < 40; n++) due.push(await rows.due())
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, worker) => rows.store.claimDue(lease(`worker-${worker}`), 10)),
    )
    const claimed = claims.flat()
    expect(new Set(ids(claimed)).size).toBe(claimed.length)
    // One that was passed over, because another held it for a moment, is there for the next look.
    const rest = await rows.store.claimDue(lease('worker-9'), 100)
    expect(ids([...claimed, ...rest])).toEqual(ids(due))
  })

  it('is over when its time is: the row is due again, for anybody', async () => {
    const clock = new TestClock(database)
    const rows = arranged()
    const { id } = await rows.due()
    await rows.store.claimDue(lease('crashed'), 10)
    await clock.advance(seconds(90) - 1)
    expect(await rows.store.claimDue(lease('next'), 10)).toEqual([])
    expect(await rows.store.claimOne(lease('next'), id)).toBeNull()
    await clock.advance(1)
    expect(await rows.store.claimDue(lease('next'), 10)).toMatchObject([{ id, attempts: 3 }])
  })

  it('leaves alone what waits for the next batch, however long it has been due', async () => {
    const rows = arranged()
    const waiting = await rows.due(
      '2026-01-01T00:00:00Z',
      { state: 'ready', held_at: '2026-01-01T00:00:00Z' },
      { mode: 'batch' },
    )
    const other = await rows.due('2026-01-01T00:00:00Z', { state: 'releasing' }, { mode: 'batch' })
    expect(ids(await rows.store.claimDue(lease('w'), 10))).toEqual([other.id])
    expect(await rows.store.claimOne(lease('w'), waiting.id)).toBeNull()
    expect(await columnsOf(database, waiting.id)).toMatchObject({ lease_owner: null, attempts: 1 })
  })

  it('never takes what rests for good', async () => {
    const rows = arranged()
    for (const state of ['processed', 'canceled', 'returned', 'conflict', 'in_review'])
      await rows.row({
        state,
        held_at: '2026-01-01T00:00:00Z',
        next_run_at: null,
        lease_owner: null,
        lease_until: null,
      })
    expect(await rows.store.claimDue(lease('w'), 10)).toEqual([])
  })

  describe('of one withdrawal', () => {
    it('leases it like any other', async () => {
      const rows = arranged()
      const [wanted, other] = [await rows.due(), await rows.due()]
      expect(await rows.store.claimOne(lease('w'), wanted.id)).toMatchObject({
        id: wanted.id,
        leased: true,
        attempts: 2,
      })
      expect(await columnsOf(database, other.id)).toMatchObject({ lease_owner: null })
    })

    it('is refused while somebody holds it, when it is not due, and when there is none', async () => {
      const rows = arranged()
      const held = await rows.row()
      const later = await rows.due('2026-01-05T09:00:00.001Z')
      for (const id of [held.id, later.id, 'nobody'])
        expect(await rows.store.claimOne(lease('w'), id)).toBeNull()
    })

    it('is given to one of eight that want it at the same moment', async () => {
      const rows = arranged()
      const { id } = await rows.due()
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, n) => rows.store.claimOne(lease(`w${n}`), id)),
      )
      expect(claims.filter((row) => row !== null)).toHaveLength(1)
    })
  })
})
