import type { StateChange, Store, StoredWithdrawal } from '../db/store'
import type { ReasonCode } from '../domain/reasons'
import { mayMove, type State } from '../domain/states'
import type { WithdrawalPatch } from '../domain/withdrawal'
import type { Logger } from '../ports/logger'

export interface Move {
  readonly to: State
  /** What happened, past tense: `payout.accepted`. */
  readonly event: string
  readonly next: StateChange['next']
  readonly patch?: WithdrawalPatch
  /** Why, for people; a change without one clears the last. */
  readonly reasonCode?: ReasonCode | null
  /** Redacted facts for the journal. */
  readonly detail?: Readonly<Record<string, unknown>>
}

export interface Mover {
  readonly actor: string
  /** null where a person acts. */
  readonly leaseOwner: string | null
}

export type Transition = (
  seen: StoredWithdrawal,
  move: Move,
  mover: Mover,
) => Promise<StoredWithdrawal | null>

/**
 * Moves one withdrawal along the table in domain/states.ts. The only code that writes `state`: row and journal
 * entry commit together or not at all.
 *
 * The transition it returns answers null when the row has moved on since it was seen, or the lease was lost:
 * nothing was written, and whoever moved it goes on.
 */
export const createTransition =
  ({ store, logger }: { store: Pick<Store, 'changeState'>; logger: Logger }): Transition =>
  async (seen, move, { actor, leaseOwner }) => {
    if (!mayMove(seen.state, move.to))
      throw new Error(`A withdrawal cannot move from ${seen.state} to ${move.to}.`)
    const moved = await store.changeState({
      id: seen.id,
      from: seen.state,
      to: move.to,
      version: seen.version,
      leaseOwner,
      event: move.event,
      actor,
      patch: { ...move.patch, reasonCode: move.reasonCode ?? null },
      detail: move.detail ?? {},
      next: move.next,
    })
    if (!moved) return null
    const noted = seen.state === moved.state
    logger.info(noted ? 'withdrawal.noted' : 'withdrawal.transitioned', {
      withdrawalId: moved.id,
      from: seen.state,
      to: moved.state,
      event: move.event,
      actor,
      version: moved.version,
      provider: moved.provider,
      currency: moved.currency,
      ...(moved.reasonCode && { reasonCode: moved.reasonCode }),
    })
    return moved
  }
