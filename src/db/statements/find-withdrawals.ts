import { isFinal } from '../../domain/states'
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

export async function readJournal(db: Queryable, withdrawalId: string): Promise<readonly JournalEntry[]> {
  return db.query<JournalEntry>(
    `select withdrawal_id as "withdrawalId", seq, at, event, from_state as "from", to_state as "to",
            actor, reason_code as "reasonCode", detail
       from bank_withdrawal.journal where withdrawal_id = $1 order by seq`,
    [withdrawalId],
  )
}
