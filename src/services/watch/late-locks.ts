import type { StoredWithdrawal } from '../../db/store'
import { lateHoldLookMs, STUCK_HOLD_LOOK_MS } from '../../domain/looks'
import { backoffMs, WALLET_BACKOFF } from '../../domain/retry'
import type { Hold } from '../../ports/exchange'
import type { StepDeps } from '../steps'
import { isKept } from '../steps/hold-facts'
import { holdIds, isOurHold } from '../steps/step'

/** Once a late lock was given back it is looked at again soon: the wallet may hold another one under the same id. */
const AGAIN_MS = 60_000

/**
 * Looks whether a withdrawal that has ended still locks something, puts the question to a person, and gives back what
 * can only be a lock too many.
 *
 * @returns Milliseconds until the next look; null when it was the last.
 */
export type LockLook = (row: StoredWithdrawal) => Promise<number | null>

export const createLockLook =
  (deps: StepDeps): LockLook =>
  async (row) => {
    const { exchange, random } = deps
    const search = await exchange.findAllHolds({ userId: row.userId, ids: holdIds(row) })
    if (search.kind === 'unknown') return backoffMs(row.watchLooks, WALLET_BACKOFF, random.fraction())
    const next = lateHoldLookMs(row.readAt.getTime() - row.stateSince.getTime())
    const strays = straysIn(search.holds, row)
    for (const { state, amount } of strays)
      await deps.raise(row, 'orphan_hold', { burnState: state, burnAmount: amount })
    const stray = strays.find((hold) => mayGoBack(hold, search.holds, row))
    // Settled by somebody, stopped by them, or no burn of ours at all: a person's question, and it is on record.
    if (!stray) return next
    const released = await exchange.releaseHold(stray.id)
    if (released.kind === 'unknown') return AGAIN_MS
    if (released.kind === 'refused' || released.hold.state !== 'released') return next ?? STUCK_HOLD_LOOK_MS
    if (strays.length === 1) await deps.answered(row, 'orphan_hold', 'The lock was given back.')
    return AGAIN_MS
  }

/** What takes or locks money although the withdrawal does not account for it: all but the burn that paid for the payout. */
function straysIn(holds: readonly Hold[], row: StoredWithdrawal): readonly Hold[] {
  const taken = holds.filter(({ state }) => state !== 'released')
  if (row.state === 'canceled') return taken
  const settled = taken.filter(({ state }) => state === 'settled')
  const ours = settled.find(({ id }) => id === row.settledBurnId) ?? settled[0]
  return taken.filter((hold) => hold !== ours)
}

/**
 * A burn is rejected by its id. Where another one of the same id was settled, that is the one which might be undone,
 * and with it a payout would be paid by nobody; where none is settled, the pending one may be what pays for it.
 */
function mayGoBack(hold: Hold, holds: readonly Hold[], row: StoredWithdrawal): boolean {
  if (hold.state !== 'pending' || isKept(hold) || !isOurHold(row, hold)) return false
  const settled = holds.filter(({ state }) => state === 'settled')
  return settled.every(({ id }) => id !== hold.id) && (row.state === 'canceled' || settled.length > 0)
}
