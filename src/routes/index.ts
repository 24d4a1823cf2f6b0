import { type RequestHandler, Router } from 'express'

import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { hangUpOnRest, readJson, refuseStrangeBodies, refuseTwins, refuseUnstorable } from './bodies'
import { healthRoutes, type Readiness } from './health'
import { errorHandler, notFound, requestIds } from './http'
import { countRequests, type RequestCounting } from './metrics'
import { openApiRoute } from './openapi'

export interface RouterDeps {
  readonly logger: Logger
  readonly newId: () => string
  /** The system's when left out. */
  readonly setTimer?: Clock['setTimer']
  /** Tells what security is about, as soon as a request has its id. */
  readonly securityEvents?: RequestHandler
  /** Before anything is read or asked. */
  readonly atTheDoor?: RequestHandler
  readonly readiness: Readiness
  readonly metrics?: RequestCounting & { readonly routes: Router }
  /** What is served, by its path in the host. `basePath` also has the operational addresses. */
  readonly basePath: string
  readonly withdrawals: Router
  readonly admin: Router
  /** The operators' page, at the address under which the rest of their routes lie. */
  readonly desk: Router
  /** The users' page for a kit's web app. */
  readonly webView: Router
  /** The API's description for people. */
  readonly apiPage: Router
  /** Routes that read bodies of any type by themselves, before anybody parses them. */
  readonly raw: readonly (readonly [path: string, routes: Router])[]
  readonly iotaap: {
    readonly path: string
    readonly routes: Router
    readonly defaultCurrency: string | null
  } | null
}

/** Everything the plugin serves, as one router that any Express 4 or 5 app mounts at its root. */
export function createRouter(deps: RouterDeps): Router {
  const router = Router()
  const { metrics } = deps
  const serve = (path: string, raw: RouterDeps['raw'], routes: RouterDeps['raw'], named = '') => {
    const own = Router()
    own.use(requestIds(deps.newId))
    if (metrics) own.use(countRequests(metrics, named))
    if (deps.securityEvents) own.use(deps.securityEvents)
    own.use(keptByNobody, hangUpOnRest(), refuseTwins)
    if (deps.atTheDoor) own.use(deps.atTheDoor)
    for (const [at, part] of raw) own.use(at, part)
    own.use(refuseStrangeBodies)
    // A host that has parsed the body already is left alone: the parser skips what is parsed.
    own.use(readJson(deps.setTimer))
    for (const [at, part] of routes) own.use(at, part)
    own.use(notFound)
    own.use(errorHandler(deps.logger))
    router.use(path, own)
  }
  serve(deps.basePath, deps.raw, [
    ['/', Router().get('/openapi.json', openApiRoute(deps.iotaap))],
    ['/health', healthRoutes(deps.readiness)],
    ...(metrics ? ([['/metrics', metrics.routes]] as const) : []),
    ['/admin', deps.desk],
    ['/admin', Router().use(refuseUnstorable, deps.admin)],
    ['/web', deps.webView],
    ['/docs', deps.apiPage],
    ['/', deps.withdrawals],
  ])
  if (deps.iotaap) serve(deps.iotaap.path, [], [['/', deps.iotaap.routes]], 'iotaap:')
  return router
}

/** Accounts and balances are in the answers: no proxy, and no browser on a shared machine, keeps one. */
const keptByNobody: RequestHandler = (_req, res, next) => {
  res.setHeader('Cache-Control', 'no-store')
  next()
}
