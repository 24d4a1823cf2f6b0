import type { DifferenceKind } from '../../src/domain/questions'

/** What the checks are called in the reference. */
export type Invariant =
  | 'I1 at most one payout'
  | 'I2 at most one burn'
  | "I2' a return is credited once"
  | 'I3 settled exactly when paid'
  | 'I4 no orphan lock'
  | 'I5 acknowledged is durable'
  | 'I6 journal chain'
  | 'I7 liveness'
  | 'I8 a question is earned'
  | 'I9 conservation'
  | 'I10 no silent discrepancy'
  | 'I11 isolation'
  | 'I12 bounded calls'
  | 'I13 batch integrity'
  | 'I14 idempotent requests'
  | 'I15 secrecy'
  | 'I16 stopped is stopped'
  | 'I17 told at least once, in order'
  | 'I18 the books are held against each other'
  | 'I19 what was taken in is not paid'

interface Exclusion {
  /** The promises that are lost, by their numbers; I10 never is: what cannot be kept is asked about. */
  readonly costs: readonly string[]
  /**
   * What a person is asked instead, one of these, or the withdrawal is frozen for one. It is checked at the end for every
   * promise that was lost, wherever the bank or the exchange can say what happened.
   */
  readonly owes: readonly DifferenceKind[]
  readonly why: string
}

/**
 * The combinations in which no protocol can keep a promise, one line each, and the promises they cost: for that
 * withdrawal alone, and only from the moment the thing has really happened. Everything else always holds.
 *
 * Some combinations are not generated, because they break a promise before the plugin hears of anything; `duplicate`
 * becomes an ordinary delivery there:
 * - a burn delivered twice to a wallet that burns twice, or long after the first, when its id may be free again;
 * - a submit delivered a second time when the provider has forgotten its key, or never looks at keys;
 * - a submit that was put off or refused, delivered a second time after that answer: "not taken" was true of the first.
 * The quiet time is always above the longest late effect: with a shorter one nothing is promised.
 */
export const EXCLUSIONS = {
  effect_after_quiet: {
    costs: ['I1', 'I2', "I2'", 'I3', 'I8', 'I9'],
    owes: [
      ...(['another_payout', 'paid_after_release', 'paid_under_retired_key', 'declined_after_paid'] as const),
      ...(['orphan_hold', 'returned_after_release', 'returned_again', 'unresolved', 'vanished'] as const),
    ],
    why: `A process stood still between its last look at the lease and the sending, and its request took effect later than
      the quiet time: the quiet time is the assumption that this does not happen. (Histories without \`zombie_send\` never
      have it.) A lock that lands so late on a canceled withdrawal is given back all the same: I4 holds.`,
  },
  declined_then_paid: {
    costs: ['I3', 'I8', 'I9'],
    owes: ['paid_after_release', 'paid_under_retired_key', 'returned_after_release', 'another_payout'],
    why: 'The provider said that no money moved and none will, and then paid: the balance was given back on its word.',
  },
  declined_then_resent: {
    costs: ['I1', 'I3', 'I8', 'I9'],
    owes: ['paid_under_retired_key', 'paid_after_release', 'returned_after_release', 'another_payout'],
    why: `The provider said that no money moved and none will, a person sent it again under a new key on that word, and
      then the first was paid.`,
  },
  voided_then_paid: {
    costs: ['I1', 'I3', 'I8', 'I9'],
    owes: ['paid_under_retired_key', 'paid_after_release', 'returned_after_release', 'another_payout'],
    why: 'The provider said that it had dropped the payout, which left again under a new key, and then it paid.',
  },
  paid_then_declined: {
    costs: ['I3', 'I9'],
    owes: ['declined_after_paid'],
    why: 'The provider said that it was paid, the burn was made final, and then it said that no money moved.',
  },
  returned_again: {
    costs: ['I9'],
    owes: ['returned_again', 'returned_after_release'],
    why: 'A part came back and was credited, and then more did: a credit has one id, and is made once.',
  },
  paid_then_returned: {
    costs: ['I3', 'I9'],
    owes: [],
    why: `The bank sent the money back after the withdrawal was processed, and nobody looks, or can, any more: nor where
      it is found by a reference alone that was never heard. Where somebody does, it is credited (\`returned\`), which is checked like everything else.`,
  },
  settled_after_refusal: {
    costs: ['I3'],
    owes: ['orphan_hold'],
    why: `A network delivered the lock twice, the refusal of the second was heard, a look-up that lags did not show the
      first; or a person had said that it was not locked, and it landed after that. And an operator of the exchange settled it before
      the watch could give it back.`,
  },
  planted: {
    costs: ['I1', 'I2', "I2'", 'I3', 'I4', 'I8', 'I9'],
    owes: [
      ...(['row_without_burn', 'burn_state_differs', 'amount_differs', 'payout_missing'] as const),
      ...(['paid_twice', 'credited_twice', 'declined_after_paid', 'orphan_hold'] as const),
    ],
    why: `Somebody has changed the books of the exchange or of the bank behind everybody's back, after the withdrawal had
      ended: that it is found by the next reconciliation is checked by itself (I18).`,
  },
  forced_change: {
    costs: ['I3', 'I4', 'I9'],
    owes: ['orphan_hold'],
    why: 'An operator of the exchange decided over the burn although it was marked as being sent.',
  },
} as const satisfies Record<string, Exclusion>

export type Excuse = keyof typeof EXCLUSIONS

/** Which of them a broken promise is put down to; null where it is none of them. */
export function excuseFor(excuses: ReadonlySet<Excuse> | undefined, invariant: Invariant): Excuse | null {
  return excusesFor(excuses, invariant)[0] ?? null
}

/** All of them: where two things have happened, the question that either owes is about it. */
export function excusesFor(
  excuses: ReadonlySet<Excuse> | undefined,
  invariant: Invariant,
): readonly Excuse[] {
  const number = invariant.split(' ')[0] ?? invariant
  const costs = (excuse: Excuse): readonly string[] => EXCLUSIONS[excuse].costs
  return [...(excuses ?? [])].filter((excuse) => costs(excuse).includes(number))
}

/** @param wasAsked Whether a person has, or had, this question about the withdrawal. */
export function isPaidOff(excuse: Excuse, wasAsked: (kind: DifferenceKind) => boolean): boolean {
  const owes: readonly DifferenceKind[] = EXCLUSIONS[excuse].owes
  return owes.length === 0 || owes.some(wasAsked)
}
