import type { RequestHandler, Response } from 'express'

import { cleanText } from '../../domain/destination'
import { redactText } from '../../domain/redaction'
import { checked } from '../checked'
import { described, line, type Schema } from '../described'
import { type Complaint, identityOf } from '../http'

/** Long enough for a sentence and a ticket number. */
export const REASON_LENGTH_MAX = 500

export const refuse = (message: string): never => {
  const complaint: Complaint = { code: 'invalid_request', message }
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  throw complaint
}

/** Who acts and why is on record for every action. */
export const reasonValidator: RequestHandler = member(
  'reason',
  line(REASON_LENGTH_MAX, { description: 'Why; kept with who it was.', examples: ['Checked by phone'] }),
  (value: unknown) =>
    cleanText(value, REASON_LENGTH_MAX) === null
      ? refuse('reason must say why, in at most 500 characters.')
      : true,
)

/** A member of the body, with what it may be. */
export function member(
  name: string,
  schema: Schema,
  check: (value: unknown) => boolean,
  isRequired = true,
): RequestHandler {
  return described(checked('body', name, check), { in: 'body', name, schema, isRequired })
}

/** One that may be left out. */
export const optional = (name: string, schema: Schema, check: (value: unknown) => boolean): RequestHandler =>
  member(name, schema, (value) => value === undefined || check(value), false)

/** A line of text that may be left out. */
export const textValidator = (name: string): RequestHandler =>
  optional(name, line(REASON_LENGTH_MAX), (value) =>
    cleanText(value, REASON_LENGTH_MAX) !== null
      ? true
      : refuse(`${name} must be a text of at most ${REASON_LENGTH_MAX} characters.`),
  )

export const textOf = (given: unknown, name: string): string | null =>
  cleanText((given as Record<string, unknown>)[name], REASON_LENGTH_MAX)

/** As it may go into the journal, which holds no account numbers. */
export function noteOf(given: unknown, name: string): string | null {
  const text = textOf(given, name)
  return text === null ? null : redactText(text)
}

/** As the database counts them. */
const VERSION_MAX = 2 ** 31 - 1
export const VERSION_SCHEMA: Schema = { type: 'integer', minimum: 0, maximum: VERSION_MAX }

export const isVersion = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= VERSION_MAX

export const versionValidator: RequestHandler = optional(
  'version',
  {
    ...VERSION_SCHEMA,
    description: 'The number that was shown: where it has moved on since, nothing happens.',
  },
  (value) => (isVersion(value) ? true : refuse('version must be the number that was shown.')),
)

/** Only these keys: a mistyped one would be an action other than the one that was meant. */
export const onlyKeys = (...names: readonly string[]): RequestHandler =>
  described(
    checked('body', undefined, (value: unknown) => {
      if (value === undefined) return true
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return refuse('The body must be a JSON object.')
      const unknown = Object.keys(value).find((key) => !names.includes(key))
      return unknown === undefined ? true : refuse(`${unknown} is not known here.`)
    }),
    { in: 'body', names },
  )

/** Nothing that a database or a log could not take. */
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 64 && !/[\p{Cc}\p{Cs}]/u.test(value)

const NAME_SCHEMA: Schema = { type: 'string', maxLength: 64, pattern: '^[^\\x00-\\x1f\\x7f-\\x9f]*$' }

/**
 * A name as a query string may carry it: one text, not a list.
 *
 * @param schema What `isValid` asks for besides.
 */
export const nameQuery = (
  name: string,
  isValid: (value: string) => boolean = () => true,
  schema: Schema = {},
): RequestHandler =>
  described(
    checked('query', name, (value: unknown) =>
      value === undefined || (isName(value) && isValid(value)) ? true : refuse(`${name} is not valid.`),
    ),
    { in: 'query', name, schema: { ...NAME_SCHEMA, ...schema } },
  )

/** One of these words. */
export const wordQuery = (name: string, words: readonly string[]): RequestHandler =>
  nameQuery(name, (value) => words.includes(value), { enum: words })

export const nameBody = (name: string): RequestHandler =>
  optional(name, NAME_SCHEMA, (value) => (isName(value) ? true : refuse(`${name} is not valid.`)))

export const numberQuery = (name: string, max: number): RequestHandler =>
  described(
    checked('query', name, (value: unknown) =>
      value === undefined || (typeof value === 'string' && /^\d{1,9}$/.test(value) && Number(value) <= max)
        ? true
        : refuse(`${name} must be a whole number from 0 to ${max}.`),
    ),
    { in: 'query', name, schema: { type: 'integer', minimum: 0, maximum: Math.min(max, 999_999_999) } },
  )

export const reasonOf = (given: unknown): string => noteOf(given, 'reason') ?? ''

export const actorOf = (res: Response): string => `operator:${identityOf(res).userId}`

/** The body of what needs nothing but a reason. */
export const justReason: readonly RequestHandler[] = [onlyKeys('reason'), reasonValidator]
/** And of what somebody else may have changed meanwhile. */
export const reasonAndVersion: readonly RequestHandler[] = [
  ...[onlyKeys('reason', 'version'), reasonValidator, versionValidator],
]
