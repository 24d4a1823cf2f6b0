import type { ActionKey } from './actions'

/** What a person has to know who is asked: in words that need no other page. */
export interface Question {
  readonly title: string
  /** What is true of the money, and what is not known. */
  readonly money: string
  /** What to find out, and what to answer then. */
  readonly whatToDo: string
  /** What may be done with the withdrawal, the likeliest first. */
  readonly suggested: readonly ActionKey[]
}

/** A fact that came when nothing could be changed by it any more, or that takes too long. */
export interface DifferenceQuestion extends Question {
  /** Members of the detail that make it another question of the same kind about the same withdrawal. */
  readonly factOf: readonly string[]
}

/** A kind of difference does not compile without its words here; docs/questions.md is made of them. */
export const DIFFERENCES = {
  row_changed: {
    title: 'The stored withdrawal is not what was accepted',
    money:
      'The balance is as it was; nothing is paid, settled, given back or credited for it. Somebody has written to the database past this program, or a value in it was damaged.',
    whatToDo:
      'Find out who can write to the table, and what else they changed. What you then answer is done with what was accepted, which is put back first; where the sealed value itself is damaged, it can only be given back or answered where the money is.',
    suggested: ['reject', 'approve', 'resolve:releasing', 'resolve:settling'],
    factOf: ['state', 'changed'],
  },
  key_missing: {
    title: 'The key that sealed it is not configured',
    money: 'The balance is as it was; nothing is done with the withdrawal until the key is back.',
    whatToDo: 'Put the key that is named back into the settings; it goes on by itself.',
    suggested: ['retry'],
    factOf: ['keyId'],
  },
  payer_changed: {
    title: 'Sent through another account than the one that is set',
    money:
      'The balance is locked. What became of the payout only the account can tell that it was sent through. Through the one that is set now nobody is asked and nothing is sent: there it would not be found, and be paid twice.',
    whatToDo:
      'Set the provider’s account back to the one it was sent through; it goes on by itself, at the latest after an hour and a quarter. Where that account is gone, look at its statement, and answer what that says.',
    suggested: ['retry', 'resolve:settling', 'resolve:releasing', 'hold'],
    factOf: ['sentThrough', 'setNow'],
  },
  overdue: {
    title: 'With the bank for too long',
    money:
      'The balance is locked; the provider says that it has the payout, for longer than any payout should take.',
    whatToDo:
      'Ask the provider what holds it up. It goes on being looked up; when the provider cannot say, stop it, or answer where the money is.',
    suggested: ['stop', 'resolve:settling', 'resolve:releasing'],
    factOf: [],
  },
  orphan_hold: {
    title: 'A lock landed after its withdrawal had ended',
    money:
      'The user’s balance was locked once more for a withdrawal that was over. It is given back as soon as the exchange allows.',
    whatToDo:
      'Nothing where a worker has closed it. Else look at the burn in the exchange: reject it if it is pending; if somebody has settled it, give the user the amount back.',
    suggested: ['retry'],
    factOf: ['burnState', 'burnAmount'],
  },
  held_by_exchange: {
    title: 'Somebody at the exchange holds the burn',
    money:
      'The balance is locked; staff of the exchange have put the burn on hold, and nothing is done against that.',
    whatToDo:
      'Ask who holds it, and why. It goes on once they let go of it; where it is not to be paid, give it back.',
    suggested: ['reject', 'retry'],
    factOf: ['state', 'burnId'],
  },
  paid_after_release: {
    title: 'The provider has it after the balance was given back',
    money:
      'The user has the balance back, and the payee was or will be paid as well: the exchange is short of the amount.',
    whatToDo:
      'Have the provider stop or recall the payment. Where it cannot, take the amount from the user in the exchange, or write it off.',
    suggested: ['retry'],
    factOf: ['kind', 'reference', 'amount'],
  },
  returned_after_release: {
    title: 'A payout came back of which the balance was given back already',
    money: 'The user has the balance, and the money is with the exchange again: nobody is short.',
    whatToDo: 'Make sure that nothing was credited twice, and say so.',
    suggested: [],
    factOf: ['amount'],
  },
  paid_under_retired_key: {
    title: 'A payout that was given up for another is with the bank after all',
    money: 'Two payments may be on their way for one withdrawal, or one although it left again.',
    whatToDo:
      'Have the provider stop one of them at once. Where both were made, ask the payee for one back, or write it off.',
    suggested: ['stop', 'hold', 'resolve:settling'],
    factOf: ['retiredKey', 'kind'],
  },
  another_payout: {
    title: 'The provider names another payment than before',
    money: 'The withdrawal was paid; the provider now tells of a payment that is not the one it had named.',
    whatToDo: 'Find out with the provider whether two payments were made. Where they were, ask for one back.',
    suggested: ['retry'],
    factOf: ['reference'],
  },
  unresolved: {
    title: 'Nobody can say whether it was sent',
    money:
      'The balance is locked; the provider does not say whether it has the payout, which goes on being looked up.',
    whatToDo:
      'Ask the provider, or look at the statement, whether the payee was paid; answer what it says. It ends by itself once the provider can say.',
    suggested: ['retry', 'resolve:settling', 'resolve:releasing', 'send-again'],
    factOf: ['doubtedSince'],
  },
  vanished: {
    title: 'The provider had it, and does not know it any more',
    money: 'The balance is locked; whether the payee was paid is not known. It goes on being looked up.',
    whatToDo: 'Ask the provider, or look at the statement, whether the payee was paid; answer what it says.',
    suggested: ['retry', 'resolve:settling', 'resolve:releasing', 'send-again'],
    factOf: ['reference'],
  },
  stuck: {
    title: 'It has been where it is for longer than it ever should',
    money: 'The balance is locked, or what the user is owed is not credited; it goes on being tried.',
    whatToDo:
      'See in the journal and the log what it is tried with, and what answers. Mend that; or hold it, and answer where the money is.',
    suggested: ['retry', 'hold', 'stop'],
    factOf: ['state', 'since'],
  },
  declined_after_paid: {
    title: 'The provider calls a payout declined that it had called paid',
    money: 'The burn was made final: the user has given the balance, and the payee may have nothing.',
    whatToDo:
      'Ask the provider for the payment with its reference. Where it was not made, credit the user in the exchange and say so here.',
    suggested: ['retry'],
    factOf: ['code', 'status'],
  },
  returned_again: {
    title: 'More came back after the user was credited',
    money:
      'A part of the payout came back and was credited; now the bank has sent back more, which is with the exchange.',
    whatToDo: 'Credit the user in the exchange with what came in addition, and say with which transaction.',
    suggested: [],
    factOf: ['amount'],
  },
  unclear_bank_fact: {
    title: 'The bank said something that no machine can use',
    money: 'Nothing was changed by it: the withdrawal stands as it did, and goes on being looked up.',
    whatToDo:
      'Read the sentence, and the file it is from. Where it says that the payout was made, was not made or came back, answer so.',
    suggested: ['resolve:settling', 'resolve:releasing', 'retry'],
    factOf: ['documentId', 'problem'],
  },
  burn_without_row: {
    title: 'A burn of ours has no withdrawal',
    money:
      'The exchange has locked or taken a user’s balance for a withdrawal that the books do not have: a write was lost in a failover, or the books were restored from before it. Whether the payee was paid, the providers’ answers say.',
    whatToDo:
      'Take it into the books: it stands there as a contradiction then, and is looked up, settled or given back like any other. Where somebody has dealt with it by hand, say so.',
    suggested: [],
    factOf: ['burnState'],
  },
  row_without_burn: {
    title: 'A withdrawal has no burn',
    money:
      'The books say that its amount is locked or taken; the exchange has no such burn: the user has the balance.',
    whatToDo:
      'Look for the burn in the exchange under both ids. Where the payee was paid, take the amount from the user; where not, hold it and give it back.',
    suggested: ['hold', 'retry', 'reject'],
    factOf: ['state'],
  },
  burn_state_differs: {
    title: 'The burn does not stand where the withdrawal does',
    money:
      'Paid, and the burn was never made final: the user can still get the balance back. Or not paid, and the burn is final: the user is short of it.',
    whatToDo:
      'Look at the burn in the exchange, and who changed it. Make it final where the payee was paid; where not, credit the user.',
    suggested: ['retry', 'hold'],
    factOf: ['state', 'burnState'],
  },
  amount_differs: {
    title: 'The amounts differ',
    money: 'What was locked, or what was paid, is not what the withdrawal says.',
    whatToDo:
      'Find out which of them is right, and set the others right by hand: with the user, or with the provider.',
    suggested: ['retry', 'hold'],
    factOf: ['at', 'amount'],
  },
  payout_without_row: {
    title: 'The provider has a payout that the books do not have',
    money: 'Money has left, or is about to, for a withdrawal that is not in the books.',
    whatToDo:
      'Look for a burn without a withdrawal of the same id, and take that into the books. Where there is none, ask the provider who ordered it.',
    suggested: [],
    factOf: ['reference'],
  },
  payout_missing: {
    title: 'Called paid, and the provider does not have it',
    money: 'The burn is final: the user has given the balance. The provider says that nobody was paid.',
    whatToDo:
      'Ask the provider with the payout’s key and reference, and look at the statement. Where it was not paid, credit the user in the exchange and say so here.',
    suggested: ['retry'],
    factOf: ['said'],
  },
  paid_twice: {
    title: 'The provider has two payments for one withdrawal',
    money: 'The payee was paid more than once: the exchange is short of the amount.',
    whatToDo: 'Ask the payee, or the bank, for one of them back.',
    suggested: [],
    factOf: ['references'],
  },
  credited_twice: {
    title: 'More was credited than came back',
    money: 'The user was given more than the bank has sent back: the exchange is short of the rest.',
    whatToDo:
      'Look at the credits in the exchange, and take from the user what is too much, or write it off.',
    suggested: [],
    factOf: ['credited'],
  },
} as const satisfies Readonly<Record<string, DifferenceQuestion>>

export type DifferenceKind = keyof typeof DIFFERENCES
export const DIFFERENCE_KINDS = Object.keys(DIFFERENCES) as DifferenceKind[]

/** Of a kind that only another version of this program knows, its name is all there is to say. */
const unknownKind = (kind: string): DifferenceQuestion => ({
  title: kind,
  money: 'This version of the program does not know what it means.',
  whatToDo: 'Look at its detail, and at the withdrawal.',
  suggested: [],
  factOf: [],
})
export const differenceQuestion = (kind: string): DifferenceQuestion =>
  Object.hasOwn(DIFFERENCES, kind) ? DIFFERENCES[kind as DifferenceKind] : unknownKind(kind)

/** There is no withdrawal to look at: what is named is the burn's, or the payout's. */
export const isAboutNoRow = (kind: string): boolean =>
  kind === 'burn_without_row' || kind === 'payout_without_row'

const FACT_LENGTH_MAX = 500

/** What tells one question of a kind from another about the same withdrawal. */
export function factOf(kind: DifferenceKind, detail: Readonly<Record<string, unknown>>): string {
  const values = differenceQuestion(kind).factOf.map((name) => detail[name] ?? null)
  return values.length === 0 ? '' : JSON.stringify(values).slice(0, FACT_LENGTH_MAX)
}
