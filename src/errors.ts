/**
 * Errors that reach a person. The table is the contract: each code is stable, has one HTTP status and a
 * heading in docs/errors.md (a test compares the two).
 */
const CODES = {
  invalid_request: 400,
  list_too_long: 400,
  invalid_json: 400,
  unknown_field: 400,
  evidence_required: 400,
  invalid_policy: 400,
  invalid_amount: 400,
  amount_out_of_range: 400,
  unsupported_currency: 400,
  invalid_method: 400,
  missing_paypal_id: 400,
  missing_bank_fields: 400,
  destination_refused: 400,
  destination_quarantined: 400,
  bank_account_not_found: 400,
  bank_account_not_verified: 400,
  insufficient_balance: 400,
  withdrawal_refused: 400,
  otp_required: 400,
  otp_invalid: 400,
  invalid_idempotency_key: 400,
  unauthorized: 401,
  forbidden: 403,
  own_withdrawal: 403,
  own_proposal: 403,
  user_not_found: 404,
  withdrawal_not_found: 404,
  provider_not_found: 404,
  batch_not_found: 404,
  file_not_found: 404,
  difference_not_found: 404,
  endpoint_not_found: 404,
  delivery_not_found: 404,
  reconciliation_not_found: 404,
  notice_not_found: 404,
  quarantine_not_found: 404,
  code_lock_not_found: 404,
  approval_not_found: 404,
  policy_not_found: 404,
  route_not_found: 404,
  body_too_slow: 408,
  idempotency_key_in_use: 409,
  too_many_open_withdrawals: 409,
  limit_reached: 409,
  quote_changed: 409,
  not_cancelable: 409,
  action_not_possible: 409,
  changed_meanwhile: 409,
  already_proposed: 409,
  already_decided: 409,
  withdrawals_stopped: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  idempotency_key_reused: 422,
  settings_not_working: 422,
  endpoint_refused: 422,
  too_many_requests: 429,
  otp_locked: 429,
  user_lookup_failed: 500,
  create_failed: 500,
  list_failed: 500,
  internal_error: 500,
  lists_busy: 503,
  not_ready: 503,
  exchange_unavailable: 503,
} as const

export type ErrorCode = keyof typeof CODES
export const ERROR_CODES = Object.keys(CODES) as ErrorCode[]
export const httpStatusOf = (code: ErrorCode): number => CODES[code]

/** The texts that clients already match on; never reworded. */
export const TEXTS = {
  missingPaypalId: 'Method PAYPAL must provide paypal_id',
  missingBankFields: 'Method BANK must provide bank, swift and iban',
  invalidMethod: 'Invalid method',
  insufficientBalance: 'Provided amount is larger than current wallet balance',
  userNotFound: 'User not found',
  withdrawalNotFound: 'No such withdrawal.',
  userLookupFailed: 'Error getting user',
  createFailed: 'Error creating withdrawal',
  listFailed: 'Error getting Withdrawals',
} as const

/** One entry of express-validator's list: which input, and what is wrong with it. */
export interface FieldProblem {
  readonly type: 'field' | 'unknown_fields'
  readonly msg: string
  readonly path?: string
  readonly location?: string
}

interface AppErrorOptions {
  readonly cause?: unknown
  readonly errors?: readonly FieldProblem[]
  /** Sent as `Retry-After`. */
  readonly retryAfterSeconds?: number
}

/** An error whose message is fit to show to the person who made the request. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly errors?: readonly FieldProblem[]
  readonly retryAfterSeconds?: number

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, { cause: options.cause })
    if (options.errors) this.errors = options.errors
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds
  }

  get status(): number {
    return CODES[this.code]
  }
}

/** Settings that cannot work. Lists every problem at once, never a value (it may be a secret). */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(readonly problems: readonly string[]) {
    super(`Invalid configuration:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
  }
}

/** The worker no longer holds the right to act on a row. Nothing was written; whoever holds it goes on. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
}

/** A remote call that did not answer in time. The effect may still happen: the outcome is unknown. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError'
  readonly code = 'DEADLINE'
}

/**
 * What is safe to log of a thrown value. Inside a kit's plugin context core errors come from another realm,
 * where `instanceof Error` is false, so this goes by shape. Never the object itself: a kit's HTTP errors carry
 * the exchange's api key in their options.
 */
export function describeError(error: unknown): { message: string; name?: string; code?: string } {
  if (typeof error !== 'object' || error === null) return { message: String(error) }
  const { message, name, code } = error as { message?: unknown; name?: unknown; code?: unknown }
  return {
    message: typeof message === 'string' ? message.slice(0, 500) : 'not an error object',
    ...(typeof name === 'string' && { name }),
    ...((typeof code === 'string' || typeof code === 'number') && { code: String(code) }),
  }
}

/** The same as log fields. Never called `message`: a winston logger would glue that to the event's name. */
export function errorFields(error: unknown): Record<string, string> {
  const { message, name, code } = describeError(error)
  return { error: message, ...(name && { errorName: name }), ...(code && { errorCode: code }) }
}
