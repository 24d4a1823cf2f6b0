import winston from 'winston'

import type { Logger } from './ports/logger'

/** Fields that never reach a log, wherever they appear; the second net behind never logging them at all. */
const SECRET_FIELDS =
  /^(iban|bic|swift|bank|bank_account|account_?(number|holder)?|destination|paypal_?id|email|receiver|full_?name|name_?on_?account|authorization|token|secret|password|otp_?code|api[-_]?key|raw|body)$/i
/** Anything shaped like an IBAN, in whatever field or text. */
const IBAN_LIKE = /\b[A-Z]{2}\d{2}[A-Z0-9]{10,30}\b/g
const BEARER_LIKE = /\b(?:Bearer\s+)?ey[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g
const DEPTH_MAX = 5

/** JSON lines on stdout, one per event. */
export function createLogger(level: string): winston.Logger & Logger {
  return winston.createLogger({
    level,
    format: winston.format.combine(
      winston.format.timestamp(),
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
      fields === undefined
        ? logger[level](event)
        : logger[level](event, redact(fields, 0) as Record<string, unknown>)
  return { debug: pass('debug'), info: pass('info'), warn: pass('warn'), error: pass('error') }
}

function redactInfo(info: winston.Logform.TransformableInfo): winston.Logform.TransformableInfo {
  for (const [name, value] of Object.entries(info)) info[name] = redactField(name, value, 0)
  return info
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.replace(IBAN_LIKE, '[account]').replace(BEARER_LIKE, '[token]')
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (depth >= DEPTH_MAX) return '[deep]'
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, redactField(name, member, depth + 1)]),
  )
}

const redactField = (name: string, value: unknown, depth: number): unknown =>
  SECRET_FIELDS.test(name) ? '[redacted]' : redact(value, depth)
