import type { StoredWithdrawal } from '../../db/store'
import { backoffMs, DEFERRED_BACKOFF, LOOKUP_BACKOFF } from '../../domain/retry'
import type { PayoutItem, PayoutOutcome } from '../../ports/payment-provider'
import type { Move } from '../transition'
import { declined, isDoubtedBefore, isKeyTooOld, journalled, paid, withProvider } from './payout-facts'
import { go, spreadOf, type Step, type StepDeps } from './step'

/** Sends the payout once. A visit that did not bring the row here itself sends nothing: it may have been sent. */
export const submitting: Step = async (visit, deps) => {
  const { row } = visit
  const provider = deps.providerNamed(row.provider)
  if (!visit.entered || !provider) return go(inDoubt(row, 'payout.interrupted', {}))
  // It waited to be sent again, and by now the provider may take it for a new payout.
  if (isDoubtedBefore(row) && isKeyTooOld(row, provider, deps.settings))
    return go(inDoubt(row, 'payout.key_too_old', {}))

  const item = itemFor(row, deps)
  visit.ensureLease()
  const outcome = await deps.providerCalls.submit(provider, {
    key: row.payoutKey,
    currency: row.currency,
    total: row.payoutAmount,
    items: [item],
  })
  const own = outcome.items?.[row.payoutKey] ?? outcome
  const move = judge(row, own, deps)
  // A batch of nothing but it: there is no smaller one to try.
  const refusedAlone = move.to === 'ready' && own.kind === 'deferred' && own.why === 'batch_refused'
  return go(refusedAlone ? { ...move, patch: { ...move.patch, batchSizeMax: 0 } } : move)
}

export const itemFor = (row: StoredWithdrawal, { vault, settings }: StepDeps): PayoutItem => ({
  key: row.payoutKey,
  endToEndId: row.endToEndId,
  currency: row.currency,
  amount: row.payoutAmount,
  destination: vault.openToPay(row.id, row.destination),
  statementText: `${settings.statementText} ${row.endToEndId.slice(0, 12)}`.trim(),
})

export function judge(row: StoredWithdrawal, outcome: PayoutOutcome, deps: StepDeps): Move {
  switch (outcome.kind) {
    case 'settled':
      return paid(row, outcome, deps)
    case 'accepted':
      return withProvider(row, outcome, backoffMs(1, LOOKUP_BACKOFF, spreadOf(row, deps)))
    case 'declined':
      return declined(outcome, deps)
    case 'deferred':
      // "Not now" is about this request: whether an earlier one was taken is as open as before. A refusal of the whole
      // batch is more: what was refused now was not taken then.
      if (isDoubtedBefore(row) && outcome.why !== 'batch_refused')
        return inDoubt(row, 'payout.deferred_in_doubt', journalled(outcome), deferredForMs(outcome, deps))
      return {
        to: 'ready',
        event: 'payout.deferred',
        reasonCode: outcome.why,
        patch: { payoutDoubtAt: null, batchId: null },
        detail: journalled(outcome),
        next: { runInMs: deferredForMs(outcome, deps) },
      }
    case 'unknown':
      return inDoubt(row, 'payout.unknown', journalled(outcome))
  }
}

type Deferred = Extract<PayoutOutcome, { kind: 'deferred' }>

/** "Later" is not "now", whatever the provider asks for; the rest of a refused batch alone goes again at once. */
const DEFERRED_MS_MIN = 1_000

const deferredForMs = ({ why, retryAfterMs }: Deferred, { random }: StepDeps): number =>
  why === 'batch_refused'
    ? (retryAfterMs ?? 0)
    : Math.max(DEFERRED_MS_MIN, retryAfterMs ?? backoffMs(1, DEFERRED_BACKOFF, random.fraction()))

/**
 * The doubt was stored with the intent, and is as old as that; entering `in_doubt` marks the moment from which the
 * quiet time counts, for now the call has certainly been given up, by us or with the lease of whoever made it. A batch
 * that is sent again from there is given up on again.
 */
const inDoubt = (
  row: StoredWithdrawal,
  event: string,
  detail: Record<string, unknown>,
  runInMs = 0,
): Move => ({
  to: 'in_doubt',
  event,
  reasonCode: 'confirming',
  ...(row.state === 'in_doubt' && { patch: { payoutDoubtAt: 'now' } }),
  detail,
  next: { runInMs },
})
