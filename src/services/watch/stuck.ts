import type { Store } from '../../db/store'
import type { State } from '../../domain/states'
import { STUCK_AFTER_MS, WITHOUT_PROVIDER_AFTER_MS } from '../../domain/stuck'
import type { Raise } from '../raise'

export interface StuckDeps {
  readonly store: Pick<Store, 'listStuck' | 'closeOvertaken'>
  readonly raise: Raise
  /** Names of the providers that are configured. */
  readonly providers: readonly string[]
}

/** How many withdrawals are stuck in a state. */
export type StuckCounts = Readonly<Partial<Record<State, number>>>

/** As many as a person can be asked about at once; the rest comes up as these are cleared. */
const STUCK_MAX = 500

/**
 * Asks a person about whatever has been where it is for too long, while work on it goes on; and takes back what has
 * found its answer by itself.
 */
export const createStuckSweep =
  ({ store, raise, providers }: StuckDeps): (() => Promise<StuckCounts>) =>
  async () => {
    await store.closeOvertaken()
    const rows = await store.listStuck({
      ...{ afterMs: STUCK_AFTER_MS, withoutProviderAfterMs: WITHOUT_PROVIDER_AFTER_MS },
      ...{ providers, limit: STUCK_MAX },
    })
    const counts: Partial<Record<State, number>> = {}
    for (const row of rows) {
      counts[row.state] = (counts[row.state] ?? 0) + 1
      const isConfigured = providers.includes(row.provider)
      // A payout in doubt asks for itself, with what is known of the doubt.
      if (row.state === 'in_doubt' && isConfigured) continue
      await raise(row, 'stuck', {
        state: row.state,
        since: row.stateSince.toISOString(),
        ...(!isConfigured && { why: `provider ${row.provider} is not configured` }),
      })
    }
    return counts
  }
