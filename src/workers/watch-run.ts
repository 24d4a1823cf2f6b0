import type { Store, StoredWithdrawal } from '../db/store'
import { errorFields } from '../errors'
import type { Logger } from '../ports/logger'
import { inParallel } from '../runtime/parallel'
import type { WatchStep } from '../services/watch/after-the-end'
import type { Lease } from './lease'

export interface WatchRunDeps {
  readonly store: Pick<Store, 'claimWatched' | 'watchAgain'>
  readonly look: WatchStep
  readonly newLease: () => Lease
  readonly logger: Logger
  readonly settings: { readonly concurrency: number }
}

/** Works off the looks at what has ended. A look that fails comes back when its lease ends. */
export interface WatchRuns {
  /** Never throws. @returns How many withdrawals it looked at. */
  run(): Promise<number>
}

/** A minute's worth; what is left is due in the next minute too. */
const LOOKS_MAX = 500

export const createWatchRuns = ({ store, look, newLease, logger, settings }: WatchRunDeps): WatchRuns => {
  async function lookAt(row: StoredWithdrawal, { owner }: Lease): Promise<void> {
    try {
      const next = await look(row, owner)
      if (next !== 'moved')
        await store.watchAgain({ id: row.id, version: row.version, leaseOwner: owner }, next)
    } catch (error) {
      logger.error('watch.look_failed', { withdrawalId: row.id, ...errorFields(error) })
    }
  }

  return {
    async run() {
      let looks = 0
      try {
        while (looks < LOOKS_MAX) {
          const lease = newLease()
          const rows = await store.claimWatched(lease, settings.concurrency)
          if (rows.length === 0) break
          await inParallel(rows, settings.concurrency, (row) => lookAt(row, lease))
          looks += rows.length
        }
      } catch (error) {
        logger.error('watch.claim_failed', errorFields(error))
      }
      return looks
    },
  }
}
