import type { DeclineCode } from '../../domain/reasons'

/** What a status of PayPal's means for the money. */
export type Meaning =
  /** PayPal has it, or the receiver could still take it. Nothing is decided. */
  | 'open'
  /** In the receiver's wallet. It may still come back. */
  | 'paid'
  /** Not taken from our account, and it will not be. */
  | 'not_paid'
  /** Taken, and back in our account: all of it. */
  | 'back'

/**
 * Every status of a payout item (Payouts 1.9, `transaction_enum`), the two newer spellings, and CANCELED, which its
 * webhooks know. A word that is not here is open: an unknown status must neither settle nor release anything.
 */
export const ITEM_STATUSES: Readonly<Record<string, Meaning>> = {
  PENDING: 'open',
  ONHOLD: 'open',
  ON_HOLD: 'open',
  // Held for a receiver without an account for 30 days: then SUCCESS or RETURNED.
  UNCLAIMED: 'open',
  // PayPal does not say where the money of a blocked item is, so nothing follows from it.
  BLOCKED: 'open',
  SUCCESS: 'paid',
  FAILED: 'not_paid',
  DENIED: 'not_paid',
  RETURNED: 'back',
  REFUNDED: 'back',
  REVERSED: 'back',
  CANCELED: 'back',
}

export const meaningOf = (status: string): Meaning =>
  Object.hasOwn(ITEM_STATUSES, status) ? (ITEM_STATUSES[status] ?? 'open') : 'open'

/** Names of item errors (developer.paypal.com, "Transaction activity log error and reason codes"). */
const CODES: Readonly<Record<string, DeclineCode>> = {
  RECEIVER_ACCOUNT_INVALID: 'account_not_found',
  RECEIVER_UNREGISTERED: 'account_not_found',
  INVALID_EMAIL: 'invalid_identifier',
  INVALID_EMAIL_ID: 'invalid_identifier',
  SELF_PAY_NOT_ALLOWED: 'invalid_identifier',
  RECEIVER_UNCONFIRMED: 'receiver_unverified',
  UNVERIFIED_RECIPIENT_NOT_SUPPORTED: 'receiver_unverified',
  RECEIVER_ACCOUNT_LOCKED: 'account_blocked',
  RECEIVER_ACCOUNT_LIMITATION: 'account_blocked',
  RECEIVER_COUNTRY_NOT_ALLOWED: 'account_blocked',
  RECEIVER_STATE_RESTRICTED: 'account_blocked',
  RECEIVER_YOUTH_ACCOUNT: 'account_blocked',
  CLOSED_MARKET: 'account_blocked',
  REFUSED_RECEIVER_REFUSED: 'receiver_refused',
  CURRENCY_NOT_SUPPORTED_FOR_RECEIVER: 'currency_not_supported',
  CURRENCY_COMPLIANCE: 'currency_not_supported',
  RECEIVING_LIMIT_EXCEEDED: 'amount_too_large',
  TRANSACTION_LIMIT_EXCEEDED: 'amount_too_large',
  ZERO_AMOUNT: 'amount_too_small',
  DUPLICATE_ITEM: 'duplicate_business',
  RISK_DECLINE: 'compliance',
  REGULATORY_BLOCKED: 'compliance',
  TRANSACTION_DECLINED_BY_TRAVEL_RULE: 'compliance',
}

const codeOf = (error: string | null): DeclineCode | null =>
  error !== null && Object.hasOwn(CODES, error) ? (CODES[error] ?? null) : null

export const declineCodeOf = (error: string | null): DeclineCode => codeOf(error) ?? 'provider_declined'

/** Why money came back. Of an address nobody has an account for, that it was not claimed says more. */
export function returnCodeOf(status: string, error: string | null): DeclineCode {
  if (status === 'REFUNDED') return 'receiver_refused'
  if (status === 'REVERSED') return declineCodeOf(error)
  if (error === 'RECEIVER_UNREGISTERED') return 'expired_unclaimed'
  return codeOf(error) ?? 'expired_unclaimed'
}

/** Of a batch. Its status says nothing about an item, except that more may come. */
export const isFinished = (batchStatus: string | null): boolean =>
  batchStatus === 'SUCCESS' || batchStatus === 'DENIED'
