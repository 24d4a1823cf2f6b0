import type { StoredWithdrawal } from '../../db/store'
import { backoffMs, DEFERRED_BACKOFF, LOOKUP_BACKOFF } from '../../domain/retry'
import type { PayoutItem, PayoutOutcome } from '../../ports/payment-provider'
import { declined, facts, paid, withProvider } from './payout-facts'
import type { Next, Step, StepDeps } from './step'

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
  return judge(row, outcome.items?.[row.payoutKey] ?? outcome, deps)
}

export const itemFor = (row: StoredWithdrawal, { vault, settings }: StepDeps): PayoutItem => ({
  key: row.payoutKey,
  endToEndId: row.endToEndId,
  currency: row.currency,
  amount: row.payoutAmount,
  destination: vault.openToPay(row.id, row.destination),
  statementText: `${settings.statementText} ${row.endToEndId.slice(0, 12)}`.trim(),
})

function judge(row: StoredWithdrawal, outcome: PayoutOutcome, deps: StepDeps): Next {
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
        patch: { payoutDoubtAt: null },
        detail: facts(outcome),
        next: {
          runInMs: outcome.retryAfterMs ?? backoffMs(1, DEFERRED_BACKOFF, deps.random.fraction()),
        },
      }
    case 'unknown':
      return inDoubt('payout.unknown', facts(outcome))
  }
}

/**
 * The doubt was stored with the intent, and counts anew from here: the call may have been made long after that, and
 * now it has certainly been given up, by us or with the lease of whoever made it.
 */
const inDoubt = (event: string, detail: Record<string, unknown>): Next => ({
  to: 'in_doubt',
  event,
  reasonCode: 'confirming',
  patch: { payoutDoubtAt: 'now' },
  detail,
  next: { runInMs: 0 },
})
