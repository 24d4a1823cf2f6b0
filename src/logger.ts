import winston from 'winston'

import { redactText } from './domain/redaction'
import type { Logger } from './ports/logger'

/** Fields that never reach a log, wherever they appear; the second net behind never logging them at all. */
const SECRET_FIELDS =
  /^(iban|bic|swift|bank|bank_account|account_?(number|holder)?|destination|paypal_?id|email|receiver|full_?name|name_?on_?account|authorization|token|secret|password|otp_?code|api[-_]?key|raw|body)$/i
const DEPTH_MAX = 5

/** JSON lines on stdout, one per event. */
export function createLogger(level: string): winston.Logger & Logger {
  return winston.createLogger({
    level,
    format: winston.format.combine(
      // Always now: a field of that name must not change when it happened.
      winston.format.timestamp({ format: () => new Date().toISOString() }),
      winston.format((info) => redactInfo(info))(),
      winston.format.json(),
    ),
    transports: [new winston.transports.Console()],
  })
}

/** Wraps any logger (a kit's, say) so that what it is handed has passed the same net. */
export function redacting(logger: Logger): Logger {
  const pass =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields?: Record<string, unknown>): unknown =>
      fields === undefined ? logger[level](event) : logger[level](event, redactMembers(unglued(fields), 0))
  return { debug: pass('debug'), info: pass('info'), warn: pass('warn'), error: pass('error') }
}

/** A winston logger glues a field called `message` to the event's name, and nothing could look for it any more. */
function unglued({ message, ...fields }: Record<string, unknown>): Record<string, unknown> {
  return message === undefined ? fields : { detail: message, ...fields }
}

/** Under these winston keeps what it was called with, and the level that it goes by. */
const SPLAT = Symbol.for('splat')
const LEVEL = Symbol.for('level')

function redactInfo(info: winston.Logform.TransformableInfo): winston.Logform.TransformableInfo {
  const [fields] = (info[SPLAT] ?? []) as readonly ({ readonly message?: string } | undefined)[]
  const glued = fields?.message ? ` ${fields.message}` : ''
  const event = String(info.message)
  const members =
    glued === '' || !event.endsWith(glued)
      ? info
      : { detail: fields?.message, ...info, message: event.slice(0, -glued.length) }
  return {
    ...redactMembers(members, 0),
    level: info.level,
    message: redactText(String(members.message)),
    [LEVEL]: info[LEVEL],
  }
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (depth >= DEPTH_MAX) return '[deep]'
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  return redactMembers(value, depth + 1)
}

const redactMembers = (fields: object, depth: number): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      redactText(name),
      SECRET_FIELDS.test(name) ? '[redacted]' : redact(value, depth),
    ]),
  )
