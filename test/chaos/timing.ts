/**
 * One set of times for all processes. They have to fit together: what a fault can delay must be over before the
 * quiet time is, or the plugin is used outside what it promises.
 */
export const TIMING = {
  leaseSeconds: 10,
  quietSeconds: 5,
  callTimeoutMs: 1_500,
  /** A request that was not answered takes effect at most this much after it came in. */
  lateMsMax: 2_000,
  delayMsMax: 800,
  /** Long enough that the caller has given up. */
  hangMs: 3_000,
  /** From there on the bank shows what it has taken. */
  notFoundConclusiveAfterMs: 3_000,
  /** A payout that is not final at once is final after at most this. */
  bankDecidesMsMax: 2_500,
  /** Shorter and longer than the lease: both have to be survived. */
  stallMsMin: 4_000,
  stallMsMax: 16_000,
} as const

export const CHAOS_APP = 'bank-withdrawal'
