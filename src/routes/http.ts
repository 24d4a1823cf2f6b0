import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express'
import { validationResult } from 'express-validator'

import { AppError, type ErrorCode, errorFields, type FieldProblem } from '../errors'
import type { Authenticator, Identity } from '../ports/authenticator'
import type { Logger } from '../ports/logger'

/** Wraps an async handler: an unheard rejection would take the whole plugin server of an exchange down. */
export const handle =
  (work: (req: Request, res: Response) => Promise<unknown>): RequestHandler =>
  (req: Request, res: Response, next: NextFunction) => {
    work(req, res).catch(next)
  }

/** Past Express's own way, which hashes each body for an ETag: nobody keeps what is `no-store`. */
export function answerJson(res: Response, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body))
  res.setHeader('Content-Type', 'application/json; charset=utf-8')
  res.setHeader('Content-Length', bytes.length)
  res.end(bytes)
}

/** Gives every request an id: the client's own where it is harmless, else a new one. */
export const requestIds =
  (newId: () => string): RequestHandler =>
  (req, res, next) => {
    const given = req.headers['x-request-id']
    const id = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : newId()
    res.locals.requestId = id
    res.setHeader('X-Request-Id', id)
    next()
  }

/** Lets in only who has one of the scopes; the identity is kept for the handler. */
export const allow = (authenticator: Authenticator, scopes: readonly string[]): RequestHandler =>
  function authenticate(req, res, next) {
    authenticator.authenticate(req, scopes).then((identity) => {
      res.locals.identity = identity
      next()
    }, next)
  }

export const identityOf = (res: Response): Identity => res.locals.identity as Identity

/** What a validator throws or names as its message: a stable code beside the words. */
export interface Complaint {
  readonly code: ErrorCode
  readonly message: string
  /** The field it is about, where that is another one than the validator was asked for. */
  readonly path?: string
}

/** Answers the first complaint of express-validator, and lists all of them. Values are left out: they are private. */
export const rejectInvalid: RequestHandler = (req, _res, next) => {
  const result = validationResult(req)
  if (result.isEmpty()) return next()
  const complaints = result.array().map((error) => {
    const { code, message, path } = toComplaint(error.msg)
    const type = code === 'unknown_field' ? ('unknown_fields' as const) : ('field' as const)
    const at = error.type === 'field' ? { path: path ?? error.path, location: error.location } : {}
    return { code, problem: { type, msg: message, ...at } satisfies FieldProblem }
  })
  const [first] = complaints
  next(
    new AppError(first?.code ?? 'invalid_request', first?.problem.msg ?? 'The request is not valid.', {
      errors: complaints.map(({ problem }) => problem),
    }),
  )
}

function toComplaint(message: unknown): Complaint {
  const { code, message: text, path } = (message ?? {}) as Partial<Complaint>
  if (!code || !text) return { code: 'invalid_request', message: String(message) }
  return { code, message: text, ...(path !== undefined && { path }) }
}

export const notFound: RequestHandler = (_req, _res, next) => {
  next(new AppError('route_not_found', 'There is no such address.'))
}

/** Every error, from every route, in one shape. Whatever is not meant for people stays in the log. */
export const errorHandler =
  (logger: Logger): ErrorRequestHandler =>
  (error: unknown, req, res, _next) => {
    const requestId = res.locals.requestId as string | undefined
    const asked = { requestId, method: req.method, route: req.baseUrl }
    if (res.headersSent) {
      // A part must not be taken for the whole; and a host would print the error as it is.
      logger.error('request.broken_off', { ...asked, ...errorFields(error) })
      return void res.destroy()
    }
    const known = error instanceof AppError ? error : fromBodyParser(error)
    const answer =
      known ?? new AppError('internal_error', 'Something went wrong. Please try again.', { cause: error })
    if (answer.status >= 500)
      logger.error('request.failed', {
        ...asked,
        code: answer.code,
        ...errorFields(answer.cause ?? answer),
      })
    res.locals.errorCode = answer.code
    if (answer.status === 401) res.setHeader('WWW-Authenticate', 'Bearer')
    if (answer.retryAfterSeconds !== undefined) res.setHeader('Retry-After', answer.retryAfterSeconds)
    res.status(answer.status).json({
      message: answer.message,
      code: answer.code,
      request_id: requestId,
      ...(answer.errors && { errors: answer.errors }),
    })
  }

/** body-parser's errors, by their documented `type`. */
function fromBodyParser(error: unknown): AppError | null {
  const { type, status } = (error ?? {}) as { type?: unknown; status?: unknown }
  switch (type) {
    case 'entity.parse.failed':
      return new AppError('invalid_json', 'The request body is not valid JSON.')
    case 'entity.shape.refused':
      return new AppError('invalid_request', (error as Error).message)
    case 'entity.too.large':
      return new AppError('body_too_large', 'The request body is too large.')
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new AppError('unsupported_media_type', 'The request body must be JSON in UTF-8.')
    default:
      // Express's own complaints about a request, a malformed % in the path for instance.
      return typeof status === 'number' && status >= 400 && status < 500
        ? new AppError('invalid_request', 'The request is not valid.')
        : null
  }
}
