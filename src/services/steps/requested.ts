import type { StoredWithdrawal } from '../../db/store'
import { networkFeeOf } from '../../domain/fee'
import { WALLET_BACKOFF } from '../../domain/retry'
import type { Hold, HoldOutcome } from '../../ports/exchange'
import { watchForLateHold } from './releasing'
import {
  go,
  holdQuietMsLeft,
  isOurHold,
  type Next,
  retryLater,
  stay,
  type Step,
  type StepDeps,
  type Visit,
} from './step'

/**
 * Locks the amount. A burn that timed out may still land, so a later "no" of the wallet says nothing about the
 * earlier call: it only counts once the earlier call can no longer take effect and the wallet does not know it.
 */
export const requested: Step = async (visit, deps) => {
  const { exchange, settings } = deps
  let row = visit.row
  const earlierDoubt = visit.entered ? null : row.holdDoubtAt
  const quietLeft = holdQuietMsLeft(row, earlierDoubt, settings)

  if (!visit.entered) {
    const search = await exchange.findHold({ userId: row.userId, ids: [row.id] })
    if (search.kind === 'found') return withHold(row, search.hold, settings.leaseSeconds)
    if (search.kind === 'unknown') return retryLater(visit, deps, WALLET_BACKOFF, 'exchange_unavailable')
    if (quietLeft > 0 && !exchange.holdIdsAreUnique) return stay(quietLeft)
    row = await visit.record({
      to: 'requested',
      event: 'hold.requested_again',
      // The call may leave as late as the lease allows.
      patch: { holdDoubtAt: { inMs: settings.leaseSeconds * 1_000 }, holdRepeated: true },
      next: { keepLeaseSeconds: settings.leaseSeconds },
    })
  }

  visit.ensureLease()
  const outcome = await exchange.placeHold({
    id: row.id,
    userId: row.userId,
    currency: row.currency,
    amount: row.amount,
    fee: networkFeeOf(row),
    description: `Withdrawal ${row.id} to ${row.method === 'BANK' ? 'bank account' : 'PayPal'}`,
  })
  if (outcome.kind === 'done') return withHold(row, outcome.hold, settings.leaseSeconds)
  if (outcome.kind === 'unknown') return retryLater(visit, deps, WALLET_BACKOFF, 'exchange_unavailable')
  if (quietLeft > 0)
    return go({
      to: 'requested',
      event: 'hold.refused_in_doubt',
      patch: { holdDoubtAt: earlierDoubt },
      detail: { message: outcome.message },
      next: { runInMs: quietLeft },
    })
  return refused(visit, row, outcome, deps)
}

/**
 * Refused, with no earlier request on its way. A network that delivers a request twice answers with the refusal of the
 * second, so any refusal that is not about the balance is only believed when the wallet does not have the burn.
 */
async function refused(
  visit: Visit,
  row: StoredWithdrawal,
  outcome: Extract<HoldOutcome, { kind: 'refused' }>,
  deps: StepDeps,
): Promise<Next> {
  if (outcome.why !== 'balance') {
    const search = await deps.exchange.findHold({ userId: row.userId, ids: [row.id] })
    if (search.kind === 'found') return withHold(row, search.hold, deps.settings.leaseSeconds)
    if (search.kind === 'unknown') return retryLater(visit, deps, WALLET_BACKOFF, 'exchange_unavailable')
  }
  return go({
    to: 'canceled',
    event: 'hold.refused',
    reasonCode: outcome.why === 'balance' ? 'insufficient_balance' : 'hold_refused',
    patch: { holdDoubtAt: null, ...(row.holdRepeated && watchForLateHold(row)) },
    detail: { message: outcome.message },
    next: { runInMs: null },
  })
}

function withHold(row: StoredWithdrawal, hold: Hold, leaseSeconds: number): Next {
  const patch = { heldAt: 'now', holdDoubtAt: null } as const
  if (hold.state === 'pending' && isOurHold(row, hold))
    return go({
      to: 'ready',
      event: 'hold.confirmed',
      patch,
      next: row.mode === 'immediate' ? { keepLeaseSeconds: leaseSeconds } : { runInMs: 0 },
    })
  return go({
    to: 'releasing',
    event: 'hold.unexpected',
    reasonCode: hold.state === 'pending' ? 'hold_mismatch' : 'hold_changed',
    patch: { ...patch, ...(hold.state !== 'pending' && { contradiction: 'hold_changed' }) },
    detail: { burnState: hold.state, burnAmount: hold.amount, burnCurrency: hold.currency },
    next: { keepLeaseSeconds: leaseSeconds },
  })
}
