/** What can go wrong with a call of a provider. None of them holds a header, a body, a query or an id. */

/**
 * There was no usable answer. `reached: 'no'` only where it is proven that nothing was sent, so that the payout may
 * be called `deferred`; after `'maybe'` it is `unknown`.
 */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError'

  constructor(
    message: string,
    readonly reached: 'no' | 'maybe',
    /** The network's word (`ECONNRESET`), or `DEADLINE`, `ANSWER_TOO_LARGE`. */
    readonly code: string | undefined,
  ) {
    super(message)
  }
}

/** An answer that is not JSON: a proxy's error page, half a document. It proves nothing. */
export class UnreadableAnswerError extends Error {
  override readonly name = 'UnreadableAnswerError'
  readonly code = 'UNREADABLE_ANSWER'

  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message)
  }
}

/** A request that must not be sent. A fault of the provider's code: nothing was sent, and repeating does not help. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError'
  readonly code = 'INVALID_REQUEST'
}

/**
 * Node's words for a certificate that was not accepted; Node hangs up before the request is written. Other words about
 * TLS prove nothing: `ERR_SSL_WRONG_VERSION_NUMBER` is said of a server that does not speak it at all, and just so where
 * something on the way writes its error page, as it is, into a connection over which the request has gone.
 */
const CERTIFICATE_REFUSED = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'CERT_CHAIN_TOO_LONG',
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** A name that was not resolved, a connection that was refused: the call never left this machine. */
const NEVER_CONNECTED: Readonly<Record<string, readonly string[]>> = {
  getaddrinfo: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA'],
  connect: ['ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL'],
}

interface NetworkError {
  readonly code?: unknown
  readonly syscall?: unknown
  /** Of an `AggregateError`: one per address that was tried. */
  readonly errors?: readonly unknown[]
}

/** @returns 'no' when the error proves that no byte of the request was sent. */
export function reachOf(error: unknown): 'no' | 'maybe' {
  const { code, syscall, errors } = (error ?? {}) as NetworkError
  if (Array.isArray(errors) && errors.length > 0)
    return errors.every((each) => reachOf(each) === 'no') ? 'no' : 'maybe'
  if (typeof code !== 'string') return 'maybe'
  if (CERTIFICATE_REFUSED.has(code)) return 'no'
  return typeof syscall === 'string' && NEVER_CONNECTED[syscall]?.includes(code) ? 'no' : 'maybe'
}
