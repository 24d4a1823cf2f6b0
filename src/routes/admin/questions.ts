import { Router } from 'express'

import type { BooksStore } from '../../db/books'
import type { DifferenceWithHistory, QuarantinedDestination, Store } from '../../db/store'
import { userOf } from '../../domain/approvals'
import { isKitSafeId } from '../../domain/identifiers'
import { differenceQuestion, isAboutNoRow, type Question } from '../../domain/questions'
import { AppError } from '../../errors'
import type { TakeInLost } from '../../services/books/take-in'
import { ownWithdrawal } from '../../services/operate/actions'
import { handle, identityOf, rejectInvalid } from '../http'
import {
  actorOf,
  justReason,
  nameBody,
  nameQuery,
  onlyKeys,
  optional,
  reasonOf,
  reasonValidator,
  refuse,
  wordQuery,
} from './input'
import { presentWithdrawal } from './present'

const SHOWN_MAX = 500
/** As many digits as a bigint is sure to hold. */
const NUMBER = /^\d{1,18}$/
const NAME = /^[\w-]{1,64}$/

export interface DifferenceRouteDeps {
  readonly store: Store
  readonly books: Pick<BooksStore, 'openDifference'>
  readonly takeInLost: TakeInLost
}

export const differenceQueries = [
  wordQuery('open', ['true', 'false']),
  nameQuery('withdrawal_id', isKitSafeId, { pattern: '^[A-Za-z0-9_-]{1,64}$' }),
]
const userValidator = optional(
  'user_id',
  { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
  (value) =>
    Number.isSafeInteger(value) && Number(value) > 0 ? true : refuse('user_id must be the number of a user.'),
)
export const takeInInput = [onlyKeys('reason', 'provider'), reasonValidator, nameBody('provider')]
export const quarantineInput = [onlyKeys('reason', 'user_id'), reasonValidator, userValidator]

/** Facts that came too late to change anything by themselves, and what a person made of them. */
export function differenceRoutes({ store, books, takeInLost }: DifferenceRouteDeps): Router {
  const router = Router()
  const refuseOwn = createRefuseOwn(store)
  router.get(
    '/',
    ...differenceQueries,
    rejectInvalid,
    handle(async (req, res) => {
      const { open, withdrawal_id } = req.query as Record<string, string | undefined>
      const found = await store.listDifferences({
        isOpen: open !== 'false',
        limit: SHOWN_MAX,
        ...(withdrawal_id !== undefined && { withdrawalId: withdrawal_id }),
      })
      res.json({ data: found.map(presentDifference) })
    }),
  )
  const answer = (
    path: string,
    resolve: (params: Record<string, unknown>, given: Answer) => Promise<boolean>,
  ) =>
    router.post(
      path,
      ...justReason,
      rejectInvalid,
      handle(async (req, res) => {
        const resolved = await resolve(req.params, { by: actorOf(res), resolution: reasonOf(req.body) })
        if (!resolved) throw new AppError('difference_not_found', 'There is no such open difference.')
        res.json({ resolved: true })
      }),
    )
  router.post(
    '/:id/take-in',
    ...takeInInput,
    rejectInvalid,
    handle(async (req, res) => {
      const { id } = req.params
      if (!NUMBER.test(String(id)))
        throw new AppError('difference_not_found', 'There is no such open difference.')
      const { provider = null } = req.body as { provider?: string }
      const decision = { actor: actorOf(res), reason: reasonOf(req.body), provider }
      res.json(presentWithdrawal(await takeInLost(String(id), decision)))
    }),
  )
  // One question, as it was seen: a fact that came since stays open.
  answer('/:id/resolve', async ({ id }, given) => {
    const question = NUMBER.test(String(id)) ? await books.openDifference(String(id)) : null
    if (!question) return false
    await refuseOwn(given.by, [question])
    return store.answerDifference({ id: String(id), ...given })
  })
  // All that is open of one kind.
  answer('/:withdrawalId/:kind/resolve', async ({ withdrawalId, kind }, given) => {
    if (!isKitSafeId(withdrawalId) || !NAME.test(String(kind))) return false
    const open = await store.listDifferences({ withdrawalId, isOpen: true, limit: SHOWN_MAX })
    await refuseOwn(
      given.by,
      open.filter((question) => question.kind === kind),
    )
    return store.resolveDifference({ withdrawalId, kind: String(kind), ...given })
  })
  return router
}

/** That a question is closed moves no money, and nobody else would be asked any more who has got too much. */
const createRefuseOwn =
  (store: Pick<Store, 'findWithdrawal'>) =>
  async (actor: string, questions: readonly Pick<DifferenceWithHistory, 'withdrawalId' | 'detail'>[]) => {
    for (const { withdrawalId, detail } of questions) {
      const row = await store.findWithdrawal(withdrawalId)
      // Of a burn without a row the exchange says whose it is.
      const listed = (detail as { exchange?: { userId?: unknown } | null }).exchange
      if ((row ?? listed)?.userId === userOf(actor)) throw ownWithdrawal()
    }
  }

interface Answer {
  readonly by: string
  readonly resolution: string
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
    ...quarantineInput,
    rejectInvalid,
    handle(async (req, res) => {
      const hash = String(req.params.hash)
      const { user_id: userId = null } = req.body as { user_id?: number }
      const lift = { destinationHash: hash, userId, actor: actorOf(res), reason: reasonOf(req.body) }
      const own = { destinationHash: hash, userId: identityOf(res).userId }
      const isOwn = userId === null || userId === own.userId
      if (isOwn && NAME.test(hash) && (await store.isQuarantined(own))) throw ownWithdrawal()
      if (!NAME.test(hash) || !(await store.liftQuarantine(lift)))
        throw new AppError('quarantine_not_found', 'No payouts to this account are held up.')
      res.json({ lifted: true })
    }),
  )
  return router
}

/** What a person has to know who is asked. */
export const presentQuestion = (question: Question) => ({
  title: question.title,
  money: question.money,
  what_to_do: question.whatToDo,
  suggested_actions: question.suggested,
})

/** What the desk offers as a button: the likeliest way to make both sides agree again. */
function fixOf({ kind, resolvedAt }: DifferenceWithHistory) {
  if (resolvedAt !== null) return undefined
  if (kind === 'burn_without_row') return 'take_in'
  return isAboutNoRow(kind) || differenceQuestion(kind).suggested.length === 0 ? 'answer' : 'decide'
}

export const presentDifference = (difference: DifferenceWithHistory) => ({
  id: difference.id,
  kind: difference.kind,
  withdrawal_id: difference.withdrawalId,
  ...presentQuestion(differenceQuestion(difference.kind)),
  suggested_fix: fixOf(difference),
  detail: difference.detail,
  opened_at: difference.openedAt.toISOString(),
  resolved_at: difference.resolvedAt?.toISOString(),
  resolved_by: difference.resolvedBy ?? undefined,
  resolution: difference.resolution ?? undefined,
  history: difference.history.map((earlier) => ({
    detail: earlier.detail,
    opened_at: earlier.openedAt.toISOString(),
    resolved_at: earlier.resolvedAt.toISOString(),
    resolved_by: earlier.resolvedBy,
    resolution: earlier.resolution,
  })),
})

const presentQuarantined = (entry: QuarantinedDestination) => ({
  destination_hash: entry.destinationHash,
  user_id: entry.userId,
  destination: entry.masked,
  reason_code: entry.reasonCode,
  withdrawal_id: entry.withdrawalId,
  since: entry.since.toISOString(),
})
