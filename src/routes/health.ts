import { Router } from 'express'

import { handle } from './http'

export interface Readiness {
  /** Why this instance cannot do its work now; empty when it can. */
  problems(): Promise<readonly string[]>
  /** What a person should look at while it does its work; never a reason to send nobody here. */
  degraded(): readonly string[]
}

/**
 * `/health/live`: the process answers. `/health`: it can also do its work; 503 while it cannot, so that a load
 * balancer sends nobody here. Public, so it says what is wrong and nothing about anybody's money.
 */
export function healthRoutes({ problems, degraded }: Readiness): Router {
  const router = Router()
  router.get('/live', (_req, res) => {
    res.json({ live: true })
  })
  router.get(
    '/',
    handle(async (_req, res) => {
      const found = await problems()
      const concerns = degraded()
      res.status(found.length === 0 ? 200 : 503).json({
        live: true,
        ready: found.length === 0,
        problems: found,
        ...(concerns.length > 0 && { degraded: concerns }),
      })
    }),
  )
  return router
}
