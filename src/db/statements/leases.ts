import { isFinal } from '../../domain/states'
import type { WithdrawalPatch } from '../../domain/withdrawal'
import type { Queryable } from '../connect/database'
import { CLOCK, COLUMNS, IS_HELD, type RawRow, statesThat, type StoredWithdrawal, toWithdrawal } from '../row'
import { isHeldBy } from './lease-sql'

/**
 * Gives a claimed row back without a change of state: it is looked at again after `runInMs`.
 *
 * @param untilResumed It waits for its provider to be resumed, and is due then.
 *
 * @returns false when the lease is no longer ours; nothing was written.
 */
export async function postpone(
  db: Queryable,
  claim: { id: string; version: number; leaseOwner: string },
  runInMs: number,
  reasonCode: WithdrawalPatch['reasonCode'] | undefined,
  untilResumed = false,
): Promise<boolean> {
  const rows = await db.query<{ id: string }>(
    `update bank_withdrawal.withdrawals
        set lease_owner = null, lease_until = null,
            next_run_at = case when woken_at is not null then ${CLOCK}
                               else ${CLOCK} + make_interval(secs => $4) end,
            woken_at = null, waits_for_resume = $7,
            reason_code = case when $5 then $6 else reason_code end
      where id = $1 and version = $2 and ${isHeldBy('$3')}
      returning id`,
    [
      claim.id,
      claim.version,
      claim.leaseOwner,
      runInMs / 1000,
      reasonCode !== undefined,
      reasonCode ?? null,
      untilResumed,
    ],
    'postpone',
  )
  return rows.length > 0
}

const ENDED = statesThat(isFinal)

/**
 * A worker from which a person took the row says that its call is over: what waited for the end of its lease is due.
 *
 * @returns false when nobody waits for it; nothing was written.
 */
export async function letGo(db: Queryable, claim: { id: string; leaseOwner: string }): Promise<boolean> {
  const rows = await db.query<{ id: string }>(
    `update bank_withdrawal.withdrawals
        set next_run_at = case when next_run_at <= lease_until then ${CLOCK} else next_run_at end,
            lease_until = null, taken_from = null
      where id = $1 and taken_from = $2 and lease_owner is null and lease_until > ${CLOCK}
      returning id`,
    [claim.id, claim.leaseOwner],
  )
  return rows.length > 0
}

/**
 * Something happened outside that is worth a look: the withdrawals are due at once, one that a worker holds as soon
 * as it is given back. What has ended is looked at once more, whether it is still watched or not: an end that turns
 * out to be another one is a question to a person.
 */
export const WAKE = `
  update bank_withdrawal.withdrawals w
     set next_run_at = case when w.next_run_at is not null and not ${IS_HELD}
                            then ${CLOCK} else w.next_run_at end,
         woken_at = case when ${IS_HELD} then ${CLOCK} end,
         watch_at = case when w.state in (${ENDED}) then ${CLOCK} end`

/** @returns false when it rests for good. */
export async function wake(db: Queryable, id: string): Promise<boolean> {
  const rows = await db.query<{ id: string }>(
    `${WAKE} where w.id = $1 and (w.next_run_at is not null or w.watch_at is not null) returning w.id`,
    [id],
  )
  return rows.length > 0
}

/**
 * Reads a withdrawal with a write that changes nothing. What a primary shows may be missing on its synchronous
 * standby: a commit whose wait was cut short is visible at once. A commit of our own waits for all before it, so what
 * this returns survives a failover.
 *
 * @returns null when there is no such withdrawal.
 */
export async function confirmWithdrawal(db: Queryable, id: string): Promise<StoredWithdrawal | null> {
  const rows = await db.query<RawRow>(
    `with confirmed as (
       update bank_withdrawal.withdrawals set updated_at = updated_at where id = $1 returning *
     )
     select ${COLUMNS} from confirmed`,
    [id],
    'confirm',
  )
  return rows[0] ? toWithdrawal(rows[0]) : null
}
