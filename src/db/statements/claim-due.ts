import type { Queryable } from '../connect/database'
import { COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'

/**
 * What a claim writes: `$1` the owner, `$2` the seconds. A claimed row is next due when its lease ends, and what it was
 * woken for is what it is claimed for.
 */
export const LEASED = `
  lease_owner = $1,
  lease_until = bank_withdrawal.clock() + make_interval(secs => $2),
  next_run_at = bank_withdrawal.clock() + make_interval(secs => $2),
  attempts = attempts + 1, woken_at = null`

/**
 * Leases up to `limit` due withdrawals to `owner`. The lease, not an open transaction, guards the slow call that
 * follows. A claimed row is next due when its lease ends, so a crashed owner's rows come back by themselves and
 * one index answers "what is due".
 */
export async function claimDue(
  db: Queryable,
  lease: { owner: string; seconds: number },
  limit: number,
): Promise<readonly StoredWithdrawal[]> {
  const rows = await db.query<RawRow>(
    `with due as (
       select id from bank_withdrawal.withdrawals
        where next_run_at <= bank_withdrawal.clock()
          and next_run_at is not null and not (state = 'ready' and mode = 'batch')
        order by next_run_at
        limit $3
        for update skip locked
     ), claimed as (
       update bank_withdrawal.withdrawals w
          set ${LEASED}
         from due where w.id = due.id
       returning w.*
     )
     select ${COLUMNS} from claimed`,
    [lease.owner, lease.seconds, limit],
  )
  return rows.map(toWithdrawal)
}

/**
 * Leases one withdrawal that is due.
 *
 * @returns null when it is not due, for instance because somebody else holds it.
 */
export async function claimOne(
  db: Queryable,
  lease: { owner: string; seconds: number },
  id: string,
): Promise<StoredWithdrawal | null> {
  const rows = await db.query<RawRow>(
    `with claimed as (
       update bank_withdrawal.withdrawals
          set ${LEASED}
        where id = $3 and next_run_at <= bank_withdrawal.clock()
          and not (state = 'ready' and mode = 'batch')
       returning *
     )
     select ${COLUMNS} from claimed`,
    [lease.owner, lease.seconds, id],
  )
  return rows[0] ? toWithdrawal(rows[0]) : null
}
