import type { Clock } from '../ports/clock'

/** So many times those that have a place are claimed at least: the last begins after two or three calls of the others. */
export const CLAIMED_AHEAD = 3
/** What is claimed waits about so long for a place: nobody else can take it meanwhile. */
const WAITS_MS = 250
/** As many as are written in one statement; should a partner stop answering, so many wait for the end of their leases. */
const CLAIMED_MAX = 100
/** A pace is one of a time, not of two calls. */
const MEASURED_MS = 50

/**
 * How many are claimed before they have a place. Where partners answer at once, places are free again at once, and a
 * statement for a handful costs what one for a hundred does: so the faster they leave their places, the more are claimed
 * together, and written together afterwards.
 */
export interface Ahead {
  /** @param served How many have left a place so far. */
  count(served: number): number
}

export function createAhead(places: number, clock: Pick<Clock, 'monotonicMs'>): Ahead {
  const least = places * CLAIMED_AHEAD
  let count = least
  let [servedBefore, measuredAtMs] = [0, clock.monotonicMs()]
  return {
    count(served) {
      const passedMs = clock.monotonicMs() - measuredAtMs
      if (passedMs < MEASURED_MS) return count
      const inThatTime = Math.round(((served - servedBefore) / passedMs) * WAITS_MS)
      count = Math.max(least, Math.min(inThatTime, CLAIMED_MAX))
      ;[servedBefore, measuredAtMs] = [served, clock.monotonicMs()]
      return count
    },
  }
}
