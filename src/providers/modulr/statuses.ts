import type { DeclineCode } from '../../domain/reasons'

/**
 * Every status Modulr gives a payment, and what it means for the money. A word that is not here is unknown, and
 * unknown is looked up again. docs/providers/modulr.md shows this table (a test compares the two).
 */
export type Meaning = 'open' | 'paid' | 'not_paid' | 'returned'

interface Status {
  readonly meaning: Meaning
  /** Of one that is not paid, where it need not be the payee's: Modulr's text says, or it never is. */
  readonly fault?: 'as_its_text_says' | 'ours'
  /** For people. */
  readonly money: string
}

export const STATUSES: Readonly<Record<string, Status>> = {
  SUBMITTED: { meaning: 'open', money: 'Modulr has it and checks it, or waits for an approval there.' },
  VALIDATED: { meaning: 'open', money: 'Checked, queued to be sent.' },
  SCREENING_REQ: { meaning: 'open', money: 'Held for screening by Modulr; a person there decides.' },
  HELD: { meaning: 'open', money: 'Held by Modulr; a person there decides.' },
  HELD_IN_SUSPENSE: { meaning: 'open', money: 'Held by Modulr outside the account; a person there decides.' },
  UNALLOCATED: { meaning: 'open', money: 'Not yet booked to an account; a person there decides.' },
  PENDING_FOR_DATE: { meaning: 'open', money: 'Waits for its date.' },
  PENDING_FOR_FUNDS: { meaning: 'open', money: 'Waits until the payout account holds enough.' },
  EXT_PROC: { meaning: 'open', money: 'Being sent to the payment scheme.' },
  EXT_SENT: { meaning: 'open', money: 'Sent to the payment scheme, not yet confirmed.' },
  CLEARING: { meaning: 'open', money: 'In clearing.' },
  REPROCESSING: { meaning: 'open', money: 'Modulr tries again by itself.' },
  ER_EXTCONN: {
    meaning: 'open',
    money:
      'The scheme could not be reached; Modulr tries again by itself. Not an end, whatever its name says.',
  },
  PROCESSED: { meaning: 'paid', money: 'Sent by the scheme. Final, but the money may still come back.' },
  RECONCILED: { meaning: 'paid', money: 'Sent and matched with the scheme. The money may still come back.' },
  ER_INVALID: {
    meaning: 'not_paid',
    fault: 'as_its_text_says',
    money:
      'Refused by Modulr’s checks. Where its text speaks of the payee the balance is given back; else the fault is the payout account’s, and the payout waits to leave again.',
  },
  ER_EXTSYS: { meaning: 'not_paid', money: 'Refused by the scheme. The balance is given back.' },
  ER_EXPIRED: {
    meaning: 'not_paid',
    money: 'Not approved in time. The balance is given back. No webhook tells; it is found by asking.',
  },
  ER_GENERAL: { meaning: 'not_paid', money: 'Failed for another reason. The balance is given back.' },
  ER_BATCH: {
    meaning: 'not_paid',
    fault: 'ours',
    money: 'Refused with its batch, for the fault of another one. The payout waits to leave again.',
  },
  CANCELLED: {
    meaning: 'not_paid',
    money: 'Cancelled at Modulr before it was sent. The balance is given back.',
  },
  VOID: { meaning: 'not_paid', money: 'Made void before it was sent. The balance is given back.' },
  RETURNED: {
    meaning: 'returned',
    money: 'The money came back to the payout account. The user is credited what came back.',
  },
}

/** An approval that ended: the payment is never sent, and no webhook tells. */
export const REFUSED_APPROVALS: readonly string[] = ['REJECTED', 'DELETED']

/** Why a scheme sent a payment back. A reason that is not here is given to the user as a plain decline. */
const RETURN_REASONS: Readonly<Record<string, DeclineCode>> = {
  BENACCCLOSED: 'account_closed',
  BENSCANUNKNOWN: 'account_not_found',
  BENACCNAMEBENACCNR: 'name_mismatch',
  REGULATION: 'compliance',
  DUPLICATE: 'duplicate_business',
}

export const returnCode = (reason: string | null): DeclineCode =>
  (reason !== null && Object.hasOwn(RETURN_REASONS, reason) ? RETURN_REASONS[reason] : undefined) ??
  'provider_declined'

export const statusOf = (word: string): Status | null =>
  Object.hasOwn(STATUSES, word) ? (STATUSES[word] ?? null) : null
