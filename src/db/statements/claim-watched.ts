import type { Queryable } from '../connect/database'
import { CLOCK, COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'
import { CLAIMED_TO_WATCH, isHeldBy, type LeaseRequest } from './lease-sql'

/** Leases up to `limit` withdrawals that have ended and are due for another look. */
export async function claimWatched(
  db: Queryable,
  lease: LeaseRequest,
  limit: number,
): Promise<readonly StoredWithdrawal[]> {
  const rows = await db.query<RawRow>(
    `with due as (
       select id from bank_withdrawal.withdrawals
        where watch_at is not null and watch_at <= ${CLOCK}
        order by watch_at
        limit $3
        for update skip locked
     ), claimed as (
       update bank_withdrawal.withdrawals w
          set ${CLAIMED_TO_WATCH}
         from due where w.id = due.id
       returning w.*
     )
     select ${COLUMNS} from claimed`,
    [lease.owner, lease.seconds, limit],
  )
  return rows.map(toWithdrawal)
}

/**
 * Gives a watched withdrawal back: it is looked at again after `inMs`, or, with null, never.
 *
 * @returns false when the lease is no longer ours; nothing was written.
 */
export async function watchAgain(
  db: Queryable,
  claim: { id: string; version: number; leaseOwner: string },
  inMs: number | null,
): Promise<boolean> {
  const rows = await db.query<{ id: string }>(
    `update bank_withdrawal.withdrawals
        set lease_owner = null, lease_until = null,
            watch_at = ${CLOCK} + make_interval(secs => $4)
      where id = $1 and version = $2 and ${isHeldBy('$3')}
      returning id`,
    // An interval of no length is no interval at all: the sum is null, and so is the next look.
    [claim.id, claim.version, claim.leaseOwner, inMs === null ? null : inMs / 1000],
  )
  return rows.length > 0
}
