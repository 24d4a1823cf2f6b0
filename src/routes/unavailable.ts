import { Router } from 'express'

import { AppError } from '../errors'
import type { Logger } from '../ports/logger'
import type { Readiness } from './health'
import { createRouter } from './index'

export interface UnavailableDeps {
  readonly logger: Logger
  readonly newId: () => string
  readonly basePath: string
  readonly iotaapPath: string | null
  readonly defaultCurrency: string | null
  /** What `GET /health` says to everybody. */
  readonly problem: string
  /** What it says to operators. */
  readonly details?: Readiness['details']
}

/** All that a user can do about it. */
const MESSAGE = 'Withdrawals are not available yet. Please try again later.'

/** What is served while there is no plugin to serve: the same addresses, and 503 at each. */
export function unavailableRouter({
  iotaapPath,
  defaultCurrency,
  problem,
  details,
  ...deps
}: UnavailableDeps): Router {
  const refuse = Router()
  refuse.use((_req, _res, next) => {
    next(new AppError('not_ready', MESSAGE, { retryAfterSeconds: 5 }))
  })
  return createRouter({
    ...deps,
    readiness: {
      problems: () => Promise.resolve([problem]),
      degraded: () => [],
      ...(details && { details }),
    },
    withdrawals: refuse,
    admin: refuse,
    desk: refuse,
    webView: refuse,
    apiPage: refuse,
    raw: [
      ['/webhooks', refuse],
      ['/admin/files', refuse],
    ],
    iotaap: iotaapPath === null ? null : { path: iotaapPath, routes: refuse, defaultCurrency },
  })
}
