import type { Store, StoredWithdrawal } from '../../db/store'
import type { State } from '../../domain/states'
import { isCancelable } from '../../domain/withdrawal'
import { AppError, TEXTS } from '../../errors'
import type { Move, Transition } from '../transition'

export interface Decision {
  readonly actor: string
  readonly reason: string
  /** Of the withdrawal as the operator saw it; null for as it is now. */
  readonly version: number | null
}

/** Where a person may send a frozen withdrawal, who knows what no machine can prove. */
export const RESOLUTIONS = ['settling', 'releasing', 'in_doubt', 'processed', 'canceled'] as const
export type Resolution = (typeof RESOLUTIONS)[number]

/**
 * What operators do with one withdrawal. Each writes who and why into its journal.
 *
 * All throw {AppError} `withdrawal_not_found`, `action_not_possible` in this state, and `changed_meanwhile` when it
 * has moved on since it was seen; nothing was written then.
 */
export interface Operate {
  /** Lets it go on, out of review. */
  approve(id: string, decision: Decision): Promise<StoredWithdrawal>
  /** Gives the balance back while nothing was sent. */
  reject(id: string, decision: Decision): Promise<StoredWithdrawal>
  /** Has it looked at now. */
  retry(id: string): Promise<StoredWithdrawal>
  /** Answers a conflict. */
  resolve(id: string, to: Resolution, decision: Decision): Promise<StoredWithdrawal>
  /** Lets what came back be given to the user. */
  approveReturn(id: string, decision: Decision): Promise<StoredWithdrawal>
}

export interface OperateDeps {
  readonly store: Pick<Store, 'findWithdrawal' | 'wake'>
  readonly transition: Transition
}

export function createOperate({ store, transition }: OperateDeps): Operate {
  async function find(id: string): Promise<StoredWithdrawal> {
    const row = await store.findWithdrawal(id)
    if (!row) throw new AppError('withdrawal_not_found', TEXTS.withdrawalNotFound)
    return row
  }

  async function act(
    id: string,
    { actor, reason, version }: Decision,
    decide: (row: StoredWithdrawal) => Move | null,
  ): Promise<StoredWithdrawal> {
    const row = await find(id)
    if (version !== null && version !== row.version) throw changed()
    const move = decide(row)
    if (!move)
      throw new AppError('action_not_possible', `That cannot be done with a withdrawal that is ${row.state}.`)
    const detail = { ...move.detail, reason }
    const moved = await transition(row, { ...move, detail }, { actor, leaseOwner: null })
    if (!moved) throw changed()
    return moved
  }

  return {
    approve: (id, decision) =>
      act(id, decision, ({ state }) =>
        state === 'in_review'
          ? {
              to: 'ready',
              event: 'review.approved',
              // Whatever was wrong with it, a person says that it may be tried again, in any batch.
              patch: { batchSizeMax: null },
              next: { runInMs: 0 },
            }
          : null,
      ),

    reject: (id, decision) =>
      act(id, decision, (row) =>
        isCancelable(row)
          ? {
              to: 'releasing',
              event: 'review.rejected',
              reasonCode: 'canceled_by_operator',
              patch: { canceledBy: 'operator' },
              next: { runInMs: 0 },
            }
          : null,
      ),

    async retry(id) {
      const { state } = await find(id)
      if (!(await store.wake(id)))
        throw new AppError('action_not_possible', `Nothing is left to do for a withdrawal that is ${state}.`)
      return find(id)
    },

    resolve: (id, to, decision) =>
      act(id, decision, ({ state, heldAt }) => {
        const needsHold: readonly State[] = ['settling', 'in_doubt', 'processed']
        if (state !== 'conflict' || (needsHold.includes(to) && heldAt === null)) return null
        const isEnd = to === 'processed' || to === 'canceled'
        return {
          to,
          event: 'conflict.resolved',
          reasonCode: to === 'releasing' || to === 'canceled' ? 'canceled_by_operator' : null,
          // The person has decided over what contradicted. Looked up from now on, as if it had just been sent.
          patch: { contradiction: null, ...(to === 'in_doubt' && { payoutDoubtAt: 'now' as const }) },
          next: { runInMs: isEnd ? null : 0 },
        }
      }),

    approveReturn: (id, decision) =>
      act(id, decision, ({ state, returnApprovedAt, reasonCode }) =>
        state === 'returning' && returnApprovedAt === null
          ? {
              to: 'returning',
              event: 'return.approved',
              reasonCode,
              patch: { returnApprovedAt: 'now' },
              next: { runInMs: 0 },
            }
          : null,
      ),
  }
}

const changed = () =>
  new AppError('changed_meanwhile', 'This withdrawal has changed since you looked. Look again.')
