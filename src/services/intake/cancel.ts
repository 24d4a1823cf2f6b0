import type { Store, StoredWithdrawal } from '../../db/store'
import { isCancelable } from '../../domain/withdrawal'
import { AppError, TEXTS } from '../../errors'
import type { Transition } from '../transition'

export interface CancelDeps {
  readonly store: Store
  readonly transition: Transition
  /** Claims and drives one withdrawal if it is due. */
  readonly driveNow: (id: string) => Promise<void>
}

/** A worker may move the row between our look and our write; a few looks settle who was first. */
const TRIES_MAX = 3

/**
 * Gives the balance back while nothing was sent.
 *
 * @throws {AppError} `withdrawal_not_found`, also for another user's; `not_cancelable` once it may have been sent.
 */
export const createCancel =
  ({ store, transition, driveNow }: CancelDeps) =>
  async (userId: number, id: string): Promise<StoredWithdrawal> => {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const row = await store.findWithdrawal(id)
      if (!row || row.userId !== userId) throw new AppError('withdrawal_not_found', TEXTS.withdrawalNotFound)
      if (isCanceledByUser(row)) return row
      if (!isCancelable(row))
        throw new AppError('not_cancelable', 'This withdrawal can no longer be canceled.')
      const moved = await transition(
        row,
        {
          to: 'releasing',
          event: 'withdrawal.cancel_requested',
          reasonCode: 'canceled_by_user',
          patch: { canceledBy: 'user' },
          next: { runInMs: 0 },
        },
        { actor: 'user', leaseOwner: null },
      )
      if (!moved) continue
      await driveNow(id)
      return (await store.findWithdrawal(id)) ?? moved
    }
    throw new AppError(
      'changed_meanwhile',
      'This withdrawal is being worked on right now. Please try again.',
      {
        retryAfterSeconds: 1,
      },
    )
  }

/** Canceling twice is canceling once. */
const isCanceledByUser = (row: StoredWithdrawal): boolean =>
  (row.state === 'releasing' || row.state === 'canceled') && row.canceledBy === 'user'
