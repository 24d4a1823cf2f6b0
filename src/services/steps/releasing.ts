import type { StoredWithdrawal } from '../../db/store'
import { lateHoldLookMs } from '../../domain/looks'
import { WALLET_BACKOFF } from '../../domain/retry'
import type { WithdrawalPatch } from '../../domain/withdrawal'
import type { Hold } from '../../ports/exchange'
import {
  go,
  holdConflict,
  holdQuietMsLeft,
  type Next,
  quietMsLeft,
  retryLater,
  stay,
  type Step,
  type StepDeps,
  type Visit,
} from './step'

/**
 * Gives the balance back by rejecting the burn. Nothing was paid; what is left to find out is whether there is a
 * burn at all (the lock may never have been confirmed) and whether somebody else has decided over it.
 */
export const releasing: Step = async (visit, deps) => {
  const { row } = visit
  // Somebody else touched the burn before it was sent: it is not ours to decide over any more.
  const inQuestion = row.contradiction
  const mustLook = !visit.entered || row.heldAt === null || inQuestion !== null
  if (mustLook) {
    const search = await deps.exchange.findHold({ userId: row.userId, ids: [row.id] })
    if (search.kind === 'unknown') return retryLater(visit, deps, WALLET_BACKOFF, row.reasonCode ?? undefined)
    if (search.kind === 'absent') return withoutHold(visit, deps)
    if (inQuestion !== null) return holdConflict(inQuestion, search.hold)
    if (search.hold.state !== 'pending') return decided(row, search.hold)
  }

  visit.ensureLease()
  const outcome = await deps.exchange.releaseHold(row.id)
  if (outcome.kind === 'done' && outcome.hold.state !== 'pending') return decided(row, outcome.hold)
  return retryLater(visit, deps, WALLET_BACKOFF)
}

function withoutHold(visit: Visit, deps: StepDeps): Next {
  const { row } = visit
  const quietLeft =
    row.heldAt === null
      ? holdQuietMsLeft(row, row.holdDoubtAt, deps.settings)
      : quietMsLeft(row, row.stateSince, deps.settings.quietMs)
  if (quietLeft > 0) return stay(quietLeft)
  // A burn that was confirmed and is gone is a question; one that never came is the end of it.
  return row.heldAt === null ? canceled(row, 'hold.never_came') : holdConflict('hold_missing')
}

const decided = (row: StoredWithdrawal, hold: Hold): Next =>
  hold.state === 'settled' ? holdConflict('released_but_settled', hold) : canceled(row, 'hold.released')

/** A lock we gave up on, or asked for twice, may still land: somebody looks, and gives it back. */
export const watchForLateHold = (row: StoredWithdrawal): WithdrawalPatch =>
  row.heldAt === null || row.holdRepeated ? { watchAt: { inMs: lateHoldLookMs(0) ?? 0 } } : {}

const canceled = (row: StoredWithdrawal, event: string): Next =>
  go({
    to: 'canceled',
    event,
    reasonCode: row.reasonCode,
    patch: { holdDoubtAt: null, ...watchForLateHold(row) },
    next: { runInMs: null },
  })
