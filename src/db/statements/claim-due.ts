import type { Queryable } from '../connect/database'
import { COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'
import { CLAIMED, IS_DUE, type LeaseRequest, WAITS_FOR_BATCH } from './lease-sql'

/**
 * Leases up to `limit` due withdrawals to `owner`. The lease, not an open transaction, guards the slow call that
 * follows.
 */
export async function claimDue(
  db: Queryable,
  lease: LeaseRequest,
  limit: number,
): Promise<readonly StoredWithdrawal[]> {
  const rows = await db.query<RawRow>(
    `with due as (
       select id from bank_withdrawal.withdrawals
        where ${IS_DUE} and next_run_at is not null and not (${WAITS_FOR_BATCH})
        order by next_run_at
        limit $3
        for update skip locked
     ), claimed as (
       update bank_withdrawal.withdrawals w
          set ${CLAIMED}
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
  lease: LeaseRequest,
  id: string,
): Promise<StoredWithdrawal | null> {
  const rows = await db.query<RawRow>(
    `with claimed as (
       update bank_withdrawal.withdrawals
          set ${CLAIMED}
        where id = $3 and ${IS_DUE} and not (${WAITS_FOR_BATCH})
       returning *
     )
     select ${COLUMNS} from claimed`,
    [lease.owner, lease.seconds, id],
  )
  return rows[0] ? toWithdrawal(rows[0]) : null
}
