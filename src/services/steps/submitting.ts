import type { StoredWithdrawal } from '../../db/store'
import { backoffMs, LOOKUP_BACKOFF } from '../../domain/retry'
import type { PaymentProvider, PayoutItem, PayoutOutcome } from '../../ports/payment-provider'
import type { Move } from '../transition'
import { isDoubtedBefore, isKeyTooOld, journalled, noteKey, paid, withProvider } from './payout-facts'
import { type Heard, inDoubt, judgeRefusal } from './refusals'
import { go, spreadOf, type Step, type StepDeps } from './step'

/** Sends the payout once. A visit that did not bring the row here itself sends nothing: it may have been sent. */
export const submitting: Step = async (visit, deps) => {
  const { row } = visit
  const provider = deps.providerNamed(row.provider)
  if (!visit.entered || !provider) return go(inDoubt(row, 'payout.interrupted', {}))
  // It waited to be sent again, and by now the provider may take it for a new payout.
  if (isDoubtedBefore(row) && isKeyTooOld(row, provider, deps))
    return go(inDoubt(row, 'payout.key_too_old', {}))

  const item = itemFor(row, deps)
  visit.ensureLease()
  const { wasNotSent, ...outcome } = await deps.providerCalls.submit(provider, {
    key: row.payoutKey,
    currency: row.currency,
    total: row.payoutAmount,
    items: [item],
  })
  const own = outcome.items?.[row.payoutKey] ?? outcome
  const move = judge(row, own, provider, deps, { wasNotSent: wasNotSent === true })
  // A batch of nothing but it: there is no smaller one to try.
  const refusedAlone = own.kind === 'deferred' && own.why === 'batch_refused' && !isDoubtedBefore(row)
  return go(refusedAlone ? { ...move, patch: { ...move.patch, batchSizeMax: 0 } } : move)
}

export const itemFor = (row: StoredWithdrawal, { vault, settings }: StepDeps): PayoutItem => ({
  key: row.payoutKey,
  endToEndId: row.endToEndId,
  currency: row.currency,
  amount: row.payoutAmount,
  destination: vault.openToPay(row),
  statementText: `${settings.statementText} ${row.endToEndId.slice(0, 12)}`.trim(),
})

export function judge(
  row: StoredWithdrawal,
  outcome: PayoutOutcome,
  provider: PaymentProvider,
  deps: StepDeps,
  heard: Heard = {},
): Move {
  switch (outcome.kind) {
    case 'settled':
      return paid(row, outcome, deps)
    case 'accepted':
      return withProvider(row, outcome, backoffMs(1, LOOKUP_BACKOFF, spreadOf(row, deps)))
    case 'declined':
    case 'deferred':
      return judgeRefusal(row, outcome, provider, deps, heard)
    case 'unknown':
      noteKey(row, deps)
      return inDoubt(row, 'payout.unknown', journalled(outcome))
  }
}
