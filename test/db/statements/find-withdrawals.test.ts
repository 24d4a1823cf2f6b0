import type { ListQuery, StoredWithdrawal } from '../../../src/db/store'
import { STATES } from '../../../src/domain/states'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { createArranger } from '../rows'

const ALL = {
  userId: 1,
  sort: 'created_at',
  order: 'asc',
  offset: 0,
  limit: 100,
} as const satisfies ListQuery
const ids = (rows: readonly Pick<StoredWithdrawal, 'id'>[]) => rows.map(({ id }) => id)

describe.each(DATABASE_KINDS)('the list of withdrawals on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  const arranged = () => createArranger(database)
  const at = (second: number) => new Date(Date.parse('2026-01-05T08:00:00Z') + second * 1_000)
  /** So many rows, a second apart. */
  async function rows(count: number, columns: (n: number) => Record<string, unknown> = () => ({})) {
    const arranger = arranged()
    const made: StoredWithdrawal[] = []
    for (let n = 0; n < count; n++) made.push(await arranger.row({ created_at: at(n), ...columns(n) }))
    return { store: arranger.store, made, row: arranger.row.bind(arranger) }
  }

  it('is the user’s own, in the order asked for', async () => {
    const { store, made, row } = await rows(3)
    await row({}, { userId: 2 })
    expect(ids(await store.listWithdrawals(ALL))).toEqual(ids(made))
    expect(ids(await store.listWithdrawals({ ...ALL, order: 'desc' }))).toEqual(ids(made).reverse())
    expect(await store.countWithdrawals({ userId: 1 })).toBe(3)
    expect(await store.countWithdrawals({ userId: 3 })).toBe(0)
  })

  it('comes in pages that miss nothing and repeat nothing', async () => {
    const { store, made } = await rows(7)
    const pages = []
    for (let offset = 0; offset < 9; offset += 3)
      pages.push(...ids(await store.listWithdrawals({ ...ALL, offset, limit: 3 })))
    expect(pages).toEqual(ids(made))
    expect(await store.listWithdrawals({ ...ALL, offset: 100 })).toEqual([])
    expect(await store.listWithdrawals({ ...ALL, limit: 0 })).toEqual([])
  })

  it('keeps rows of one moment in one order, by id', async () => {
    const { store, made } = await rows(5, () => ({ created_at: at(0) }))
    expect(ids(await store.listWithdrawals(ALL))).toEqual(ids(made).sort())
    expect(ids(await store.listWithdrawals({ ...ALL, order: 'desc' }))).toEqual(ids(made).sort().reverse())
  })

  it('goes on after a row, also between rows of one moment and a microsecond apart', async () => {
    const moments = ['.000001', '.000001', '.000001', '.000002', '.000002', '.000999']
    const { store, made } = await rows(6, (n) => ({ created_at: `2026-01-05T08:00:00${moments[n]}Z` }))
    const seen: string[] = []
    let after: ListQuery['after']
    for (;;) {
      const [next] = await store.listWithdrawals({ ...ALL, limit: 1, ...(after && { after }) })
      if (!next) break
      seen.push(next.id)
      after = { createdAtExact: next.createdAtExact, id: next.id }
    }
    expect(seen).toEqual(ids(made))
    expect(after?.createdAtExact).toBe('2026-01-05T08:00:00.000999Z')
  })

  it('is filtered by currency', async () => {
    const { store, made } = await rows(4, (n) => ({ currency: n % 2 ? 'usd' : 'eur' }))
    expect(ids(await store.listWithdrawals({ ...ALL, currency: 'usd' }))).toEqual([made[1]?.id, made[3]?.id])
    expect(await store.countWithdrawals({ userId: 1, currency: 'usd' })).toBe(2)
    expect(await store.countWithdrawals({ userId: 1, currency: `usd' or '1'='1` })).toBe(0)
  })

  it('is filtered by time, both ends included', async () => {
    const { store, made } = await rows(5)
    const between = { from: at(1), until: at(3) }
    expect(ids(await store.listWithdrawals({ ...ALL, ...between }))).toEqual(ids(made.slice(1, 4)))
    expect(await store.countWithdrawals({ userId: 1, ...between })).toBe(3)
    expect(await store.countWithdrawals({ userId: 1, from: at(4) })).toBe(1)
    expect(await store.countWithdrawals({ userId: 1, until: at(0) })).toBe(1)
  })

  it('is filtered by states', async () => {
    const arranger = arranged()
    for (const state of STATES)
      await arranger.row({ state, held_at: at(0), ...(RESTING.includes(state) && { next_run_at: null }) })
    const states = ['processed', 'returning'] as const
    const listed = await arranger.store.listWithdrawals({ ...ALL, states })
    expect(listed.map(({ state }) => state).sort()).toEqual([...states])
    expect(await arranger.store.countWithdrawals({ userId: 1, states })).toBe(2)
    expect(await arranger.store.countWithdrawals({ userId: 1, states: [] })).toBe(0)
    expect(await arranger.store.countWithdrawals({ userId: 1, states: STATES })).toBe(STATES.length)
  })
  const RESTING: readonly string[] = ['processed', 'canceled', 'returned', 'conflict']

  it('is filtered by everything at once', async () => {
    const { store, made } = await rows(6, (n) => ({ currency: n < 4 ? 'usd' : 'eur' }))
    const query = { currency: 'usd', states: ['requested' as const], from: at(1), until: at(3) }
    const after = { createdAtExact: made[1]?.createdAtExact ?? '', id: made[1]?.id ?? '' }
    expect(ids(await store.listWithdrawals({ ...ALL, ...query, after }))).toEqual([made[2]?.id, made[3]?.id])
    expect(await store.countWithdrawals({ userId: 1, ...query, after })).toBe(2)
  })

  it('is sorted by amount as numbers, not as texts', async () => {
    const amounts = ['9', '10', '100.5', '100.25', '2']
    const { store } = await rows(5, (n) => ({ amount: amounts[n] }))
    const listed = await store.listWithdrawals({ ...ALL, sort: 'amount' })
    expect(listed.map(({ amount }) => amount)).toEqual(['2', '9', '10', '100.25', '100.5'])
  })

  it('is sorted by the status a client sees: pending, processed, canceled', async () => {
    const states = ['canceled', 'processed', 'requested', 'returned', 'returning', 'ready']
    const { store } = await rows(6, (n) => ({
      state: states[n],
      held_at: at(0),
      ...(RESTING.includes(states[n] ?? '') && { next_run_at: null }),
    }))
    const listed = await store.listWithdrawals({ ...ALL, sort: 'status' })
    expect(listed.map(({ state }) => state)).toEqual([
      'requested',
      'ready',
      'processed',
      'returning',
      'canceled',
      'returned',
    ])
  })

  it.each(['updated_at', 'currency', 'id'] as const)('is sorted by %s', async (sort) => {
    const { store, made } = await rows(3, (n) => ({
      updated_at: at(10 - n),
      currency: ['usd', 'eur', 'chf'][n],
    }))
    const expected = sort === 'id' ? ids(made) : ids(made).reverse()
    expect(ids(await store.listWithdrawals({ ...ALL, sort }))).toEqual(expected)
  })

  it('has a journal per withdrawal, in order', async () => {
    const { store, made } = await rows(2)
    const [first] = made
    await database.query(
      `insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, from_state, to_state, actor)
       select $1, n, now(), 'e' || n, 'requested', 'requested', 'worker' from generate_series(12, 2, -1) n`,
      [first?.id],
    )
    const journal = await store.readJournal(first?.id ?? '')
    expect(journal.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(await store.readJournal('nobody')).toEqual([])
  })
})
