import type { Store } from '../../db/store'
import type { ReasonCode } from '../../domain/reasons'
import type { Circuits } from './circuit'

/** Whether payouts may leave to a provider now. Looking up what has left is never stopped. */
export interface Gate {
  /** @returns null when a payout may leave. */
  closedFor(provider: string): Promise<Closed | null>
  /** @returns null when a user may be credited: a paused provider does not keep what came back from its user. */
  closedForCredits(): Promise<Closed | null>
}

/** How long a payout waits, and why. */
export interface Closed {
  readonly waitMs: number
  readonly reasonCode: ReasonCode
  /** An operator's word ends it, and wakes what waits. */
  readonly untilResumed: boolean
}

/** A resume wakes what waits for it; this look is for the one that came to wait in that very moment. */
const PAUSE_LOOK_MS = 60_000

const EVERYTHING_STOPPED: Closed = { waitMs: PAUSE_LOOK_MS, reasonCode: 'stopped', untilResumed: true }

export const createGate = ({
  store,
  circuits,
}: {
  store: Pick<Store, 'whatStops' | 'readStop'>
  circuits: Circuits
}): Gate => ({
  async closedFor(provider) {
    const stopped = await store.whatStops(provider)
    if (stopped === 'stop') return EVERYTHING_STOPPED
    if (stopped === 'pause')
      return { waitMs: PAUSE_LOOK_MS, reasonCode: 'provider_paused', untilResumed: true }
    const waitMs = circuits.waitMs(provider)
    return waitMs > 0 ? { waitMs, reasonCode: 'provider_unavailable', untilResumed: false } : null
  },
  closedForCredits: async () => ((await store.readStop()).isStopped ? EVERYTHING_STOPPED : null),
})
