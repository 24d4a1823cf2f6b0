import { isLess, readDecimal, sameAmount } from '../../domain/money'
import type { DeclineCode } from '../../domain/reasons'
import { storableText } from '../../domain/storable'
import type { LookupOutcome, PayoutOutcome } from '../../ports/payment-provider'
import type { HttpAnswer } from '../shared/http-client'
import { retryAfterMs } from '../shared/retry-after'
import type { Answers, ErrorRule, Match, Meaning, OwnFault, Pointers } from './answer-rules'
import { isExact, textAt, valueAt } from './pointer'

/** The payout an answer should be about. */
export interface Asked {
  readonly key: string
  readonly endToEndId: string
  readonly currency: string
  readonly amount: string
  readonly decimals: number
  /** What it was asked for by, where that was the other side's own id of it. */
  readonly reference?: string | null
  /** The answer is the one to our own request: a payout in it that names no key is ours. */
  readonly isAnswerToSubmit?: boolean
}

type Of<Kind extends LookupOutcome['kind']> = Extract<LookupOutcome, { kind: Kind }>
export type Facts = Exclude<PayoutOutcome, { kind: 'deferred' }> | Of<'returned'> | Of<'voided'>

const unknown = (why: string): Of<'unknown'> => ({ kind: 'unknown', why, wasHeard: true })

/** What one payout in a successful answer says. Whatever does not fit together is unknown. */
export function factsOf(payout: unknown, asked: Asked, answers: Answers): Facts {
  const { at } = answers
  const reference = textAt(payout, at.reference)
  if (reference === null || reference.length > 255)
    return { kind: 'unknown', why: 'The answer holds no reference.' }
  const mismatch = mismatchOf(payout, reference, asked, at)
  if (mismatch !== null) return unknown(mismatch)
  const amount = amountAt(payout, at.amount, asked, answers.amountIn)
  const returned = amountAt(payout, at.returnedAmount, asked, answers.amountIn)
  if (amount === undefined || returned === undefined)
    return unknown('The answer holds an amount that is none.')

  const said = { ...saidOf(payout, reference, answers), amount, returned: isSome(returned) ? returned : null }
  const word = textAt(payout, at.status)
  const meaning = word === null ? 'accepted' : (answers.statuses.get(word) ?? answers.otherStatuses)
  return outcomeOf(meaning, said, asked)
}

const isSome = (amount: string | null): boolean => amount !== null && !sameAmount(amount, '0')

/** The words of an answer, in ours. */
function saidOf(payout: unknown, reference: string, { at, reasons, ownReasons }: Answers) {
  const reason = textAt(payout, at.reason) ?? ''
  const status = textAt(payout, at.status)
  return {
    reference,
    transactionId: textAt(payout, at.transactionId) ?? reference,
    code: reasons.get(reason) ?? ('provider_declined' as const),
    ownFault: ownReasons.get(reason) ?? null,
    // Also where it is cut in the middle of a character: what cannot be stored would make the whole answer none.
    status: status === null ? null : storableText(status.slice(0, 120)),
  }
}

interface Said {
  readonly reference: string
  readonly transactionId: string
  readonly code: DeclineCode
  /** What our own account lacked. */
  readonly ownFault: OwnFault | null
  readonly amount: string | null
  readonly returned: string | null
  readonly status: string | null
}

function outcomeOf(meaning: Meaning | 'unknown', said: Said, asked: Asked): Facts {
  const { reference, transactionId, code, ownFault, amount, returned } = said
  const status = said.status === null ? {} : { status: said.status }
  switch (meaning) {
    case 'unknown':
      return unknown('The answer holds a status that is not in the configuration.')
    case 'declined':
      if (ownFault !== null) return { kind: 'voided', why: ownFault, ...status }
      return { kind: 'declined', code, reference, ...status }
    case 'returned':
      return { kind: 'returned', reference, transactionId, amount: returned ?? asked.amount, code }
    case 'accepted':
    case 'settled':
      // A part of the money can be back while the payout itself is still called paid.
      if (returned !== null) return { kind: 'returned', reference, transactionId, amount: returned, code }
      if (meaning === 'accepted') return { kind: 'accepted', reference, ...status }
      return { kind: 'settled', reference, transactionId, ...(amount !== null && { amount }), ...status }
  }
}

function mismatchOf(payout: unknown, reference: string, asked: Asked, at: Pointers): string | null {
  // Nothing but the reference says then whose payout is shown.
  const isOther = at.key === null && (asked.reference ?? reference) !== reference
  if (isOther) return OTHER_PAYOUT
  const namesNone = asked.isAnswerToSubmit === true && textAt(payout, at.key) === null
  if (!namesNone && !isOurs(payout, asked, at.key)) return OTHER_PAYOUT
  const currency = textAt(payout, at.currency)
  const isInAnother = currency !== null && currency.toLowerCase() !== asked.currency
  return isInAnother ? 'The answer is about another currency.' : null
}

const OTHER_PAYOUT = 'The answer is about another payout.'

export const isOurs = (payout: unknown, { key, endToEndId }: Asked, pointer: string | null): boolean => {
  if (pointer === null) return true
  const named = textAt(payout, pointer)
  return named === key || named === endToEndId
}

/** @returns null where there is none, undefined where what is there is no amount. */
function amountAt(
  payout: unknown,
  pointer: string | null,
  { decimals }: Asked,
  amountIn: Answers['amountIn'],
): string | null | undefined {
  const given = pointer === null ? undefined : valueAt(payout, pointer)
  if (given === undefined || given === null) return null
  const amount = readDecimal(amountIn === 'minor' ? fromMinorUnits(given, decimals) : given)
  // A leg of a booking that goes the other way says nothing of what the payee got.
  return amount === null || isLess(amount, '0') ? undefined : amount
}

export function fromMinorUnits(given: unknown, decimals: number): string | null {
  const digits = String(given)
  if ((typeof given !== 'number' && typeof given !== 'string') || !/^\d{1,20}$/.test(digits)) return null
  if (typeof given === 'number' && !isExact(given)) return null
  const padded = digits.padStart(decimals + 1, '0')
  return decimals === 0 ? padded : `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`
}

/** @returns undefined where the answer is no JSON. */
export function bodyOf(answer: HttpAnswer): unknown {
  try {
    return answer.json()
  } catch {
    return undefined
  }
}

export const matches = ({ status, pointer, equals }: Match, answer: HttpAnswer): boolean =>
  answer.status === status && (pointer === null || textAt(bodyOf(answer), pointer) === equals)

/**
 * What a refusal says: the operator's rules first, then what every API means by it. Everything else proves nothing.
 *
 * @returns null when it proves nothing.
 */
export function refusalOf(
  answer: HttpAnswer,
  rules: readonly ErrorRule[],
): Extract<PayoutOutcome, { kind: 'declined' | 'deferred' }> | null {
  const status = `HTTP ${answer.status}`
  const rule = rules.find((each) => matches(each, answer))
  const waitMs = retryAfterMs(answer.headers)
  const wait = waitMs === undefined ? {} : { retryAfterMs: waitMs }
  if (rule?.outcome === 'declined') return { kind: 'declined', code: rule.code, status }
  if (rule) return { kind: 'deferred', why: rule.why, status, ...wait }
  if (answer.status === 401 || answer.status === 403)
    return { kind: 'deferred', why: 'provider_unavailable', status }
  if (answer.status === 429) return { kind: 'deferred', why: 'rate_limited', status, ...wait }
  return null
}
