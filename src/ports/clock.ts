/** Time, ids and chance, passed in so that a test and the simulator can own them. */
export interface Clock {
  now(): Date
  /** Milliseconds that only grow and do not jump when the wall clock is set; for deadlines and leases. */
  monotonicMs(): number
  /** Calls `wake` once after `ms`. @returns Cancels it. */
  setTimer(ms: number, wake: () => void): () => void
}

export interface Randomness {
  /** In [0, 1). */
  fraction(): number
  /** A new id, kit-safe, growing with time. */
  newId(): string
  /** Fit for cryptography. */
  bytes(length: number): Uint8Array
}
