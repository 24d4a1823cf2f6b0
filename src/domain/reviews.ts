import type { Question } from './questions'
import type { ContradictionCode, ReasonCode } from './reasons'

const ASK_THE_PROVIDER =
  'Ask the provider, or look at the statement, whether the payee was paid; answer what it says.'

/** Why a withdrawal is frozen. */
export const CONFLICTS: Readonly<Record<ContradictionCode, Question>> = {
  row_changed: {
    title: 'The stored withdrawal is not what was accepted',
    money:
      'Nothing was settled, given back or credited since it was noticed. What was sent before, the journal says.',
    whatToDo:
      'Find out who can write to the table. What you answer is done with what was accepted, which is put back first: the difference names what was changed.',
    suggested: ['resolve:in_doubt', 'resolve:settling', 'resolve:releasing'],
  },
  row_lost: {
    title: 'Taken into the books from its burn',
    money:
      'The exchange has locked or taken the amount; the withdrawal itself was lost, and where it was to go with it. Whether the payee was paid, the journal says as far as a provider could.',
    whatToDo:
      'Have it looked up under the key that it would have had: what was paid ends by itself then. What nobody has is given back; the user asks again.',
    suggested: [
      'resolve:in_doubt',
      'resolve:releasing',
      'resolve:settling',
      'resolve:processed',
      'resolve:canceled',
    ],
  },
  hold_changed: {
    title: 'Somebody else changed the burn',
    money: 'Nothing was sent. The burn is no longer what was locked.',
    whatToDo:
      'Look at the burn in the exchange, and who changed it. Reject it there or here; nobody is paid.',
    suggested: ['resolve:releasing', 'resolve:canceled'],
  },
  hold_missing: {
    title: 'The burn is gone',
    money: 'A burn that was confirmed is not found any more. What was sent, if anything, the journal says.',
    whatToDo:
      'Look for the burn in the exchange under both ids. Where the payout was made the user owes it; where it was not, all is well once no burn is left.',
    suggested: ['resolve:canceled', 'resolve:processed'],
  },
  hold_mismatch: {
    title: 'The burn is not the one that was asked for',
    money: 'Another amount, currency or user is locked than the withdrawal says.',
    whatToDo: 'Compare the burn in the exchange with the withdrawal. Where nothing was sent, give it back.',
    suggested: ['resolve:releasing', 'resolve:processed', 'resolve:canceled'],
  },
  paid_but_released: {
    title: 'Paid, and given back too',
    money: 'The payee was paid, and the user has the balance as well: the exchange is short of the amount.',
    whatToDo: 'Take the amount from the user in the exchange, or write it off, and then call it paid.',
    suggested: ['resolve:processed'],
  },
  released_but_settled: {
    title: 'Not paid, and the burn is final',
    money: 'The payee was not paid, and somebody made the burn final: the user is short of the amount.',
    whatToDo:
      'Credit the user in the exchange, and then call it canceled. Where it was paid after all, call it paid.',
    suggested: ['resolve:canceled', 'resolve:processed'],
  },
  amount_mismatch: {
    title: 'Another amount than ours',
    money: 'The bank tells of another amount than was sent, or of more coming back than was paid.',
    whatToDo:
      'Find the payment on the statement. Where it is ours, call it paid and set the difference right by hand; where it is another’s, have it looked up.',
    suggested: ['resolve:settling', 'resolve:in_doubt', 'resolve:releasing', 'resolve:returned'],
  },
  unresolved: {
    title: 'Nobody can say whether it was sent',
    money: 'The balance is locked; the provider did not say whether it has the payout.',
    whatToDo: ASK_THE_PROVIDER,
    suggested: ['resolve:in_doubt', 'resolve:settling', 'resolve:releasing', 'send-again'],
  },
  refused_alone: {
    title: 'The provider does not take it, and does not say why',
    money: 'The balance is locked; nothing was sent.',
    whatToDo: 'Ask the provider what is wrong with it. Let it go on once that is mended, or give it back.',
    suggested: ['approve', 'reject'],
  },
  vanished: {
    title: 'The provider had it, and does not know it any more',
    money: 'The balance is locked; whether the payee was paid is not known.',
    whatToDo: ASK_THE_PROVIDER,
    suggested: ['resolve:in_doubt', 'resolve:settling', 'resolve:releasing', 'send-again'],
  },
  credit_refused: {
    title: 'The exchange refuses to credit what came back',
    money: 'The payout came back and is with the exchange; the user has not got it yet.',
    whatToDo:
      'See why the exchange refuses (a user who is deactivated, say). Mend it and credit again, or credit by hand.',
    suggested: ['resolve:returning', 'resolve:returned'],
  },
  credit_mismatch: {
    title: 'The credit is not the one that was asked for',
    money: 'A mint with our id exists, with another amount, or it is not settled.',
    whatToDo: 'Look at the mint in the exchange, set the user’s balance right by hand, and say so.',
    suggested: ['resolve:returned'],
  },
  paid_under_retired_key: {
    title: 'A payout that was given up for another is with the bank after all',
    money:
      'The balance is locked. What was to leave again under a new key has not left: the old payout is there.',
    whatToDo:
      'Find the payment on the statement: where it was made, call it paid. Where it can be stopped, stop it there.',
    suggested: ['resolve:settling', 'approve', 'resolve:releasing'],
  },
  duplicate_reference: {
    title: 'Two withdrawals, one payment',
    money: 'The provider names a payment that is another withdrawal’s, or two payments for this one.',
    whatToDo:
      'Find out with the provider which payment belongs to which withdrawal, and whether one was paid twice.',
    suggested: ['resolve:settling', 'resolve:in_doubt', 'resolve:releasing'],
  },
}

/** Why one waits for a person without anything contradicting. */
export const REVIEWS = {
  code_not_checked: {
    title: 'The one-time code was not checked',
    money: 'The balance is locked; nothing was sent.',
    whatToDo:
      'The exchange’s own form does not look at the code. Ask the user whether the withdrawal is theirs.',
    suggested: ['approve', 'reject'],
  },
  destination_unreadable: {
    title: 'The account cannot be read',
    money: 'The balance is locked. The account is sealed with a key that is not configured, or was changed.',
    whatToDo:
      'Configure the key and let it go on. Where it may have been sent before, say what became of it; else give it back.',
    suggested: ['approve', 'reject', 'resolve:in_doubt', 'resolve:releasing'],
  },
  under_review: {
    title: 'The exchange says something about the user',
    money: 'The balance is locked; nothing was sent. The user is blocked, frozen, flagged or not verified.',
    whatToDo:
      'See the user in the exchange. Let it go on where the payout may be made all the same; else give it back.',
    suggested: ['approve', 'reject'],
  },
  above_ceiling: {
    title: 'More than is paid without a person',
    money: 'The balance is locked; nothing was sent. The amount is above the ceiling of the policy.',
    whatToDo:
      'See whose it is and where it goes, and let it go on, or give it back. The policy says how many operators have to let it go on.',
    suggested: ['approve', 'reject'],
  },
  limit_reached: {
    title: 'Over a limit of the policy',
    money: 'The balance is locked; nothing was sent. The first entry of the journal names the rule.',
    whatToDo: 'Let it go on where it may be paid all the same; else give it back.',
    suggested: ['approve', 'reject'],
  },
  cooling_off: {
    title: 'The account is new to this user',
    money:
      'The balance is locked; nothing was sent. It goes on by itself when the time of the policy is over.',
    whatToDo:
      'Nothing where it may be paid then. Hold it where a person should look first; let it go on where the user is known to own the account.',
    suggested: ['approve', 'hold', 'reject'],
  },
  held_by_operator: {
    title: 'An operator holds it',
    money: 'Nothing moves until a person lets it go on; the journal says where it was and why it is held.',
    whatToDo: 'Let go of it, or answer where the money is.',
    suggested: ['resume', 'reject', 'resolve:in_doubt', 'resolve:settling', 'resolve:releasing'],
  },
} as const satisfies Partial<Record<ReasonCode, Question>>

const BY_CODE: Partial<Record<ReasonCode, Question>> = { ...CONFLICTS, ...REVIEWS }

/** The question that a withdrawal with this reason code puts to a person; null where it puts none. */
export const questionOf = (code: ReasonCode | null): Question | null =>
  code === null ? null : (BY_CODE[code] ?? null)
