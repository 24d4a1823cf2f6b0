import type { Clock } from '../../ports/clock'

/**
 * How long this process itself has known of a doubt, on its own clock. The database's clock can step: after a failover
 * to a host whose clock is ahead, a quiet time would be over that has only begun; to one whose clock is behind, a key would
 * be young that the provider has forgotten. So a "no" counts when both say so, and a key is old when one of them says so.
 */
export interface Patience {
  /**
   * @param doubt Names what may be on its way, and since when.
   * @returns Milliseconds until this process has known of it for `waitMs`; from the first call for it on.
   */
  msLeft(doubt: string, waitMs: number): number
}

/** More than are ever in doubt at once; what is forgotten is waited for anew, which is slow and safe. */
const KNOWN_MAX = 100_000

export function createPatience({ monotonicMs }: Pick<Clock, 'monotonicMs'>): Patience {
  const knownSince = new Map<string, number>()
  return {
    msLeft(doubt, waitMs) {
      const nowMs = monotonicMs()
      const sinceMs = knownSince.get(doubt)
      if (sinceMs !== undefined) return Math.max(0, sinceMs + waitMs - nowMs)
      const [oldest] = knownSince.keys()
      if (oldest !== undefined && knownSince.size >= KNOWN_MAX) knownSince.delete(oldest)
      knownSince.set(doubt, nowMs)
      return Math.max(0, waitMs)
    },
  }
}
