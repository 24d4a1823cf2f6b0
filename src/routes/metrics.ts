import { createHash, timingSafeEqual } from 'node:crypto'

import { type Request, type RequestHandler, type Response, Router } from 'express'

import { AppError } from '../errors'
import { handle } from './http'

export interface MetricsRouteDeps {
  readonly read: () => Promise<{ readonly text: string; readonly contentType: string }>
  /** What a collector shows as its bearer token; empty where there is none. */
  readonly token: string
  /** Whether a connection from this machine, that no proxy has handed on, needs no token. */
  readonly trustsLoopback: boolean
  readonly isOperator: (req: Request, res: Response) => Promise<boolean>
}

/**
 * `GET /metrics`: how much money stands where is nobody's business. It is shown to whoever has the collector's token, to
 * operators, and, where the program serves by itself, to its own machine as long as there is no token.
 */
export function metricsRoutes(deps: MetricsRouteDeps): Router {
  const router = Router()
  router.get(
    '/',
    handle(async (req, res) => {
      if (!(await mayRead(deps, req, res)))
        throw new AppError(
          'unauthorized',
          'Metrics need the collector’s token (the setting metricsToken) or an operator’s, as Authorization: Bearer.',
        )
      const { text, contentType } = await deps.read()
      res.setHeader('Content-Type', contentType)
      res.end(text)
    }),
  )
  return router
}

async function mayRead(deps: MetricsRouteDeps, req: Request, res: Response): Promise<boolean> {
  const given = /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1]
  if (deps.token !== '' && given !== undefined && isSame(given, deps.token)) return true
  if (deps.token === '' && deps.trustsLoopback && given === undefined && isOwnMachine(req)) return true
  return deps.isOperator(req, res)
}

/** In the same time whatever is given. */
const isSame = (given: string, wanted: string): boolean => {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(wanted))
}

/** The name too: a page of a stranger’s may have its own name lead to this machine, and would read the answer. */
const LOCAL_NAMES = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/
/** What a proxy writes: behind one, everybody comes from this machine. */
const HANDED_ON = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
]

const isOwnMachine = (req: Request): boolean =>
  LOOPBACK.test(req.socket.remoteAddress ?? '') &&
  LOCAL_NAMES.test(req.headers.host ?? '') &&
  HANDED_ON.every((name) => req.headers[name] === undefined)

/** What a request came to. `route` is a pattern, so that there are as many as there are routes. */
export interface AnsweredRequest {
  readonly route: string
  readonly method: string
  readonly status: number
  readonly seconds: number
}

export interface RequestCounting {
  readonly request: (request: AnsweredRequest) => void
  readonly monotonicMs: () => number
}

/**
 * Tells of each request once it is answered: by the pattern of its route, never by what it asked for.
 *
 * @param named Put before the pattern, where the same patterns are served twice.
 */
export const countRequests = (
  { request: note, monotonicMs }: RequestCounting,
  named: string,
): RequestHandler =>
  function countRequest(req, res, next) {
    const startedMs = monotonicMs()
    const mount = req.baseUrl.length
    res.once('finish', () => {
      const route = `${named}${routeOf(req, mount)}`
      note({
        route,
        method: req.method,
        status: res.statusCode,
        seconds: (monotonicMs() - startedMs) / 1_000,
      })
    })
    next()
  }

/** Paths are compared without regard to case: as many spellings are one route. */
function routeOf(req: Request, mount: number): string {
  const route = req.route as { path?: unknown } | undefined
  if (typeof route?.path !== 'string') return 'none'
  const place = `${req.baseUrl.slice(mount).toLowerCase()}${route.path}`
  return place.length > 1 ? place.replace(/\/$/, '') : place
}
