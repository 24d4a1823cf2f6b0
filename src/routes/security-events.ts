import type { Request, RequestHandler, Response } from 'express'

import { redactText } from '../domain/redaction'
import type { ErrorCode } from '../errors'
import type { Identity } from '../ports/authenticator'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { addressOf } from './limits'

/** What somebody has to be able to look up who asks what happened: OWASP ASVS 5.0, 16.3. */
export type SecurityKind =
  'unauthenticated' | 'forbidden' | 'wrong_code' | 'limited' | 'operator_action' | 'personal_read'

interface SecurityEvent {
  readonly kind: SecurityKind
  /** `operator:2`, `user:7`, or `unknown` where nobody could be told. */
  readonly actor: string
  readonly outcome: 'done' | 'proposed' | 'refused' | 'failed'
  readonly requestId: string | undefined
  readonly method: string
  /** Without the query, and without what is a secret in it. */
  readonly path: string
  readonly address?: string
  /** Of the refusal. */
  readonly code?: string
}

const CODES: Partial<Record<ErrorCode, SecurityKind>> = {
  otp_invalid: 'wrong_code',
  otp_locked: 'wrong_code',
  too_many_requests: 'limited',
}
const READING: readonly string[] = ['GET', 'HEAD', 'OPTIONS']
/** Of everybody: what shows accounts, if only masked, or who owns them. */
const PERSONAL =
  /^\/admin\/(withdrawals|approvals|batches\/[^/]+|deliveries\/[^/]+|files\/[^/]+\/.+|quarantine|code-locks)/i
/** All of them as routes are found: without regard to case. */
const ADMIN = /^\/admin\//i
const WEBHOOK = /^\/webhooks\/([a-z][a-z0-9-]{0,31})(?:\/|$)/i

export interface SecurityEventDeps {
  readonly clock: Pick<Clock, 'monotonicMs'>
  readonly logger: Logger
  readonly addressHeader: string
}

/**
 * One line of one shape for each request that security is about, once it is answered: who, what, how it ended, and under
 * which request id; never what was sent. The same again within a minute is counted, not repeated, except for what
 * operators do, each of which is on record anyway.
 */
export function securityEvents({ clock, logger, addressHeader }: SecurityEventDeps): RequestHandler {
  const bound = createBound(clock)
  return (req, res, next) => {
    // As it was asked: routers below change it.
    const asked = req.path
    let isTold = false
    const tell = () => {
      if (isTold) return
      isTold = true
      const event = eventOf(req, res, pathOf(asked), addressHeader)
      const told = event && (event.kind === 'operator_action' ? {} : bound(event))
      if (!event || !told) return
      const level = event.outcome === 'refused' || event.outcome === 'failed' ? 'warn' : 'info'
      logger[level]('security.event', { ...event, ...told })
    }
    res.once('finish', tell)
    // Who hangs up has asked for it all the same.
    res.once('close', tell)
    next()
  }
}

function eventOf(req: Request, res: Response, path: string, addressHeader: string): SecurityEvent | null {
  const code = res.locals.errorCode as ErrorCode | undefined
  const kind = kindOf(req, res, path, code)
  if (!kind) return null
  const address = addressOf(req, addressHeader)
  return {
    ...{
      kind,
      actor: actorOf(res, path),
      outcome: outcomeOf(res),
      requestId: res.locals.requestId as string,
    },
    ...{
      method: req.method,
      path,
      ...(address !== null && { address }),
      ...(code !== undefined && { code }),
    },
  }
}

function kindOf(req: Request, res: Response, path: string, code: ErrorCode | undefined): SecurityKind | null {
  const named = code === undefined ? undefined : CODES[code]
  if (named) return named
  if (res.statusCode === 401) return 'unauthenticated'
  // An operator who may act, and may not do this, has acted.
  if (res.statusCode === 403 && code === 'forbidden') return 'forbidden'
  if (!ADMIN.test(path) || !identityIn(res)) return null
  if (!READING.includes(req.method)) return 'operator_action'
  return PERSONAL.test(path) ? 'personal_read' : null
}

function outcomeOf(res: Response): SecurityEvent['outcome'] {
  const { statusCode, headersSent } = res
  if (!headersSent || statusCode >= 500) return 'failed'
  if (statusCode >= 400) return 'refused'
  return statusCode === 202 ? 'proposed' : 'done'
}

const identityIn = (res: Response): Identity | undefined => res.locals.identity as Identity | undefined

function actorOf(res: Response, path: string): string {
  const userId = (identityIn(res) ?? (res.locals.refusedIdentity as Identity | undefined))?.userId
  if (userId === undefined) return 'unknown'
  return `${ADMIN.test(path) && identityIn(res) ? 'operator' : 'user'}:${userId}`
}

const PATH_LENGTH_MAX = 200

/** The last part of a webhook's address may be its secret. */
function pathOf(path: string): string {
  const [, provider] = WEBHOOK.exec(path) ?? []
  if (provider !== undefined) return `/webhooks/${provider}`
  return redactText(decoded(path).slice(0, PATH_LENGTH_MAX))
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

const AGAIN_AFTER_MS = 60_000
const KNOWN_MAX = 5_000
/** From however many addresses they come. */
const TOLD_A_MINUTE_MAX = 300

/** @returns How often it was left out before, where it was; null to leave it out. */
function createBound(clock: Pick<Clock, 'monotonicMs'>) {
  let known = new Map<string, { untilMs: number; more: number }>()
  let minute = { untilMs: 0, told: 0, leftOut: 0 }

  return ({ kind, actor, address, method, path }: SecurityEvent): Record<string, number> | null => {
    const nowMs = clock.monotonicMs()
    const about = kind === 'personal_read' ? `${method} ${path}` : ''
    const key = `${kind} ${actor} ${address ?? ''} ${about}`
    const before = known.get(key)
    if (before && nowMs < before.untilMs) {
      before.more++
      return null
    }
    if (nowMs >= minute.untilMs)
      minute = { untilMs: nowMs + AGAIN_AFTER_MS, told: 0, leftOut: minute.leftOut }
    // What operators read is theirs alone to bring about, and is never lost among the rest.
    if (kind !== 'personal_read' && minute.told >= TOLD_A_MINUTE_MAX) {
      minute.leftOut++
      return null
    }
    minute.told++
    if (known.size >= KNOWN_MAX)
      known = new Map([...known].filter(([, { untilMs }]) => nowMs < untilMs).slice(-KNOWN_MAX / 2))
    known.set(key, { untilMs: nowMs + AGAIN_AFTER_MS, more: 0 })
    const { leftOut } = minute
    minute.leftOut = 0
    return { ...(before && before.more > 0 && { more: before.more }), ...(leftOut > 0 && { leftOut }) }
  }
}
