import { Router } from 'express'

import type { Batch, ReadyGroup, Store, StoredWithdrawal } from '../../db/store'
import type { BatchState } from '../../domain/batch'
import { isKitSafeId } from '../../domain/identifiers'
import { toJsonNumber } from '../../domain/money'
import { AppError } from '../../errors'
import type { ProviderControl } from '../../services/operate/providers'
import type { BatchRuns, GroupRun } from '../../workers/batch-run'
import { handle, rejectInvalid } from '../http'
import {
  actorOf,
  nameBody,
  nameQuery,
  numberQuery,
  onlyKeys,
  reasonOf,
  reasonValidator,
  wordQuery,
} from './input'

const STATES: readonly string[] = ['sending', 'sent', 'refused', 'in_doubt'] satisfies BatchState[]
const PAGE_SIZE_MAX = 100

export const batchQueries = [
  nameQuery('provider'),
  wordQuery('state', STATES),
  numberQuery('offset', 1_000_000),
  numberQuery('limit', PAGE_SIZE_MAX),
]
export const previewQueries = [nameQuery('provider')]
export const runInput = [onlyKeys('provider', 'reason'), nameBody('provider'), reasonValidator]

interface BatchRouteDeps {
  readonly store: Store
  readonly batches: BatchRuns
  readonly providers: ProviderControl
}

/** Batches: what the next one would send, sending it now, and what became of the earlier ones. */
export function batchRoutes({ store, batches, providers }: BatchRouteDeps): Router {
  const router = Router()
  router.get(
    '/',
    ...batchQueries,
    rejectInvalid,
    handle(async (req, res) => {
      const { provider, state, offset, limit } = req.query as Record<string, string | undefined>
      const found = await store.listBatches({
        ...(provider !== undefined && { provider }),
        ...(state !== undefined && { state: state as BatchState }),
        offset: Number(offset ?? 0),
        limit: Number(limit ?? 20),
      })
      res.json({ data: found.map(presentBatch) })
    }),
  )
  router.get(
    '/preview',
    ...previewQueries,
    rejectInvalid,
    handle(async (req, res) => {
      const groups = await store.readyGroups(req.query.provider as string | undefined)
      res.json({ data: groups.map(presentGroup) })
    }),
  )
  router.post(
    '/run',
    ...runInput,
    rejectInvalid,
    handle(async (req, res) => {
      const { provider } = req.body as { provider?: string }
      // Nothing sent, and no word of why, is what a mistyped name would look like.
      if (provider !== undefined) await providers.find(provider)
      await store.recordOperatorAction({
        actor: actorOf(res),
        action: 'batches.run',
        subject: provider ?? 'all providers',
        reason: reasonOf(req.body),
        detail: {},
      })
      res.json({ data: (await batches.run(provider)).map(presentRun) })
    }),
  )
  router.get(
    '/:id',
    handle(async (req, res) => {
      const { id } = req.params
      const batch = isKitSafeId(id) ? await store.findBatch(id) : null
      if (!batch) throw new AppError('batch_not_found', 'There is no such batch.')
      const members = await store.listBatchMembers(batch.id)
      res.json({ ...presentBatch(batch), items: members.map((row) => presentMember(row, batch)) })
    }),
  )
  return router
}

const presentBatch = (batch: Batch) => ({
  id: batch.id,
  provider: batch.provider,
  currency: batch.currency,
  key: batch.batchKey,
  state: batch.state,
  item_count: batch.itemCount,
  // A sum may have more digits than a JSON number keeps.
  total: batch.total,
  payload_hash: batch.payloadHash,
  attempts: batch.attempts,
  provider_reference: batch.providerReference ?? undefined,
  reason_code: batch.reasonCode ?? undefined,
  created_at: batch.createdAt.toISOString(),
  sent_at: batch.sentAt.toISOString(),
})

const presentGroup = (group: ReadyGroup) => ({
  provider: group.provider,
  currency: group.currency,
  item_count: group.count,
  total: group.total,
  oldest_since: group.oldestSince.toISOString(),
})

const presentRun = ({ provider, currency, batches, singles, waiting }: GroupRun) => ({
  provider,
  currency,
  batches: batches.map(({ id, itemCount, total, outcome }) => ({
    id,
    item_count: itemCount,
    total,
    outcome,
  })),
  singles,
  ...(waiting !== undefined && { waiting }),
})

/** `left` marks a member that went on in another batch, or was taken out. */
const presentMember = (row: StoredWithdrawal, batch: Batch) => ({
  id: row.id,
  user_id: row.userId,
  amount: toJsonNumber(row.payoutAmount),
  destination: row.destinationMasked,
  state: row.state,
  reason_code: row.reasonCode ?? undefined,
  provider_reference: row.providerReference ?? undefined,
  left: row.batchId !== batch.id,
})
