import { type RequestHandler, type Response, Router } from 'express'

import type { PolicyInForce } from '../../domain/policy'
import { writtenPolicy } from '../../domain/policy-given'
import { linesOf } from '../../domain/policy-words'
import type { Decisions } from '../../services/operate/decisions'
import type { FixedParts } from '../../services/policy/book'
import type { Policies, PolicyHistoryEntry } from '../../services/policy/change'
import { handle, rejectInvalid } from '../http'
import { answer } from './answer'
import type { Duties } from './duties'
import {
  actorOf,
  member,
  numberQuery,
  onlyKeys,
  reasonOf,
  reasonValidator,
  refuse,
  versionValidator,
} from './input'

export interface PolicyRouteDeps {
  readonly policies: Policies
  readonly decisions: Decisions
  readonly duties: Duties
  readonly fixed: FixedParts
  /** Whether another operator confirms a change. */
  readonly isConfirmed: boolean
  readonly operatorRoles: readonly string[]
}

const VERSIONS_MAX = 100
const VERSION_MAX = 2_000_000_000

const policyValidator = member(
  'policy',
  // What is in it is checked further on, each place named.
  { type: 'object', description: 'As it is answered; what is left out stays as it is.' },
  (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? true
      : refuse('policy must be an object; what is left out stays as it is.'),
)
const earlierValidator = member('to', { type: 'integer', minimum: 0, maximum: VERSION_MAX }, (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= VERSION_MAX
    ? true
    : refuse('to must be the number of an earlier version; 0 for what was before the first.'),
)
export const policyVersionQueries = [numberQuery('limit', VERSIONS_MAX), numberQuery('before', VERSION_MAX)]
export const dryRunInput = [onlyKeys('policy'), policyValidator]
export const policyInput = [
  ...[onlyKeys('policy', 'reason', 'version'), policyValidator, reasonValidator, versionValidator],
]
export const restoreInput = [
  ...[onlyKeys('to', 'reason', 'version'), earlierValidator, reasonValidator, versionValidator],
]

/** What the exchange lets happen: the policy in force, its versions, and changing it. */
export function policyRoutes(deps: PolicyRouteDeps): Router {
  const { policies } = deps
  const router = Router()
  router.get(
    '/',
    handle(async (_req, res) => res.json(await shown(deps, res))),
  )
  router.get(
    '/versions',
    ...policyVersionQueries,
    rejectInvalid,
    handle(async (req, res) => {
      const { limit, before } = req.query as Record<string, string | undefined>
      const found = await policies.history({
        limit: Number(limit ?? 20),
        ...(before !== undefined && { before: Number(before) }),
      })
      res.json({ data: found.map(presentVersion) })
    }),
  )
  router.post('/', ...changeRoute(deps))
  router.post(
    '/dry-run',
    ...dryRunInput,
    rejectInvalid,
    handle(async (req, res) => {
      res.json(presentDryRun(await policies.dryRun((req.body as { policy: unknown }).policy)))
    }),
  )
  router.post('/restore', ...restoreRoute(deps))
  return router
}

const changeRoute = ({ policies, decisions }: PolicyRouteDeps): RequestHandler[] => [
  ...policyInput,
  rejectInvalid,
  handle(async (req, res) => {
    const { policy, version } = req.body as { policy: unknown; version?: number }
    const draft = await policies.draft(policy, version ?? null)
    answer(res, await decisions.changePolicy(draft, decisionOf(req, res)), presentPolicy)
  }),
]

/** Bringing an earlier version back is saving it anew: what was in force between stays on record. */
const restoreRoute = ({ policies, decisions }: PolicyRouteDeps): RequestHandler[] => [
  ...restoreInput,
  rejectInvalid,
  handle(async (req, res) => {
    const { to, version } = req.body as { to: number; version?: number }
    const draft = await policies.draftOf(to, version ?? null)
    answer(res, await decisions.changePolicy(draft, decisionOf(req, res)), presentPolicy)
  }),
]

const decisionOf = (req: { body: unknown }, res: Response) => ({
  actor: actorOf(res),
  reason: reasonOf(req.body),
})

async function shown(
  { policies, duties, fixed, isConfirmed, operatorRoles }: PolicyRouteDeps,
  res: Response,
) {
  const { saved, ...inForce } = await policies.read()
  const may = await duties.of(res)
  return {
    ...presentPolicy(inForce),
    ...(saved && { by: saved.actor, reason: saved.reason, at: saved.at.toISOString() }),
    fixed: [
      ...fixed.users.map((finding) => `users.${finding}`),
      ...(fixed.secondPersonAbove ? ['second_person_above'] : []),
    ],
    needs_second: isConfirmed,
    operator_roles: operatorRoles,
    may_change: may.includes('policy'),
  }
}

const presentPolicy = ({ version, policy }: PolicyInForce) => ({
  version,
  policy: writtenPolicy(policy),
  lines: [...linesOf(policy)].map(([name, text]) => ({ name, text })),
})

const presentDryRun = ({ since, until, ...run }: Awaited<ReturnType<Policies['dryRun']>>) => ({
  ...run,
  since: since.toISOString(),
  ...(until && { until: until.toISOString() }),
})

const presentVersion = ({ version, restores, actor, reason, at, changes }: PolicyHistoryEntry) => ({
  version,
  ...(restores !== null && { restores }),
  by: actor,
  reason,
  at: at.toISOString(),
  changes,
})
