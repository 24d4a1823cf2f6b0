/**
 * How what has ended is watched on. Requests that were given up may land late, and banks send money back days after
 * they paid it.
 */

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/**
 * A lock that was given up on. A request cut off by a process that stood still has been seen to land when that
 * process went on, so the looks reach to the next day.
 */
const LATE_HOLD_LOOKS_MS = [10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS]
/** A payout that may come back: soon at first, then once a day for as long as its rail can return it. */
const RETURN_LOOKS_MS = [HOUR_MS, 6 * HOUR_MS]

/** @param looks How often it was looked. @returns Milliseconds until the next look; null when it was the last. */
export const lateHoldLookMs = (looks: number): number | null => LATE_HOLD_LOOKS_MS[looks] ?? null
export const returnLookMs = (looks: number): number => RETURN_LOOKS_MS[looks] ?? DAY_MS
