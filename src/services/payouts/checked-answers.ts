import { isLess, readDecimal } from '../../domain/money'
import { isDeclineCode } from '../../domain/reasons'
import { redactText } from '../../domain/redaction'
import { isStorable } from '../../domain/storable'
import { describeError } from '../../errors'
import type {
  DeferReason,
  ListedPayout,
  LookupOutcome,
  PayoutOutcome,
  PayoutPage,
  PayoutRange,
  SubmitOutcome,
} from '../../ports/payment-provider'

/**
 * What a provider answers, held against what it may answer: it is third-party code, its types are promises. Whatever
 * is thrown or malformed becomes `unknown`.
 */

export function unknownFrom(error: unknown): { kind: 'unknown'; why: string } {
  const { name, code, message } = describeError(error)
  return { kind: 'unknown', why: reasonFrom([code ?? name, message].filter(Boolean).join(': ')) }
}

/** It goes into the journal, and some providers repeat the account in their errors. */
const reasonFrom = (text: string): string => redactText(text).slice(0, 200)

const malformed = (what: string): { kind: 'unknown'; why: string } => ({
  kind: 'unknown',
  why: `malformed answer: ${what}`,
})

export function checkedSubmit(answer: SubmitOutcome): SubmitOutcome {
  const envelope = checked(answer)
  const items = (answer as { items?: unknown } | null)?.items
  if (items === undefined) return envelope
  if (typeof items !== 'object' || items === null || Array.isArray(items)) return malformed('items')
  const entries = Object.entries(items as Record<string, PayoutOutcome>)
  return { ...envelope, items: Object.fromEntries(entries.map(([key, item]) => [key, checked(item)])) }
}

/** What an outcome may hold, whatever its type says: a provider is third-party code, its types are promises. */
type Untrusted = Readonly<Record<string, unknown>>

const TEXTS = ['status', 'reference', 'transactionId'] as const
const oddText = (given: Untrusted) => TEXTS.find((name) => given[name] !== undefined && !isText(given[name]))

function checked(answer: PayoutOutcome): PayoutOutcome {
  const given = (answer ?? {}) as unknown as Untrusted
  const odd = oddText(given)
  if (odd) return malformed(odd)
  switch (given.kind) {
    case 'accepted':
      return answer
    case 'settled':
      if (given.reference === undefined || given.transactionId === undefined) return malformed('reference')
      return given.amount === undefined || readDecimal(given.amount) !== null ? answer : malformed('amount')
    case 'declined':
      return { ...answer, ...declineCode(given) }
    case 'deferred':
      return isDeferReason(given.why) ? withoutOddWait(given, answer) : malformed('why')
    case 'unknown':
      return {
        kind: 'unknown',
        why: typeof given.why === 'string' ? reasonFrom(given.why) : 'it did not say why',
      }
    default:
      return malformed('kind')
  }
}

export function checkedLookup(answer: LookupOutcome): LookupOutcome {
  const given = (answer ?? {}) as unknown as Untrusted
  // Sending again rests on this one word.
  if (given.kind === 'not_found')
    return typeof given.conclusive === 'boolean' ? answer : malformed('conclusive')
  if (given.kind === 'voided') {
    const odd = oddText(given)
    if (odd) return malformed(odd)
    // That it is void is said in words that count; what to wait for is a word of advice.
    return given.why === undefined || isDeferReason(given.why)
      ? answer
      : (omit(answer, 'why') as LookupOutcome)
  }
  if (given.kind !== 'returned') return checked(answer as PayoutOutcome)
  const amount = readDecimal(given.amount)
  if (amount === null || !isLess('0', amount)) return malformed('amount')
  const odd = given.reference === undefined ? 'reference' : oddText(given)
  return odd ? malformed(odd) : { ...answer, ...declineCode(given) }
}

/** Providers have more codes than we have words: one that we do not know is a decline all the same. */
const declineCode = ({ code }: Untrusted) => ({
  code: typeof code === 'string' && isDeclineCode(code) ? code : 'provider_declined',
})

const DEFER_REASONS: Readonly<Record<DeferReason, true>> = {
  insufficient_float: true,
  rate_limited: true,
  provider_unavailable: true,
  cut_off: true,
  batch_refused: true,
}
const isDeferReason = (why: unknown): boolean => typeof why === 'string' && Object.hasOwn(DEFER_REASONS, why)

/** No provider asks us to wait longer than a week; anything else is no number of milliseconds. */
const WAIT_MS_MAX = 7 * 24 * 3_600_000

function withoutOddWait({ retryAfterMs }: Untrusted, answer: PayoutOutcome): PayoutOutcome {
  if (retryAfterMs === undefined) return answer
  const isWait = typeof retryAfterMs === 'number' && retryAfterMs >= 0 && retryAfterMs <= WAIT_MS_MAX
  return isWait ? answer : (omit(answer, 'retryAfterMs') as PayoutOutcome)
}

const omit = (object: object, name: string): object =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name))

/** Short, and without what PostgreSQL stores otherwise or not at all: a name would be another one, or the row never written. */
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 255 && isStorable(value)

const LISTED_STATES: readonly string[] = ['open', 'paid', 'returned', 'failed']
const PAGE_MAX = 20_000

/** One that cannot be read makes the page none: what is missing in it would be a difference. */
export function checkedPage(
  answer: unknown,
  { since, until }: PayoutRange,
): { kind: 'page'; page: PayoutPage } | { kind: 'unknown'; why: string } {
  const { payouts, next } = (answer ?? {}) as { payouts?: unknown; next?: unknown }
  if (!Array.isArray(payouts) || payouts.length > PAGE_MAX) return malformed('payouts')
  if (next !== null && (typeof next !== 'string' || next.length > 2_000)) return malformed('next')
  const listed = payouts.map(checkedPayout)
  if (listed.includes(null)) return malformed('a payout')
  const within = (listed as ListedPayout[]).filter(({ at }) => {
    const ms = Date.parse(at)
    return ms >= since.getTime() && ms < until.getTime()
  })
  return { kind: 'page', page: { payouts: within, next } }
}

function checkedPayout(given: unknown): ListedPayout | null {
  const payout = (given ?? {}) as Untrusted
  const { key, reference, currency, at, state } = payout
  const amount = readDecimal(payout.amount)
  const isRead =
    [key, reference, currency].every((name) => isText(name) && name !== '') &&
    amount !== null &&
    typeof state === 'string' &&
    LISTED_STATES.includes(state) &&
    typeof at === 'string' &&
    !Number.isNaN(Date.parse(at))
  if (!isRead) return null
  // As a database reads it, too, in the zone that it was meant in.
  const time = new Date(at).toISOString()
  return {
    ...(payout as unknown as ListedPayout),
    ...{ currency: String(currency).toLowerCase(), amount, at: time },
  }
}
