import type { StoredWithdrawal } from '../../db/store'
import { backoffMs, DEFERRED_BACKOFF, LOOKUP_BACKOFF } from '../../domain/retry'
import type { PayoutItem, PayoutOutcome } from '../../ports/payment-provider'
import type { Move } from '../transition'
import { declined, facts, paid, withProvider } from './payout-facts'
import type { Step, StepDeps } from './step'

/** Sends the payout once. A visit that did not bring the row here itself sends nothing: it may have been sent. */
export const submitting: Step = async (visit, deps) => {
  const { row } = visit
  const provider = deps.providerNamed(row.provider)
  if (!visit.entered || !provider) return inDoubt('payout.interrupted', {})

  const item = itemFor(row, deps)
  visit.ensureLease()
  const outcome = await deps.providerCalls.submit(provider, {
    key: row.payoutKey,
    currency: row.currency,
    total: row.payoutAmount,
    items: [item],
  })
  const move = judge(row, outcome.items?.[row.payoutKey] ?? outcome, deps)
  // A batch of nothing but it: there is no smaller one to try.
  const refusedAlone = move.to === 'ready' && move.reasonCode === 'batch_refused'
  return refusedAlone ? { ...move, patch: { ...move.patch, batchSizeMax: 0 } } : move
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
      return withProvider(row, outcome, backoffMs(1, LOOKUP_BACKOFF, deps.random.fraction()))
    case 'declined':
      return declined(outcome, deps)
    case 'deferred':
      return {
        to: 'ready',
        event: 'payout.deferred',
        reasonCode: outcome.why,
        patch: { payoutDoubtAt: null, batchId: null },
        detail: facts(outcome),
        next: {
          runInMs: deferredForMs(outcome, deps),
        },
      }
    case 'unknown':
      return inDoubt('payout.unknown', facts(outcome))
  }
}

/** "Later" is not "now", whatever the provider asks for; the rest of a refused batch alone goes again at once. */
const DEFERRED_MS_MIN = 1_000

const deferredForMs = (
  { why, retryAfterMs }: Extract<PayoutOutcome, { kind: 'deferred' }>,
  { random }: StepDeps,
): number =>
  why === 'batch_refused'
    ? (retryAfterMs ?? 0)
    : Math.max(DEFERRED_MS_MIN, retryAfterMs ?? backoffMs(1, DEFERRED_BACKOFF, random.fraction()))

/**
 * The doubt was stored with the intent, and counts anew from here: the call may have been made long after that, and
 * now it has certainly been given up, by us or with the lease of whoever made it.
 */
const inDoubt = (event: string, detail: Record<string, unknown>): Move => ({
  to: 'in_doubt',
  event,
  reasonCode: 'confirming',
  patch: { payoutDoubtAt: 'now' },
  detail,
  next: { runInMs: 0 },
})
