import { type RequestHandler, type Response, Router } from 'express'

import { COUNTED_MAX } from '../../db/statements/list-withdrawals'
import type { RecordedAction, Store, StoredWithdrawal } from '../../db/store'
import { ACTION_KEYS, type ActionKey, actionOf, pathOf } from '../../domain/actions'
import { isKitSafeId } from '../../domain/identifiers'
import { questionOf } from '../../domain/reviews'
import { type State, STATES } from '../../domain/states'
import { AppError, TEXTS } from '../../errors'
import type { TakeEvidence } from '../../services/books/evidence'
import type { Decision, Operate } from '../../services/operate/actions'
import type { Decisions } from '../../services/operate/decisions'
import type { RiskHint } from '../../services/operate/risk-hints'
import type { Unnamed } from '../../services/operate/unnamed'
import { handle, rejectInvalid } from '../http'
import { dateQueries, readDates } from '../list-queries'
import { answer } from './answer'
import { presentApproval } from './approvals'
import { sendOperatorsCsv } from './csv'
import { evidenceRoute } from './evidence'
import {
  actorOf,
  member,
  nameQuery,
  noteOf,
  numberQuery,
  onlyKeys,
  reasonOf,
  reasonValidator,
  refuse,
  textOf,
  textValidator,
  versionValidator,
  wordQuery,
} from './input'
import { presentEntry, presentWithdrawal } from './present'
import { presentDifference, presentQuestion } from './questions'
import { type DecideSeveral, severalRoute } from './several'

const PAGE_SIZE_MAX = 100
/** Of what somebody did with one withdrawal beside its journal. */
const DONE_MAX = 100

export interface WithdrawalRouteDeps {
  readonly store: Store
  readonly operate: Operate
  readonly decisions: Decisions
  readonly decideSeveral: DecideSeveral
  readonly takeEvidence: TakeEvidence
  readonly unnamed: Unnamed
  readonly hintsOf: (row: StoredWithdrawal) => Promise<readonly RiskHint[]>
}

/** Withdrawals of all users: the list, one with its whole journal, and what an operator may do with it. */
export function operateRoutes(deps: WithdrawalRouteDeps): Router {
  const { store } = deps
  const router = Router()
  router.get('/', ...listRoute(store))
  router.get('/:id', detailRoute(deps))
  router.get('/:id/evidence', ...evidenceRoute(deps.takeEvidence, deps.unnamed))
  router.post('/bulk/:action', ...severalRoute(deps.decideSeveral))
  for (const [name, keys, input] of ACTIONS)
    router.post(`/:id/${name}`, ...input, actionRoute(deps.decisions, keys))
  return router
}

export const ACTION_NAMES: readonly string[] = [...new Set(ACTION_KEYS.map((key) => pathOf(key).name))]
export const keysOf = (name: string): readonly ActionKey[] =>
  ACTION_KEYS.filter((key) => pathOf(key).name === name)

const keyFor = (keys: readonly ActionKey[], to: unknown) =>
  keys.find((key) => pathOf(key).to === (to ?? null))

export function actionInput(keys: readonly ActionKey[]): RequestHandler[] {
  const answers = keys.flatMap((key) => pathOf(key).to ?? [])
  const which = (value: unknown) =>
    keyFor(keys, value) === undefined ? refuse(`to must be one of: ${answers.join(', ')}.`) : true
  return [
    onlyKeys('reason', 'version', 'evidence', 'transaction_id', ...(answers.length > 0 ? ['to'] : [])),
    ...(answers.length > 0 ? [member('to', { type: 'string', enum: answers }, which)] : []),
    ...[reasonValidator, versionValidator, textValidator('evidence'), textValidator('transaction_id')],
  ]
}

/** Made once, as all other input is: so a chain of validators is, too, which costs more than the route it stands before. */
const ACTIONS = ACTION_NAMES.map((name) => {
  const keys = keysOf(name)
  return [name, keys, [...actionInput(keys), rejectInvalid]] as const
})

/** Where several actions share a path, `to` in the body says which. */
const actionRoute = (decisions: Decisions, keys: readonly ActionKey[]): RequestHandler =>
  handle(async (req, res) => {
    const key = keyFor(keys, (req.body as { to?: unknown }).to)
    if (key === undefined) throw new AppError('invalid_request', 'The request is not valid.')
    answer(res, await decisions.act(key, String(req.params.id), decisionOf(req, res)), presentWithdrawal)
  })

const decisionOf = (req: { body: unknown }, res: Response): Decision => ({
  actor: actorOf(res),
  reason: reasonOf(req.body),
  version: (req.body as { version?: number }).version ?? null,
  evidence: noteOf(req.body, 'evidence'),
  transactionId: textOf(req.body, 'transaction_id'),
})

/** One, with all that is known about it, what it asks of a person, and what that person may do. */
const detailRoute = ({ store, operate, decisions, hintsOf }: WithdrawalRouteDeps): RequestHandler =>
  handle(async (req, res) => {
    const row = isKitSafeId(req.params.id) ? await store.findWithdrawal(req.params.id) : null
    if (!row) throw new AppError('withdrawal_not_found', TEXTS.withdrawalNotFound)
    const about = { withdrawalId: row.id, limit: DONE_MAX }
    const possible = operate.possible(row)
    const [journal, open, answered, done, proposed, hints, others] = await Promise.all([
      store.readJournal(row.id),
      store.listDifferences({ ...about, isOpen: true }),
      store.listDifferences({ ...about, isOpen: false }),
      store.listOperatorActions({ subject: row.id, limit: DONE_MAX }),
      store.listApprovals({ isOpen: true, limit: DONE_MAX, subjectKind: 'withdrawal', subject: row.id }),
      hintsOf(row),
      Promise.all(possible.map((key) => decisions.othersFor(key, row))),
    ])
    res.json({
      ...presentWithdrawal(row),
      question: questionFor(row),
      hints,
      actions: possible.map((key, index) => ({
        ...presentAction(key),
        needs_second: (others[index] ?? 0) > 0,
        others_needed: others[index],
      })),
      approvals: proposed.map(presentApproval),
      differences: [...open, ...answered].map(presentDifference),
      operator_actions: done.map(presentDone),
      journal: journal.map(presentEntry),
    })
  })

const questionFor = ({ state, reasonCode }: StoredWithdrawal) => {
  const question = state === 'conflict' || state === 'in_review' ? questionOf(reasonCode) : null
  return question ? presentQuestion(question) : undefined
}

/** With what it leads to: nobody should have to find out by doing it. */
function presentAction(key: ActionKey) {
  const { name, to } = pathOf(key)
  const { title, burn, payout, evidence } = actionOf(key)
  return { action: name, ...(to !== null && { to }), title, burn, payout, evidence }
}

const presentDone = ({ at, actor, action, reason, detail }: RecordedAction) => ({
  at: at.toISOString(),
  actor,
  action,
  reason,
  detail,
})

const SOME_STATE = `(${STATES.join('|')})`

export const searchQueries: readonly RequestHandler[] = [
  nameQuery('state', (value) => value.split(',').every((state) => STATES.includes(state as State)), {
    pattern: `^${SOME_STATE}(,${SOME_STATE})*$`,
    description: 'One or several, comma-separated.',
  }),
  ...['provider', 'currency', 'q', 'account'].map((name) => nameQuery(name)),
  ...dateQueries,
  wordQuery('format', ['csv']),
  numberQuery('user_id', 999_999_999),
  numberQuery('offset', COUNTED_MAX),
  numberQuery('limit', PAGE_SIZE_MAX),
]

/** What no index finds is looked for among so many; whoever wants older ones asks for them by time. */
const listRoute = (store: Store): RequestHandler[] => [
  ...searchQueries,
  rejectInvalid,
  handle(async (req, res) => {
    const { state, provider, currency, q, account, user_id, offset, limit, format } = req.query as Record<
      string,
      string | undefined
    >
    const filter = {
      ...(state && { states: state.split(',') as State[] }),
      ...(provider && { provider }),
      ...(currency && { currency: currency.toLowerCase() }),
      ...(user_id && { userId: Number(user_id) }),
      ...(q && { text: q }),
      ...(account && { accountEnd: account }),
      ...readDates(req.query),
    }
    if (format === 'csv') return sendOperatorsCsv(res, store, filter)
    const { rows, count, lookedBackTo } = await store.searchWithdrawals({
      ...filter,
      offset: Number(offset ?? 0),
      limit: Number(limit ?? 20),
    })
    res.json({
      data: rows.map(presentWithdrawal),
      count,
      more: lookedBackTo !== null,
      looked_back_to: lookedBackTo?.toISOString(),
    })
  }),
]
