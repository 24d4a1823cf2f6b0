import { type Request, type Response, Router } from 'express'

import { handle } from './http'

export interface Readiness {
  /** Why this instance cannot do its work now, in words for everybody; empty when it can. */
  problems(): Promise<readonly string[]>
  /** What a person should look at while it does its work; never a reason to send nobody here. */
  degraded(): readonly string[]
  /** What only operators are told besides. */
  readonly details?: {
    problems(): Promise<readonly string[]>
    isOperator(req: Request, res: Response): Promise<boolean>
  }
}

/** What keeps it from being known is among the problems that everybody is told. */
const UNKNOWN = 'what operators have stopped or set could not be read'

/**
 * `/health/live`: the process answers. `/health`: it can also do its work; 503 while it cannot, so that a load
 * balancer sends nobody here. Public, so it says what is wrong and nothing about anybody's money or anything's settings.
 */
export function healthRoutes({ problems, degraded, details }: Readiness): Router {
  const router = Router()
  router.get('/live', (_req, res) => {
    res.json({ live: true })
  })
  router.get(
    '/',
    handle(async (req, res) => {
      const found = await problems()
      const concerns = degraded()
      const more = (await details?.isOperator(req, res))
        ? await details?.problems().catch(() => [UNKNOWN])
        : undefined
      res.status(found.length === 0 ? 200 : 503).json({
        live: true,
        ready: found.length === 0,
        problems: found,
        ...(concerns.length > 0 && { degraded: concerns }),
        ...(more && { details: more }),
      })
    }),
  )
  return router
}
