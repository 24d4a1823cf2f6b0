import type { Store } from '../../db/store'
import { returnLookMs } from '../../domain/looks'
import type { RetiredPayout } from '../../domain/withdrawal'
import type { StepDeps } from '../steps'
import { isWithProvider, queryForRetired } from '../steps/old-keys'
import { journalled } from '../steps/payout-facts'

/**
 * Looks whether a payout that was given up for another is paid after all: then two may be on their way, and a person
 * has to know at once.
 *
 * @returns Milliseconds until the next look; null when there is none but for a hint.
 */
export type RetiredLook = (old: RetiredPayout) => Promise<number | null>

export const createRetiredLook =
  ({ store, stepDeps }: { store: Pick<Store, 'findWithdrawal'>; stepDeps: StepDeps }): RetiredLook =>
  async (old) => {
    const row = await store.findWithdrawal(old.withdrawalId)
    const provider = stepDeps.providerNamed(old.provider)
    const isOver = old.watchUntil <= old.readAt
    const next = isOver ? null : returnLookMs(old.readAt.getTime() - old.retiredAt.getTime())
    if (!row || !provider || provider.capabilities.lookup === 'none') return next
    const outcome = await stepDeps.providerCalls.lookup(provider, queryForRetired(row, old))
    if (isWithProvider(outcome))
      await stepDeps.raise(row, 'paid_under_retired_key', {
        ...journalled(outcome),
        retiredKey: old.payoutKey,
        retiredEndToEndId: old.endToEndId,
      })
    return next
  }
