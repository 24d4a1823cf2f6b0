import type { StoredWithdrawal } from '../../db/store'
import { LOOKUP_BACKOFF } from '../../domain/retry'
import type { RetiredPayout } from '../../domain/withdrawal'
import type { LookupOutcome } from '../../ports/payment-provider'
import { isAnotherPayer } from '../payouts/payer'
import type { PayoutAsked } from '../payouts/provider-calls'
import { askForPayer } from './payer-guard'
import { journalled } from './payout-facts'
import { go, type Next, retryLater, type StepDeps, type Visit } from './step'

/** How a provider is asked about a payout that was given up for another. */
export const queryForRetired = (
  row: Pick<StoredWithdrawal, 'currency' | 'payoutAmount'>,
  old: RetiredPayout,
): PayoutAsked => ({
  key: old.payoutKey,
  orderKey: old.orderKey,
  reference: old.providerReference,
  endToEndId: old.endToEndId,
  orderReference: old.orderReference,
  currency: row.currency,
  amount: row.payoutAmount,
  payer: old.payer,
})

/** The provider has it after all: it was paid, may be paid, or was and came back. */
export const isWithProvider = ({ kind }: LookupOutcome): boolean =>
  kind === 'settled' || kind === 'accepted' || kind === 'returned'

/**
 * The last look before a payout leaves under a new key: whether the provider has one under an old key after all. What
 * cannot be said now is asked again; nothing leaves until it is.
 */
export async function underOldKey(visit: Visit, deps: StepDeps): Promise<Next | null> {
  const { row } = visit
  const provider = deps.providerNamed(row.provider)
  if (row.retiredPayouts === 0 || !provider || provider.capabilities.lookup === 'none') return null
  for (const old of await deps.retiredPayouts(row.id)) {
    const query = queryForRetired(row, old)
    if (isAnotherPayer(provider, query)) return askForPayer(visit, query, provider, deps)
    const outcome = await deps.providerCalls.lookup(provider, query)
    const detail = { ...journalled(outcome), retiredKey: old.payoutKey }
    if (isWithProvider(outcome)) {
      await deps.raise(row, 'paid_under_retired_key', detail)
      return go({
        to: 'in_review',
        event: 'payout.found_under_retired_key',
        reasonCode: 'paid_under_retired_key',
        detail,
        next: { runInMs: null },
      })
    }
    if (outcome.kind === 'unknown' || outcome.kind === 'deferred')
      return retryLater(visit, deps, LOOKUP_BACKOFF, 'confirming')
  }
  return null
}
