import { isPayoutKey } from '../../domain/identifiers'
import { isLess, readDecimal } from '../../domain/money'
import type { ListedPayout, PayoutPage, PayoutRange } from '../../ports/payment-provider'
import { bodyOf, fromMinorUnits } from './answer'
import type { Answers, Meaning } from './answer-rules'
import type { RestConfiguration } from './configuration'
import type { ListRules } from './list-rules'
import { filledQuery, type PayoutDeps, send } from './payouts'
import { textAt, valueAt } from './pointer'

/** A list of the API that cannot be read: what would be missing in it is not missing at the bank. */
export class UnreadableListError extends Error {
  override readonly name = 'UnreadableListError'
}

const unreadable = (what: string): UnreadableListError => new UnreadableListError(`The list ${what}.`)

/** Longer than any day's list: an API that has no last page is not read for ever. */
const PAGES_MAX = 10_000
const CURSOR_LENGTH_MAX = 1_900

/** One page of what the API lists, as the configuration reads it. */
export async function listPayouts(
  { since, until, cursor }: PayoutRange,
  rules: ListRules,
  deps: PayoutDeps,
): Promise<PayoutPage> {
  const place = placeOf(cursor, rules)
  if (place.page >= PAGES_MAX) throw unreadable(`has more than ${PAGES_MAX} pages`)
  const query = filledQuery(
    // The first page has no cursor: what asks for one is left out.
    place.cursor === null ? withoutCursor(rules.query) : rules.query,
    { since: timeIn(rules.times, since), until: timeIn(rules.times, until), ...place },
  )
  const answer = await send({ method: 'GET', path: rules.path, query }, deps)
  if (answer.status !== 200) throw unreadable(`was answered with HTTP ${answer.status}`)
  const body = bodyOf(answer)
  const items = valueAt(body, rules.items)
  if (!Array.isArray(items)) throw unreadable('was answered without its payouts')
  const payouts = items.flatMap((item: unknown) => listed(item, rules, deps.configuration))
  return { payouts, next: nextOf(body, items.length, place, rules) }
}

/** Pages are counted also where the API tells a cursor: two that name each other would have no end. */
interface Place {
  readonly page: number
  /** The API's own. */
  readonly cursor: string | null
}

function placeOf(cursor: string | null, { paging }: ListRules): Place {
  if (paging.kind === 'page') return { page: Number(cursor ?? paging.first), cursor: null }
  const [, page = '0', own = null] = /^(\d{1,5})\/([\s\S]+)$/.exec(cursor ?? '') ?? []
  return { page: Number(page), cursor: own }
}

const withoutCursor = (query: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(query).filter(([, template]) => !template.includes('{cursor}')))

function nextOf(body: unknown, count: number, { page, cursor }: Place, { paging }: ListRules): string | null {
  if (paging.kind === 'none') return null
  // A page may hold fewer than were asked for: only an empty one is the last.
  if (paging.kind === 'page') return count === 0 ? null : String(page + 1)
  const next = textAt(body, paging.next)
  if (next !== null && (next === cursor || next.length > CURSOR_LENGTH_MAX))
    throw unreadable('does not tell where it goes on')
  return next && `${page + 1}/${next}`
}

function timeIn(format: ListRules['times'], at: Date): string {
  if (format === 'iso') return at.toISOString()
  return String(format === 'seconds' ? Math.floor(at.getTime() / 1_000) : at.getTime())
}

function readTime(format: ListRules['times'], text: string | null): Date | null {
  if (text === null) return null
  const isNumber = /^\d{1,16}(?:\.\d{1,9})?$/.test(text)
  if (format !== 'iso' && !isNumber) return null
  const ms = format === 'iso' ? Date.parse(text) : Number(text) * (format === 'seconds' ? 1_000 : 1)
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms) : null
}

const STATES: Readonly<Record<Meaning, ListedPayout['state']>> = {
  accepted: 'open',
  settled: 'paid',
  declined: 'failed',
  returned: 'returned',
}

/** Nothing of what others have made. @throws {UnreadableListError} It is ours, and lacks what it is compared by. */
function listed(item: unknown, rules: ListRules, configuration: RestConfiguration): ListedPayout[] {
  const { at, statuses } = configuration.answers
  const key = textAt(item, at.key)
  if (!isPayoutKey(key)) return []
  const reference = textAt(item, at.reference)
  const [only, ...others] = Object.keys(configuration.currencies)
  const currency = textAt(item, at.currency)?.toLowerCase() ?? (others.length === 0 ? only : undefined)
  const time = readTime(rules.times, textAt(item, rules.at))
  if (reference === null || currency === undefined || time === null)
    throw unreadable('holds a payout without its reference, currency or time')
  const decimals = configuration.currencies[currency]?.decimals
  const amount = amountAt(item, at.amount, decimals, configuration.answers.amountIn)
  if (amount === null) throw unreadable('holds a payout without its amount')
  const returned = amountAt(item, at.returnedAmount, decimals, configuration.answers.amountIn)
  const meaning = statuses.get(textAt(item, at.status) ?? '') ?? 'accepted'
  const isBack = returned !== null && isLess('0', returned) && meaning !== 'declined'
  const state = isBack ? 'returned' : STATES[meaning]
  return [{ ...{ key, reference, currency, amount, state }, at: time.toISOString() }]
}

function amountAt(
  item: unknown,
  pointer: string | null,
  decimals: number | undefined,
  amountIn: Answers['amountIn'],
): string | null {
  const given = pointer === null ? undefined : valueAt(item, pointer)
  if (given === undefined || given === null) return null
  if (amountIn === 'decimal') return readDecimal(given)
  const text = decimals === undefined ? null : fromMinorUnits(given, decimals)
  return text === null ? null : readDecimal(text)
}
