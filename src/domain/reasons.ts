/**
 * Why a withdrawal waits or ended, in words fit for the person whose money it is. Codes are stable; a client
 * may translate them. Compliance reasons are worded alike on purpose: a text must not help to get around them.
 */

/** A provider's proven refusal, the same words for every provider. */
const DECLINED = {
  account_closed: 'The receiving account is closed. Your balance was given back.',
  account_not_found: 'The bank does not know the receiving account. Your balance was given back.',
  account_blocked: 'The receiving account is blocked for incoming payments. Your balance was given back.',
  name_mismatch: 'The account holder’s name does not match the account. Your balance was given back.',
  invalid_identifier: 'The account number was not accepted. Your balance was given back.',
  currency_not_supported: 'The receiving account does not take this currency. Your balance was given back.',
  amount_too_small: 'The amount is too small for this way of payment. Your balance was given back.',
  amount_too_large: 'The amount is too large for this way of payment. Your balance was given back.',
  receiver_unverified: 'The receiver has not confirmed their account. Your balance was given back.',
  receiver_refused: 'The receiver refused the payment. Your balance was given back.',
  expired_unclaimed: 'The receiver did not claim the payment in time. Your balance was given back.',
  duplicate_business: 'The provider took this for a repetition. Your balance was given back.',
  compliance: 'The payment could not be made. Your balance was given back. Please contact support.',
  provider_declined: 'The payment was declined. Your balance was given back.',
} as const

const ENDED = {
  insufficient_balance: 'Your balance was no longer large enough. Nothing was taken.',
  hold_refused: 'The exchange did not lock the amount. Nothing was taken.',
  canceled_by_user: 'You canceled this withdrawal. Your balance was given back.',
  canceled_at_exchange: 'This withdrawal was canceled in the exchange. Your balance was given back.',
  refused_by_exchange: 'The exchange canceled this withdrawal. Your balance was given back.',
  canceled_by_operator: 'The exchange canceled this withdrawal. Your balance was given back.',
} as const

const WAITING = {
  insufficient_float: 'Waiting for the exchange to fund its payout account.',
  rate_limited: 'The payment provider asked us to slow down. It will be sent automatically.',
  provider_unavailable: 'The payment provider is not reachable. It will be sent automatically.',
  provider_paused: 'Payouts are paused for a moment. It will be sent automatically.',
  stopped: 'Payouts are stopped for now. It will be sent automatically.',
  batch_refused: 'The payment provider refused the batch it was in. It will be sent again automatically.',
  cut_off: 'It will be sent with the next business day’s payments.',
  confirming: 'We are confirming with the bank whether it was sent. You will not be charged twice.',
  exchange_unavailable: 'The exchange is not answering. It continues automatically.',
  code_not_checked: 'The exchange has to check this withdrawal.',
  under_review: 'The exchange has to check this withdrawal.',
  held_by_exchange: 'The exchange has to check this withdrawal.',
  destination_unreadable: 'The exchange has to check this withdrawal.',
  held_by_operator: 'The exchange has to check this withdrawal.',
  above_ceiling: 'The exchange has to check this withdrawal.',
  limit_reached: 'The exchange has to check this withdrawal.',
  cooling_off: 'This account is new. For your safety the withdrawal waits; it will be sent automatically.',
} as const

const CONTRADICTIONS = {
  row_changed: 'The exchange has to check this withdrawal.',
  hold_changed: 'The exchange has to check this withdrawal.',
  hold_missing: 'The exchange has to check this withdrawal.',
  hold_mismatch: 'The exchange has to check this withdrawal.',
  paid_but_released: 'The exchange has to check this withdrawal.',
  released_but_settled: 'The exchange has to check this withdrawal.',
  amount_mismatch: 'The exchange has to check this withdrawal.',
  unresolved: 'The bank could not say whether it was sent. The exchange has to check this withdrawal.',
  refused_alone: 'The payment provider does not take it. The exchange has to check this withdrawal.',
  vanished: 'The bank could not say whether it was sent. The exchange has to check this withdrawal.',
  credit_refused: 'The exchange has to check this withdrawal.',
  credit_mismatch: 'The exchange has to check this withdrawal.',
  paid_under_retired_key: 'The exchange has to check this withdrawal.',
  duplicate_reference: 'The exchange has to check this withdrawal.',
  row_lost: 'The exchange has to check this withdrawal.',
} as const

const REASONS = { ...DECLINED, ...ENDED, ...WAITING, ...CONTRADICTIONS }

export type DeclineCode = keyof typeof DECLINED
/** Facts that cannot both be true, or that no machine can settle: a person is asked. */
export type ContradictionCode = keyof typeof CONTRADICTIONS
export type ReasonCode = keyof typeof REASONS
export const REASON_CODES = Object.keys(REASONS) as ReasonCode[]
export const CONTRADICTION_CODES = Object.keys(CONTRADICTIONS) as ContradictionCode[]
export const DECLINE_CODES = Object.keys(DECLINED) as DeclineCode[]

export const isDeclineCode = (code: string): code is DeclineCode => Object.hasOwn(DECLINED, code)
/** @param isGivenBack Whether the balance is back already, or only on its way. */
export const reasonText = (code: ReasonCode, isGivenBack = true): string =>
  isGivenBack ? REASONS[code] : REASONS[code].replace('was given back', 'is being given back')
