import { type RequestHandler, Router } from 'express'

import type { ProviderControl, ProviderOverview } from '../../services/operate/providers'
import { handle, rejectInvalid } from '../http'
import { actorOf, onlyKeys, reasonOf, reasonValidator, versionValidator } from './input'

/** The providers: how they are doing, and whether payouts may leave to them. */
export function providerRoutes({ providers }: { providers: ProviderControl }): Router {
  const router = Router()
  router.get(
    '/',
    handle(async (_req, res) => res.json({ data: (await providers.list()).map(presentProvider) })),
  )
  router.post('/:name/pause', ...decide(providers, true))
  router.post('/:name/resume', ...decide(providers, false))
  return router
}

const decide = (providers: ProviderControl, isPaused: boolean): RequestHandler[] => [
  onlyKeys('reason', 'version'),
  reasonValidator,
  versionValidator,
  rejectInvalid,
  handle(async (req, res) => {
    const given = req.body as { version?: number }
    const provider = await providers.setPaused({
      provider: String(req.params.name),
      isPaused,
      reason: reasonOf(given),
      actor: actorOf(res),
      version: given.version ?? null,
    })
    res.json(presentProvider(provider))
  }),
]

/** As the list of providers and the first screen show it. */
export const presentProvider = (provider: ProviderOverview) => ({
  name: provider.name,
  mode: provider.mode,
  schedule: provider.schedule,
  methods: provider.methods,
  batch_items_max: provider.batchItemsMax,
  paused: provider.paused !== null,
  ...(provider.paused && {
    paused_reason: provider.paused.reason,
    paused_by: provider.paused.actor,
    paused_at: provider.paused.updatedAt.toISOString(),
  }),
  version: provider.version,
  silent_for_ms: provider.silentForMs,
})
