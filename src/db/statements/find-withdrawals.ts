import { isFinal, type PublicStatus, publicStatus, type State } from '../../domain/states'
import type { JournalEntry } from '../../domain/withdrawal'
import type { Queryable } from '../connect/database'
import { COLUMNS, type RawRow, statesThat, type StoredWithdrawal, toWithdrawal } from '../row'

export async function findWithdrawal(db: Queryable, id: string): Promise<StoredWithdrawal | null> {
  const rows = await db.query<RawRow>(
    `select ${COLUMNS} from bank_withdrawal.withdrawals where id = $1`,
    [id],
    'find',
  )
  return rows[0] ? toWithdrawal(rows[0]) : null
}

/** Those of them that have ended. */
export async function findEnded(db: Queryable, ids: readonly string[]): Promise<readonly StoredWithdrawal[]> {
  if (ids.length === 0) return []
  const rows = await db.query<RawRow>(
    `select ${COLUMNS} from bank_withdrawal.withdrawals
      where id = any($1::text[]) and state in (${statesThat(isFinal)})`,
    [ids],
  )
  return rows.map(toWithdrawal)
}

export async function findByIdempotencyKey(
  db: Queryable,
  userId: number,
  key: string,
): Promise<StoredWithdrawal | null> {
  const rows = await db.query<RawRow>(
    `select ${COLUMNS} from bank_withdrawal.withdrawals where user_id = $1::bigint and idempotency_key = $2`,
    [userId, key],
    'find_by_key',
  )
  return rows[0] ? toWithdrawal(rows[0]) : null
}

export const SORT_COLUMNS = ['created_at', 'updated_at', 'amount', 'currency', 'status', 'id'] as const

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

export async function listWithdrawals(db: Queryable, query: ListQuery): Promise<readonly StoredWithdrawal[]> {
  const { where, parameters } = filters(query)
  const rows = await db.query<RawRow>(
    `select ${COLUMNS} from bank_withdrawal.withdrawals where ${where}
      order by ${sortExpression(query.sort)} ${query.order}, id ${query.order}
      limit ${query.limit} offset ${query.offset}`,
    parameters,
  )
  return rows.map(toWithdrawal)
}

export async function countWithdrawals(
  db: Queryable,
  query: Omit<ListQuery, 'sort' | 'order' | 'offset' | 'limit'>,
): Promise<number> {
  const { where, parameters } = filters(query)
  const rows = await db.query<{ count: string }>(
    `select count(*)::text as count from bank_withdrawal.withdrawals where ${where}`,
    parameters,
  )
  return Number(rows[0]?.count ?? 0)
}

const told = (status: PublicStatus): string => statesThat((state) => publicStatus(state) === status)
const STATUS_RANK = `case when state in (${told('processed')}) then 2 when state in (${told('canceled')}) then 3 else 1 end`

/** Clients sort by what they see, and they see the public status. */
function sortExpression(sort: ListQuery['sort']): string {
  if (sort === 'status') return STATUS_RANK
  // A bare "amount" means the selected text, and as a text "9" comes after "10".
  return sort === 'amount' ? 'withdrawals.amount' : sort
}

function filters(query: Omit<ListQuery, 'sort' | 'order' | 'offset' | 'limit'>) {
  const parameters: unknown[] = [query.userId]
  const conditions = ['user_id = $1::bigint']
  const add = (condition: (place: string) => string, value: unknown) =>
    conditions.push(condition(`$${parameters.push(value)}`))
  if (query.currency !== undefined) add((place) => `currency = ${place}`, query.currency)
  if (query.states !== undefined) add((place) => `state = any(${place}::text[])`, query.states)
  if (query.from !== undefined)
    add((place) => `created_at >= ${place}::timestamptz`, query.from.toISOString())
  if (query.until !== undefined)
    add((place) => `created_at <= ${place}::timestamptz`, query.until.toISOString())
  if (query.after !== undefined) {
    const [at, id] = [query.after.createdAtExact, query.after.id].map((value) => `$${parameters.push(value)}`)
    conditions.push(`(created_at, id) > (${at}::timestamptz, ${id})`)
  }
  return { where: conditions.join(' and '), parameters }
}

export async function readJournal(db: Queryable, withdrawalId: string): Promise<readonly JournalEntry[]> {
  return db.query<JournalEntry>(
    `select withdrawal_id as "withdrawalId", seq, at, event, from_state as "from", to_state as "to",
            actor, reason_code as "reasonCode", detail
       from bank_withdrawal.journal where withdrawal_id = $1 order by seq`,
    [withdrawalId],
  )
}
