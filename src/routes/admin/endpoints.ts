import { type RequestHandler, type Response, Router } from 'express'

import type { Endpoint } from '../../db/endpoints'
import { cleanText } from '../../domain/destination'
import { AUDIENCES } from '../../domain/outgoing'
import { AppError } from '../../errors'
import type { EndpointDecisions } from '../../services/events/endpoint-decisions'
import {
  type EndpointDraft,
  type Endpoints,
  type EndpointView,
  type EndpointWish,
  kindsFor,
} from '../../services/events/endpoints'
import { line } from '../described'
import { handle, rejectInvalid } from '../http'
import { presentApproval } from './approvals'
import { actorOf, member, onlyKeys, optional, reasonOf, reasonValidator, refuse } from './input'

export interface EndpointRouteDeps {
  readonly endpoints: Endpoints
  readonly endpointDecisions: Pick<EndpointDecisions, 'decide'>
}

const ID = /^[A-Za-z0-9_-]{8,64}$/
const NAME_LENGTH_MAX = 80
const URL_LENGTH_MAX = 500
const KINDS_MAX = 50
const KEEP_HOURS = 24
const KEEP_HOURS_MAX = 30 * 24

const nameValidator = (isRequired: boolean): RequestHandler =>
  member(
    'name',
    line(NAME_LENGTH_MAX),
    (value) =>
      (!isRequired && value === undefined) || cleanText(value, NAME_LENGTH_MAX) !== null
        ? true
        : refuse(`name must be a text of at most ${NAME_LENGTH_MAX} characters.`),
    isRequired,
  )

const urlValidator = (isRequired: boolean): RequestHandler =>
  member(
    'url',
    { type: 'string', maxLength: URL_LENGTH_MAX },
    (value) =>
      (!isRequired && value === undefined) || (typeof value === 'string' && value.length <= URL_LENGTH_MAX)
        ? true
        : refuse(`url must be a text of at most ${URL_LENGTH_MAX} characters.`),
    isRequired,
  )

const kindsValidator = optional(
  'kinds',
  {
    ...{ type: 'array', maxItems: KINDS_MAX, uniqueItems: true },
    items: { type: 'string', maxLength: 64 },
    description: 'An empty one is all there are.',
  },
  (value) =>
    Array.isArray(value) &&
    value.length <= KINDS_MAX &&
    new Set(value).size === value.length &&
    value.every((kind) => typeof kind === 'string' && kind.length <= 64)
      ? true
      : refuse('kinds must be a list of different names; an empty one is all there are.'),
)

const onValidator = optional('on', { type: 'boolean' }, (value) =>
  typeof value === 'boolean' ? true : refuse('on must be true or false.'),
)

const versionOfIt = member('version', { type: 'integer', minimum: 1, maximum: 2 ** 31 - 1 }, (value) =>
  Number.isSafeInteger(value) && Number(value) > 0 && Number(value) < 2 ** 31
    ? true
    : refuse('version must be the number that was shown.'),
)

const audienceValidator = member('audience', { type: 'string', enum: AUDIENCES }, (value) =>
  AUDIENCES.some((audience) => audience === value) ? true : refuse('audience must be systems or operators.'),
)

const keepValidator = optional(
  'keep_hours',
  { type: 'integer', minimum: 0, maximum: KEEP_HOURS_MAX, default: KEEP_HOURS },
  (value) =>
    Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= KEEP_HOURS_MAX
      ? true
      : refuse(`keep_hours must be a whole number from 0 to ${KEEP_HOURS_MAX}.`),
)

const WISHES = [kindsValidator, onValidator, reasonValidator]
export const endpointInput = [
  onlyKeys('audience', 'name', 'url', 'kinds', 'on', 'reason'),
  ...[audienceValidator, nameValidator(true), urlValidator(true), ...WISHES],
]
export const endpointChangeInput = [
  onlyKeys('version', 'name', 'url', 'kinds', 'on', 'reason'),
  ...[versionOfIt, nameValidator(false), urlValidator(false), ...WISHES],
]
export const rotateInput = [
  ...[onlyKeys('version', 'keep_hours', 'reason'), keepValidator, versionOfIt, reasonValidator],
]
export const removeEndpointInput = [onlyKeys('version', 'reason'), versionOfIt, reasonValidator]
export const tryUrlInput = [onlyKeys('url'), urlValidator(true)]
export const nothingInput = [onlyKeys()]

/** Who is told what happens, and trying whether they hear it. */
export function endpointRoutes(deps: EndpointRouteDeps): Router {
  const { endpoints } = deps
  const router = Router()
  router.get(
    '/',
    handle(async (_req, res) =>
      res.json({
        can_seal: endpoints.canSeal,
        kinds: Object.fromEntries(AUDIENCES.map((audience) => [audience, kindsFor(audience)])),
        data: (await endpoints.list()).map(presentView),
      }),
    ),
  )
  router.get(
    '/:id/versions',
    handle(async (req, res) => {
      const versions = await endpoints.versions(idOf(req))
      if (versions.length === 0) throw noSuchEndpoint()
      res.json({ data: versions.map(presentVersion) })
    }),
  )
  router.post('/', ...createRoute(deps))
  router.post(
    '/try',
    ...tryUrlInput,
    rejectInvalid,
    handle(async (req, res) => res.json(await endpoints.tryUrl((req.body as { url: string }).url))),
  )
  router.post(
    '/:id/test',
    ...nothingInput,
    rejectInvalid,
    handle(async (req, res) => res.json(await endpoints.test(idOf(req)))),
  )
  router.post('/:id', ...changeRoute(deps))
  router.post('/:id/rotate', ...rotateRoute(deps))
  router.post(
    '/:id/remove',
    ...removeEndpointInput,
    rejectInvalid,
    handle(async (req, res) => decided(deps, req, res, await endpoints.remove(idOf(req), versionIn(req)))),
  )
  return router
}

const createRoute = (deps: EndpointRouteDeps): RequestHandler[] => [
  ...endpointInput,
  rejectInvalid,
  handle(async (req, res) => {
    const {
      audience,
      url,
      kinds = [],
      on = true,
    } = req.body as Given & { audience: EndpointWish['audience'] }
    const wish = { audience, name: nameOf(req), url: String(url), kinds, isOn: on }
    await decided(deps, req, res, await deps.endpoints.create(wish))
  }),
]

const changeRoute = (deps: EndpointRouteDeps): RequestHandler[] => [
  ...endpointChangeInput,
  rejectInvalid,
  handle(async (req, res) => {
    const { name, url, kinds, on } = req.body as Given & { name?: string }
    const wish = {
      ...(name !== undefined && { name: nameOf(req) }),
      ...(url !== undefined && { url }),
      ...(kinds !== undefined && { kinds }),
      ...(on !== undefined && { isOn: on }),
    }
    await decided(deps, req, res, await deps.endpoints.change(idOf(req), versionIn(req), wish))
  }),
]

const rotateRoute = (deps: EndpointRouteDeps): RequestHandler[] => [
  ...rotateInput,
  rejectInvalid,
  handle(async (req, res) => {
    const { keep_hours: keepHours = KEEP_HOURS } = req.body as { keep_hours?: number }
    await decided(deps, req, res, await deps.endpoints.rotate(idOf(req), versionIn(req), keepHours))
  }),
]

/** 200 with what has been saved, or 202 with what waits for another operator; a new secret is in either. */
async function decided(
  { endpointDecisions }: EndpointRouteDeps,
  req: { body: unknown },
  res: Response,
  draft: EndpointDraft,
): Promise<void> {
  const { secret, ...found } = await endpointDecisions.decide(draft, byOf(req, res))
  const shown = { ...(secret !== null && { secret }) }
  if (found.kind === 'done') res.json({ ...presentVersion(found.endpoint), ...shown })
  else res.status(202).json({ approval: presentApproval(found.approval), ...shown })
}

interface Given {
  readonly url?: string
  readonly kinds?: readonly string[]
  readonly on?: boolean
}

const noSuchEndpoint = () => new AppError('endpoint_not_found', 'There is no such endpoint.')

function idOf({ params }: { params: Record<string, unknown> }): string {
  const id = String(params.id)
  if (!ID.test(id)) throw noSuchEndpoint()
  return id
}

const nameOf = (req: { body: unknown }): string =>
  cleanText((req.body as { name?: unknown }).name, NAME_LENGTH_MAX) ?? ''
const versionIn = (req: { body: unknown }): number => (req.body as { version: number }).version
const byOf = (req: { body: unknown }, res: Response) => ({ actor: actorOf(res), reason: reasonOf(req.body) })

const presentVersion = ({ id, version, audience, name, url, kinds, isOn, isRemoved, ...by }: Endpoint) => ({
  ...{ id, version, audience, name, url, kinds, on: isOn },
  ...(isRemoved && { removed: true }),
  ...{ by: by.actor, reason: by.reason, at: by.at.toISOString() },
})

const presentView = ({ standing, secrets, ...endpoint }: EndpointView) => ({
  ...presentVersion(endpoint),
  secrets: secrets.map(({ madeAt, endsAt }) => ({
    made_at: madeAt.toISOString(),
    ...(endsAt && { ends_at: endsAt.toISOString() }),
  })),
  waiting: standing?.waiting ?? 0,
  dead: standing?.dead ?? 0,
  ...(standing?.oldestWaitingAt && { oldest_waiting_at: standing.oldestWaitingAt.toISOString() }),
})
