import type { components, StatusByCode } from './schema.generated'

/** What goes wrong on the way, which no server says. */
interface StatusByClientCode {
  /** Nobody answered, however often it was asked. Whether it was done is not known where something was to be done. */
  no_answer: 0
  /** Something in between answered, in words of its own. */
  strange_answer: number
  /** `waitFor` has waited long enough; nothing is wrong with the withdrawal. */
  still_pending: 0
}

type Statuses = StatusByCode & StatusByClientCode
/** Every code there is. A server that is newer than this client may have further ones. */
export type ErrorCode = keyof Statuses

export type FieldProblem = NonNullable<components['schemas']['Error']['errors']>[number]

interface Facts {
  readonly requestId?: string | undefined
  /** When to ask again, where that is known. */
  readonly retryAfterSeconds?: number | undefined
  /** Single fields, where it is about some. */
  readonly errors?: readonly FieldProblem[] | undefined
  /** Of a `create` that failed: with it, and the same body, a repeat stays the same withdrawal. */
  readonly idempotencyKey?: string | undefined
  /**
   * It was said to a repetition that the client made by itself. An attempt before it was not answered, or with 5xx: it may
   * arrive yet, and be accepted, whatever this one was refused for.
   */
  readonly isRepeat?: boolean | undefined
  readonly cause?: unknown
}

/** What is thrown; `message` is fit to show to a person. */
export class BankWithdrawalError<Code extends ErrorCode> extends Error {
  override readonly name = 'BankWithdrawalError'
  readonly requestId: string | undefined
  readonly retryAfterSeconds: number | undefined
  readonly errors: readonly FieldProblem[]
  readonly idempotencyKey: string | undefined
  readonly isRepeat: boolean

  constructor(
    readonly code: Code,
    readonly status: Statuses[Code],
    message: string,
    { requestId, retryAfterSeconds, errors, idempotencyKey, isRepeat, cause }: Facts = {},
  ) {
    super(message)
    this.requestId = requestId
    this.retryAfterSeconds = retryAfterSeconds
    this.errors = errors ?? []
    this.idempotencyKey = idempotencyKey
    this.isRepeat = isRepeat ?? false
    if (cause !== undefined) this.cause = cause
  }
}

/** One of them, told apart by `code`: a `switch` knows which, and the status that comes with it. */
export type WithdrawalError = { [Code in ErrorCode]: BankWithdrawalError<Code> }[ErrorCode]

/** By its name, for a page may hold two copies of this client. */
export const isWithdrawalError = (error: unknown): error is WithdrawalError =>
  error instanceof Error && error.name === 'BankWithdrawalError'

/** What a server in between, such as a kit's own limit, means by a status without a code. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  429: 'too_many_requests',
  503: 'not_ready',
}

/** @param text What was answered. */
export function errorOf(
  response: Response & { readonly isRepeat?: boolean },
  text: string,
  idempotencyKey?: string,
): WithdrawalError {
  const said = bodyOf(text)
  const { status } = response
  return new BankWithdrawalError(
    said.code ?? CODE_OF_STATUS[status] ?? 'strange_answer',
    status,
    said.message ?? `The server answered with an error (${status}).`,
    {
      requestId: said.request_id ?? response.headers.get('X-Request-Id') ?? undefined,
      retryAfterSeconds: retryAfterOf(response),
      ...{ errors: said.errors, idempotencyKey, isRepeat: response.isRepeat },
    },
  ) as WithdrawalError
}

type ErrorBody = { [Member in keyof components['schemas']['Error']]?: components['schemas']['Error'][Member] }

/**
 * What it says of itself. A code counts where the rest is there that each of our errors has: something in between may have
 * codes too, and its refusal says nothing of an earlier attempt.
 */
export function bodyOf(text: string): ErrorBody {
  const said = objectIn(text)
  const { message, code, request_id, errors } = said
  if (typeof message !== 'string') return {}
  if (typeof code !== 'string' || typeof request_id !== 'string') return { message }
  const known = { message, code: code as keyof StatusByCode, request_id }
  return Array.isArray(errors) ? { ...known, errors: errors as FieldProblem[] } : known
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** @throws {WithdrawalError} `strange_answer`: what was to be JSON is none. */
export async function parsed(
  response: Response,
  parseAs: 'json' | 'text' | 'blob',
  idempotencyKey?: string,
): Promise<unknown> {
  try {
    return await response[parseAs]()
  } catch (cause) {
    throw new BankWithdrawalError('strange_answer', response.status, 'The answer could not be read.', {
      ...{ idempotencyKey, cause },
    })
  }
}

/** A kit that lets nobody ask for a while does not say for how long; its limit counts two minutes. */
const UNSAID_LIMIT_SECONDS = 30

/** In seconds, also where it is written as a date. */
export function retryAfterOf({ status, headers }: Response): number | undefined {
  const given = headers.get('Retry-After') ?? ''
  const seconds = /^\d+$/.test(given) ? Number(given) : (Date.parse(given) - Date.now()) / 1000
  if (!Number.isNaN(seconds)) return Math.max(0, Math.ceil(seconds))
  return status === 429 ? UNSAID_LIMIT_SECONDS : undefined
}
