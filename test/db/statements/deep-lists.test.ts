import { COUNTED_MAX } from '../../../src/db/statements/list-withdrawals'
import { createStore, type ListQuery, type Store } from '../../../src/db/store'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'

/** Goal: a page found by key is the page that counting off would have found. Method: both, all over a long list. */
const ROWS = 2_600
const PAGE = { userId: 1, sort: 'created_at', order: 'asc', offset: 0, limit: 3 } as const satisfies ListQuery

describe.each(DATABASE_KINDS)('a deep page on %s', (kind) => {
  let database: TestDatabase
  let store: Store
  beforeAll(async () => {
    database = await openTestDatabase(kind)
    store = createStore(database)
  })
  beforeEach(async () => {
    await database.reset()
    await add(1, ROWS, '2026-01-01T00:00:00Z')
  })
  afterAll(() => database.close())

  /** Three at the same moment each; every fourth is another user's. */
  const add = (from: number, to: number, since: string) =>
    database.query(
      `insert into bank_withdrawal.withdrawals (
         id, user_id, request_hash, currency, amount, fee, payout_amount, method, destination, destination_masked,
         destination_hash, provider, mode, payout_key, end_to_end_id, state, version, held_at, state_since,
         created_at, updated_at)
       select 'withdrawal-' || n, case when n % 4 = 0 then 2 else 1 end, 'h', 'eur', 10, 0, 10, 'BANK', 'x', 'DE89…3000',
              'h', 'sandbox', 'immediate', 'BW-' || n, 'E' || n, 'processed', 1, at, at, at, at
         from (select n, $3::timestamptz + n / 3 * interval '1 microsecond' as at
                 from generate_series($1::int, $2::int) n) made`,
      [from, to, since],
    )
  const marks = async () =>
    (
      await database.query<{ position: number }>(
        'select position::int as position from bank_withdrawal.list_marks where user_id = 1 order by 1',
      )
    ).map(({ position }) => position)
  async function expectAsCountedOff(): Promise<void> {
    for (const order of ['asc', 'desc'] as const) {
      const all = await database.query<{ id: string }>(
        `select id from bank_withdrawal.withdrawals where user_id = 1 order by created_at ${order}, id ${order}`,
      )
      const places = [
        1_001,
        1_002,
        1_499,
        1_500,
        1_501,
        all.length - 501,
        all.length - 4,
        all.length - 2,
        all.length,
      ]
      for (const offset of places) {
        const page = await store.listWithdrawals({ ...PAGE, order, offset })
        expect([order, offset, page.map(({ id }) => id)]).toEqual([
          order,
          offset,
          all.slice(offset, offset + 3).map(({ id }) => id),
        ])
      }
    }
  }

  it('is the same in both directions, the first time and every later one', async () => {
    await expectAsCountedOff()
    expect(await marks()).toEqual([500, 1_000, 1_500])
    await expectAsCountedOff()
    expect(await store.listWithdrawals({ ...PAGE, offset: 1_000_000 })).toEqual([])
  })

  it('moves with what comes in', async () => {
    await expectAsCountedOff()
    await add(ROWS + 1, ROWS + 1_000, '2026-01-02T00:00:00Z')
    await expectAsCountedOff()
    await add(ROWS + 1_001, ROWS + 2_000, '2026-01-03T00:00:00Z')
    await expectAsCountedOff()
    expect(await marks()).toEqual([500, 1_000, 1_500, 2_000, 2_500])
  })

  it('leaves no mark among the latest, before which one may still be committed', async () => {
    await add(ROWS + 1, ROWS + 2_000, '2026-01-05T08:59:00Z')
    await expectAsCountedOff()
    expect(await marks()).toEqual([500, 1_000, 1_500])
  })

  it('is found anew when withdrawals were taken out of the table', async () => {
    await expectAsCountedOff()
    await database.query(
      `delete from bank_withdrawal.withdrawals where id in ('withdrawal-5', 'withdrawal-1001')`,
    )
    expect(await marks()).toEqual([])
    await expectAsCountedOff()
  })

  it('is counted exactly up to ten thousand, and as one more beyond', async () => {
    await add(ROWS + 1, 13_333, '2026-01-02T00:00:00Z')
    expect(await store.countWithdrawals({ userId: 1 })).toBe(10_000)
    await add(13_334, 13_400, '2026-01-03T00:00:00Z')
    expect(await store.countWithdrawals({ userId: 1 })).toBe(COUNTED_MAX + 1)
  }, 60_000)
})
