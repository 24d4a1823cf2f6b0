import type { RetiredPayout } from '../../domain/withdrawal'
import type { Queryable } from '../connect/database'
import { CLOCK } from '../row'
import type { LeaseRequest } from './lease-sql'

const COLUMNS = `r.payout_key as "payoutKey", r.withdrawal_id as "withdrawalId", r.provider,
  r.end_to_end_id as "endToEndId", r.order_key as "orderKey", r.provider_reference as "providerReference",
  r.order_reference as "orderReference", r.payer, r.why, r.retired_at as "retiredAt", r.watch_until as "watchUntil",
  ${CLOCK} as "readAt"`

/** Payouts of a withdrawal that were given up for another under a new key, the first one first. */
export const listRetiredPayouts = (db: Queryable, withdrawalId: string): Promise<readonly RetiredPayout[]> =>
  db.query<RetiredPayout>(
    `select ${COLUMNS} from bank_withdrawal.retired_payouts r where r.withdrawal_id = $1
      order by r.retired_at, r.payout_key`,
    [withdrawalId],
  )

/** Up to `limit` retired payouts that are due for a look, which nobody else gets before the lease is over. */
export const claimRetired = (
  db: Queryable,
  lease: Pick<LeaseRequest, 'seconds'>,
  limit: number,
): Promise<readonly RetiredPayout[]> =>
  db.query<RetiredPayout>(
    `with due as (
       select payout_key from bank_withdrawal.retired_payouts
        where watch_at is not null and watch_at <= ${CLOCK}
        order by watch_at
        limit $2
        for update skip locked
     ), claimed as (
       update bank_withdrawal.retired_payouts r set watch_at = ${CLOCK} + make_interval(secs => $1)
         from due where r.payout_key = due.payout_key
       returning r.*
     )
     select ${COLUMNS} from claimed r`,
    [lease.seconds, limit],
  )

/**
 * It is looked at again after `inMs`, or, with null, only when something hints at it; at once where something has hinted at
 * it since it was claimed.
 */
export async function watchRetiredAgain(
  db: Queryable,
  payoutKey: string,
  inMs: number | null,
): Promise<void> {
  await db.query(
    // An interval of no length is no interval at all: the sum is null, and so is the next look.
    `update bank_withdrawal.retired_payouts set watch_at = ${CLOCK} + make_interval(secs => $2)
      where payout_key = $1 and watch_at > ${CLOCK}`,
    [payoutKey, inMs === null ? null : inMs / 1000],
  )
}
