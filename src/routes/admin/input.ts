import type { Response } from 'express'
import { body, query, type ValidationChain } from 'express-validator'

import { cleanText } from '../../domain/destination'
import { redactText } from '../../domain/redaction'
import { type Complaint, identityOf } from '../http'

/** Long enough for a sentence and a ticket number. */
const REASON_LENGTH_MAX = 500

export const refuse = (message: string): never => {
  const complaint: Complaint = { code: 'invalid_request', message }
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  throw complaint
}

/** Who acts and why is on record for every action. */
export const reasonValidator: ValidationChain = body('reason').custom((value: unknown) =>
  cleanText(value, REASON_LENGTH_MAX) === null
    ? refuse('reason must say why, in at most 500 characters.')
    : true,
)

/** A line of text that may be left out. */
export const textValidator = (name: string): ValidationChain =>
  body(name).custom((value: unknown) =>
    value === undefined || cleanText(value, REASON_LENGTH_MAX) !== null
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

export const versionValidator: ValidationChain = body('version').custom((value: unknown) =>
  value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0)
    ? true
    : refuse('version must be the number that was shown.'),
)

/** Only these keys: a mistyped one would be an action other than the one that was meant. */
export const onlyKeys = (...names: readonly string[]): ValidationChain =>
  body().custom((value: unknown) => {
    if (value === undefined) return true
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return refuse('The body must be a JSON object.')
    const unknown = Object.keys(value).find((key) => !names.includes(key))
    return unknown === undefined ? true : refuse(`${unknown} is not known here.`)
  })

/** Nothing that a database or a log could not take. */
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 64 && !/[\p{Cc}\p{Cs}]/u.test(value)

/** A name as a query string may carry it: one text, not a list. */
export const nameQuery = (name: string, isValid: (value: string) => boolean = () => true): ValidationChain =>
  query(name).custom((value: unknown) =>
    value === undefined || (isName(value) && isValid(value)) ? true : refuse(`${name} is not valid.`),
  )

export const nameBody = (name: string): ValidationChain =>
  body(name).custom((value: unknown) =>
    value === undefined || isName(value) ? true : refuse(`${name} is not valid.`),
  )

export const numberQuery = (name: string, max: number): ValidationChain =>
  query(name).custom((value: unknown) =>
    value === undefined || (typeof value === 'string' && /^\d{1,9}$/.test(value) && Number(value) <= max)
      ? true
      : refuse(`${name} must be a whole number from 0 to ${max}.`),
  )

export const reasonOf = (given: unknown): string => noteOf(given, 'reason') ?? ''

export const actorOf = (res: Response): string => `operator:${identityOf(res).userId}`
