import type { StoredWithdrawal } from '../../db/store'
import { LOOKUP_BACKOFF, WALLET_BACKOFF } from '../../domain/retry'
import type { PaymentProvider } from '../../ports/payment-provider'
import { contradiction } from '../record-facts'
import {
  cameBack,
  declined,
  isKeyTooOld,
  journalled,
  keyAgeMs,
  paid,
  queryFor,
  withProvider,
} from './payout-facts'
import {
  go,
  lookAgain,
  type Next,
  quietMsLeft,
  retryLater,
  stay,
  type Step,
  type StepDeps,
  type Visit,
} from './step'

/**
 * Finds out whether the provider has the payout. "No" only counts when the provider would know, and when the
 * request can no longer be on its way; only then may the same key be sent again.
 */
export const inDoubt: Step = async (visit, deps) => {
  const { row } = visit
  // Facts that contradicted each other once do not stop doing so because a later answer says less.
  if (row.contradiction !== null) return go(contradiction('in_doubt', row.contradiction))
  const provider = deps.providerNamed(row.provider)
  if (!provider) return retryLater(visit, deps, WALLET_BACKOFF)
  // A request that landed as late as it can is shown that much later still.
  const quietMs = deps.settings.quietMs + provider.capabilities.notFoundConclusiveAfterMs
  const quietLeft = quietMsLeft(row, lastSentAt(row), quietMs)

  if (provider.capabilities.lookup === 'none') return byResending(visit, deps, provider, quietMs)

  const outcome = await deps.providerCalls.lookup(provider, queryFor(row))
  switch (outcome.kind) {
    case 'settled':
      return go(paid(row, outcome, deps))
    case 'accepted':
      return go(withProvider(row, outcome, LOOKUP_BACKOFF.firstMs))
    case 'declined':
      return quietLeft > 0 ? stay(quietLeft) : go(declined(outcome, deps))
    case 'returned':
      return quietLeft > 0 ? stay(quietLeft) : go(cameBack(row, outcome, deps))
    case 'not_found':
      return notFound(visit, deps, provider, { conclusive: outcome.conclusive, quietMs })
    case 'voided':
      return go(contradiction('in_doubt', 'vanished', journalled(outcome)))
    case 'deferred':
    case 'unknown':
      return later(visit, deps, journalled(outcome))
  }
}

function notFound(
  visit: Visit,
  deps: StepDeps,
  provider: PaymentProvider,
  { conclusive, quietMs }: { conclusive: boolean; quietMs: number },
): Next {
  const { row } = visit
  const quietLeft = quietMsLeft(row, lastSentAt(row), quietMs)
  if (conclusive) return quietLeft > 0 ? stay(quietLeft) : sendAgain(row, provider, deps, false)
  // It can only be found under an id that we were never told.
  const neverTold =
    provider.capabilities.lookup === 'by_reference' &&
    row.providerReference === null &&
    row.orderReference === null
  return neverTold ? byResending(visit, deps, provider, quietMs) : later(visit, deps)
}

/**
 * Without a look-up the keyed resend is the question: the provider refuses or replays a key it knows. It is asked ever
 * more slowly, the wait grows as the doubt does, and not for longer than any other question.
 */
function byResending({ row }: Visit, deps: StepDeps, provider: PaymentProvider, quietMs: number): Next {
  const doubtedForMs = lastSentAt(row).getTime() - doubtedSince(row).getTime()
  const waitMs = Math.max(quietMs, Math.min(doubtedForMs, LOOKUP_BACKOFF.capMs))
  const waitLeft = quietMsLeft(row, lastSentAt(row), waitMs)
  if (waitLeft > 0) return stay(waitLeft)
  if (doubtAgeMs(row) > deps.settings.doubtReviewMs)
    return go(contradiction('in_doubt', 'unresolved', { doubtAgeMs: doubtAgeMs(row) }))
  return sendAgain(row, provider, deps, true)
}

function sendAgain(
  row: StoredWithdrawal,
  provider: PaymentProvider,
  { settings }: StepDeps,
  doubtRemains: boolean,
): Next {
  // It was there once; that it is gone now is no proof that nobody was paid.
  if (row.providerReference !== null) return go(contradiction('in_doubt', 'vanished'))
  if (isKeyTooOld(row, provider, settings))
    return go(contradiction('in_doubt', 'unresolved', { keyAgeMs: keyAgeMs(row) }))
  // What was sent as a batch is asked for as that batch: a new one, with another key, would be another payment.
  if (doubtRemains && row.batchId !== null) return { kind: 'resend_batch', batchId: row.batchId }
  return go({
    to: 'ready',
    event: 'payout.proven_unsent',
    patch: { batchId: null, ...(!doubtRemains && { payoutDoubtAt: null }) },
    next: { runInMs: 0 },
  })
}

function later(visit: Visit, deps: StepDeps, detail: Record<string, unknown> = {}): Next {
  const ageMs = doubtAgeMs(visit.row)
  if (ageMs > deps.settings.doubtReviewMs)
    return go(contradiction('in_doubt', 'unresolved', { ...detail, doubtAgeMs: ageMs }))
  return lookAgain(visit, deps, 'confirming')
}

/**
 * The row has been here since we gave up on its request, and carries the time of the first one that was not answered;
 * a batch that is sent again from here moves that time on. So the earlier of the two is the age of the doubt, and the
 * later one the last moment at which something was sent.
 */
const moments = (row: StoredWithdrawal): [Date, Date] => {
  const doubtAt = row.payoutDoubtAt ?? row.stateSince
  return doubtAt < row.stateSince ? [doubtAt, row.stateSince] : [row.stateSince, doubtAt]
}
const doubtedSince = (row: StoredWithdrawal): Date => moments(row)[0]
const lastSentAt = (row: StoredWithdrawal): Date => moments(row)[1]
const doubtAgeMs = (row: StoredWithdrawal): number => row.readAt.getTime() - doubtedSince(row).getTime()
