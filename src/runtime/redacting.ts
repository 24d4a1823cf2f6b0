import { redactText } from '../domain/redaction'
import type { Logger } from '../ports/logger'

/** Fields that never reach a log, wherever they appear; the second net behind never logging them at all. */
const SECRET_FIELDS =
  /^(iban|bic|swift|bank|bank_account|account_?(number|holder)?|destination|paypal_?id|email|receiver|full_?name|name_?on_?account|authorization|(set-)?cookie|((access|refresh|id|bearer)[-_]?)?token|((client|webhook)[-_]?)?secret|password|passwd|otp_?code|api[-_]?(key|secret)|(private|hash|encryption)[-_]?keys?|(database|connection)[-_]?(url|string)|raw|body)$/i
const DEPTH_MAX = 5

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

function redact(value: unknown, depth: number, namesOf: NamesOf): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (depth >= DEPTH_MAX) return '[deep]'
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1, namesOf))
  return redactMembers(value, depth + 1, namesOf)
}

type NamesOf = (fields: object) => readonly string[]

/** @param namesOf The names of the members, in the order in which they are to stand. */
export function redactMembers(
  fields: object,
  depth: number,
  namesOf: NamesOf = Object.keys,
): Record<string, unknown> {
  const members = namesOf(fields).map((name): [string, unknown] => {
    const { shown, isSecret } = judged(name)
    const value = (fields as Readonly<Record<string, unknown>>)[name]
    return [shown, isSecret ? '[redacted]' : redact(value, depth, namesOf)]
  })
  return Object.fromEntries(members)
}

interface Judged {
  readonly shown: string
  readonly isSecret: boolean
}

/** Nearly all names are those that stand in the code, and come with every line. */
const JUDGED_MAX = 1_000
const JUDGED_LENGTH_MAX = 40
const JUDGED = new Map<string, Judged>()

function judged(name: string): Judged {
  const known = JUDGED.get(name)
  if (known) return known
  const made = { shown: redactText(name), isSecret: SECRET_FIELDS.test(name) }
  if (JUDGED.size < JUDGED_MAX && name.length <= JUDGED_LENGTH_MAX) JUDGED.set(name, made)
  return made
}
