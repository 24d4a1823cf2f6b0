import type { IncomingMessage, ServerResponse } from 'node:http'

import express, { type RequestHandler } from 'express'

import { storableProblem } from '../domain/storable'
import { AppError } from '../errors'
import type { Clock } from '../ports/clock'
import { jsonProblem } from './json-shape'

/** A withdrawal takes a few hundred bytes; this leaves room for the longest names and keeps floods small. */
export const BODY_BYTES_MAX = 64 * 1024
/** The slowest honest connection sends 64 kB in less. */
const BODY_WITHIN_MS = 10_000
/** For the answer to arrive before the connection is cut under it. */
const LINGER_MS = 1_000

/** Told apart by `type`, as the parser's own errors are: it passes ours on with words of its own. */
class BodyShapeError extends Error {
  readonly type = 'entity.shape.refused'
}

type SetTimer = Clock['setTimer']

const systemTimer: SetTimer = (ms, wake) => {
  const timer = setTimeout(wake, ms).unref()
  return () => clearTimeout(timer)
}

/**
 * What is answered before its body has arrived is not listened to any more: without this, a body without an end is read
 * until the server's own limit, which is minutes.
 */
export const hangUpOnRest =
  (setTimer: SetTimer = systemTimer): RequestHandler =>
  (req, res, next) => {
    res.once('finish', () => {
      if (req.complete) return
      // Where the rest has come meanwhile the connection is as good as any, and the next request may be on it.
      setTimer(LINGER_MS, () => {
        if (!req.complete) req.socket.destroy()
      })
    })
    next()
  }

/**
 * Has `parse` read a body, for so long and so much and no more. The parser has a limit of its own, but reads on to the end
 * before it says so.
 */
export const bounded =
  (parse: RequestHandler, bytesMax: number, setTimer: SetTimer = systemTimer): RequestHandler =>
  (req, res, next) => {
    let isOver = false
    const end = (error?: unknown) => {
      if (isOver) return
      isOver = true
      cancel()
      if (error !== undefined && !req.complete) res.setHeader('Connection', 'close')
      next(error)
    }
    const cancel = setTimer(BODY_WITHIN_MS, () =>
      end(new AppError('body_too_slow', 'The request body took too long to arrive.')),
    )
    void parse(req, res, end)
    // What was read already, by the host or because there is nothing, is not waited for.
    if (isOver as boolean) return
    let bytes = 0
    req.on('data', (part: Uint8Array) => {
      bytes += part.length
      if (bytes > bytesMax) end(new AppError('body_too_large', 'The request body is too large.'))
    })
  }

/** JSON in UTF-8 with each key once, whatever a host's own, more generous parser would take. */
export const readJson = (setTimer?: SetTimer): RequestHandler =>
  bounded(
    express.json({
      limit: BODY_BYTES_MAX,
      // As it was let in: the parser's own look at the type costs as much as the parsing.
      type: (req) => isUtf8Json(req.headers['content-type'] ?? ''),
      verify: (_req: IncomingMessage, _res: ServerResponse, bytes: Uint8Array) => {
        const problem = jsonProblem(textOf(bytes))
        if (problem !== null) throw new BodyShapeError(problem)
      },
    }),
    BODY_BYTES_MAX,
    setTimer,
  )

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new BodyShapeError('The request body is not valid UTF-8.')
  }
}

/** Size and type, also for a body that a host's own parser has read. */
export const refuseStrangeBodies: RequestHandler = (req, _res, next) => {
  if (req.method !== 'POST' && req.method !== 'PUT' && req.method !== 'PATCH') return next()
  const length = Number(req.headers['content-length'] ?? 0)
  if (length > BODY_BYTES_MAX) return next(new AppError('body_too_large', 'The request body is too large.'))
  const hasBody = length > 0 || req.headers['transfer-encoding'] !== undefined
  if (hasBody && !isUtf8Json(req.headers['content-type'] ?? ''))
    return next(
      new AppError(
        'unsupported_media_type',
        'The request body must be JSON in UTF-8 (Content-Type: application/json).',
      ),
    )
  return next()
}

/** Other encodings of Unicode are ways to write what a filter in between does not see. */
const isUtf8Json = (type: string): boolean => {
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) return false
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(type)?.[1]
  return charset === undefined || /^utf-?8$/i.test(charset)
}

/** Of these a request has one; of two, a proxy and we might believe different ones. */
const ONCE = new Set(['authorization', 'content-type', 'content-length', 'idempotency-key', 'host'])

export const refuseTwins: RequestHandler = (req, _res, next) => {
  const seen = new Set<string>()
  for (let at = 0; at < req.rawHeaders.length; at += 2) {
    const name = String(req.rawHeaders[at]).toLowerCase()
    if (!ONCE.has(name)) continue
    if (seen.has(name))
      return next(
        name === 'authorization'
          ? new AppError('unauthorized', 'Access denied: two Authorization headers.')
          : new AppError(
              name === 'idempotency-key' ? 'invalid_idempotency_key' : 'invalid_request',
              `The header ${name} was sent twice.`,
            ),
      )
    seen.add(name)
  }
  next()
}

/**
 * What no text of ours may hold: a database would refuse it in the middle of the work. Users' fields are each checked by
 * their own rule, with its own words.
 */
export const refuseUnstorable: RequestHandler = (req, _res, next) => {
  const problem = storableProblem(req.query) ?? storableProblem(req.body)
  next(problem === null ? undefined : new AppError('invalid_request', problem))
}
