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

  if (provider.capabilities.lookup === 'none') return byResending(visit, deps, provider, quietMs)

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
      return notFound(visit, deps, provider, { conclusive: outcome.conclusive, quietMs })
    case 'deferred':
    case 'unknown':
      return later(visit, deps, facts(outcome))
  }
}

function notFound(
  visit: Visit,
  deps: StepDeps,
  provider: PaymentProvider,
  { conclusive, quietMs }: { conclusive: boolean; quietMs: number },
): Next {
  const { row } = visit
  const quietLeft = quietMsLeft(row, row.payoutDoubtAt, quietMs)
  if (conclusive) return quietLeft > 0 ? stay(quietLeft) : sendAgain(row, provider, { doubtRemains: false })
  // It can only be found under an id that we were never told.
  const neverTold = provider.capabilities.lookup === 'by_reference' && row.providerReference === null
  return neverTold ? byResending(visit, deps, provider, quietMs) : later(visit, deps)
}

/**
 * Without a look-up the keyed resend is the question: the provider refuses or replays a key it knows. It is asked ever
 * more slowly, the wait grows as the doubt does, and not for longer than any other question.
 */
function byResending(
  { row }: Visit,
  { settings }: StepDeps,
  provider: PaymentProvider,
  quietMs: number,
): Next {
  const doubtedForMs = row.stateSince.getTime() - doubtedSince(row).getTime()
  const waitMs = Math.max(quietMs, Math.min(doubtedForMs, LOOKUP_BACKOFF.capMs))
  const waitLeft = quietMsLeft(row, row.stateSince, waitMs)
  if (waitLeft > 0) return stay(waitLeft)
  if (doubtAgeMs(row) > settings.doubtReviewMs)
    return contradiction('in_doubt', 'unresolved', { doubtAgeMs: doubtAgeMs(row) })
  return sendAgain(row, provider, { doubtRemains: true })
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
  return {
    to: 'ready',
    event: 'payout.proven_unsent',
    patch: doubtRemains ? {} : { payoutDoubtAt: null },
    next: { runInMs: 0 },
  }
}

function later(visit: Visit, deps: StepDeps, detail: Record<string, unknown> = {}): Next {
  const ageMs = doubtAgeMs(visit.row)
  if (ageMs > deps.settings.doubtReviewMs)
    return contradiction('in_doubt', 'unresolved', { ...detail, doubtAgeMs: ageMs })
  return retryLater(visit, deps, LOOKUP_BACKOFF, 'confirming')
}

/** The first unanswered request counts: a resend that was not answered either does not make the doubt younger. */
const doubtedSince = (row: StoredWithdrawal): Date => row.payoutDoubtAt ?? row.stateSince
const doubtAgeMs = (row: StoredWithdrawal): number => row.readAt.getTime() - doubtedSince(row).getTime()

const keyAgeMs = (row: StoredWithdrawal): number =>
  row.payoutStartedAt === null ? 0 : row.readAt.getTime() - row.payoutStartedAt.getTime()
