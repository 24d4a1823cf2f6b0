import type { Queryable } from '../connect/database'
import { COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'
import { CLAIMED, claimOf, IS_DUE, type LeaseRequest, WAITS_FOR_BATCH } from './lease-sql'

const claim = claimOf({
  name: 'claim_due',
  isDue: `${IS_DUE} and next_run_at is not null and not (${WAITS_FOR_BATCH})`,
  order: 'next_run_at',
  writes: CLAIMED,
})

/**
 * Leases up to `limit` due withdrawals to `owner`. The lease, not an open transaction, guards the slow call that
 * follows.
 */
export const claimDue = (
  db: Queryable,
  lease: LeaseRequest,
  limit: number,
): Promise<readonly StoredWithdrawal[]> => claim(db, lease, limit)

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
    'claim_one',
  )
  return rows[0] ? toWithdrawal(rows[0]) : null
}
