import { Router } from 'express'

import type { Difference, QuarantinedDestination, Store } from '../../db/store'
import { AppError } from '../../errors'
import { handle, rejectInvalid } from '../http'
import { actorOf, nameQuery, onlyKeys, reasonOf, reasonValidator } from './input'

const SHOWN_MAX = 500

/** Facts that came too late to change anything by themselves, and what a person made of them. */
export function differenceRoutes(store: Store): Router {
  const router = Router()
  router.get(
    '/',
    nameQuery('open', (value) => value === 'true' || value === 'false'),
    rejectInvalid,
    handle(async (req, res) => {
      const found = await store.listDifferences({ isOpen: req.query.open !== 'false', limit: SHOWN_MAX })
      res.json({ data: found.map(presentDifference) })
    }),
  )
  router.post(
    '/:withdrawalId/:kind/resolve',
    onlyKeys('reason'),
    reasonValidator,
    rejectInvalid,
    handle(async (req, res) => {
      const resolved = await store.resolveDifference({
        withdrawalId: String(req.params.withdrawalId),
        kind: String(req.params.kind),
        by: actorOf(res),
        resolution: reasonOf(req.body),
      })
      if (!resolved) throw new AppError('difference_not_found', 'There is no such open difference.')
      res.json({ resolved: true })
    }),
  )
  return router
}

/** Accounts that sent money back, and letting payouts go there again. */
export function quarantineRoutes(store: Store): Router {
  const router = Router()
  router.get(
    '/',
    handle(async (_req, res) => res.json({ data: (await store.listQuarantine()).map(presentQuarantined) })),
  )
  router.post(
    '/:hash/lift',
    onlyKeys('reason'),
    reasonValidator,
    rejectInvalid,
    handle(async (req, res) => {
      const lifted = await store.liftQuarantine({
        destinationHash: String(req.params.hash),
        actor: actorOf(res),
        reason: reasonOf(req.body),
      })
      if (!lifted) throw new AppError('quarantine_not_found', 'No payouts to this account are held up.')
      res.json({ lifted: true })
    }),
  )
  return router
}

const presentDifference = (difference: Difference) => ({
  kind: difference.kind,
  withdrawal_id: difference.withdrawalId,
  detail: difference.detail,
  opened_at: difference.openedAt.toISOString(),
  resolved_at: difference.resolvedAt?.toISOString(),
  resolved_by: difference.resolvedBy ?? undefined,
  resolution: difference.resolution ?? undefined,
})

const presentQuarantined = (entry: QuarantinedDestination) => ({
  destination_hash: entry.destinationHash,
  destination: entry.masked,
  reason_code: entry.reasonCode,
  withdrawal_id: entry.withdrawalId,
  since: entry.since.toISOString(),
})
