import { Router } from 'express'

import { AppError } from '../errors'
import type { Logger } from '../ports/logger'
import { createRouter } from './index'

export interface UnavailableDeps {
  readonly logger: Logger
  readonly newId: () => string
  readonly basePath: string
  readonly iotaapPath: string | null
  /** What a person who asks is told. Says nothing that is secret: anybody may ask. */
  readonly message: string
  /** What `GET /health` lists. */
  readonly problems: readonly string[]
}

/** What is served while there is no plugin to serve: the same addresses, and 503 at each. */
export function unavailableRouter({ iotaapPath, message, problems, ...deps }: UnavailableDeps): Router {
  const refuse = Router()
  refuse.use((_req, _res, next) => {
    next(new AppError('not_ready', message, { retryAfterSeconds: 5 }))
  })
  return createRouter({
    ...deps,
    readiness: { problems: () => Promise.resolve(problems), degraded: () => [] },
    withdrawals: refuse,
    admin: refuse,
    raw: [
      ['/webhooks', refuse],
      ['/admin/files', refuse],
    ],
    iotaap: iotaapPath === null ? null : { path: iotaapPath, routes: refuse },
  })
}
