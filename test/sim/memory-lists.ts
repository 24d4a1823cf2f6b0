import { COUNTED_MAX, LISTED } from '../../src/db/statements/list-withdrawals'
import type { ListedWithdrawal, ListQuery, StoredWithdrawal } from '../../src/db/store'
import { isLess } from '../../src/domain/money'
import { publicStatus } from '../../src/domain/states'
import type { MemoryRow } from './memory-tables'

type Filters = Omit<ListQuery, 'sort' | 'order' | 'offset' | 'limit'>

const STATUS_RANK = { pending: 1, processed: 2, canceled: 3 } as const

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What clients sort by. */
const COMPARE: Readonly<Record<ListQuery['sort'], (a: MemoryRow, b: MemoryRow) => number>> = {
  created_at: (a, b) => Number(a.createdAt) - Number(b.createdAt),
  updated_at: (a, b) => Number(a.updatedAt) - Number(b.updatedAt),
  amount: (a, b) => (isLess(a.amount, b.amount) ? -1 : isLess(b.amount, a.amount) ? 1 : 0),
  currency: (a, b) => compareTexts(a.currency, b.currency),
  status: (a, b) => STATUS_RANK[publicStatus(a.state)] - STATUS_RANK[publicStatus(b.state)],
  id: (a, b) => compareTexts(a.id, b.id),
}

function matches(row: MemoryRow, { userId, currency, states, from, until, after }: Filters): boolean {
  if (row.userId !== userId) return false
  if (currency !== undefined && row.currency !== currency) return false
  if (states !== undefined && !states.includes(row.state)) return false
  if (from !== undefined && row.createdAt < from) return false
  if (until !== undefined && row.createdAt > until) return false
  if (after === undefined) return true
  const createdAtMs = Date.parse(after.createdAtExact)
  return Number(row.createdAt) > createdAtMs || (Number(row.createdAt) === createdAtMs && row.id > after.id)
}

export const listedOf = (row: StoredWithdrawal): ListedWithdrawal =>
  Object.fromEntries(LISTED.map((name) => [name, row[name]])) as unknown as ListedWithdrawal

export const countIn = (rows: readonly MemoryRow[], query: Filters): number =>
  Math.min(rows.filter((row) => matches(row, query)).length, COUNTED_MAX + 1)

export function listIn(rows: readonly MemoryRow[], query: ListQuery): readonly MemoryRow[] {
  const sign = query.order === 'asc' ? 1 : -1
  const compare = COMPARE[query.sort]
  return rows
    .filter((row) => matches(row, query))
    .sort((a, b) => sign * (compare(a, b) || COMPARE.created_at(a, b) || compareTexts(a.id, b.id)))
    .slice(query.offset, query.offset + query.limit)
}
