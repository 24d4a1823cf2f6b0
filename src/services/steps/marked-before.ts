import { LOOKUP_BACKOFF } from '../../domain/retry'
import { isWithProvider } from './old-keys'
import { journalled, queryFor } from './payout-facts'
import { go, type Next, retryLater, type StepDeps, type Visit } from './step'

/**
 * The burn is marked as being sent, and this row knows nothing of having been sent. Mostly a worker died before it had
 * stored its intent, and nothing has left. But a database that was restored from a backup does not know either what left
 * after it: in another batch the same payout would be another payment. So whoever can be asked by our key is asked, and
 * where nobody can be, a mark that no visit of this row can have made is a question to a person.
 *
 * @returns null when it may leave. A payout that leaves alone carries its own key, which is the same as before.
 */
export async function markedBefore(visit: Visit, deps: StepDeps): Promise<Next | null> {
  const { row } = visit
  const provider = deps.providerNamed(row.provider)
  if (!provider || row.mode !== 'batch' || row.payoutStartedAt !== null) return null
  if (provider.capabilities.lookup !== 'by_key')
    return row.attempts > FIRST_VISIT
      ? null
      : go({
          to: 'in_review',
          event: 'payout.marked_before',
          reasonCode: 'unresolved',
          patch: { payoutStartedAt: 'now', payoutDoubtAt: 'now' },
          detail: { why: 'the burn was marked as being sent before this withdrawal was ever looked at' },
          next: { runInMs: null },
        })
  const outcome = await deps.providerCalls.lookup(provider, queryFor(row))
  if (outcome.kind === 'unknown' || outcome.kind === 'deferred')
    return retryLater(visit, deps, LOOKUP_BACKOFF, 'confirming')
  if (!isWithProvider(outcome) && outcome.kind !== 'declined') return null
  return go({
    to: 'in_doubt',
    event: 'payout.found_before_sent',
    reasonCode: 'confirming',
    patch: { payoutStartedAt: 'now', payoutDoubtAt: 'now' },
    detail: journalled(outcome),
    next: { runInMs: 0 },
  })
}

/** A row in a batch is not looked at before a run claims it. */
const FIRST_VISIT = 1
