import type { StoredWithdrawal } from '../../db/store'
import { WALLET_BACKOFF } from '../../domain/retry'
import type { Hold } from '../../ports/exchange'
import { holdDoubtMsLeft, isKept, leaveKept, lookWithin, missingMsLeft, noteLetGo } from './hold-facts'
import {
  go,
  holdConflict,
  holdIds,
  type Next,
  retryLater,
  type Step,
  type StepDeps,
  type Visit,
} from './step'

/**
 * Gives the balance back by rejecting the burn. Nothing was paid; what is left to find out is whether there is a
 * burn at all (the lock may never have been confirmed) and whether somebody else has decided over it, or keeps it.
 */
export const releasing: Step = async (visit, deps) => {
  const { row } = visit
  const search = await deps.exchange.findHold({ userId: row.userId, ids: holdIds(row) })
  if (search.kind === 'unknown') return retryLater(visit, deps, WALLET_BACKOFF)
  if (search.kind === 'absent') return withoutHold(visit, deps)
  const { hold } = search
  // Somebody else touched the burn before it was sent: it is not ours to decide over any more.
  if (row.contradiction !== null) return holdConflict(row.contradiction, hold)
  if (hold.state !== 'pending') return decided(row, hold)
  if (isKept(hold)) return leaveKept(visit, hold, deps)
  await noteLetGo(visit, deps)

  visit.ensureLease()
  const outcome = await deps.exchange.releaseHold(row.id)
  if (outcome.kind === 'done' && outcome.hold.state !== 'pending') return decided(row, outcome.hold)
  // A refusal is no answer either: the next look shows what became of the burn.
  return retryLater(visit, deps, WALLET_BACKOFF)
}

function withoutHold(visit: Visit, deps: StepDeps): Next {
  const { row } = visit
  const quietLeft =
    row.heldAt === null ? holdDoubtMsLeft(row, row.holdDoubtAt, deps) : missingMsLeft(row, deps)
  if (quietLeft > 0) return lookWithin(visit, quietLeft, deps)
  // A burn that was confirmed and is gone is a question; one that never came is the end of it.
  return row.heldAt === null ? canceled(row, 'hold.never_came') : holdConflict('hold_missing')
}

const decided = (row: StoredWithdrawal, hold: Hold): Next =>
  hold.state === 'settled' ? holdConflict('released_but_settled', hold) : canceled(row, 'hold.released')

const canceled = (row: StoredWithdrawal, event: string): Next =>
  go({
    to: 'canceled',
    event,
    reasonCode: row.reasonCode,
    patch: { holdDoubtAt: null },
    next: { runInMs: null },
  })
