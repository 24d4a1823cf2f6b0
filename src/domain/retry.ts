export interface Backoff {
  /** Wait before the second try. */
  readonly firstMs: number
  readonly capMs: number
  /** No wait is shorter, however few tries there were; up to the cap. */
  readonly leastMs?: number
}

/**
 * Capped exponential back-off with full-width jitter of ±25 %, so that rows that failed together do not come
 * back together.
 *
 * @param attempt 1 for the wait after the first try.
 * @param random In [0, 1).
 */
export function backoffMs(attempt: number, { firstMs, capMs, leastMs = 0 }: Backoff, random: number): number {
  // 2^20 first waits is past any cap; a larger exponent only risks Infinity.
  const exponential = firstMs * 2 ** Math.min(attempt - 1, 20)
  return Math.round(Math.min(Math.max(exponential, leastMs), capMs) * (0.75 + random / 2))
}

/** The exchange's wallet: quick at first, because a user waits for the lock; a minute when it stays down. */
export const WALLET_BACKOFF: Backoff = { firstMs: 1_000, capMs: 60_000 }
/** Asking a provider about a payout: banks answer in seconds or in days. */
export const LOOKUP_BACKOFF: Backoff = { firstMs: 2_000, capMs: 15 * 60_000 }
/** After a person was asked. Banks answer on the next day what they could not say today. */
export const ASKED_LOOK_MS = 3_600_000
/** Trying again after the provider proved that it took nothing (float, rate limit, cut-off). */
export const DEFERRED_BACKOFF: Backoff = { firstMs: 15_000, capMs: 15 * 60_000 }
