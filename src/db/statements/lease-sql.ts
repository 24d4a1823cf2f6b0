import { CLOCK } from '../row'

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
export const CLAIMED_TO_WATCH = `${HELD_BY_REQUEST}, watch_at = ${LEASE_END}, watch_looks = watch_looks + 1`

/** Whether it is still in the hands of the owner in `place`: who lost it writes nothing. */
export const isHeldBy = (place: string): string => `lease_owner = ${place} and lease_until > ${CLOCK}`

/** Waits for the next batch, where no single payout is looked for. */
export const WAITS_FOR_BATCH = `state = 'ready' and mode = 'batch'`

export const IS_DUE = `next_run_at <= ${CLOCK}`
