import { readDecimal, sameAmount } from '../../domain/money'
import type { DeclineCode } from '../../domain/reasons'
import type { LookupOutcome, PayoutOutcome } from '../../ports/payment-provider'
import type { HttpAnswer } from '../shared/http-client'
import type { Answers, ErrorRule, Match, Meaning, Pointers } from './answer-rules'
import { textAt, valueAt } from './pointer'

/** The payout an answer should be about. */
export interface Asked {
  readonly key: string
  readonly endToEndId: string
  readonly currency: string
  readonly amount: string
  readonly decimals: number
}

type Of<Kind extends LookupOutcome['kind']> = Extract<LookupOutcome, { kind: Kind }>
export type Facts = Exclude<PayoutOutcome, { kind: 'deferred' }> | Of<'returned'>

const unknown = (why: string): Of<'unknown'> => ({ kind: 'unknown', why })

/** What one payout in a successful answer says. Whatever does not fit together is unknown. */
export function factsOf(payout: unknown, asked: Asked, answers: Answers): Facts {
  const { at } = answers
  const reference = textAt(payout, at.reference)
  if (reference === null || reference.length > 255) return unknown('The answer holds no reference.')
  const mismatch = mismatchOf(payout, asked, at)
  if (mismatch !== null) return unknown(mismatch)
  const amount = amountAt(payout, at.amount, asked, answers.amountIn)
  const returned = amountAt(payout, at.returnedAmount, asked, answers.amountIn)
  if (amount === undefined || returned === undefined)
    return unknown('The answer holds an amount that is none.')

  const word = textAt(payout, at.status)
  const said: Said = {
    reference,
    transactionId: textAt(payout, at.transactionId) ?? reference,
    code: answers.reasons.get(textAt(payout, at.reason) ?? '') ?? 'provider_declined',
    amount,
    returned: returned !== null && sameAmount(returned, '0') ? null : returned,
    status: word?.slice(0, 120) ?? null,
  }
  const meaning = word === null ? 'accepted' : (answers.statuses.get(word) ?? answers.otherStatuses)
  return outcomeOf(meaning, said, asked)
}

interface Said {
  readonly reference: string
  readonly transactionId: string
  readonly code: DeclineCode
  readonly amount: string | null
  readonly returned: string | null
  readonly status: string | null
}

function outcomeOf(meaning: Meaning | 'unknown', said: Said, asked: Asked): Facts {
  const { reference, transactionId, code, amount, returned } = said
  const status = said.status === null ? {} : { status: said.status }
  switch (meaning) {
    case 'unknown':
      return unknown('The answer holds a status that is not in the configuration.')
    case 'declined':
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

function mismatchOf(payout: unknown, asked: Asked, at: Pointers): string | null {
  if (!isOurs(payout, asked, at.key)) return 'The answer is about another payout.'
  const currency = textAt(payout, at.currency)
  const isOther = currency !== null && currency.toLowerCase() !== asked.currency
  return isOther ? 'The answer is about another currency.' : null
}

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
  return readDecimal(amountIn === 'minor' ? fromMinorUnits(given, decimals) : given) ?? undefined
}

function fromMinorUnits(given: unknown, decimals: number): string | null {
  const digits = String(given)
  if ((typeof given !== 'number' && typeof given !== 'string') || !/^\d{1,20}$/.test(digits)) return null
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
  const wait = waitOf(answer.headers['retry-after'])
  if (rule?.outcome === 'declined') return { kind: 'declined', code: rule.code, status }
  if (rule) return { kind: 'deferred', why: rule.why, status, ...wait }
  if (answer.status === 401 || answer.status === 403)
    return { kind: 'deferred', why: 'provider_unavailable', status }
  if (answer.status === 429) return { kind: 'deferred', why: 'rate_limited', status, ...wait }
  return null
}

function waitOf(header: string | undefined): { retryAfterMs?: number } {
  const isSeconds = header !== undefined && /^\d{1,6}$/.test(header)
  return isSeconds ? { retryAfterMs: Number(header) * 1_000 } : {}
}
