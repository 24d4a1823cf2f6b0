import type { Store } from '../../db/store'
import type { ReasonCode } from '../../domain/reasons'
import type { Circuits } from './circuit'

/** Whether payouts may leave to a provider now. Looking up what has left is never stopped. */
export interface Gate {
  /** @returns How long a payout waits and why; null when it may leave. */
  closedFor(provider: string): Promise<{ readonly waitMs: number; readonly reasonCode: ReasonCode } | null>
}

/** A resume wakes what waits for it; this look is for the one that came to wait in that very moment. */
const PAUSE_LOOK_MS = 60_000

export const createGate = ({
  store,
  circuits,
}: {
  store: Pick<Store, 'isProviderPaused'>
  circuits: Circuits
}): Gate => ({
  async closedFor(provider) {
    if (await store.isProviderPaused(provider))
      return { waitMs: PAUSE_LOOK_MS, reasonCode: 'provider_paused' }
    const waitMs = circuits.waitMs(provider)
    return waitMs > 0 ? { waitMs, reasonCode: 'provider_unavailable' } : null
  },
})
