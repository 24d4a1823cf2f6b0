import type { Presence } from '../db/presence'
import type { Store } from '../db/store'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { createRepetition } from './repeat'

/**
 * Looks at once at what a dead process held, instead of at the end of its leases. That is all that comes early: what a
 * look does not find is waited for from the end of those leases on, as if nobody knew of the death.
 */
export interface Recovery {
  /** @throws When what the last life left behind cannot be taken over. */
  start(): Promise<void>
  stop(): Promise<void>
}

export interface RecoveryDeps {
  readonly store: Pick<Store, 'releaseLeases' | 'releaseLeasesOfDead'>
  readonly presence: Presence
  /** Nobody else can have the database open: whoever held a lease before is dead. */
  readonly isAlone: boolean
  /** False in a process that works nothing off; others do it. */
  readonly looksForDead: boolean
  /** What dead processes held is due now, and need not wait for the next look of a worker. */
  readonly onReleased: () => void
  readonly clock: Clock
  readonly logger: Logger
}

/** A death is noticed within one of these, and believed and acted on when the grace is over: 9 seconds. */
const EVERY_MS = 3_000
const GRACE_SECONDS = 6
/** Who starts is often the one that takes the place of a dead one, whose lock the database may be about to let go. */
const FIRST_LOOKS_MS = 3_000
const FIRST_EVERY_MS = 500
/** A look that comes a moment too early is not followed by a hundred others. */
const SOONEST_MS = 50

export function createRecovery(deps: RecoveryDeps): Recovery {
  const { store, presence, isAlone, looksForDead, onReleased, clock, logger } = deps
  let startedAtMs = clock.monotonicMs()
  let graceLeftMs: number | null = null
  const recovered = (facts: Record<string, number>) => logger.warn('worker.recovered', facts)

  async function look(): Promise<void> {
    graceLeftMs = null
    await presence.renew()
    if (!looksForDead) return
    const { processes, withdrawals, ...missed } = await store.releaseLeasesOfDead(GRACE_SECONDS)
    graceLeftMs = missed.graceLeftMs
    if (processes === 0) return
    recovered({ processes, withdrawals })
    onReleased()
  }

  /** Until the next look. */
  function pauseMs(): number {
    const areFirst = looksForDead && clock.monotonicMs() - startedAtMs < FIRST_LOOKS_MS
    return Math.max(SOONEST_MS, Math.min(areFirst ? FIRST_EVERY_MS : EVERY_MS, graceLeftMs ?? Infinity))
  }

  const repetition = createRepetition('recovery', look, { everyMs: pauseMs, clock, logger })
  return {
    async start() {
      if (isAlone) {
        const withdrawals = await store.releaseLeases(null)
        if (withdrawals > 0) recovered({ withdrawals })
        return
      }
      await presence.renew()
      startedAtMs = clock.monotonicMs()
      repetition.start()
    },
    async stop() {
      if (!isAlone) await repetition.stop()
      await presence.close()
    },
  }
}
