/** Time and chance of a client; a test gives its own. */
export interface ClientClock {
  /** Milliseconds that only go forward. */
  now(): number
  /** @returns Cancels it. */
  setTimer(ms: number, wake: () => void): () => void
  /** From 0 up to, and without, 1. */
  random(): number
}

/** A timer that is set to more is over at once. */
const LONGEST_MS = 2 ** 31 - 1

export const systemClock: ClientClock = {
  now: () => performance.now(),
  setTimer(ms, wake) {
    const timer = setTimeout(wake, Math.min(ms, LONGEST_MS))
    return () => clearTimeout(timer)
  },
  random: Math.random,
}

/** @throws The signal's reason, as soon as it is aborted. */
export const wait = (clock: ClientClock, ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const abort = () => {
      cancel()
      reject(signal?.reason as Error)
    }
    const cancel = clock.setTimer(ms, () => {
      signal?.removeEventListener('abort', abort)
      resolve()
    })
    if (signal?.aborted) abort()
    else signal?.addEventListener('abort', abort, { once: true })
  })
