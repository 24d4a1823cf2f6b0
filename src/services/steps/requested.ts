import type { StoredWithdrawal } from '../../db/store'
import { networkFeeOf } from '../../domain/fee'
import { WALLET_BACKOFF } from '../../domain/retry'
import type { Hold, HoldOutcome } from '../../ports/exchange'
import { canceledAtExchange, holdDoubtMsLeft, isKept, lookWithin } from './hold-facts'
import { reviewOf } from './policy-review'
import { go, holdIds, isOurHold, type Next, retryLater, type Step, type StepDeps, type Visit } from './step'

/**
 * Locks the amount. A burn that timed out may still land, so a later "no" of the wallet says nothing about the
 * earlier call: it only counts once the earlier call can no longer take effect and the wallet does not know it.
 */
export const requested: Step = async (visit, deps) => {
  const { exchange, settings } = deps
  let row = visit.row
  const earlierDoubt = visit.entered ? null : row.holdDoubtAt
  // Asked in any case: this process counts the time of the doubt from here on.
  const doubtLeft = holdDoubtMsLeft(row, row.holdDoubtAt, deps)
  const quietLeft = earlierDoubt === null ? 0 : doubtLeft

  if (!visit.entered) {
    const search = await exchange.findHold({ userId: row.userId, ids: holdIds(row) })
    if (search.kind === 'found') return withHold(row, search.hold, settings.leaseSeconds)
    if (search.kind === 'unknown') return retryLater(visit, deps, WALLET_BACKOFF, 'exchange_unavailable')
    // Only the second request has to wait; what the first has done may show at any moment.
    if (quietLeft > 0 && !exchange.holdIdsAreUnique) return lookWithin(visit, quietLeft, deps)
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
  return refused({ ...visit, row }, outcome, { earlierDoubt, quietLeft }, deps)
}

/**
 * A network that delivers a request twice answers with the refusal of the second: the first has taken the balance. So
 * no refusal is believed while the wallet has the burn, whatever it says; and since a look-up may lag behind, what ends
 * here is looked at again, as everything is that has ended without a lock.
 */
async function refused(
  visit: Visit,
  outcome: Extract<HoldOutcome, { kind: 'refused' }>,
  { earlierDoubt, quietLeft }: { earlierDoubt: Date | null; quietLeft: number },
  deps: StepDeps,
): Promise<Next> {
  const { row } = visit
  const search = await deps.exchange.findHold({ userId: row.userId, ids: holdIds(row) })
  if (search.kind === 'found') return withHold(row, search.hold, deps.settings.leaseSeconds)
  if (search.kind === 'unknown') return retryLater(visit, deps, WALLET_BACKOFF, 'exchange_unavailable')
  if (quietLeft > 0)
    return go({
      to: 'requested',
      event: 'hold.refused_in_doubt',
      patch: { holdDoubtAt: earlierDoubt },
      detail: { message: outcome.message },
      next: { runInMs: quietLeft },
    })
  return go({
    to: 'canceled',
    event: 'hold.refused',
    reasonCode: outcome.why === 'balance' ? 'insufficient_balance' : 'hold_refused',
    patch: { holdDoubtAt: null },
    detail: { message: outcome.message },
    next: { runInMs: null },
  })
}

function withHold(row: StoredWithdrawal, hold: Hold, leaseSeconds: number): Next {
  const patch = { heldAt: 'now', holdDoubtAt: null } as const
  const review = reviewOf(row)
  if (hold.state === 'pending' && isOurHold(row, hold) && review)
    return go({ to: 'in_review', event: 'hold.confirmed', patch, ...review })
  if (hold.state === 'pending' && isOurHold(row, hold))
    return go({
      to: 'ready',
      event: 'hold.confirmed',
      patch,
      // What somebody has stopped already is looked at anew, as on any later visit.
      ...(row.mode === 'immediate' && !isKept(hold)
        ? { next: { keepLeaseSeconds: leaseSeconds } }
        : // Whoever goes on from here claims it before, in a commit that brings this one along.
          { isFoundAgain: true, next: { runInMs: 0 } }),
    })
  if (hold.state === 'released') return canceledAtExchange('canceled', hold, { runInMs: null })
  return go({
    to: 'releasing',
    event: 'hold.unexpected',
    reasonCode: hold.state === 'pending' ? 'hold_mismatch' : 'hold_changed',
    patch: { ...patch, ...(hold.state !== 'pending' && { contradiction: 'hold_changed' }) },
    detail: { burnState: hold.state, burnAmount: hold.amount, burnCurrency: hold.currency },
    next: { keepLeaseSeconds: leaseSeconds },
  })
}
