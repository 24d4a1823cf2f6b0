import { keyOr, type TextKey } from './texts'

/** Many codes are one thing to a person whose money it is, and compliance is told apart from nothing. */
const SAID_AS: Readonly<Record<string, TextKey>> = {
  canceled_at_exchange: 'reason.canceled_by_exchange',
  refused_by_exchange: 'reason.canceled_by_exchange',
  canceled_by_operator: 'reason.canceled_by_exchange',
  rate_limited: 'reason.delayed',
  provider_unavailable: 'reason.delayed',
  provider_paused: 'reason.delayed',
  batch_refused: 'reason.delayed',
  row_lost: 'reason.unclear',
  unresolved: 'reason.unclear',
  vanished: 'reason.unclear',
}

export const reasonKey = (code: string): TextKey => SAID_AS[code] ?? keyOr(`reason.${code}`, 'reason.checked')

/** What a person can tell apart, and do something about, of what the page, the way and the server stumble over. */
const FAILED_AS: Readonly<Record<string, TextKey>> = {
  invalid_json: 'error.invalid_request',
  unknown_field: 'error.invalid_request',
  invalid_method: 'error.invalid_request',
  invalid_idempotency_key: 'error.invalid_request',
  unsupported_media_type: 'error.invalid_request',
  body_too_large: 'error.invalid_request',
  missing_paypal_id: 'error.missing_fields',
  missing_bank_fields: 'error.missing_fields',
  body_too_slow: 'error.no_answer',
  idempotency_key_in_use: 'error.changed_meanwhile',
  user_lookup_failed: 'error.internal_error',
  create_failed: 'error.internal_error',
  list_failed: 'error.internal_error',
}

/** null for a code of a server that is newer than this page. */
export const errorKey = (code: string): TextKey | null => FAILED_AS[code] ?? keyOr(`error.${code}`, null)

/** Rules of others, which they tell in a language of their own: it is quoted behind what we say ourselves. */
const SAID_BY: Readonly<Record<string, TextKey>> = {
  destination_refused: 'said.provider',
  withdrawal_refused: 'said.exchange',
  withdrawals_stopped: 'said.exchange',
}

/** What went wrong in the reader's language, and who has more to say about it; null where nobody has. */
export function failureOf(
  { status, code, message }: { readonly status: number; readonly code: string; readonly message: string },
  isOnline: boolean,
): { readonly key: TextKey; readonly by: TextKey | null } {
  if (status === 0 && !isOnline) return { key: 'error.offline', by: null }
  const key = errorKey(code)
  if (key !== null) return { key, by: message === '' ? null : (SAID_BY[code] ?? null) }
  if (status >= 500 || message === '') return { key: 'error.internal_error', by: null }
  return { key: 'error.refused', by: 'said.exchange' }
}

const ACTS: Readonly<Record<string, TextKey>> = {
  account_closed: 'act.destination',
  account_not_found: 'act.destination',
  account_blocked: 'act.destination',
  name_mismatch: 'act.destination',
  invalid_identifier: 'act.destination',
  currency_not_supported: 'act.destination',
  receiver_refused: 'act.destination',
  amount_too_small: 'act.amount',
  amount_too_large: 'act.amount',
  receiver_unverified: 'act.receiver',
  expired_unclaimed: 'act.receiver',
  insufficient_balance: 'act.balance',
  duplicate_business: 'act.support',
  compliance: 'act.support',
  provider_declined: 'act.support',
  refused_by_exchange: 'act.support',
  canceled_by_operator: 'act.support',
  hold_refused: 'act.support',
}

/** What its user can do about it; null where that is plain. */
export function actKey(code: string | undefined, isOver: boolean): TextKey | null {
  if (code !== undefined && ACTS[code] !== undefined) return isOver ? ACTS[code] : null
  return isOver ? null : 'act.wait'
}

/** What did not come, or came and went back, was not had: nobody is to read that they get it. */
const NOT_HAD: readonly string[] = ['canceled', 'canceling', 'returning', 'returned']
export const getsKey = (stage: string): TextKey =>
  NOT_HAD.includes(stage) ? 'record.wouldGet' : 'review.gets'
export const receiptKey = (stage: string): TextKey =>
  NOT_HAD.includes(stage) ? 'receipt.titleUnpaid' : 'receipt.title'

export const stageKey = (stage: string): TextKey => keyOr(`stage.${stage}`, 'stage.queued')

/** In a list there is room for a word or two. */
const SHORT: Readonly<Record<string, TextKey>> = {
  completed: 'short.paid',
  canceled: 'short.unpaid',
  canceling: 'short.unpaid',
  returning: 'short.returned',
  returned: 'short.returned',
  under_review: 'short.checked',
  being_checked: 'short.checked',
}
export const shortKey = (stage: string): TextKey => SHORT[stage] ?? 'short.open'
export const nowKey = (stage: string): TextKey => keyOr(`now.${stage}`, 'now.queued')
