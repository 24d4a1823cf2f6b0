import { describeError } from '../errors'
import type { HoldOutcome } from '../ports/exchange'

/**
 * What a thrown value of toolsLib proves. Everything is by shape, since its errors come from another realm.
 *
 * An effect was refused for certain only where the network itself answered 400 or 422 with its own JSON message,
 * or where toolsLib refused before it sent anything. 401 and 403 mean a wrong clock or key, 404 a wrong route,
 * 429 and 5xx nothing at all: none of them says what became of an earlier, equal call.
 */
export function classifyEffectError(error: unknown): Exclude<HoldOutcome, { kind: 'done' }> {
  const refusal = refusalMessage(error)
  if (refusal === null) return { kind: 'unknown', why: describeFault(error) }
  // "Already there" is no refusal: something is there, and has to be looked at.
  if (/already|duplicate|exist|unique/i.test(refusal)) return { kind: 'unknown', why: refusal }
  return { kind: 'refused', why: isAboutBalance(refusal) ? 'balance' : 'other', message: refusal }
}

/** The words with which toolsLib refuses before it sends anything. */
const REFUSED_LOCALLY = [
  'User not found',
  'User is not registered on the network',
  'kitIds can only contain integers greater than 0',
  'Parameter amount error: cannot be null',
  'Parameter transactionId error: cannot be null',
]

const DEFINITE_STATUSES = [400, 422]

function refusalMessage(error: unknown): string | null {
  const statusCode = statusOf(error)
  if (statusCode !== null) return DEFINITE_STATUSES.includes(statusCode) ? networkMessage(error) : null
  const { name, message } = describeError(error)
  return name === 'Error' && REFUSED_LOCALLY.includes(message) ? message : null
}

/** request-promise: `statusCode` is there exactly when the remote answered. */
export const statusOf = (error: unknown): number | null => {
  const status = (error as { statusCode?: unknown } | null)?.statusCode
  return typeof status === 'number' ? status : null
}

/** The parsed JSON body's message; an HTML page of some proxy has none. */
export function networkMessage(error: unknown): string | null {
  const message = (error as { error?: { message?: unknown } } | null)?.error?.message
  return typeof message === 'string' ? message.slice(0, 300) : null
}

/**
 * True when the exchange evaluated a read and said no; false when it could not be asked. A rule of the kit is
 * thrown as a plain Error with a text for people, a broken kit as a TypeError or a database error.
 */
export function isRuleRefusal(error: unknown): boolean {
  const status = statusOf(error)
  if (status !== null) return DEFINITE_STATUSES.includes(status) && networkMessage(error) !== null
  const { name, code } = describeError(error)
  return name === 'Error' && code === undefined
}

export const refusalText = (error: unknown): string => networkMessage(error) ?? describeError(error).message

export const isAboutBalance = (message: string): boolean => /balance|insufficient|not enough/i.test(message)

/** Never the error object: its options carry the exchange's api key and a live signature. */
export function describeFault(error: unknown): string {
  const status = statusOf(error)
  const { name, code } = describeError(error)
  const causeCode = (error as { cause?: { code?: unknown } } | null)?.cause?.code
  const facts = [name, status, code, typeof causeCode === 'string' ? causeCode : undefined]
  return facts.filter((fact) => fact !== undefined && fact !== null).join(' ') || 'unknown fault'
}
