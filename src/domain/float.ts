import type { Method } from './destination'
import { add, isLess, subtract, sum } from './money'
import type { State } from './states'
import { isPaid, stateRow } from './states'

/**
 * The float: what the account that payouts leave from can still pay. It is only ever an estimate, for money leaves and
 * comes behind our back: the provider has the last word, and what it refuses for want of money was proven not to be taken.
 */

/** What somebody said that an account could pay, and how much had left until then. */
export interface FloatReading {
  readonly available: string
  readonly at: Date
  /** All that had ever left to this provider in this currency and not come back, when that was said. */
  readonly leftThen: string
}

export interface FloatFacts {
  /** The provider's own word. */
  readonly word: FloatReading | null
  /** An operator's. */
  readonly entry: FloatReading | null
  readonly leftNow: string
  readonly now: Date
}

/** `old`: nobody has said for too long what is there; nothing is held back for it. */
export interface FloatLevel {
  readonly source: 'provider' | 'operator'
  readonly available: string
  readonly at: Date
  readonly isOld: boolean
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** A provider is asked once a minute: one that has not answered for so long says nothing of now. */
export const WORD_OLD_AFTER_MS = 15 * MINUTE_MS
/** What left since is known; what came in since is not. */
export const ENTRY_OLD_AFTER_MS = 7 * DAY_MS

/** Payouts that were started and have not come back: what they took from the account is gone. */
export const hasLeft = (state: State): boolean => {
  const { payout } = stateRow(state)
  return payout === 'sent' || payout === 'disputed' || (isPaid(state) && payout === 'paid')
}

/**
 * What is there now, by whoever said so last and can still be believed.
 *
 * @returns null where nobody ever said.
 */
export function levelOf({ word, entry, leftNow, now }: FloatFacts): FloatLevel | null {
  const seen = (reading: FloatReading | null, source: FloatLevel['source'], oldAfterMs: number) =>
    reading && {
      source,
      at: reading.at,
      available: subtract(reading.available, subtract(leftNow, reading.leftThen)),
      isOld: now.getTime() - reading.at.getTime() > oldAfterMs,
    }
  const told = seen(word, 'provider', WORD_OLD_AFTER_MS)
  const entered = seen(entry, 'operator', ENTRY_OLD_AFTER_MS)
  if (told && !told.isOld) return told
  if (entered && !entered.isOld) return entered
  if (!told || !entered) return told ?? entered
  return told.at < entered.at ? entered : told
}

/** A payout that wants to leave. */
export interface FloatItem {
  readonly id: string
  readonly amount: string
  readonly method: Method
  readonly createdAt: Date
  /** Since when it has been left behind for want of float; null where it has not. */
  readonly waitsSince: Date | null
}

/** So long younger and smaller ones may pass one that does not fit. */
export const OVERTAKEN_FOR_MS = DAY_MS

/** Who is asked first whether what is there is enough. */
export const FLOAT_ORDERS = ['oldest', 'smallest', 'largest'] as const
export interface FloatLine {
  readonly order: (typeof FLOAT_ORDERS)[number]
  /** Whoever is paid by one of these is asked before all others, the first of them first. */
  readonly methodsFirst: readonly Method[]
}
export const AS_THEY_CAME: FloatLine = { order: 'oldest', methodsFirst: [] }

/**
 * Which of these leave with what is there: in that order, and what does not fit is passed by the others, for a day; then
 * nobody leaves before it does who is younger, whatever the order. So a large one holds up nobody at first, and is not
 * starved by small ones, nor a small one by large ones.
 *
 * @returns The ids of those that leave; they never come to more than `available`.
 */
export function whoLeaves(
  items: readonly FloatItem[],
  available: string,
  now: Date,
  line: FloatLine = AS_THEY_CAME,
): ReadonlySet<string> {
  const leaving = new Set<string>()
  let left = available
  for (const item of inLine(items, now, line)) {
    if (!isLess(left, item.amount)) {
      leaving.add(item.id)
      left = subtract(left, item.amount)
    } else if (hasWaited(item, now)) break
  }
  return leaving
}

const hasWaited = ({ waitsSince }: FloatItem, now: Date): boolean =>
  waitsSince !== null && now.getTime() - waitsSince.getTime() >= OVERTAKEN_FOR_MS

type Before = (a: FloatItem, b: FloatItem) => number
const byAge: Before = (a, b) =>
  a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
const bySize: Before = (a, b) => (isLess(a.amount, b.amount) ? -1 : isLess(b.amount, a.amount) ? 1 : 0)

/** Whoever has waited for a day is asked first, and with it all that are older: as they came. */
function inLine(
  items: readonly FloatItem[],
  now: Date,
  { order, methodsFirst }: FloatLine,
): readonly FloatItem[] {
  const aged = [...items].sort(byAge)
  const last = aged.map((item) => hasWaited(item, now)).lastIndexOf(true)
  const rank = ({ method }: FloatItem) => {
    const at = methodsFirst.indexOf(method)
    return at < 0 ? methodsFirst.length : at
  }
  const sized = { oldest: byAge, smallest: bySize, largest: (a: FloatItem, b: FloatItem) => bySize(b, a) }[
    order
  ]
  const asked: Before = (a, b) => rank(a) - rank(b) || sized(a, b) || byAge(a, b)
  return [...aged.slice(0, last + 1), ...aged.slice(last + 1).sort(asked)]
}

/** How much was asked for on one day, in UTC. */
export interface DayOfDemand {
  /** `2026-01-31`. */
  readonly day: string
  readonly amount: string
}

export interface FundingFacts {
  readonly now: Date
  readonly available: string
  /** All that waits to leave. */
  readonly queued: string
  /** When it leaves next. */
  readonly leavesAt: Date
  /** Of the last four weeks; days without any may be left out. Today is part of it. */
  readonly demand: readonly DayOfDemand[]
  /** How long it takes from the call until the money is there. */
  readonly leadDays: number
  /** For how long what is asked for should last. */
  readonly coverDays: number
}

/** What has to be put into an account, and until when. */
export interface FundingNeed {
  /** Whole units, rounded up. */
  readonly amount: string
  readonly neededBy: Date
  /** What is expected to be asked for within `coverDays`, beside what waits already. */
  readonly expected: string
}

const WEEKS = 4

/**
 * Whether money that is sent now would still come in time. Each day to come is taken to be like the busiest of the same
 * weekday in the last four weeks: running dry costs users their patience, too much float costs little.
 *
 * @returns null as long as what is there lasts until money that is sent tomorrow would be there.
 */
export function fundingNeed(facts: FundingFacts): FundingNeed | null {
  const { now, available, queued, leavesAt, leadDays } = facts
  const coverDays = Math.max(facts.coverDays, leadDays)
  const asked = new Map(facts.demand.map(({ day, amount }) => [day, amount]))
  const days = Array.from({ length: coverDays + 1 }, (_, ahead) => expectedOn(asked, now, ahead))
  const within = (count: number) => sum(days.slice(0, count + 1))
  const neededBy = isLess(available, queued)
    ? leavesAt
    : dayThatFails(days, subtract(available, queued), leadDays, now)
  if (!neededBy) return null
  const expected = within(coverDays)
  return { amount: roundedUp(subtract(add(queued, expected), available)), neededBy, expected }
}

function dayThatFails(days: readonly string[], spare: string, leadDays: number, now: Date): Date | null {
  let left = spare
  for (let ahead = 0; ahead <= leadDays; ahead++) {
    left = subtract(left, days[ahead] ?? '0')
    if (isLess(left, '0')) return ahead === 0 ? now : new Date(startOfDay(now, ahead))
  }
  return null
}

/** Of today, what is still missing from a day like this. */
function expectedOn(asked: ReadonlyMap<string, string>, now: Date, ahead: number): string {
  let busiest = '0'
  for (let week = 1; week <= WEEKS; week++) {
    const amount = asked.get(dayOf(startOfDay(now, ahead - 7 * week))) ?? '0'
    if (isLess(busiest, amount)) busiest = amount
  }
  if (ahead > 0) return busiest
  const today = asked.get(dayOf(startOfDay(now, 0))) ?? '0'
  return isLess(today, busiest) ? subtract(busiest, today) : '0'
}

const startOfDay = (now: Date, ahead: number): number =>
  Math.floor(now.getTime() / DAY_MS) * DAY_MS + ahead * DAY_MS
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** Nobody transfers cents to an account that pays thousands. */
function roundedUp(amount: string): string {
  const [whole = '0', part = ''] = amount.split('.')
  return /[1-9]/.test(part) ? add(whole, '1') : whole
}
