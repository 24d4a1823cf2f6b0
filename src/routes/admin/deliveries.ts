import { Router } from 'express'

import type { Delivery, DeliveryStore } from '../../db/deliveries'
import { GIVE_UP_MS } from '../../domain/outgoing'
import { AppError } from '../../errors'
import { handle, rejectInvalid } from '../http'
import { actorOf, justReason, nameQuery, numberQuery, reasonOf, wordQuery } from './input'

export interface DeliveryRouteDeps {
  readonly deliveries: Pick<DeliveryStore, 'list' | 'find' | 'sendAgain'>
}

const SHOWN = 50
const SHOWN_MAX = 200
const NUMBER = /^\d{1,18}$/
const NAME = /^[A-Za-z0-9:_-]{1,128}$/
const STATES: readonly string[] = ['waiting', 'delivered', 'dead'] satisfies Delivery['state'][]

const named = (name: string) => nameQuery(name, (value) => NAME.test(value), { pattern: NAME.source })

export const deliveryQueries = [
  ...[wordQuery('state', STATES), named('endpoint'), named('subject')],
  nameQuery('before', (value) => NUMBER.test(value), { pattern: '^[0-9]{1,18}$' }),
  numberQuery('limit', SHOWN_MAX),
]

/** What was sent to whom, what waits, and what was given up. */
export function deliveryRoutes({ deliveries }: DeliveryRouteDeps): Router {
  const router = Router()
  router.get(
    '/',
    ...deliveryQueries,
    rejectInvalid,
    handle(async (req, res) => {
      const { state, endpoint, subject, before, limit } = req.query as Record<string, string | undefined>
      const shown = Number(limit ?? SHOWN)
      const found = await deliveries.list({
        ...(state !== undefined && { state: state as Delivery['state'] }),
        ...(endpoint !== undefined && { endpointId: endpoint }),
        ...(subject !== undefined && { subject }),
        ...(before !== undefined && { before }),
        limit: shown,
      })
      const last = found.at(-1)
      res.json({
        data: found.map(presentDelivery),
        ...(last && found.length === shown && { next: last.id }),
      })
    }),
  )
  router.get(
    '/:id',
    handle(async (req, res) => {
      const id = String(req.params.id)
      const found = NUMBER.test(id) ? await deliveries.find(id) : null
      if (!found) throw notFound()
      res.json({ ...presentDelivery(found), payload: JSON.parse(found.payload) as unknown })
    }),
  )
  router.post(
    '/:id/send-again',
    ...justReason,
    rejectInvalid,
    handle(async (req, res) => {
      const id = String(req.params.id)
      const found = NUMBER.test(id) ? await deliveries.find(id) : null
      if (!found) throw notFound()
      const by = { actor: actorOf(res), reason: reasonOf(req.body), forMs: GIVE_UP_MS }
      if (!(await deliveries.sendAgain(id, by)))
        throw new AppError(
          'action_not_possible',
          found.state === 'delivered' ? 'It was delivered.' : 'It is still being tried by itself.',
        )
      res.json({ waiting: true })
    }),
  )
  return router
}

const notFound = () => new AppError('delivery_not_found', 'There is no such delivery.')

const presentDelivery = (delivery: Delivery) => ({
  id: delivery.id,
  endpoint: delivery.endpointId,
  event_id: delivery.eventId,
  kind: delivery.kind,
  subject: delivery.subject,
  state: delivery.state,
  attempts: delivery.attempts,
  created_at: delivery.createdAt.toISOString(),
  ...(delivery.dueAt && { next_at: delivery.dueAt.toISOString() }),
  ...(delivery.state === 'waiting' && { given_up_at: delivery.giveUpAt.toISOString() }),
  ...(delivery.lastAt && { last_at: delivery.lastAt.toISOString() }),
  ...(delivery.lastStatus !== null && { last_status: delivery.lastStatus }),
  ...(delivery.lastError !== null && { last_error: delivery.lastError }),
  ...(delivery.endedAt && { ended_at: delivery.endedAt.toISOString() }),
})
