import { type RequestHandler, type Response, Router } from 'express'

import type { Stop } from '../../db/store'
import { cleanText } from '../../domain/destination'
import { redactText } from '../../domain/redaction'
import type { Decisions } from '../../services/operate/decisions'
import type { StopSwitch } from '../../services/operate/stop'
import { line } from '../described'
import { handle, rejectInvalid } from '../http'
import { answer } from './answer'
import {
  actorOf,
  onlyKeys,
  optional,
  reasonAndVersion,
  reasonOf,
  reasonValidator,
  refuse,
  versionValidator,
} from './input'

const MESSAGE_LENGTH_MAX = 300
const MESSAGE = 'Withdrawals are stopped for the moment. Please try again later.'

const messageValidator = optional(
  'message',
  line(MESSAGE_LENGTH_MAX, { description: 'For users.' }),
  (value) =>
    cleanText(value, MESSAGE_LENGTH_MAX) !== null
      ? true
      : refuse(`message must be a sentence for users of at most ${MESSAGE_LENGTH_MAX} characters.`),
)
export const stopInput = [
  ...[onlyKeys('reason', 'version', 'message'), reasonValidator, versionValidator, messageValidator],
]

/** The switch that stops everything. */
export function stopRoutes({ stop, decisions }: { stop: StopSwitch; decisions: Decisions }): Router {
  const router = Router()
  router.get(
    '/',
    handle(async (_req, res) => res.json(presentStop(await stop.read()))),
  )
  router.post('/', ...stopRoute(stop))
  router.post(
    '/lift',
    ...reasonAndVersion,
    rejectInvalid,
    handle(async (req, res) => {
      answer(res, await decisions.start(decisionOf(req, res)), presentStop)
    }),
  )
  return router
}

const stopRoute = (stop: StopSwitch): RequestHandler[] => [
  ...stopInput,
  rejectInvalid,
  handle(async (req, res) => {
    const message = redactText(
      cleanText((req.body as { message?: unknown }).message, MESSAGE_LENGTH_MAX) ?? MESSAGE,
    )
    res.json(presentStop(await stop.stop({ ...decisionOf(req, res), message })))
  }),
]

const decisionOf = (req: { body: unknown }, res: Response) => ({
  actor: actorOf(res),
  reason: reasonOf(req.body),
  version: (req.body as { version?: number }).version ?? null,
})

const presentStop = (stop: Stop) => ({
  stopped: stop.isStopped,
  ...(stop.isStopped && { message: stop.message, under_way: stop.underWay }),
  ...(stop.updatedAt && { reason: stop.reason, by: stop.actor, since: stop.updatedAt.toISOString() }),
  version: stop.version,
})
