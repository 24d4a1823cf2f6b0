import type { Database, Queryable } from '../../../src/db/connect/database'
import { createStore, type ListQuery, type Store } from '../../../src/db/store'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'

/**
 * Goal: a list never reads the table. Method: the plan of each statement that a list sends, on an empty, a small and a
 * large table of which nobody has gathered statistics.
 */
const PAGE = {
  userId: 1,
  sort: 'created_at',
  order: 'desc',
  offset: 0,
  limit: 50,
} as const satisfies ListQuery
const SEARCH = { offset: 0, limit: 20 }
const LISTS: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  'the first page': (store) => store.listWithdrawals(PAGE),
  'the oldest first': (store) => store.listWithdrawals({ ...PAGE, order: 'asc' }),
  'a deep page': (store) => store.listWithdrawals({ ...PAGE, offset: 9_000 }),
  'by status': (store) => store.listWithdrawals({ ...PAGE, sort: 'status' }),
  'of a status': (store) => store.listWithdrawals({ ...PAGE, states: ['canceled', 'returned'] }),
  'the page of an export': (store) =>
    store.listWithdrawals({
      ...PAGE,
      order: 'asc',
      after: { createdAtExact: '2026-01-01T00:00:05.000001Z', id: 'w' },
    }),
  'a total': (store) => store.countWithdrawals({ userId: 1 }),
  'the total of a status': (store) => store.countWithdrawals({ userId: 1, states: ['canceled', 'returned'] }),
  'those in some states': (store) =>
    store.searchWithdrawals({ ...SEARCH, states: ['conflict', 'in_review'] }),
  'those of a user': (store) => store.searchWithdrawals({ ...SEARCH, userId: 7 }),
  'those of a user in a state': (store) =>
    store.searchWithdrawals({ ...SEARCH, userId: 7, states: ['conflict'] }),
  'what a user looks for': (store) =>
    store.searchWithdrawals({
      ...{ ...SEARCH, userId: 1 },
      known: { name: 'R17', accounts: ['h17'], accountEnd: '3000', amount: '10' },
    }),
  'what goes by a name': (store) => store.searchWithdrawals({ ...SEARCH, text: 'R17' }),
  'open questions': (store) => store.listDifferences({ isOpen: true, limit: 50 }),
}

/** The plans of what is sent, beside the answers. */
function explaining(database: Database) {
  const plans: string[] = []
  const lists: Queryable = {
    async query(text, parameters) {
      const plan = await database.query<Record<string, string>>(`explain ${text}`, parameters)
      plans.push(plan.map((line) => line['QUERY PLAN']).join('\n'))
      return database.query(text, parameters)
    },
  }
  return { plans, store: createStore({ ...database, ...lists, lists }) }
}

describe.each(DATABASE_KINDS)('the plans of lists on %s', (kind) => {
  describe.each([0, 30, 12_000])('in a table of %d rows without statistics', (rows) => {
    let database: TestDatabase
    beforeAll(async () => {
      database = await openTestDatabase(kind)
      await database.query(
        `insert into bank_withdrawal.withdrawals (
           id, user_id, request_hash, currency, amount, fee, payout_amount, method, destination, destination_masked,
           destination_hash, provider, mode, payout_key, end_to_end_id, provider_reference, state, version, held_at,
           state_since, created_at, updated_at)
         select 'withdrawal-' || n, 1 + n % 2, 'h', 'eur', 10, 0, 10, 'BANK', 'x', 'DE89…3000', 'h' || n, 'sandbox',
                'immediate', 'BW-' || n, 'E' || n, 'R' || n, 'processed', 1, at, at, at, at
           from (select n, timestamptz '2026-01-01T00:00:00Z' + n * interval '1 second' as at
                   from generate_series(1, $1::int) n) made`,
        [rows],
      )
    }, 60_000)
    afterAll(() => database.close())

    // By a name, a table of a few pages is read faster than a dozen indexes.
    const lists = Object.keys(LISTS).filter((name) => rows > 100 || name !== 'what goes by a name')
    it.each(lists)('%s is found by an index', async (name) => {
      const { plans, store } = explaining(database)
      await LISTS[name]?.(store)
      expect(plans.length).toBeGreaterThan(0)
      expect(plans.filter((plan) => /Seq Scan on (withdrawals|differences)/.test(plan))).toEqual([])
    })
  })
})

// Only a server keeps account of which pages need not be looked at.
describe('the plan of a total', () => {
  it('follows the order of the list, whose neighbours lie beside each other in the table', async () => {
    const database = await openTestDatabase('PostgreSQL')
    await database.query(
      `insert into bank_withdrawal.withdrawals (
         id, user_id, idempotency_key, request_hash, currency, amount, fee, payout_amount, method, destination,
         destination_masked, destination_hash, provider, mode, payout_key, end_to_end_id, state, version, held_at,
         state_since, created_at, updated_at)
       select 'withdrawal-' || n, 1 + n % 2, md5(n::text), 'h', 'eur', 10, 0, 10, 'BANK', 'x', 'DE89…3000', 'h' || n,
              'sandbox', 'immediate', 'BW-' || n, 'E' || n, 'processed', 1, at, at, at, at
         from (select n, timestamptz '2026-01-01T00:00:00Z' + n * interval '1 second' as at
                 from generate_series(1, 3000) n) made`,
    )
    await database.query('vacuum analyze bank_withdrawal.withdrawals')
    const { plans, store } = explaining(database)
    await store.countWithdrawals({ userId: 1 })
    await database.close()

    expect(plans).toEqual([expect.stringMatching(/using withdrawals_of_user on withdrawals/)])
  })
})
