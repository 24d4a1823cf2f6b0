import express, { type RequestHandler, Router } from 'express'

import { AppError } from '../errors'
import type { Logger } from '../ports/logger'
import { healthRoutes, type Readiness } from './health'
import { errorHandler, notFound, requestIds } from './http'

export interface RouterDeps {
  readonly logger: Logger
  readonly newId: () => string
  /** Before anything is read or asked. */
  readonly atTheDoor?: RequestHandler
  readonly readiness: Readiness
  /** What is served, by its path in the host. `basePath` also has the operational addresses. */
  readonly basePath: string
  readonly withdrawals: Router
  readonly admin: Router
  /** The operators' page, at the address under which the rest of their routes lie. */
  readonly desk: Router
  /** Routes that read bodies of any type by themselves, before anybody parses them. */
  readonly raw: readonly (readonly [path: string, routes: Router])[]
  readonly iotaap: { readonly path: string; readonly routes: Router } | null
}

/** A withdrawal takes a few hundred bytes; this leaves room for the longest names and keeps floods small. */
const BODY_BYTES_MAX = 64 * 1024

/** Everything the plugin serves, as one router that any Express 4 or 5 app mounts at its root. */
export function createRouter(deps: RouterDeps): Router {
  const router = Router()
  const serve = (path: string, raw: RouterDeps['raw'], routes: RouterDeps['raw']) => {
    const own = Router()
    own.use(requestIds(deps.newId))
    if (deps.atTheDoor) own.use(deps.atTheDoor)
    for (const [at, part] of raw) own.use(at, part)
    own.use(refuseStrangeBodies)
    // A host that has parsed the body already is left alone: the parser skips what is parsed.
    own.use(express.json({ limit: BODY_BYTES_MAX, type: ['application/json', 'application/*+json'] }))
    for (const [at, part] of routes) own.use(at, part)
    own.use(notFound)
    own.use(errorHandler(deps.logger))
    router.use(path, own)
  }
  serve(deps.basePath, deps.raw, [
    ['/health', healthRoutes(deps.readiness)],
    ['/admin', deps.desk],
    ['/admin', deps.admin],
    ['/', deps.withdrawals],
  ])
  if (deps.iotaap) serve(deps.iotaap.path, [], [['/', deps.iotaap.routes]])
  return router
}

/** Size and type, also for a body that a host's own, more generous parser has read. */
const refuseStrangeBodies: RequestHandler = (req, _res, next) => {
  if (req.method !== 'POST' && req.method !== 'PUT' && req.method !== 'PATCH') return next()
  const length = Number(req.headers['content-length'] ?? 0)
  if (length > BODY_BYTES_MAX) return next(new AppError('body_too_large', 'The request body is too large.'))
  const type = req.headers['content-type']
  const hasBody = length > 0 || req.headers['transfer-encoding'] !== undefined
  if (hasBody && !/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type ?? ''))
    return next(
      new AppError(
        'unsupported_media_type',
        'The request body must be JSON (Content-Type: application/json).',
      ),
    )
  return next()
}
