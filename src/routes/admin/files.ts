import { Buffer } from 'node:buffer'

import express, { type Request, type RequestHandler, type Response, Router } from 'express'

import type { RecordedAction } from '../../db/store'
import { cleanText } from '../../domain/destination'
import { redactText } from '../../domain/redaction'
import { AppError } from '../../errors'
import type { Clock } from '../../ports/clock'
import type { OutboxFile } from '../../ports/payment-provider'
import type { Decisions } from '../../services/operate/decisions'
import type { FileExchange } from '../../services/operate/files'
import type { TakenIn } from '../../services/operate/take-in'
import { readJson, refuseStrangeBodies } from '../bodies'
import { handle, rejectInvalid } from '../http'
import { answer } from './answer'
import { presentApproval } from './approvals'
import { actorOf, justReason, noteOf, reasonOf } from './input'
import { stillAsked } from './still-asked'

const REPORTS_SHOWN_MAX = 200

interface FileRouteDeps {
  readonly files: FileExchange
  readonly decisions: Decisions
  /** Whether this person may do more than look. */
  readonly mayAct: (res: Response) => boolean
  readonly setTimer: Clock['setTimer']
}

/** Files between a provider and its bank: download what is to be sent, hand in what the bank has answered. */
export function fileRoutes(deps: FileRouteDeps, operator: readonly RequestHandler[]): Router {
  const { files, mayAct } = deps
  const router = Router()
  // Nobody makes us read megabytes before we know who it is.
  router.use(...operator, stillAsked)
  router.get(
    '/:provider',
    handle(async (req, res) => {
      const found = await files.list(String(req.params.provider))
      res.json({ data: found.map(presentOutbox) })
    }),
  )
  router.get(
    '/:provider/reports',
    handle(async (req, res) => {
      const found = await files.reports(String(req.params.provider), REPORTS_SHOWN_MAX)
      res.json({ data: found.map(presentReport) })
    }),
  )
  router.get(
    '/:provider/reports/:document',
    handle(async (req, res) => {
      const { provider, document } = req.params
      if (!mayAct(res)) throw new AppError('forbidden', 'Reports of banks are for operators only.')
      const { name, content } = await files.readReport(nameOf(provider), nameOf(document), readerOf(req, res))
      res.setHeader('Content-Type', 'application/octet-stream')
      res.attachment(name.replace(/[^A-Za-z0-9._-]/g, '_'))
      res.send(Buffer.from(content))
    }),
  )
  router.post('/:provider/:name/void', ...voidRoute(deps))
  router.get(
    '/:provider/:name',
    handle(async (req, res) => {
      const name = nameOf(req.params.name)
      const provider = String(req.params.provider)
      const isWhole = mayAct(res)
      const { content, mediaType } = isWhole
        ? await files.read(provider, name, readerOf(req, res))
        : await files.readMasked(provider, name)
      res.setHeader('Content-Type', mediaType)
      res.attachment(`${isWhole ? '' : 'masked-'}${name.replace(/[^A-Za-z0-9._-]/g, '_')}`)
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
      // Banks like to name a statement by its account.
      const name = redactText(cleanText(req.query.name, 200) ?? 'document')
      const reason = noteOf(req.query, 'reason')
      if (reason === null)
        throw new AppError(
          'invalid_request',
          'reason must say in the query where this file is from, and why.',
        )
      const taken = await files.handIn(
        String(req.params.provider),
        { name, content },
        { actor: actorOf(res), reason },
      )
      res.status(taken.approval ? 202 : 200).json(presentTaken(taken))
    }),
  )
  return router
}

const presentOutbox = (file: OutboxFile) => ({
  name: file.name,
  order_key: file.orderKey,
  currency: file.currency,
  total: file.total,
  item_count: file.itemCount,
  created_at: file.createdAt,
  voided_at: file.voidedAt,
  erased_at: file.erasedAt,
})

function voidRoute({ decisions, setTimer }: FileRouteDeps): RequestHandler[] {
  return [
    ...[refuseStrangeBodies, readJson(setTimer)],
    ...justReason,
    rejectInvalid,
    handle(async (req, res) => {
      const [provider, name] = [String(req.params.provider), nameOf(req.params.name)]
      const decision = { actor: actorOf(res), reason: reasonOf(req.body) }
      const voided = await decisions.voidFile(provider, name, decision)
      answer(res, voided, ({ matched }) => ({ voided: true, matched }))
    }),
  ]
}

/** Accounts and names are in it: who takes it out says why. */
function readerOf(req: Request, res: Response) {
  const reason = noteOf(req.query, 'reason')
  if (reason === null)
    throw new AppError(
      'invalid_request',
      'reason must say in the query why this file is read: accounts are in it.',
    )
  return { actor: actorOf(res), reason }
}

/** A name that no file has is no file, whatever it holds. */
function nameOf(given: unknown): string {
  const name = cleanText(given, 200)
  if (name === null) throw new AppError('file_not_found', 'There is no such file.')
  return name
}

const presentTaken = ({ documentId, isRepeated, matched, problems, held, approval }: TakenIn) => ({
  document_id: documentId,
  repeated: isRepeated,
  matched,
  problems,
  ...(approval && { held, approval: presentApproval(approval) }),
})

const presentReport = ({ id, at, actor, reason, detail }: RecordedAction) => ({
  id,
  at: at.toISOString(),
  actor,
  reason,
  file: detail.file,
  document_id: detail.documentId,
  repeated: detail.isRepeated,
  matched: detail.matched,
  asked: detail.asked,
  held: detail.held ?? 0,
  problems: detail.problems ?? [],
  problem_count: detail.problemCount,
})
