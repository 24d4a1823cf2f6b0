/**
 * How what has ended is watched on. Requests that were given up may land late, and banks send money back days after
 * they paid it.
 */

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/**
 * When a lock that was given up on is looked for, from the end of its withdrawal. Soon, since a look-up lags behind for
 * seconds; and to the next day, since a request cut off by a process that stood still has been seen to land when that
 * process went on. An hour more than a day: a clock that steps ends no watch early.
 */
const LATE_HOLD_LOOKS_MS = [MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS + HOUR_MS]
/** A payout that was called not made has been booked days later; longer than any rail takes. */
export const LATE_PAYOUT_MS = 10 * DAY_MS
/** A payout that may come back: soon at first, then once a day for as long as its rail can return it. */
const RETURN_LOOKS_MS = [HOUR_MS, 6 * HOUR_MS]
/** With a bank for longer than any of them needs: somebody should ask. */
const OVERDUE_MS_MIN = 7 * DAY_MS

/**
 * By age and not by count: a look that got no answer must not use one up.
 *
 * @param ageMs Since the withdrawal ended. @returns Milliseconds until the next look; null when it was the last.
 */
export function lateHoldLookMs(ageMs: number): number | null {
  const next = LATE_HOLD_LOOKS_MS.find((at) => at > ageMs)
  return next === undefined ? null : next - ageMs
}

export function returnLookMs(ageMs: number): number {
  const next = RETURN_LOOKS_MS.find((at) => at > ageMs)
  return next === undefined ? DAY_MS : next - ageMs
}

/**
 * How long a payout that is called off is looked up, in case that the bank pays it after all: as long as a payout may
 * be on its way or come back, and a week at the least.
 */
export const payoutWatchMs = (
  capabilities: { readonly expectedMs: number; readonly returnWindowMs: number } | null,
): number => Math.max(OVERDUE_MS_MIN, 10 * (capabilities?.expectedMs ?? 0), capabilities?.returnWindowMs ?? 0)

/** A lock that nobody may give back is tried again this much later, until somebody has seen to it. */
export const STUCK_HOLD_LOOK_MS = DAY_MS

/**
 * @param expectedMs What the provider says a payout takes.
 * @param overdueAfterMs When the provider says that somebody should ask, where it does.
 */
export const isOverdue = (
  ageMs: number,
  { expectedMs, overdueAfterMs }: { readonly expectedMs: number; readonly overdueAfterMs?: number },
): boolean => ageMs > (overdueAfterMs ?? Math.max(OVERDUE_MS_MIN, 10 * expectedMs))
