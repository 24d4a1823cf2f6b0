import type { StoredWithdrawal } from '../../db/store'
import { WALLET_BACKOFF } from '../../domain/retry'
import type { Hold } from '../../ports/exchange'
import { isKept, leaveKept, missingMsLeft, noteLetGo } from './hold-facts'
import {
  go,
  holdConflict,
  holdIds,
  isOurHold,
  type Next,
  retryLater,
  type Step,
  type StepDeps,
  type Visit,
} from './step'

/** So long the burn counts as seen just now: it was looked at, and marked, right before the payout was sent. */
const JUST_MARKED_MS = 60_000

/**
 * Makes the burn final. The money has left, so this is repeated for as long as the exchange takes; the only
 * other way out is a burn that somebody else has decided over.
 */
export const settling: Step = async (visit, deps) => {
  const { row } = visit
  const startedAtMs = row.payoutStartedAt?.getTime() ?? 0
  const justMarked = visit.entered && visit.isFresh() && row.readAt.getTime() < startedAtMs + JUST_MARKED_MS
  if (!justMarked) {
    const search = await deps.exchange.findHold({ userId: row.userId, ids: holdIds(row) })
    if (search.kind === 'unknown') return retryLater(visit, deps, WALLET_BACKOFF)
    if (search.kind === 'absent')
      return missingMsLeft(row, deps) > 0
        ? retryLater(visit, deps, WALLET_BACKOFF)
        : holdConflict('hold_missing')
    const { hold } = search
    if (hold.state !== 'pending') return decided(visit, hold)
    if (!isOurHold(row, hold)) return holdConflict('hold_mismatch', hold)
    if (isKept(hold)) return leaveKept(visit, hold, deps)
    await noteLetGo(visit, deps)
  }

  visit.ensureLease()
  const outcome = await deps.exchange.settleHold(row.id, row.settledBurnId ?? row.id)
  if (outcome.kind === 'done' && outcome.hold.state !== 'pending') return decided(visit, outcome.hold)
  return (await underOwnName(visit, deps)) ?? retryLater(visit, deps, WALLET_BACKOFF)
}

/** From here on the bank's reference may be what is wrong: a bank that books many payouts as one gives them all one. */
const RENAMES_MAX = 3

/**
 * Settles the burn under the id it has, where the exchange, though it answers, has not taken the new one time and again.
 *
 * @returns null where there is no reason to, or where that is not known to be done either.
 */
async function underOwnName(visit: Visit, deps: StepDeps): Promise<Next | null> {
  const { row } = visit
  if (holdIds(row).length === 1 || row.attempts <= RENAMES_MAX) return null
  const search = await deps.exchange.findHold({ userId: row.userId, ids: [row.id] })
  if (search.kind !== 'found' || search.hold.state !== 'pending' || isKept(search.hold)) return null
  visit.ensureLease()
  const outcome = await deps.exchange.settleHold(row.id, row.id)
  return outcome.kind === 'done' && outcome.hold.state !== 'pending' ? decided(visit, outcome.hold) : null
}

function decided({ row }: Visit, hold: Hold): Next {
  if (hold.state === 'released') return holdConflict('paid_but_released', hold)
  if (!isOurHold(row, hold)) return holdConflict('hold_mismatch', hold)
  return go({
    to: 'processed',
    event: 'hold.settled',
    ...(settledAs(row, hold) && { patch: { settledBurnId: hold.id } }),
    detail: { burnId: hold.id },
    next: { runInMs: null },
  })
}

/** The name it really got, where it is not the one it was to get. */
const settledAs = (row: StoredWithdrawal, hold: Hold): boolean =>
  row.settledBurnId !== null && hold.id !== row.settledBurnId
