import { type RequestHandler, type Response, Router } from 'express'

import type { SettingsVersion } from '../../db/settings-versions'
import type {
  Applied,
  ProviderPlan,
  SettingsDesk,
  SettingsLook,
  Tried,
  VersionView,
} from '../../services/settings/settings'
import type { SettingGroupView, SettingView } from '../../services/settings/view'
import { handle, identityOf, rejectInvalid } from '../http'
import { answer } from './answer'
import { actorOf, member, numberQuery, onlyKeys, optional, reasonOf, reasonValidator, refuse } from './input'
import { presentChange } from './present'

export interface SettingsRouteDeps {
  readonly settings: SettingsDesk
}

const VERSIONS_MAX = 100
const VERSIONS_SHOWN = 20
/** PostgreSQL's largest `integer`. */
const VERSION_MAX = 2_147_483_647

const numberOf = (name: string): RequestHandler =>
  member(name, { type: 'integer', minimum: 0, maximum: VERSION_MAX }, (value) =>
    Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= VERSION_MAX
      ? true
      : refuse(`${name} must be the number of a version.`),
  )

const changesValidator: RequestHandler = member(
  'values',
  { type: 'object', description: 'By full name; `null` or empty for what is to be set no more.' },
  (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? true
      : refuse('values must be an object of settings by name; null for one that is to be set no more.'),
)

const untriedValidator: RequestHandler = optional(
  'untried',
  { type: 'boolean', description: 'Also where a provider did not answer or said no.' },
  (value) => (typeof value === 'boolean' ? true : refuse('untried must be true or false.')),
)

export const settingsVersionQueries = [numberQuery('limit', VERSIONS_MAX), numberQuery('before', 999_999_999)]
export const tryInput = [onlyKeys('version', 'values'), numberOf('version'), changesValidator]
export const saveInput = [
  onlyKeys('version', 'values', 'reason', 'untried'),
  ...[numberOf('version'), changesValidator, untriedValidator, reasonValidator],
]
export const undoInput = [
  onlyKeys('version', 'to', 'reason', 'untried'),
  ...[numberOf('version'), numberOf('to'), untriedValidator, reasonValidator],
]

/** What operators set: shown, tried, saved as a new version, and undone. */
export function settingsRoutes({ settings }: SettingsRouteDeps): Router {
  const router = Router()
  router.get(
    '/',
    handle(async (_req, res) => res.json(presentLook(await settings.look()))),
  )
  router.get(
    '/versions',
    ...settingsVersionQueries,
    rejectInvalid,
    handle(async (req, res) => {
      const { limit, before } = req.query as Record<string, string | undefined>
      const query = { limit: Number(limit ?? VERSIONS_SHOWN) }
      const found = await settings.versions({
        ...query,
        ...(before !== undefined && { before: Number(before) }),
      })
      res.json({ data: found.map(presentVersion) })
    }),
  )
  router.post(
    '/try',
    ...tryInput,
    rejectInvalid,
    handle(async (req, res) => res.json(presentTried(await settings.try(wishOf(req, res))))),
  )
  router.post('/', ...saveRoute(settings))
  router.post('/undo', ...undoRoute(settings))
  return router
}

const saveRoute = (settings: SettingsDesk): RequestHandler[] => [
  ...saveInput,
  rejectInvalid,
  handle(async (req, res) => {
    const decided = await settings.save({ ...wishOf(req, res), ...decisionOf(req) })
    answer(res, decided, presentSaved)
  }),
]

const undoRoute = (settings: SettingsDesk): RequestHandler[] => [
  ...undoInput,
  rejectInvalid,
  handle(async (req, res) => {
    const { to } = req.body as { to: number }
    const { changes: _none, ...wish } = wishOf(req, res)
    answer(res, await settings.undo({ ...wish, ...decisionOf(req), to }), presentSaved)
  }),
]

const wishOf = (req: { body: unknown }, res: Response) => {
  const { version, values } = req.body as { version: number; values?: Record<string, unknown> }
  const { scopes: roles } = identityOf(res)
  return { version, changes: values ?? {}, actor: actorOf(res), roles }
}

const decisionOf = (req: { body: unknown }) => ({
  reason: reasonOf(req.body),
  untried: (req.body as { untried?: boolean }).untried === true,
})

const presentLook = ({ latest, applied, groups, needsSecond, canSeal }: SettingsLook) => ({
  ...presentVersionHead(latest),
  ...presentApplied(applied),
  needs_second: needsSecond,
  can_seal: canSeal,
  groups: groups.map(presentGroup),
})

const presentVersionHead = (latest: SettingsVersion | null) => ({
  version: latest?.version ?? 0,
  ...(latest && { by: latest.actor, reason: latest.reason, at: latest.at.toISOString() }),
})

/** `effective` is the version that this instance works with. */
const presentApplied = ({ version, problems, candidate }: Applied) => ({
  effective: version,
  problems,
  plans: candidate.plans.map(presentPlan),
})

const presentPlan = ({ provider, mode, schedule, timezone, nextRuns }: ProviderPlan) => ({
  ...{ provider, mode, schedule, timezone },
  next_runs: nextRuns.map((at) => at.toISOString()),
})

const presentGroup = ({ key, title, isForExperts, provider, settings }: SettingGroupView) => ({
  ...{ key, title },
  expert: isForExperts,
  ...(provider && { provider: provider.name, on: provider.isOn }),
  settings: settings.map(presentSetting),
})

const presentSetting = (setting: SettingView) => ({
  name: setting.name,
  doc: setting.doc,
  ...(setting.shape && { shape: presentShape(setting.shape) }),
  ...(setting.unit !== null && { unit: setting.unit }),
  ...(setting.isSecret ? { secret: true } : { value: setting.value, default: setting.fallback }),
  set: setting.isSet,
  source: setting.source,
  ...(setting.fixedAs !== null && { fixed_as: setting.fixedAs }),
})

function presentShape(shape: NonNullable<SettingView['shape']>) {
  if (shape.kind !== 'text') return shape
  return { kind: shape.kind, pattern: shape.pattern, must_be: shape.mustBe }
}

const presentTried = ({ changed, problems, trials, plans, needsSecond }: Tried) => ({
  ok: problems.length === 0 && trials.every(({ ok }) => ok !== false),
  changed,
  problems: problems.map(({ name, message }) => ({ ...(name !== null && { name }), message })),
  trials: trials.map(({ provider, ok, message }) => ({ provider, ...(ok !== null && { ok }), message })),
  plans: plans.map(presentPlan),
  needs_second: needsSecond,
})

const presentSaved = (saved: SettingsVersion) => presentVersionHead(saved)

const presentVersion = (version: VersionView) => ({
  ...presentVersionHead(version),
  ...(version.undoneTo !== null && { undone_to: version.undoneTo }),
  changes: version.changes.map(presentChange),
})
