import type { Queryable } from '../connect/database'
import { CLOCK, COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'
import { ARE_FEW, FEW_NAME } from './given-sql'

/** What leases are made of, said once for every statement that takes, keeps or respects one. */

export interface LeaseRequest {
  /** Unique per claim, so that a process that lost a row cannot be mistaken for itself. */
  readonly owner: string
  readonly seconds: number
}

/** `$2` is a lease's length in seconds. */
const LEASE_END = `${CLOCK} + make_interval(secs => $2)`
const HELD_BY_REQUEST = `lease_owner = $1, lease_until = ${LEASE_END}`

/**
 * What a lease writes: `$1` the owner, `$2` the seconds. A leased row is next due when its lease ends, so that a
 * crashed owner's rows come back by themselves and one index answers "what is due".
 */
export const LEASED = `${HELD_BY_REQUEST}, next_run_at = ${LEASE_END}`

/** A worker's next look at it. What the row was woken for is what it is claimed for. */
export const CLAIMED = `${LEASED}, attempts = attempts + 1, woken_at = null`

/** The same for what has ended and is looked at by its other time. */
export const CLAIMED_TO_WATCH = `${HELD_BY_REQUEST}, watch_at = ${LEASE_END}, watch_looks = watch_looks + 1, woken_at = null`

/** Whether it is still in the hands of the owner in `place`: who lost it writes nothing. */
export const isHeldBy = (place: string): string => `lease_owner = ${place} and lease_until > ${CLOCK}`

/** Waits for the next batch, where no single payout is looked for. */
export const WAITS_FOR_BATCH = `state = 'ready' and mode = 'batch'`

export const IS_DUE = `next_run_at <= ${CLOCK}`

/** What is claimed: which rows, in which order they come up, and what a claim writes. */
export interface ClaimSql {
  readonly name: string
  readonly isDue: string
  readonly order: string
  readonly writes: string
  /** In which order they are handed out; none where nobody cares. */
  readonly handedOut?: string
}

/**
 * A claim of up to so many due rows, in one statement: `$1` the owner, `$2` the seconds, `$3` how many, and what `isDue`
 * asks for from `$4` on. Rows that somebody else is claiming at this moment are passed over.
 */
export function claimOf({ name, isDue, order, writes, handedOut }: ClaimSql) {
  const text = `
    with due as materialized (
      select id, 1 as ${FEW_NAME} from bank_withdrawal.withdrawals
       where ${isDue}
       order by ${order}
       limit $3
       for update skip locked
    ), claimed as (
      update bank_withdrawal.withdrawals w
         set ${writes}
        from due
       where due.${ARE_FEW} and w.id = due.id
      returning w.*
    )
    select ${COLUMNS} from claimed${handedOut === undefined ? '' : ` order by ${handedOut}`}`
  return async (
    db: Queryable,
    lease: LeaseRequest,
    limit: number,
    ...asked: readonly unknown[]
  ): Promise<readonly StoredWithdrawal[]> => {
    const rows = await db.query<RawRow>(text, [lease.owner, lease.seconds, limit, ...asked], name)
    return rows.map(toWithdrawal)
  }
}
