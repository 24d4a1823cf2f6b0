import type { DifferenceKind } from '../../src/domain/questions'

/** What the checks are called in the reference; each is one function in checks.ts. */
export type Invariant =
  | 'I1 at most one payout'
  | 'I2 at most one burn'
  | 'I3 settled exactly when paid'
  | 'I4 no orphan lock'
  | 'I5 acknowledged is durable'
  | 'I6 journal chain'
  | 'I7 liveness'
  | 'I8 a question is earned'
  | 'I9 conservation'
  | 'I10 no silent discrepancy'
  | 'I12 bounded calls'
  | 'I13 batch integrity'
  | 'I14 idempotent requests'
  | 'I15 a return is credited once'

interface Exclusion {
  readonly costs: readonly string[]
  readonly owes?: DifferenceKind
  readonly why: string
}

/**
 * The combinations in which no protocol can keep a promise, one line each, and the promises they cost: for that
 * withdrawal alone, and only from the moment the thing has really happened. Everything else always holds, and where a
 * person is owed the question (`owes`), it is asked in the end.
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
    costs: ['I1', 'I2', 'I3', 'I8', 'I9', 'I15'],
    why: `A process stood still between its last look at the lease and the sending, and its request took effect later than
      the quiet time: the quiet time is the assumption that this does not happen. (Histories without \`zombie_send\` never
      have it.) A lock that lands so late on a canceled withdrawal is given back all the same: I4 holds.`,
  },
  declined_then_paid: {
    costs: ['I3', 'I8', 'I9'],
    why: 'The provider said that no money moved and none will, and then paid: the balance was given back on its word.',
  },
  paid_then_returned: {
    costs: ['I3', 'I9'],
    why: `The bank sent the money back after the withdrawal was processed, and nobody looks, or can, any more. Where
      somebody does, it is credited (\`returned\`), which is checked like everything else.`,
  },
  settled_after_refusal: {
    costs: ['I3'],
    owes: 'orphan_hold',
    why: `A network delivered the lock twice, the refusal of the second was heard, a look-up that lags did not show the
      first, and an operator of the exchange settled it before the watch could give it back.`,
  },
  forced_change: {
    costs: ['I3', 'I4', 'I9'],
    why: 'An operator of the exchange decided over the burn although it was marked as being sent.',
  },
} as const satisfies Record<string, Exclusion>

export type Excuse = keyof typeof EXCLUSIONS

/** @param isAsked Whether a person has this question about the withdrawal. */
export function isExcused(
  excuses: ReadonlySet<Excuse> | undefined,
  invariant: Invariant,
  isAsked: (kind: DifferenceKind) => boolean,
): boolean {
  const number = invariant.split(' ')[0] ?? invariant
  return [...(excuses ?? [])].some((excuse) => {
    const exclusion: Exclusion = EXCLUSIONS[excuse]
    return exclusion.costs.includes(number) && (exclusion.owes === undefined || isAsked(exclusion.owes))
  })
}
