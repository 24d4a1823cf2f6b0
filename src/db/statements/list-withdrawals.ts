import { type PublicStatus, publicStatus, type State, STATES } from '../../domain/states'
import { type Database, listsOf } from '../connect/database'
import { columnsOf, statesThat, type StoredWithdrawal } from '../row'
import { DEEP_ROWS, deepPage } from './list-marks'

export const SORT_COLUMNS = ['created_at', 'updated_at', 'amount', 'currency', 'status', 'id'] as const

/** Totals are exact up to here. What has no index is sorted, and deep pages without one are read, up to here. */
export const COUNTED_MAX = 10_000

/** Found in their order by an index, at any length. */
const INDEXED_SORTS: readonly ListQuery['sort'][] = ['created_at', 'status']
export const isIndexed = (sort: ListQuery['sort']): boolean => INDEXED_SORTS.includes(sort)

export interface ListQuery {
  readonly userId: number
  readonly currency?: string
  /** The states that make up the wanted public statuses. */
  readonly states?: readonly State[]
  readonly from?: Date
  readonly until?: Date
  /** Continues after this row in the order of `created_at`; how an export of any length is read in pages. */
  readonly after?: { readonly createdAtExact: string; readonly id: string }
  readonly sort: (typeof SORT_COLUMNS)[number]
  readonly order: 'asc' | 'desc'
  readonly offset: number
  readonly limit: number
}

export type ListFilters = Omit<ListQuery, 'sort' | 'order' | 'offset' | 'limit'>

export const isFiltered = ({ currency, states, from, until, after }: Omit<ListFilters, 'userId'>): boolean =>
  [currency, states, from, until, after].some((filter) => filter !== undefined)

/** What lists show of each, and what is compared with earlier ones. */
export const LISTED = [
  ...(['id', 'userId', 'currency', 'amount', 'fee', 'payoutAmount', 'method', 'destination'] as const),
  ...(['destinationMasked', 'destinationHash', 'provider', 'mode', 'providerTransactionId'] as const),
  ...(['settledBurnId', 'state', 'reasonCode', 'nextRunAt', 'payoutStartedAt', 'payoutDoubtAt'] as const),
  ...(['retiredPayouts', 'createdAt', 'createdAtExact', 'updatedAt', 'readAt'] as const),
] as const satisfies readonly (keyof StoredWithdrawal)[]

/** A row as lists have it. Most of its columns only move it on, and a page has up to hundreds of rows. */
export type ListedWithdrawal = Pick<StoredWithdrawal, (typeof LISTED)[number]>
type RawListed = Omit<ListedWithdrawal, 'userId'> & { userId: string }

const LISTED_COLUMNS = columnsOf(LISTED)
const toListed = (raw: RawListed): ListedWithdrawal => ({ ...raw, userId: Number(raw.userId) })

export async function listWithdrawals(db: Database, query: ListQuery): Promise<readonly ListedWithdrawal[]> {
  const lists = listsOf(db)
  const isDeep = query.sort === 'created_at' && !isFiltered(query) && query.offset > DEEP_ROWS
  if (isDeep) return (await deepPage<RawListed>(lists, query, LISTED_COLUMNS)).map(toListed)
  const { conditions, parameters, add } = filters(query)
  const { sort, order, limit } = query
  const offset = query.offset === 0 ? '' : ` offset ${add(query.offset)}::bigint`
  const rows = await lists.query<RawListed>(
    // Rows are read once it is known which: those that a page skips cost an entry of an index, and no row.
    `with page (page_id, sorted, at) as (
       select id, ${sortExpression(sort)}, created_at from bank_withdrawal.withdrawals
        where ${conditions.join(' and ')}
        order by ${orderBy([sortExpression(sort), 'created_at', 'id'], order)}${offset} limit ${limit})
     select ${LISTED_COLUMNS} from page join bank_withdrawal.withdrawals on id = page_id
      order by ${orderBy(['sorted', 'at', 'page_id'], order)}`,
    parameters,
    isFirst(query) ? `list_${sort}_${order}` : undefined,
  )
  return rows.map(toListed)
}

/**
 * Planning a first page takes longer than reading it, and its plan is the same for everybody. How deep another page is, or
 * what a filter leaves, a plan that is kept would not know.
 */
const isFirst = (query: ListQuery): boolean =>
  query.offset === 0 && isIndexed(query.sort) && !isFiltered(query)

const orderBy = (columns: readonly string[], order: 'asc' | 'desc'): string =>
  [...new Set(columns)].map((column) => `${column} ${order}`).join(', ')

/** @returns At most one more than `COUNTED_MAX`, whatever there is. */
export async function countWithdrawals(db: Database, query: ListFilters): Promise<number> {
  const { conditions, parameters } = filters(query)
  const rows = await listsOf(db).query<{ count: number }>(
    `select count(*)::int as count from (
       -- In the order of the list's own index: neighbours in another one lie each on another page of the table.
       select 1 from bank_withdrawal.withdrawals where ${conditions.join(' and ')}
        order by created_at desc, id desc limit ${COUNTED_MAX + 1}) counted`,
    parameters,
  )
  return rows[0]?.count ?? 0
}

const told = (status: PublicStatus): string => statesThat((state) => publicStatus(state) === status)
/** As the index has it, letter for letter. */
export const STATUS_RANK = `(case when state in (${told('processed')}) then 2 when state in (${told('canceled')}) then 3 else 1 end)`
export const RANK_OF: Readonly<Record<PublicStatus, number>> = { pending: 1, processed: 2, canceled: 3 }

/** Clients sort by what they see, and they see the public status. */
const sortExpression = (sort: ListQuery['sort']): string => (sort === 'status' ? STATUS_RANK : sort)

/** Its whole millisecond: rows have finer times than a query can say, and are shown without what is finer. */
export const createdUntil = (until: string): string =>
  `created_at < ${until}::timestamptz + interval '1 millisecond'`

function filters({ userId, currency, states, from, until, after }: ListFilters) {
  const parameters: unknown[] = []
  const add = (value: unknown): string => `$${parameters.push(value)}`
  const conditions = [`user_id = ${add(userId)}::bigint`]
  if (currency !== undefined) conditions.push(`currency = ${add(currency)}`)
  if (states !== undefined) {
    const { rank, rest } = asStatus(states)
    if (rank !== null) conditions.push(`${STATUS_RANK} = ${rank}`)
    if (rest !== null) conditions.push(`state = any(${add(rest)}::text[])`)
  }
  if (from !== undefined) conditions.push(`created_at >= ${add(from.toISOString())}::timestamptz`)
  if (until !== undefined) conditions.push(createdUntil(add(until.toISOString())))
  if (after !== undefined)
    conditions.push(`(created_at, id) > (${add(after.createdAtExact)}::timestamptz, ${add(after.id)})`)
  return { conditions, parameters, add }
}

/** The status that covers them, which the index knows, and the states themselves where they are not all of it. */
function asStatus(states: readonly State[]): { rank: number | null; rest: readonly State[] | null } {
  const [status, ...others] = new Set(states.map(publicStatus))
  if (status === undefined || others.length > 0) return { rank: null, rest: states }
  const isWhole = STATES.every((state) => publicStatus(state) !== status || states.includes(state))
  return { rank: RANK_OF[status], rest: isWhole ? null : states }
}
