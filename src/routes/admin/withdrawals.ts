import { type RequestHandler, type Response, Router } from 'express'
import { body } from 'express-validator'

import type { Store, StoredWithdrawal } from '../../db/store'
import { isKitSafeId } from '../../domain/identifiers'
import { toJsonNumber } from '../../domain/money'
import { reasonText } from '../../domain/reasons'
import { isFinal, publicStatus, type State, STATES } from '../../domain/states'
import type { JournalEntry } from '../../domain/withdrawal'
import { AppError, TEXTS } from '../../errors'
import { type Decision, type Operate, type Resolution, RESOLUTIONS } from '../../services/operate/actions'
import { type Complaint, handle, rejectInvalid } from '../http'
import {
  actorOf,
  nameQuery,
  numberQuery,
  onlyKeys,
  reasonOf,
  reasonValidator,
  versionValidator,
} from './input'

const PAGE_SIZE_MAX = 100

/** Withdrawals of all users: the list, one with its whole journal, and what an operator may do with it. */
export function operateRoutes({ store, operate }: { store: Store; operate: Operate }): Router {
  const router = Router()
  router.get('/', ...listRoute(store))
  router.get(
    '/:id',
    handle(async (req, res) => {
      const row = isKitSafeId(req.params.id) ? await store.findWithdrawal(req.params.id) : null
      if (!row) throw new AppError('withdrawal_not_found', TEXTS.withdrawalNotFound)
      const journal = await store.readJournal(row.id)
      res.json({ ...present(row), journal: journal.map(presentEntry) })
    }),
  )
  const act = (path: string, decide: (id: string, decision: Decision) => Promise<StoredWithdrawal>) =>
    router.post(
      `/:id/${path}`,
      ...decisionValidators('reason', 'version'),
      handle(async (req, res) =>
        res.json(present(await decide(String(req.params.id), decisionOf(req, res)))),
      ),
    )
  act('approve', operate.approve)
  act('reject', operate.reject)
  act('approve-return', operate.approveReturn)
  router.post(
    '/:id/retry',
    handle(async (req, res) => res.json(present(await operate.retry(String(req.params.id))))),
  )
  router.post(
    '/:id/resolve',
    resolutionValidator,
    ...decisionValidators('to', 'reason', 'version'),
    handle(async (req, res) => {
      const { to } = req.body as { to: Resolution }
      res.json(present(await operate.resolve(String(req.params.id), to, decisionOf(req, res))))
    }),
  )
  return router
}

const listRoute = (store: Store): RequestHandler[] => [
  nameQuery('state', (value) => value.split(',').every((state) => STATES.includes(state as State))),
  nameQuery('provider'),
  nameQuery('currency'),
  nameQuery('q'),
  numberQuery('user_id', 999_999_999),
  numberQuery('offset', 1_000_000),
  numberQuery('limit', PAGE_SIZE_MAX),
  rejectInvalid,
  handle(async (req, res) => {
    const { state, provider, currency, q, user_id, offset, limit } = req.query as Record<
      string,
      string | undefined
    >
    const found = await store.searchWithdrawals({
      ...(state && { states: state.split(',') as State[] }),
      ...(provider && { provider }),
      ...(currency && { currency: currency.toLowerCase() }),
      ...(user_id && { userId: Number(user_id) }),
      ...(q && { text: q }),
      offset: Number(offset ?? 0),
      limit: Number(limit ?? 20),
    })
    res.json({ data: found.map(present) })
  }),
]

const resolutionValidator = body('to').custom((value: unknown) => {
  if (RESOLUTIONS.includes(value as Resolution)) return true
  const message = `to must be one of: ${RESOLUTIONS.join(', ')}.`
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  throw { code: 'invalid_request', message } satisfies Complaint
})

const decisionValidators = (...keys: string[]): RequestHandler[] => [
  onlyKeys(...keys),
  reasonValidator,
  versionValidator,
  rejectInvalid,
]

const decisionOf = (req: { body: unknown }, res: Response): Decision => ({
  actor: actorOf(res),
  reason: reasonOf(req.body),
  version: (req.body as { version?: number }).version ?? null,
})

/** Masked: an operator decides about a withdrawal without its account number. */
const present = (row: StoredWithdrawal) => ({
  id: row.id,
  user_id: row.userId,
  currency: row.currency,
  amount: toJsonNumber(row.amount),
  fee: toJsonNumber(row.fee),
  payout_amount: toJsonNumber(row.payoutAmount),
  method: row.method,
  destination: row.destinationMasked,
  provider: row.provider,
  mode: row.mode,
  state: row.state,
  status: publicStatus(row.state),
  version: row.version,
  reason_code: row.reasonCode ?? undefined,
  reason: row.reasonCode ? reasonText(row.reasonCode, isFinal(row.state)) : undefined,
  payout_key: row.payoutKey,
  end_to_end_id: row.endToEndId,
  batch_id: row.batchId ?? undefined,
  provider_reference: row.providerReference ?? undefined,
  provider_transaction_id: row.providerTransactionId ?? undefined,
  provider_status: row.providerStatus ?? undefined,
  returned_amount: row.returnedAmount === null ? undefined : toJsonNumber(row.returnedAmount),
  return_approved_at: row.returnApprovedAt?.toISOString(),
  next_run_at: row.nextRunAt?.toISOString(),
  state_since: row.stateSince.toISOString(),
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
})

const presentEntry = ({ seq, at, event, from, to, actor, reasonCode, detail }: JournalEntry) => ({
  seq,
  at: at.toISOString(),
  event,
  from,
  to,
  actor,
  reason_code: reasonCode ?? undefined,
  detail,
})
