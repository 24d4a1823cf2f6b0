import type { StoredWithdrawal } from '../../db/store'
import { LOOKUP_BACKOFF, WALLET_BACKOFF } from '../../domain/retry'
import type { PaymentProvider } from '../../ports/payment-provider'
import { cameBack, contradiction, declined, facts, paid, queryFor, withProvider } from './payout-facts'
import { type Next, quietMsLeft, retryLater, stay, type Step, type StepDeps, type Visit } from './step'

/** Keys are not used up to the last minute of their life at the provider. */
const KEY_LIFETIME_USED = 0.8

/**
 * Finds out whether the provider has the payout. "No" only counts when the provider would know, and when the
 * request can no longer be on its way; only then may the same key be sent again.
 */
export const inDoubt: Step = async (visit, deps) => {
  const { row } = visit
  // Facts that contradicted each other once do not stop doing so because a later answer says less.
  if (row.reasonCode === 'amount_mismatch' || row.reasonCode === 'duplicate_reference')
    return contradiction('in_doubt', row.reasonCode)
  const provider = deps.providerNamed(row.provider)
  if (!provider) return retryLater(visit, deps, WALLET_BACKOFF)
  const quietMs = Math.max(deps.settings.quietMs, provider.capabilities.notFoundConclusiveAfterMs)
  const quietLeft = quietMsLeft(row, row.payoutDoubtAt, quietMs)

  if (provider.capabilities.lookup === 'none') return byResending(row, provider, quietLeft)

  const outcome = await deps.providerCalls.lookup(provider, queryFor(row))
  switch (outcome.kind) {
    case 'settled':
      return paid(row, outcome, deps)
    case 'accepted':
      return withProvider(row, outcome, LOOKUP_BACKOFF.firstMs)
    case 'declined':
      return quietLeft > 0 ? stay(quietLeft) : declined(outcome, deps)
    case 'returned':
      return quietLeft > 0 ? stay(quietLeft) : cameBack(row, outcome, deps)
    case 'not_found':
      return notFound(visit, deps, provider, { conclusive: outcome.conclusive, quietLeft })
    case 'deferred':
    case 'unknown':
      return later(visit, deps, facts(outcome))
  }
}

function notFound(
  visit: Visit,
  deps: StepDeps,
  provider: PaymentProvider,
  { conclusive, quietLeft }: { conclusive: boolean; quietLeft: number },
): Next {
  const { row } = visit
  if (conclusive) return quietLeft > 0 ? stay(quietLeft) : sendAgain(row, provider, { doubtRemains: false })
  // It can only be found under an id that we were never told.
  const neverTold = provider.capabilities.lookup === 'by_reference' && row.providerReference === null
  return neverTold ? byResending(row, provider, quietLeft) : later(visit, deps)
}

/** Without a look-up the keyed resend is the question: the provider refuses or replays a key it knows. */
function byResending(row: StoredWithdrawal, provider: PaymentProvider, quietLeft: number): Next {
  return quietLeft > 0 ? stay(quietLeft) : sendAgain(row, provider, { doubtRemains: true })
}

function sendAgain(
  row: StoredWithdrawal,
  provider: PaymentProvider,
  { doubtRemains }: { doubtRemains: boolean },
): Next {
  // It was there once; that it is gone now is no proof that nobody was paid.
  if (row.providerReference !== null) return contradiction('in_doubt', 'vanished')
  if (keyAgeMs(row) > provider.capabilities.keyLifetimeMs * KEY_LIFETIME_USED)
    return contradiction('in_doubt', 'unresolved', { keyAgeMs: keyAgeMs(row) })
  // What was sent as a batch is asked for as that batch: a new one, with another key, would be another payment.
  if (doubtRemains && row.batchId !== null) return { resendBatch: row.batchId }
  return {
    to: 'ready',
    event: 'payout.proven_unsent',
    patch: { batchId: null, ...(!doubtRemains && { payoutDoubtAt: null }) },
    next: { runInMs: 0 },
  }
}

function later(visit: Visit, deps: StepDeps, detail: Record<string, unknown> = {}): Next {
  const doubtAgeMs = visit.row.readAt.getTime() - visit.row.stateSince.getTime()
  if (doubtAgeMs > deps.settings.doubtReviewMs)
    return contradiction('in_doubt', 'unresolved', { ...detail, doubtAgeMs })
  return retryLater(visit, deps, LOOKUP_BACKOFF, 'confirming')
}

const keyAgeMs = (row: StoredWithdrawal): number =>
  row.payoutStartedAt === null ? 0 : row.readAt.getTime() - row.payoutStartedAt.getTime()
