import { Buffer } from 'node:buffer'

import express, { type Request, type RequestHandler, Router } from 'express'

import type { Clock } from '../ports/clock'
import type { WebhookRequest } from '../ports/payment-provider'
import type { ReceiveWebhook } from '../services/events/webhooks'
import { bounded } from './bodies'
import { handle } from './http'

/** The largest event we know is a batch's of some kilobytes. */
const EVENT_BYTES_MAX = 256 * 1024

/** Where providers send their events. Signatures are over bytes, so these are read before anything parses them. */
export function webhookRoutes(receive: ReceiveWebhook, setTimer?: Clock['setTimer']): Router {
  const router = Router()
  const raw = bounded(express.raw({ type: () => true, limit: EVENT_BYTES_MAX }), EVENT_BYTES_MAX, setTimer)
  const take: RequestHandler = handle(async (req, res) => {
    const { provider, secret } = req.params as { provider: string; secret?: string }
    await receive(provider, readEvent(req), secret ?? null)
    // The same answer for new, known and unused ones: all are taken care of, and no sender has to come back.
    res.json({ received: true })
  })
  router.post('/:provider', raw, take)
  router.post('/:provider/:secret', raw, take)
  return router
}

function readEvent(req: Request): WebhookRequest {
  const given: unknown = req.body
  // Hosts that keep the bytes beside the parsed body do so under this name.
  const kept: unknown = (req as { rawBody?: unknown }).rawBody
  const rawBody = Buffer.isBuffer(given) ? given : Buffer.isBuffer(kept) ? kept : null
  return { headers: req.headers, rawBody, body: Buffer.isBuffer(given) ? parsed(given) : given }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown
  } catch {
    return null
  }
}
