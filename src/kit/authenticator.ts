import { AppError } from '../errors'
import type { Authenticator, Identity } from '../ports/authenticator'
import type { Clock } from '../ports/clock'
import { withDeadline } from '../runtime/deadline'
import { ExchangeUnavailableError } from './calls'
import { describeFault } from './classify-error'
import type { ToolsLib } from './tools-lib'

/**
 * Asks the kit's own middleware who makes a request. The middleware answers a refused request by itself, in its
 * own shape; it is handed a stand-in to answer to, so that our clients see one shape of error.
 */
export const createKitAuthenticator = (options: {
  toolsLib: Pick<ToolsLib, 'security'>
  clock: Clock
  timeoutMs: number
}): Authenticator => ({
  async authenticate(request, scopes) {
    const answer = await ask(options, request, scopes).catch((error: unknown) => {
      throw notReady(describeFault(error))
    })
    if ('status' in answer) throw refusal(answer.status, answer.message)
    return toIdentity(answer.auth)
  },
})

const NEUTRAL_ADDRESS = '/plugins/bank/withdrawal'

type Answer = { auth: unknown } | { status: number; message: string | null }

function ask(
  { toolsLib, clock, timeoutMs }: Parameters<typeof createKitAuthenticator>[0],
  request: object,
  scopes: readonly string[],
): Promise<Answer> {
  const verified = () =>
    new Promise<Answer>((resolve, reject) => {
      const response = standInResponse(resolve)
      // The kit answers through `req.res` in some versions and through `res` in others. An `auth` that is already
      // on the request was not put there by this check.
      const view = copyOf(request, {
        res: response,
        auth: undefined,
        // Some versions look for the word "admin" anywhere in the address, and refuse every one that is not in
        // their own table of permissions. That table knows no plugin; who may do what here is decided by scopes.
        originalUrl: NEUTRAL_ADDRESS,
        url: NEUTRAL_ADDRESS,
      })
      const next = (error?: unknown) =>
        error === undefined || error === null
          ? resolve({ auth: view.auth })
          : reject(new Error('the kit refused to check the token'))
      Promise.resolve(
        toolsLib.security.verifyBearerTokenExpressMiddleware([...scopes])(view, response, next),
      ).catch(reject)
    })
  return withDeadline(clock, timeoutMs, 'token check', verified)
}

/**
 * What a kit writes on it is not on the request. Not an object that inherits from the request: a runtime makes whatever
 * others inherit from a kind of its own, and from then on finds nothing on that request as fast as on others.
 */
const copyOf = <Changes extends object>(request: object, changes: Changes): Changes => ({
  // Written, and not assigned: a host may have put its own `query` before one that Express only lets be read.
  __proto__: Object.getPrototypeOf(request) as object,
  ...request,
  ...changes,
})

function standInResponse(resolve: (answer: Answer) => void): object {
  let status = 200
  const end = (body?: unknown) => {
    const message = (body as { message?: unknown } | null | undefined)?.message
    resolve({ status, message: typeof message === 'string' ? message : null })
    return response
  }
  const response = {
    status(code: number) {
      status = code
      return response
    },
    setHeader: () => response,
    set: () => response,
    json: end,
    send: end,
    end,
  }
  return response
}

/** The fault in words, never the error itself: those of the kit carry the exchange's api key. */
const notReady = (fault: string): AppError =>
  new AppError('not_ready', 'The exchange could not check who you are. Please try again in a moment.', {
    cause: new ExchangeUnavailableError(`token check failed: ${fault}`),
    retryAfterSeconds: 5,
  })

/**
 * What a kit's database and its redis say. Its middleware looks for the session there, and answers 401
 * with whatever that look ends in: whoever is told so would sign in again for nothing, and read where the exchange's
 * servers are. Its TypeErrors are left out: a session that only redis still knows is one, which a new sign-in mends.
 */
const OUT_OF_ORDER =
  /\bE(?:CONN|TIMEDOUT|AI_|NOTFOUND|PIPE|HOST|NET)\w*|redis|connection|database|timeout|too many clients|password authentication|can't be processed/i

function refusal(status: number, message: string | null): AppError {
  if (status >= 500) return notReady(`the kit answered ${status}`)
  if (status === 401 && message !== null && OUT_OF_ORDER.test(message))
    return notReady(`the kit answered 401: ${message.slice(0, 200)}`)
  return status === 403
    ? new AppError('forbidden', message ?? 'Access denied: you may not use this endpoint.')
    : new AppError('unauthorized', message ?? 'Access denied: a valid Bearer token is required.')
}

function toIdentity(auth: unknown): Identity {
  const token = (auth ?? {}) as { sub?: { id?: unknown }; scopes?: unknown; is_sharedaccount?: unknown }
  const userId = token.sub?.id
  // "7", [7] and 1e309 are not users.
  if (typeof userId !== 'number' || !Number.isSafeInteger(userId) || userId <= 0)
    throw new AppError('unauthorized', 'Access denied: the token names no user.')
  return {
    userId,
    scopes: Array.isArray(token.scopes)
      ? token.scopes.filter((scope): scope is string => typeof scope === 'string')
      : [],
    isSharedAccount: token.is_sharedaccount === true,
  }
}
