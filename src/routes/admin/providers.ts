import { type RequestHandler, Router } from 'express'

import type { Decisions } from '../../services/operate/decisions'
import type { ProviderControl, ProviderOverview } from '../../services/operate/providers'
import { handle, rejectInvalid } from '../http'
import { answer } from './answer'
import { actorOf, reasonAndVersion, reasonOf } from './input'

interface ProviderRouteDeps {
  readonly providers: ProviderControl
  readonly decisions: Decisions
}

/** The providers: how they are doing, and whether payouts may leave to them. */
export function providerRoutes({ providers, decisions }: ProviderRouteDeps): Router {
  const router = Router()
  router.get(
    '/',
    handle(async (_req, res) => res.json({ data: (await providers.list()).map(presentProvider) })),
  )
  router.post(
    '/:name/pause',
    ...decide(async (decision) => ({
      kind: 'done',
      result: await providers.setPaused({ ...decision, isPaused: true }),
    })),
  )
  router.post('/:name/resume', ...decide(decisions.resume))
  return router
}

const decide = (make: Decisions['resume']): RequestHandler[] => [
  ...reasonAndVersion,
  rejectInvalid,
  handle(async (req, res) => {
    const given = req.body as { version?: number }
    const decided = await make({
      provider: String(req.params.name),
      reason: reasonOf(given),
      actor: actorOf(res),
      version: given.version ?? null,
    })
    answer(res, decided, presentProvider)
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
