import { isFinal } from '../../domain/states'
import { isStorable } from '../../domain/storable'
import type { JournalEntry } from '../../domain/withdrawal'
import type { Queryable } from '../connect/database'
import { COLUMNS, type RawRow, statesThat, type StoredWithdrawal, toWithdrawal } from '../row'
import { ARE_FEW, FEW, FEW_COLUMN } from './given-sql'

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
  // Others' names are anything; one that no database holds is nobody's.
  const known = ids.filter(isStorable)
  if (known.length === 0) return []
  const rows = await db.query<RawRow>(
    `select ${COLUMNS} from bank_withdrawal.withdrawals
      where id = any($1::text[]) and state in (${statesThat(isFinal)})`,
    [known],
  )
  return rows.map(toWithdrawal)
}

export async function findByIdempotencyKey(
  db: Queryable,
  userId: number,
  key: string,
): Promise<StoredWithdrawal | null> {
  const [found = null] = await findByIdempotencyKeys(db, [{ userId, key }])
  return found
}

export interface UsersKey {
  readonly userId: number
  readonly key: string
}

const BY_KEY = `
  with given as (
    select * from json_to_recordset($1::json) as g (place integer, "userId" bigint, key text, ${FEW_COLUMN})
     where ${ARE_FEW})
  select g.place, ${COLUMNS} from given g
    join bank_withdrawal.withdrawals w on w.user_id = g."userId" and w.idempotency_key = g.key`

/** @returns What each stands for, in their order; null for those that are free. */
export async function findByIdempotencyKeys(
  db: Queryable,
  keys: readonly UsersKey[],
): Promise<readonly (StoredWithdrawal | null)[]> {
  const given = keys.map(({ userId, key }, place) => ({ place, userId, key, ...FEW }))
  const rows = await db.query<RawRow & { place: number }>(BY_KEY, [JSON.stringify(given)], 'find_by_key')
  const found: (StoredWithdrawal | null)[] = keys.map(() => null)
  for (const { place, ...row } of rows) found[place] = toWithdrawal(row)
  return found
}

export async function readJournal(db: Queryable, withdrawalId: string): Promise<readonly JournalEntry[]> {
  return db.query<JournalEntry>(
    `select withdrawal_id as "withdrawalId", seq, at, event, from_state as "from", to_state as "to",
            actor, reason_code as "reasonCode", detail
       from bank_withdrawal.journal where withdrawal_id = $1 order by seq`,
    [withdrawalId],
  )
}
