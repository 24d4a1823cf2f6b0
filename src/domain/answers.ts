import { type Action, type ActionRow, always, type Given } from './action'
import { isLess } from './money'

/** The person has decided over what contradicted. */
const DECIDED = { contradiction: null } as const

/**
 * What a person may answer to `resolve`, who knows what no machine can prove: where the money is. What a machine can
 * still find out is asked first, and refuses an answer that it contradicts.
 */
export const ANSWERS = {
  'resolve:settling': {
    title: 'It was paid',
    from: ['in_review', 'submitted', 'in_doubt', 'conflict'],
    when: 'it was sent, or may have been; the burn was confirmed',
    isPossible: (row) => mayHaveBeenSent(row) && isHeld(row),
    burn: 'Is made final: the user gives the money for the payout.',
    payout: 'Counts as paid, with the reference that is given; nothing is sent again.',
    evidence: 'transaction',
    needsSecond: true,
    proofs: [],
    does: {
      kind: 'move',
      move: (row, given) => ({
        to: 'settling',
        event: resolvedIn(row),
        patch: { ...DECIDED, payoutDoubtAt: null, ...transactionOf(row, given) },
        runInMs: 0,
      }),
    },
  },

  'resolve:releasing': {
    title: 'It was not paid',
    from: ['in_review', 'submitted', 'in_doubt', 'conflict'],
    when: 'in review only where an earlier sending was never answered: without one it is rejected',
    isPossible: mayHaveBeenSent,
    burn: 'Is rejected: the user has the balance back.',
    payout: 'Counts as never made; if the bank makes it all the same, a difference is opened.',
    evidence: 'note',
    needsSecond: true,
    proofs: ['not_paid'],
    does: {
      kind: 'move',
      move: (row) => ({
        to: 'releasing',
        event: resolvedIn(row),
        reasonCode: 'canceled_by_operator',
        patch: { ...DECIDED, canceledBy: 'operator' },
        runInMs: 0,
      }),
    },
  },

  'resolve:in_doubt': {
    title: 'Look it up',
    from: ['in_review', 'submitting', 'conflict'],
    when: 'no worker is sending it; in review only where an earlier sending was never answered; the burn was confirmed',
    isPossible: (row) => mayHaveBeenSent(row) && isHeld(row) && !(row.state === 'submitting' && row.leased),
    burn: 'Stays locked.',
    payout:
      'Is looked up, as if it had just been sent; one that the provider proves it never had leaves again with the same key, or is given back where it was canceled.',
    evidence: 'none',
    needsSecond: false,
    // Found never to have left it leaves again: that is letting go of it.
    needsSecondFrom: ['in_review'],
    proofs: [],
    does: {
      kind: 'move',
      move: (row) => ({
        to: 'in_doubt',
        event: resolvedIn(row),
        reasonCode: 'confirming',
        patch: { ...DECIDED, payoutDoubtAt: 'now' },
        runInMs: 0,
      }),
    },
  },

  'resolve:processed': {
    title: 'It was paid, and the burn is final already',
    from: ['settling', 'conflict'],
    when: 'the burn was confirmed once',
    isPossible: isHeld,
    burn: 'Is left as it is; refused while the exchange still holds it as pending.',
    payout: 'Counts as paid, with the reference that is given; nothing is sent again.',
    evidence: 'transaction',
    needsSecond: true,
    proofs: ['burn_not_pending'],
    does: {
      kind: 'move',
      move: (row, given) => ({
        to: 'processed',
        event: resolvedIn(row),
        patch: { ...DECIDED, payoutDoubtAt: null, ...transactionOf(row, given) },
        runInMs: null,
      }),
    },
  },

  'resolve:canceled': {
    title: 'It was not paid, and the user has the balance back already',
    from: ['releasing', 'conflict'],
    when: '',
    isPossible: always,
    burn: 'Is left as it is; refused while the exchange still holds it as pending.',
    payout: 'Counts as never made; if the bank makes it all the same, a difference is opened.',
    evidence: 'note',
    needsSecond: true,
    proofs: ['not_paid', 'burn_not_pending'],
    does: {
      kind: 'move',
      move: (row) => ({
        to: 'canceled',
        event: resolvedIn(row),
        reasonCode: 'canceled_by_operator',
        patch: { ...DECIDED, canceledBy: 'operator' },
        runInMs: null,
      }),
    },
  },

  'resolve:returning': {
    title: 'Credit the user again',
    from: ['conflict'],
    when: 'the bank has sent money back, and no more than was paid; the burn was confirmed',
    isPossible: (row) =>
      isHeld(row) && row.returnedAmount !== null && !isLess(row.payoutAmount, row.returnedAmount),
    burn: 'Stays final, refused where it is not; the user is credited by one mint: where it was tried before it is looked for first.',
    payout: 'Is left as it is: it was paid, and came back.',
    evidence: 'note',
    needsSecond: true,
    proofs: ['burn_final'],
    does: {
      kind: 'move',
      move: (row) => ({
        to: 'returning',
        event: resolvedIn(row),
        patch: { ...DECIDED, creditRefused: false },
        runInMs: 0,
      }),
    },
  },

  'resolve:returned': {
    title: 'The user has been given it by hand',
    from: ['returning', 'conflict'],
    when: 'the bank has sent money back; the burn was confirmed',
    isPossible: (row) => isHeld(row) && row.returnedAmount !== null,
    burn: 'Is left as it is, refused while the exchange still holds it as pending; no mint is made any more.',
    payout: 'Is left as it is: it was paid, and came back.',
    evidence: 'note',
    needsSecond: true,
    proofs: ['burn_not_pending', 'no_credit_on_its_way'],
    does: {
      kind: 'move',
      move: (row) => ({
        to: 'returned',
        event: resolvedIn(row),
        reasonCode: row.reasonCode,
        patch: { ...DECIDED, creditDoubtAt: null, creditRefused: false },
        runInMs: null,
      }),
    },
  },
} satisfies Readonly<Record<`resolve:${string}`, Action>>

const resolvedIn = ({ state }: ActionRow): string =>
  state === 'conflict' ? 'conflict.resolved' : 'payout.resolved'

/** In review it is only so where an earlier sending was never answered, or was given up for another. */
export function mayHaveBeenSent({ state, payoutDoubtAt, retiredPayouts }: ActionRow): boolean {
  return state !== 'in_review' || payoutDoubtAt !== null || retiredPayouts > 0
}

export function isHeld({ heldAt }: ActionRow): boolean {
  return heldAt !== null
}

const transactionOf = ({ providerTransactionId }: ActionRow, { transactionId }: Given) => ({
  providerTransactionId: transactionId ?? providerTransactionId,
})
