import type { StoredWithdrawal } from '../../db/store'
import { returnLookMs } from '../../domain/looks'
import { WALLET_BACKOFF } from '../../domain/retry'
import type { WithdrawalPatch } from '../../domain/withdrawal'
import type { Hold } from '../../ports/exchange'
import {
  go,
  holdConflict,
  holdIds,
  isOurHold,
  type Next,
  quietMsLeft,
  retryLater,
  type Step,
  type StepDeps,
  type Visit,
} from './step'

/**
 * Makes the burn final. The money has left, so this is repeated for as long as the exchange takes; the only
 * other way out is a burn that somebody else has decided over.
 */
export const settling: Step = async (visit, deps) => {
  const { row } = visit
  if (!visit.entered) {
    const search = await deps.exchange.findHold({ userId: row.userId, ids: holdIds(row) })
    if (search.kind === 'found' && search.hold.state !== 'pending') return decided(visit, search.hold, deps)
    if (search.kind === 'found' && !isOurHold(row, search.hold))
      return holdConflict('hold_mismatch', search.hold)
    if (search.kind === 'absent' && quietMsLeft(row, row.stateSince, deps.settings.quietMs) === 0)
      return holdConflict('hold_missing')
    if (search.kind !== 'found') return retryLater(visit, deps, WALLET_BACKOFF)
  }

  visit.ensureLease()
  const outcome = await deps.exchange.settleHold(row.id, row.settledBurnId ?? row.id)
  if (outcome.kind === 'done' && outcome.hold.state !== 'pending') return decided(visit, outcome.hold, deps)
  return retryLater(visit, deps, WALLET_BACKOFF)
}

/** Banks send money back that they have paid: it is asked for as long as the rail can do that. */
function watchForReturns({ provider: name }: StoredWithdrawal, deps: StepDeps): WithdrawalPatch {
  const capabilities = deps.providerNamed(name)?.capabilities
  if (!capabilities || capabilities.lookup === 'none' || capabilities.returnWindowMs === 0) return {}
  return { watchAt: { inMs: returnLookMs(0) }, watchUntil: { inMs: capabilities.returnWindowMs } }
}

function decided({ row }: Visit, hold: Hold, deps: StepDeps): Next {
  if (hold.state === 'released') return holdConflict('paid_but_released', hold)
  if (!isOurHold(row, hold)) return holdConflict('hold_mismatch', hold)
  return go({
    to: 'processed',
    event: 'hold.settled',
    patch: watchForReturns(row, deps),
    detail: { burnId: hold.id },
    next: { runInMs: null },
  })
}
