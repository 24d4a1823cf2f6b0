import type { Database, Queryable } from '../../src/db/connect/database'
import { createFigureStore, type FigureStore } from '../../src/db/figures'
import { createStore, type ListQuery, type Store } from '../../src/db/store'
import { accountOf, bankIdOf, endToEndIdOf, filledSince, idOf, referenceOf } from './fill'

export interface ListArm {
  readonly what: string
  /** Milliseconds in the database; null where the figure is there to be compared with. */
  readonly goal: number | null
  readonly run: (round: number) => Promise<unknown>
}

/** All kinds of list, as they are asked of this database. */
export const listArms = (database: Database, rows: number): readonly ListArm[] => [
  ...usersLists(createStore(database), database, rows / 2),
  ...operatorsLists(createStore(database), rows),
  ...operatorsFigures(createStore(database), createFigureStore(database)),
]

export const HEAVY_USER = 1
const daysIn = (rows: number, days: number): Date =>
  new Date(filledSince(rows).getTime() + days * 24 * 3_600_000)
const PAGE = {
  userId: HEAVY_USER,
  sort: 'created_at',
  order: 'desc',
  offset: 0,
  limit: 50,
} as const satisfies ListQuery

function usersLists(store: Store, plain: Queryable, theirs: number): ListArm[] {
  const list = (what: string, goal: number | null, more: (round: number) => Partial<ListQuery>): ListArm => ({
    what: `user: ${what}`,
    goal,
    run: (round) => store.listWithdrawals({ ...PAGE, ...more(round) }),
  })
  /** Another place each time: a page that was just read would be found in memory. */
  const deep = (share: number) => (round: number) => ({
    offset: Math.floor(theirs * share) - 60 * round - 60,
  })
  return [
    list('first page', 1, () => ({})),
    list('page at a tenth', 2, deep(0.1)),
    list('page at a half', 2, deep(0.5)),
    list('page at the end', 2, deep(1)),
    list('page at the end, oldest first', 2, (round) => ({ order: 'asc', ...deep(1)(round) })),
    list('by status', 2, () => ({ sort: 'status' })),
    list('by status, 9,900 deep', 4, () => ({ sort: 'status', offset: 9_900 })),
    list('canceled ones', 2, () => ({ states: ['canceled', 'returned'] })),
    list('of a rare currency', null, () => ({ currency: 'chf' })),
    list('last year', 2, () => ({ until: daysIn(2 * theirs, 1) })),
    { what: 'user: total', goal: 2, run: () => store.countWithdrawals({ userId: HEAVY_USER }) },
    {
      what: 'user: total of canceled ones',
      goal: 2,
      run: () => store.countWithdrawals({ userId: HEAVY_USER, states: ['canceled', 'returned'] }),
    },
    ...[0, theirs - 100].map((offset) => ({
      what: `plain OFFSET ${offset} of the same`,
      goal: null,
      run: () =>
        plain.query(
          `select * from bank_withdrawal.withdrawals where user_id = $1
            order by created_at desc, id desc limit 50 offset $2`,
          [HEAVY_USER, offset],
        ),
    })),
    {
      what: 'plain count(*) of the same',
      goal: null,
      run: () =>
        plain.query('select count(*) from bank_withdrawal.withdrawals where user_id = $1', [HEAVY_USER]),
    },
  ]
}

function operatorsLists(store: Store, rows: number): ListArm[] {
  const some = (round: number) => Math.floor(rows / 3) + 7 * round
  const search = (
    what: string,
    more: (round: number) => Partial<Parameters<Store['searchWithdrawals']>[0]>,
  ): ListArm => ({
    what: `operator: ${what}`,
    goal: 20,
    run: (round) => store.searchWithdrawals({ offset: 0, limit: 50, ...more(round) }),
  })
  return [
    search('newest', () => ({})),
    search('newest, 9,900 deep', () => ({ offset: 9_900 })),
    search('in review', () => ({ states: ['in_review'] })),
    search('paid', () => ({ states: ['processed'] })),
    search('in any of three states', () => ({ states: ['in_review', 'conflict', 'in_doubt'] })),
    search('of a provider, paid', () => ({ provider: 'other', states: ['processed'] })),
    search('of a rare currency', () => ({ currency: 'chf' })),
    search('of a user', () => ({ userId: HEAVY_USER })),
    search('of a user, canceled', () => ({ userId: HEAVY_USER, states: ['canceled'] })),
    search('by the end of the account', () => ({ accountEnd: '0042' })),
    search('a day', () => ({ from: daysIn(rows, 4), until: daysIn(rows, 5) })),
    search('by its id', (round) => ({ text: idOf(some(round)) })),
    search('by the payout key', (round) => ({ text: `BW-${idOf(some(round))}` })),
    search('by the end-to-end id', (round) => ({ text: endToEndIdOf(some(round)) })),
    search('by the provider’s reference', (round) => ({ text: referenceOf(some(round)) })),
    search('by the bank’s transaction id', (round) => ({ text: bankIdOf(some(round)) })),
    search('by the account’s hash', (round) => ({ text: accountOf(some(round)) })),
    search('by what nobody knows', () => ({ text: 'nobody-knows-it' })),
  ]
}

/** What the desk's first screen asks the database, and what a collector does. */
const operatorsFigures = (store: Store, figures: FigureStore): ListArm[] => [
  {
    what: 'operator: the first screen',
    goal: 50,
    run: () =>
      Promise.all([
        store.listAsking({ limit: 50, withReturns: true }),
        store.listOpenDifferences(50),
        store.readStanding(),
        store.readOutcomes({ hours: 23, span: 'hour' }),
        store.readOutcomes({ hours: 29 * 24, span: 'day' }),
      ]),
  },
  { what: 'metrics: a scrape', goal: 50, run: () => figures.readFigures() },
]
