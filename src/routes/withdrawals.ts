import { type RequestHandler, type Response, Router } from 'express'

import type { ListedWithdrawal, ListQuery, Store, StoredWithdrawal } from '../db/store'
import { isKitSafeId } from '../domain/identifiers'
import { AppError, TEXTS } from '../errors'
import type { CreateWithdrawal } from '../services/intake/create'
import type { CurrencyOptions } from '../services/intake/options'
import type { Quoted, QuoteRequest } from '../services/intake/quote'
import { createChecks, toIntakeRequest } from './create-body'
import { sendCsv } from './csv'
import { answerJson, handle, identityOf, rejectInvalid } from './http'
import type { RouteLimits } from './limits'
import { listValidators, pageValidators, readListQuery, readPageQuery } from './list-queries'
import type { ListReader } from './list-reader'
import type { Presenter } from './present'
import { presentOptions, presentQuote, presentTimeline } from './present-options'
import { quoteValidators, readQuoteQuery } from './quote-query'

export interface WithdrawalRouteDeps {
  readonly store: Store
  readonly present: Presenter
  readonly create: CreateWithdrawal
  readonly cancel: (userId: number, id: string) => Promise<StoredWithdrawal>
  readonly options: (userId: number) => Promise<readonly CurrencyOptions[]>
  readonly quote: (request: QuoteRequest) => Promise<Quoted>
  readonly defaultCurrency: string | null
  readonly user: RequestHandler
  /** `user`, and turning away who asks for too much. */
  readonly limited: RouteLimits['of']
  /** After `user`, before anything is changed. */
  readonly acting: RequestHandler
  /** One for both dialects: they are one user's lists. */
  readonly lists: ListReader
}

/** What users do with their own withdrawals. */
export function withdrawalRoutes(deps: WithdrawalRouteDeps): Router {
  const { store, present, user, limited } = deps
  const router = Router()
  const reading = limited('read', user)

  router.post('/', ...createRoute(deps, null, present.record))
  router.get('/list', ...reading, ...listRoute(deps.lists, present.record))
  router.get('/', ...reading, ...pageRoute(deps))
  router.get(
    '/options',
    ...reading,
    handle(async (_req, res) => res.json((await deps.options(identityOf(res).userId)).map(presentOptions))),
  )
  router.get(
    '/quote',
    ...reading,
    ...quoteValidators,
    rejectInvalid,
    handle(async (req, res) => {
      const request = { ...readQuoteQuery(req.query), userId: identityOf(res).userId }
      res.json(presentQuote(await deps.quote(request)))
    }),
  )
  router.get(
    '/:id',
    ...reading,
    handle(async (req, res) => {
      const row = await ownWithdrawal(store, res, req.params.id)
      const journal = await store.readJournal(row.id)
      res.json({ ...present.record(row), timeline: presentTimeline(journal) })
    }),
  )
  router.post(
    '/:id/cancel',
    ...limited('cancel', user),
    deps.acting,
    handle(async (req, res) => {
      const row = await ownWithdrawal(store, res, req.params.id)
      res.json(present.record(await deps.cancel(row.userId, row.id)))
    }),
  )
  return router
}

/** The IoTaaP withdrawal API: the same withdrawals in that API's words. */
export function iotaapRoutes(deps: WithdrawalRouteDeps): Router {
  const { store, present, user, limited, defaultCurrency } = deps
  const router = Router()
  const reading = limited('read', user)
  router.post('/', ...createRoute(deps, defaultCurrency, present.iotaapRecord))
  router.get('/list', ...reading, ...listRoute(deps.lists, present.iotaapRecord))
  router.get(
    '/:id',
    ...reading,
    handle(async (req, res) =>
      res.json(present.iotaapRecord(await ownWithdrawal(store, res, req.params.id))),
    ),
  )
  return router
}

type Shape = (row: ListedWithdrawal) => Record<string, unknown>

const createRoute = (
  { create, user, acting, limited }: WithdrawalRouteDeps,
  defaultCurrency: string | null,
  shape: Shape,
): RequestHandler[] => [
  ...limited('create', user),
  acting,
  createChecks(defaultCurrency),
  handle(async (req, res) => {
    const { withdrawal, replayed } = await create({
      // In front: on Node 20 a name added behind a spread is a new shape of object each time, and all that reads it is slower for it.
      idempotencyKey: req.get('idempotency-key') ?? null,
      ...toIntakeRequest(req.body, identityOf(res).userId, defaultCurrency),
    })
    if (replayed) res.setHeader('Idempotency-Replayed', 'true')
    answerJson(res, shape(withdrawal))
  }),
]

const listRoute = (lists: ListReader, shape: Shape): RequestHandler[] => [
  ...listValidators,
  rejectInvalid,
  handle(async (req, res) => {
    const { draw, search, ...page } = readListQuery(req.query)
    const query: ListQuery = { userId: identityOf(res).userId, sort: 'created_at', ...page }
    if (search !== '') {
      const { rows, count, found, more } = await lists.told(() => lists.search(query, search))
      return res.json({
        ...{ withdrawals: rows.map(shape), recordsTotal: count, recordsFiltered: found, more, draw },
      })
    }
    const { rows, count, more } = await lists.told(() => lists.page(query))
    return res.json({ withdrawals: rows.map(shape), recordsTotal: count, recordsFiltered: count, more, draw })
  }),
]

const pageRoute = ({ lists, present }: WithdrawalRouteDeps): RequestHandler[] => [
  ...pageValidators,
  rejectInvalid,
  handle(async (req, res) => {
    const { format, filter, ...page } = readPageQuery(req.query)
    const { userId } = identityOf(res)
    if (format === 'csv') return lists.told(() => sendCsv(res, lists.rows, present, { userId, ...filter }))
    const { rows, count, more } = await lists.told(() => lists.page({ userId, ...filter, ...page }))
    return res.json({ count, more, data: rows.map(present.record) })
  }),
]

/** Another user's id and an unknown one are the same answer. */
async function ownWithdrawal(store: Store, res: Response, id: unknown): Promise<StoredWithdrawal> {
  const row = isKitSafeId(id) ? await store.findWithdrawal(id) : null
  if (row?.userId !== identityOf(res).userId)
    throw new AppError('withdrawal_not_found', TEXTS.withdrawalNotFound)
  return row
}
