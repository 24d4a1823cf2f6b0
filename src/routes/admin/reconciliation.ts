import { type RequestHandler, Router } from 'express'

import type { BooksStore, ReconciliationRun } from '../../db/books'
import { DAY, problemsOf, type Source } from '../../domain/reconciliation'
import { AppError } from '../../errors'
import { handle, rejectInvalid } from '../http'
import { MOMENT } from '../moments'
import { actorOf, onlyKeys, optional, reasonOf, reasonValidator, refuse } from './input'

export interface ReconciliationRouteDeps {
  readonly books: BooksStore
  readonly reconciliation: { readonly poke: () => void }
}

const SHOWN = 50
const NUMBER = /^\d{1,18}$/
const DAYS = 3
const DAYS_MAX = 31

/** Runs that hold the books against what others say: the latest, one of them, and a new one. */
export function reconciliationRoutes({ books, reconciliation }: ReconciliationRouteDeps): Router {
  const router = Router()
  router.get(
    '/',
    handle(async (_req, res) => res.json({ data: (await books.list(SHOWN)).map(presentRun) })),
  )
  router.get(
    '/:id',
    handle(async (req, res) => {
      const { id } = req.params
      const run = NUMBER.test(String(id)) ? await books.find(String(id)) : null
      if (!run) throw new AppError('reconciliation_not_found', 'There is no such run.')
      res.json(presentRun(run))
    }),
  )
  router.post('/', ...askRoute(books, () => reconciliation.poke()))
  return router
}

const momentOf = (name: string) =>
  optional(name, { type: 'string', pattern: MOMENT.source }, (value) =>
    typeof value === 'string' && MOMENT.test(value)
      ? true
      : refuse(`${name} must be a time such as 2026-01-31T00:00:00Z.`),
  )
export const reconcileInput = [
  ...[onlyKeys('reason', 'since', 'until'), reasonValidator, momentOf('since'), momentOf('until')],
]

const askRoute = (books: BooksStore, begin: () => void): RequestHandler[] => [
  ...reconcileInput,
  rejectInvalid,
  handle(async (req, res) => {
    const { since, until } = await rangeOf(req.body, books)
    const given = { since, until, slot: null, askedBy: actorOf(res), reason: reasonOf(req.body) }
    const run = await books.ask(given)
    if (!run) throw new AppError('action_not_possible', 'A run is going on: wait for its end.')
    begin()
    res.status(202).json(presentRun(run))
  }),
]

/** @throws {AppError} It is no time that is over, or too long a one. */
async function rangeOf(given: unknown, books: BooksStore): Promise<{ since: Date; until: Date }> {
  const { since: from, until: to } = given as { since?: string; until?: string }
  const now = await books.now()
  const until = to === undefined ? now : new Date(to)
  const since = from === undefined ? new Date(until.getTime() - DAYS * DAY) : new Date(from)
  if (until > now) throw wrong('until must not be in the future.')
  if (since >= until) throw wrong('since must be before until.')
  if (until.getTime() - since.getTime() > DAYS_MAX * DAY)
    throw wrong(`A run is over at most ${DAYS_MAX} days: ask for several.`)
  return { since, until }
}

const wrong = (message: string) => new AppError('invalid_request', message)

const presentRun = (run: ReconciliationRun) => {
  const { place } = run
  const problems = problemsOf(place)
  const differences = Object.values(place.found).reduce((sum, count) => sum + count, 0)
  return {
    id: run.id,
    state: run.state,
    /** Only where all was seen and nothing differs. */
    agrees: run.state === 'complete' && differences === 0 && place.notListed.length === 0,
    ...{ since: run.since.toISOString(), until: run.until.toISOString() },
    ...{ asked_by: run.askedBy, reason: run.reason, asked_at: run.askedAt.toISOString() },
    ended_at: run.endedAt?.toISOString(),
    phase: run.state === 'running' ? place.phase : undefined,
    differences: place.found,
    problems,
    not_listed: place.notListed,
    withdrawals: place.rows,
    lists: place.sources.map(presentSource),
  }
}

const LISTS = { hold: 'burns', credit: 'credits', payout: 'payouts' } as const

const presentSource = ({ kind, name, count, at, isDone, problem }: Source) => ({
  ...{ list: LISTS[kind], of: name, count, read_until: at },
  ...{ whole: isDone && problem === null },
})
