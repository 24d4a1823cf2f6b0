import { Buffer } from 'node:buffer'

import express, { type RequestHandler, Router } from 'express'

import { cleanText } from '../../domain/destination'
import { AppError } from '../../errors'
import type { FileExchange } from '../../services/operate/files'
import { handle } from '../http'
import { actorOf } from './input'

/** Files between a provider and its bank: download what is to be sent, hand in what the bank has answered. */
export function fileRoutes(files: FileExchange, operator: RequestHandler): Router {
  const router = Router()
  // Nobody makes us read megabytes before we know who it is.
  router.use(operator)
  router.get(
    '/:provider',
    handle(async (req, res) => {
      const found = await files.list(String(req.params.provider))
      res.json({
        data: found.map(({ name, orderKey, currency, total, itemCount, createdAt }) => ({
          name,
          order_key: orderKey,
          currency,
          total,
          item_count: itemCount,
          created_at: createdAt,
        })),
      })
    }),
  )
  router.get(
    '/:provider/:name',
    handle(async (req, res) => {
      const name = String(req.params.name)
      const { content, mediaType } = await files.read(String(req.params.provider), name)
      res.setHeader('Content-Type', mediaType)
      res.attachment(name.replace(/[^A-Za-z0-9._-]/g, '_'))
      res.send(Buffer.from(content))
    }),
  )
  router.post(
    '/:provider',
    (req, res, next) => {
      const limit = files.ingestBytesMax(String(req.params.provider))
      express.raw({ type: () => true, limit })(req, res, next)
    },
    handle(async (req, res) => {
      const content: unknown = req.body
      if (!Buffer.isBuffer(content) || content.length === 0)
        throw new AppError('invalid_request', 'Send the file as it is, as the body of the request.')
      const name = cleanText(req.query.name, 200) ?? 'document'
      const { documentId, isRepeated, matched, problems } = await files.ingest(
        String(req.params.provider),
        { name, content },
        actorOf(res),
      )
      res.json({ document_id: documentId, repeated: isRepeated, matched, problems })
    }),
  )
  return router
}
