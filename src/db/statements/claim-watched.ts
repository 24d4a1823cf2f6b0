import type { Queryable } from '../connect/database'
import { CLOCK, type StoredWithdrawal } from '../row'
import { CLAIMED_TO_WATCH, claimOf, isHeldBy, type LeaseRequest } from './lease-sql'

const claim = claimOf({
  name: 'claim_watched',
  isDue: `watch_at is not null and watch_at <= ${CLOCK}`,
  order: 'watch_at',
  writes: CLAIMED_TO_WATCH,
})

/** Leases up to `limit` withdrawals that have ended and are due for another look. */
export const claimWatched = (
  db: Queryable,
  lease: LeaseRequest,
  limit: number,
): Promise<readonly StoredWithdrawal[]> => claim(db, lease, limit)

/**
 * Gives a watched withdrawal back: it is looked at again after `inMs`, or, with null, never; at once where it was woken
 * meanwhile, since what was heard may be older than that.
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
        set lease_owner = null, lease_until = null, woken_at = null,
            watch_at = case when woken_at is not null then ${CLOCK} else ${CLOCK} + make_interval(secs => $4) end
      where id = $1 and version = $2 and ${isHeldBy('$3')}
      returning id`,
    // An interval of no length is no interval at all: the sum is null, and so is the next look.
    [claim.id, claim.version, claim.leaseOwner, inMs === null ? null : inMs / 1000],
  )
  return rows.length > 0
}
