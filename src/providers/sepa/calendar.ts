/**
 * The days on which euro payments are executed. TARGET closes on Saturdays, Sundays, New Year's Day, Good Friday,
 * Easter Monday, 1 May, 25 and 26 December (European Central Bank). Days are "2026-04-03", in Brussels.
 */

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/**
 * Payments are dated where the clearing is, whatever zone the server stands in. Made when first asked: it loads a language and
 * its zones, which a host without bank files need not wait for.
 */
const brussels = (): Intl.DateTimeFormat =>
  (clocks ??= new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Brussels',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }))
let clocks: Intl.DateTimeFormat | null = null

export interface LocalTime {
  readonly date: string
  /** Since midnight. */
  readonly minutes: number
}

export function brusselsTime(at: Date): LocalTime {
  const parts = new Map(
    brussels()
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? ''
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    minutes: Number(part('hour')) * 60 + Number(part('minute')),
  }
}

/** The moment at which clocks in Brussels show it. Of the hour that comes twice in autumn, the first one. */
function brusselsMoment(date: string, clock: string): Date {
  const asUtcMs = Date.parse(`${date}T${clock}:00Z`)
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  const shows = (at: Date) => {
    const local = brusselsTime(at)
    return local.date === date && local.minutes === hours * 60 + minutes
  }
  const summer = new Date(asUtcMs - 2 * HOUR_MS)
  return shows(summer) ? summer : new Date(asUtcMs - HOUR_MS)
}

const dayAfter = (date: string, days = 1): string =>
  new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)

/** The Gregorian computus in the form of Meeus, Jones and Butcher. */
export function easterSunday(year: number): string {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor(b / 4)
  const e = b % 4
  const f = Math.floor((b + 8) / 25)
  const g = Math.floor((b - f + 1) / 3)
  const h = (19 * a + b - d - g + 15) % 30
  const i = Math.floor(c / 4)
  const k = c % 4
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const sum = h + l - 7 * m + 114
  return new Date(Date.UTC(year, Math.floor(sum / 31) - 1, (sum % 31) + 1)).toISOString().slice(0, 10)
}

export function isTargetDay(date: string): boolean {
  const weekday = new Date(date).getUTCDay()
  if (weekday === 0 || weekday === 6) return false
  if (['01-01', '05-01', '12-25', '12-26'].includes(date.slice(5))) return false
  const easter = easterSunday(Number(date.slice(0, 4)))
  return date !== dayAfter(easter, -2) && date !== dayAfter(easter, 1)
}

/** The same day when it is one. */
export function nextTargetDay(date: string): string {
  let day = date
  while (!isTargetDay(day)) day = dayAfter(day)
  return day
}

export interface ExecutionRules {
  /** "15:30": files made later are for the next business day. */
  readonly cutOff: string
  /** Business days the bank wants a file ahead. */
  readonly leadDays: number
  /** Instant payments run on any day, at any time. */
  readonly instant: boolean
}

/** The day to ask the bank to execute a file that is made at `at`. */
export function executionDate(at: Date, { cutOff, leadDays, instant }: ExecutionRules): string {
  const { date, minutes } = brusselsTime(at)
  if (instant) return date
  const [hours = 0, rest = 0] = cutOff.split(':').map(Number)
  const isLate = isTargetDay(date) && minutes >= hours * 60 + rest
  let day = nextTargetDay(isLate ? dayAfter(date) : date)
  for (let ahead = 0; ahead < leadDays; ahead++) day = nextTargetDay(dayAfter(day))
  return day
}

/** A day is over in Brussels a minute before the next one begins. */
const END_OF_DAY = '23:59'

/**
 * Until when the payees of a file that is made at `at` have their money: the end of the business day after its
 * execution, which is what payment service providers have (Directive (EU) 2015/2366, article 83); an instant payment, an
 * hour for carrying the file to the bank.
 */
export function creditedBy(at: Date, rules: ExecutionRules): Date {
  if (rules.instant) return new Date(at.getTime() + HOUR_MS)
  return brusselsMoment(nextTargetDay(dayAfter(executionDate(at, rules))), END_OF_DAY)
}
