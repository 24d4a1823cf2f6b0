import type { Store, StoredWithdrawal } from '../../db/store'
import { lateHoldLookMs, returnLookMs, STUCK_HOLD_LOOK_MS } from '../../domain/looks'
import { isLess } from '../../domain/money'
import { backoffMs, WALLET_BACKOFF } from '../../domain/retry'
import type { Raise } from '../raise'
import type { StepDeps } from '../steps'
import { journalled, queryFor } from '../steps/payout-facts'
import { isOurHold } from '../steps/step'
import type { Transition } from '../transition'

export interface WatchDeps {
  readonly store: Pick<Store, 'resolveDifference'>
  readonly transition: Transition
  readonly stepDeps: StepDeps
  readonly raise: Raise
}

/**
 * Looks again at a withdrawal that has ended. Of one that was paid, whether the money came back; of one that was
 * canceled without a lock we ever saw, whether that lock has landed after all.
 *
 * @returns Milliseconds until the next look, or null when there is none; `moved` when it has left its end.
 */
export type WatchStep = (row: StoredWithdrawal, leaseOwner: string) => Promise<number | null | 'moved'>

export const createWatchStep = (deps: WatchDeps): WatchStep => {
  const lateHold = createLateHoldLook(deps)
  const lateReturn = createReturnLook(deps)
  return (row, leaseOwner) => (row.state === 'canceled' ? lateHold(row) : lateReturn(row, leaseOwner))
}

/** Once a late lock was given back it is looked at again soon: the wallet may hold another one under the same id. */
const AGAIN_MS = 60_000

function createLateHoldLook({ store, stepDeps, raise }: WatchDeps) {
  const { exchange, random } = stepDeps
  return async (row: StoredWithdrawal): Promise<number | null> => {
    const search = await exchange.findHold({ userId: row.userId, ids: [row.id] })
    if (search.kind === 'unknown') return backoffMs(row.watchLooks, WALLET_BACKOFF, random.fraction())
    const next = lateHoldLookMs(ageMs(row))
    if (search.kind === 'absent' || search.hold.state === 'released') return next
    const { hold } = search
    await raise(row, 'orphan_hold', { burnState: hold.state, burnAmount: hold.amount })
    // Settled by somebody, or no burn of ours at all: a person's question, and it is on record.
    if (hold.state === 'settled' || !isOurHold(row, hold)) return next
    const released = await exchange.releaseHold(row.id)
    if (released.kind === 'unknown') return AGAIN_MS
    if (released.kind === 'refused' || released.hold.state !== 'released') return next ?? STUCK_HOLD_LOOK_MS
    await store.resolveDifference({
      withdrawalId: row.id,
      kind: 'orphan_hold',
      by: 'worker',
      resolution: 'The lock was given back.',
    })
    return AGAIN_MS
  }
}

function createReturnLook({ transition, stepDeps, raise }: WatchDeps) {
  return async (row: StoredWithdrawal, leaseOwner: string): Promise<number | null | 'moved'> => {
    const provider = stepDeps.providerNamed(row.provider)
    const isOver = row.watchUntil === null || row.watchUntil <= row.readAt
    const next = isOver ? null : returnLookMs(ageMs(row))
    if (!provider) return next
    const outcome = await stepDeps.providerCalls.lookup(provider, queryFor(row))
    if (outcome.kind === 'declined') await raise(row, 'declined_after_paid', journalled(outcome))
    if (outcome.kind !== 'returned') return next
    if (row.state === 'returned') {
      if (isLess(row.returnedAmount ?? '0', outcome.amount))
        await raise(row, 'returned_again', journalled(outcome))
      return next
    }
    const moved = await transition(
      row,
      {
        to: 'returning',
        event: 'payout.returned',
        reasonCode: outcome.code,
        patch: { returnedAmount: outcome.amount, watchAt: null },
        detail: journalled(outcome),
        next: { runInMs: 0 },
      },
      { actor: 'worker', leaseOwner },
    )
    return moved ? 'moved' : null
  }
}

const ageMs = (row: StoredWithdrawal): number => row.readAt.getTime() - row.stateSince.getTime()
