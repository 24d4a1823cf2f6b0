import type { Action, ActionRow } from './action'
import { ANSWERS, isHeld, mayHaveBeenSent } from './answers'
import { type State, STATES } from './states'
import { isCancelable } from './withdrawal'

/** Who was told that it is canceled is not paid after all: it is given back, or what was sent before is found out. */
const isNotCanceled = ({ canceledBy }: Pick<ActionRow, 'canceledBy'>): boolean => canceledBy === null

/**
 * Everything that a person may do with one withdrawal. Routes, docs/actions.md and the test that walks every state
 * iterate this table: a new action is a new entry. The key is the last part of the path; behind a colon, the `to` of
 * its body.
 */
export const ACTIONS = {
  approve: {
    title: 'Let it go on',
    from: ['in_review'],
    when: 'nobody has canceled it',
    isPossible: isNotCanceled,
    burn: 'Stays locked.',
    payout:
      'Leaves now or with the next batch, whatever was wrong before; one sent earlier leaves with the same key.',
    evidence: 'none',
    needsSecond: true,
    proofs: [],
    does: {
      kind: 'move',
      // Whatever was wrong with it, a person says that it may be tried again, in any batch.
      move: () => ({ to: 'ready', event: 'review.approved', patch: { batchSizeMax: null }, runInMs: 0 }),
    },
  },

  reject: {
    title: 'Give it back',
    from: ['requested', 'in_review', 'ready'],
    when: 'nothing was sent',
    isPossible: isCancelable,
    burn: 'Is rejected: the user has the balance back.',
    payout: 'Is never made.',
    evidence: 'none',
    needsSecond: false,
    proofs: [],
    does: {
      kind: 'move',
      move: () => ({
        to: 'releasing',
        event: 'review.rejected',
        reasonCode: 'canceled_by_operator',
        patch: { canceledBy: 'operator' },
        runInMs: 0,
      }),
    },
  },

  hold: {
    title: 'Hold it',
    from: ['in_review', 'ready', 'in_doubt', 'settling', 'releasing', 'returning'],
    when: 'it would go on by itself',
    isPossible: ({ state, nextRunAt }) => state !== 'in_review' || nextRunAt !== null,
    burn: 'Is left as it is: neither made final nor given back until a person lets it go on.',
    payout: 'Nothing is sent, or sent again, until a person lets it go on; what the bank has, it has.',
    evidence: 'none',
    needsSecond: false,
    proofs: [],
    does: {
      kind: 'move',
      move: ({ state }) => ({
        to: state === 'ready' || state === 'in_review' ? 'in_review' : 'conflict',
        event: 'held.by_operator',
        reasonCode: 'held_by_operator',
        runInMs: null,
      }),
    },
  },

  resume: {
    title: 'Let go of it',
    from: ['in_review'],
    when: 'nobody has canceled it',
    isPossible: isNotCanceled,
    burn: 'Stays locked.',
    payout: 'Leaves now or with the next batch, unless what it waited for is still so.',
    evidence: 'none',
    needsSecond: true,
    proofs: [],
    does: { kind: 'move', move: () => ({ to: 'ready', event: 'held.resumed', runInMs: 0 }) },
  },

  retry: {
    title: 'Look at it now',
    from: [...STATES],
    when: 'a worker or the watch would look at it later',
    isPossible: ({ nextRunAt, watchAt }) => nextRunAt !== null || watchAt !== null,
    burn: 'What is due is done now.',
    payout: 'What is due is done now.',
    evidence: 'none',
    needsSecond: false,
    proofs: [],
    does: { kind: 'wake' },
  },

  stop: {
    title: 'Ask the provider to stop it',
    from: ['submitted', 'in_doubt'],
    when: 'the provider has named it, and can stop payouts',
    // One that it has not named may not be there yet, and would be sent again once that is proven.
    isPossible: ({ state, providerReference }) => state === 'submitted' || providerReference !== null,
    burn: 'Stays locked until a look-up has proven what became of the payout.',
    payout: 'Is stopped if it still can be; the provider’s word for it is not believed before a look-up.',
    evidence: 'none',
    needsSecond: false,
    proofs: [],
    does: { kind: 'stop' },
  },

  'send-again': {
    title: 'Send it again under a new key',
    from: ['in_review', 'submitted', 'in_doubt', 'conflict'],
    when: 'it was sent, or may have been; the burn was confirmed; nobody has canceled it',
    isPossible: (row) => mayHaveBeenSent(row) && isHeld(row) && isNotCanceled(row),
    burn: 'Stays locked.',
    payout:
      'Leaves once more, as another payment; the old one is remembered, and looked up for as long as it could be paid.',
    evidence: 'note',
    needsSecond: true,
    proofs: ['proven_unpaid'],
    does: { kind: 'send_again' },
  },

  'approve-return': {
    title: 'Credit the user',
    from: ['returning'],
    when: 'nobody has allowed it yet',
    isPossible: ({ returnApprovedAt }) => returnApprovedAt === null,
    burn: 'Stays final; what came back is given to the user by a mint, once.',
    payout: 'Is left as it is: it was paid, and came back.',
    evidence: 'none',
    needsSecond: true,
    proofs: [],
    does: {
      kind: 'move',
      move: ({ reasonCode }) => ({
        to: 'returning',
        event: 'return.approved',
        reasonCode,
        patch: { returnApprovedAt: 'now' },
        runInMs: 0,
      }),
    },
  },

  ...ANSWERS,
} satisfies Readonly<Record<string, Action>>

export type ActionKey = keyof typeof ACTIONS
export const ACTION_KEYS = Object.keys(ACTIONS) as ActionKey[]
export const actionOf = (key: ActionKey): Action => ACTIONS[key]

/** `resolve:settling` is the answer `settling` to `resolve`. */
export function pathOf(key: ActionKey): { readonly name: string; readonly to: State | null } {
  const [name = key, to = null] = key.split(':')
  return { name, to: to as State | null }
}

/** Whether, above the ceiling, another operator has to confirm it for a withdrawal that stands there. */
export function needsSecond(key: ActionKey, { state }: Pick<ActionRow, 'state'>): boolean {
  const action = actionOf(key)
  return action.needsSecond || action.needsSecondFrom?.includes(state) === true
}

export const isActionPossible = (key: ActionKey, row: ActionRow): boolean => {
  const { from, isPossible } = actionOf(key)
  return from.includes(row.state) && isPossible(row)
}
