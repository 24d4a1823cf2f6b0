import type { StoredWithdrawal } from '../../db/store'
import { WALLET_BACKOFF } from '../../domain/retry'
import type { Hold } from '../../ports/exchange'
import { underOldKey } from './old-keys'
import { go, isOurHold, type Next, retryLater, stayBehind, type Step, type StepDeps } from './step'

/**
 * Takes the last look before money moves: the burn is marked as being sent, so that nobody cancels it
 * meanwhile, and the answer shows that it is still the burn we made. Then the intent to pay is stored.
 */
export const ready: Step = async (visit, deps) => {
  const { row } = visit
  if (!deps.providerNamed(row.provider))
    return retryLater(visit, deps, WALLET_BACKOFF, 'provider_unavailable')
  if (!opens(row, deps))
    return go({
      to: 'in_review',
      event: 'destination.unreadable',
      reasonCode: 'destination_unreadable',
      next: { runInMs: null },
    })

  const closed = await deps.gate.closedFor(row.provider)
  if (closed) return stayBehind(closed)
  // Every batch it was in was refused, at last one with nothing but it: no machine can tell what is wrong with it.
  if (row.batchSizeMax === 0)
    return go({
      to: 'in_review',
      event: 'payout.refused_alone',
      reasonCode: 'refused_alone',
      next: { runInMs: null },
    })

  const paidBefore = await underOldKey(visit, deps)
  if (paidBefore) return paidBefore

  const marked = await deps.exchange.markProcessing(row.id)
  if (marked.kind === 'done') return afterMark(row, marked.hold, deps)

  // Not marked, or not known to be: what the burn is now decides.
  const search = await deps.exchange.findHold({ userId: row.userId, ids: [row.id] })
  if (search.kind === 'found' && search.hold.state !== 'pending') return foreignChange(search.hold, deps)
  if (search.kind === 'absent' && row.attempts > MISSING_LOOKS) return missing(deps)
  return retryLater(visit, deps, WALLET_BACKOFF, 'exchange_unavailable')
}

function afterMark(row: StoredWithdrawal, hold: Hold, deps: StepDeps): Next {
  if (hold.state !== 'pending' || !hold.processing || !isOurHold(row, hold)) return foreignChange(hold, deps)
  return go({
    to: 'submitting',
    event: 'payout.started',
    // Sent before and never answered: what is said of this sending alone does not end that doubt.
    ...(row.payoutDoubtAt !== null && { reasonCode: 'confirming' as const }),
    patch: {
      payoutStartedAt: row.payoutStartedAt ?? 'now',
      // From here on the provider may be hearing it; cleared by an answer that proves what became of it. Doubt that
      // stands already, of an earlier attempt, is as old as that attempt.
      payoutDoubtAt: row.payoutDoubtAt ?? 'now',
      payoutRefusal: null,
      payoutRetryAt: null,
    },
    detail: { payoutKey: row.payoutKey },
    next: { keepLeaseSeconds: deps.settings.leaseSeconds },
  })
}

/** A look-up may lag behind; a burn that is not there after this many looks, half a minute apart at the end, is gone. */
const MISSING_LOOKS = 6

const missing = (deps: StepDeps): Next =>
  go({
    to: 'releasing',
    event: 'hold.missing',
    reasonCode: 'hold_missing',
    patch: { contradiction: 'hold_missing' },
    next: { keepLeaseSeconds: deps.settings.leaseSeconds },
  })

/** Somebody else decided over our burn. Nothing is paid; a person is asked. */
const foreignChange = (hold: Hold, deps: StepDeps): Next =>
  go({
    to: 'releasing',
    event: 'hold.changed',
    reasonCode: 'hold_changed',
    patch: { contradiction: 'hold_changed' },
    detail: { burnState: hold.state, burnAmount: hold.amount, processing: hold.processing },
    next: { keepLeaseSeconds: deps.settings.leaseSeconds },
  })

function opens(row: StoredWithdrawal, { vault }: StepDeps): boolean {
  try {
    vault.openToPay(row.id, row.destination)
    return true
  } catch {
    return false
  }
}
