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
  readonly clock: Clock
  readonly logger: Logger
}

/** A death is noticed within one of these, believed after the grace, and acted on within one more: 12 seconds. */
const EVERY_MS = 3_000
const GRACE_SECONDS = 6

export function createRecovery(deps: RecoveryDeps): Recovery {
  const { store, presence, isAlone, looksForDead, clock, logger } = deps
  const recovered = (facts: Record<string, number>) => logger.warn('worker.recovered', facts)

  async function look(): Promise<void> {
    await presence.renew()
    if (!looksForDead) return
    const { processes, withdrawals } = await store.releaseLeasesOfDead(GRACE_SECONDS)
    if (processes > 0) recovered({ processes, withdrawals })
  }

  const repetition = createRepetition('recovery', look, { everyMs: EVERY_MS, clock, logger })
  return {
    async start() {
      if (isAlone) {
        const withdrawals = await store.releaseLeases(null)
        if (withdrawals > 0) recovered({ withdrawals })
        return
      }
      await presence.renew()
      repetition.start()
    },
    async stop() {
      if (!isAlone) await repetition.stop()
      await presence.close()
    },
  }
}
