import { isOverdue } from '../../domain/looks'
import { WALLET_BACKOFF } from '../../domain/retry'
import type { Move } from '../transition'
import { cameBack, declined, journalled, paid, queryFor, withProvider } from './payout-facts'
import { go, lookAgain, quietMsLeft, retryLater, type Step } from './step'

/** Asks what has become of a payout that the provider has. */
export const submitted: Step = async (visit, deps) => {
  const { row } = visit
  const provider = deps.providerNamed(row.provider)
  if (!provider) return retryLater(visit, deps, WALLET_BACKOFF)

  const ageMs = row.readAt.getTime() - row.stateSince.getTime()
  // It stays with the bank, and goes on being asked for; but no balance is locked for weeks without anybody knowing.
  if (isOverdue(ageMs, provider.capabilities))
    await deps.raise(row, 'overdue', {
      providerStatus: row.providerStatus,
      days: Math.floor(ageMs / 86_400_000),
    })

  const outcome = await deps.providerCalls.lookup(provider, queryFor(row))
  switch (outcome.kind) {
    case 'settled':
      return go(paid(row, outcome, deps))
    case 'declined':
      return go(declined(outcome, deps))
    case 'returned':
      return go(cameBack(row, outcome, deps))
    case 'accepted': {
      const again = lookAgain(visit, deps)
      // A new word of the provider is a fact for the journal; the same word again is not.
      if (outcome.status === undefined || outcome.status === row.providerStatus) return again
      return go({ ...withProvider(row, outcome, again.forMs), event: 'payout.progressed' })
    }
    case 'not_found': {
      const quietMs = Math.max(deps.settings.quietMs, provider.capabilities.notFoundConclusiveAfterMs)
      const settledDown = quietMsLeft(row, row.stateSince, quietMs) === 0
      if (outcome.conclusive && settledDown) return go(backInDoubt('vanished', journalled(outcome)))
      return lookAgain(visit, deps)
    }
    case 'voided':
      return go(backInDoubt('confirming', journalled(outcome)))
    case 'deferred':
    case 'unknown':
      return lookAgain(visit, deps)
  }
}

/** What the provider had it has no more: what that means is found out where doubts are. */
const backInDoubt = (reasonCode: 'vanished' | 'confirming', detail: Record<string, unknown>): Move => ({
  to: 'in_doubt',
  event: 'payout.vanished',
  reasonCode,
  patch: { payoutDoubtAt: 'now' },
  detail,
  next: { runInMs: 0 },
})
