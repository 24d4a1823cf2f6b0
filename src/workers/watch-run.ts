import type { Store, StoredWithdrawal } from '../db/store'
import type { RetiredPayout } from '../domain/withdrawal'
import { errorFields } from '../errors'
import type { Logger } from '../ports/logger'
import { inParallel } from '../runtime/parallel'
import type { WatchStep } from '../services/watch/after-the-end'
import type { RetiredLook } from '../services/watch/retired-payouts'
import type { StuckCounts } from '../services/watch/stuck'
import type { Lease } from './lease'

export interface WatchRunDeps {
  readonly store: Pick<Store, 'claimWatched' | 'watchAgain' | 'claimRetired' | 'watchRetiredAgain'>
  readonly look: WatchStep
  /** Asks about what takes too long. */
  readonly sweep: () => Promise<StuckCounts>
  /** At a payout that was given up for another. */
  readonly lookAtRetired: RetiredLook
  readonly newLease: () => Lease
  readonly logger: Logger
  readonly settings: { readonly concurrency: number }
}

/** Works off the looks at what has ended. A look that fails comes back when its lease ends. */
export interface WatchRuns {
  /** Never throws. @returns How many withdrawals it looked at. */
  run(): Promise<number>
  /** What took too long when this instance last looked. */
  stuck(): StuckCounts
}

/** A minute's worth; what is left is due in the next minute too. */
const LOOKS_MAX = 500

export function createWatchRuns(deps: WatchRunDeps): WatchRuns {
  const { store, newLease, logger, settings } = deps
  let stuck: StuckCounts = {}

  async function lookAt(row: StoredWithdrawal, { owner }: Lease): Promise<void> {
    try {
      const next = await deps.look(row, owner)
      if (next !== 'moved')
        await store.watchAgain({ id: row.id, version: row.version, leaseOwner: owner }, next)
    } catch (error) {
      logger.error('watch.look_failed', { withdrawalId: row.id, ...errorFields(error) })
    }
  }

  async function lookAtRetired(old: RetiredPayout): Promise<void> {
    try {
      await store.watchRetiredAgain(old.payoutKey, await deps.lookAtRetired(old))
    } catch (error) {
      logger.error('watch.look_failed', { withdrawalId: old.withdrawalId, ...errorFields(error) })
    }
  }

  /** Claims and looks, a few at a time, until nothing is due or it has been enough for a minute. */
  async function workOff<Row>(
    claim: (lease: Lease, limit: number) => Promise<readonly Row[]>,
    lookAtOne: (row: Row, lease: Lease) => Promise<void>,
  ): Promise<number> {
    let looks = 0
    try {
      while (looks < LOOKS_MAX) {
        const lease = newLease()
        const rows = await claim(lease, settings.concurrency)
        if (rows.length === 0) break
        await inParallel(rows, settings.concurrency, (row) => lookAtOne(row, lease))
        looks += rows.length
      }
    } catch (error) {
      logger.error('watch.claim_failed', errorFields(error))
    }
    return looks
  }

  return {
    async run() {
      stuck = await deps.sweep().catch((error: unknown) => {
        logger.error('watch.sweep_failed', errorFields(error))
        return stuck
      })
      const ended = await workOff(store.claimWatched, lookAt)
      return ended + (await workOff(store.claimRetired, lookAtRetired))
    },
    stuck: () => stuck,
  }
}
