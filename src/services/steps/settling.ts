import { WALLET_BACKOFF } from '../../domain/retry'
import type { Hold } from '../../ports/exchange'
import {
  holdConflict,
  holdIds,
  isOurHold,
  type Next,
  quietMsLeft,
  retryLater,
  type Step,
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
    if (search.kind === 'found' && search.hold.state !== 'pending') return decided(visit, search.hold)
    if (search.kind === 'found' && !isOurHold(row, search.hold))
      return holdConflict('hold_mismatch', search.hold)
    if (search.kind === 'absent' && quietMsLeft(row, row.stateSince, deps.settings.quietMs) === 0)
      return holdConflict('hold_missing')
    if (search.kind !== 'found') return retryLater(visit, deps, WALLET_BACKOFF)
  }

  visit.ensureLease()
  const outcome = await deps.exchange.settleHold(row.id, row.settledBurnId ?? row.id)
  if (outcome.kind === 'done' && outcome.hold.state !== 'pending') return decided(visit, outcome.hold)
  return retryLater(visit, deps, WALLET_BACKOFF)
}

function decided({ row }: Visit, hold: Hold): Next {
  if (hold.state === 'released') return holdConflict('paid_but_released', hold)
  if (!isOurHold(row, hold)) return holdConflict('hold_mismatch', hold)
  return { to: 'processed', event: 'hold.settled', detail: { burnId: hold.id }, next: { runInMs: null } }
}
