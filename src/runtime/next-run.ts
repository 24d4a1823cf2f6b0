import { createTask } from 'node-cron'

import { zoneOf } from './zone'

/** What the library asks when it plans. Not in its types: its own `getNextRun` only knows now. */
interface Matcher {
  getNextMatch(from: Date): Date
}

/** null where there is none. */
type Plan = (fromMs: number) => number | null

const plans = new Map<string, Plan>()
/** The last answer: between two runs of a schedule it is the same for every request. */
const lastFound = new Map<string, { readonly from: Date; readonly next: Date | null }>()

/**
 * When a schedule fires next. Where the clocks are changed: what is for a time of day that is skipped fires when they go
 * on, and what is for one that comes twice fires at the first; what is for every hour goes on through both.
 *
 * @param expression A cron expression that has been checked.
 * @returns The first time after `from`; null for what is right and never comes, such as the 31st where it is a month's second
 *   Monday.
 */
export function nextRun(expression: string, timezone: string, from: Date): Date | null {
  const key = `${timezone} ${expression}`
  const plan = plans.get(key) ?? planOf(expression, timezone)
  plans.set(key, plan)
  const last = lastFound.get(key)
  if (last && last.from <= from && (last.next === null || from < last.next)) return copyOf(last.next)
  const nextMs = plan(from.getTime())
  const next = nextMs === null ? null : new Date(nextMs)
  lastFound.set(key, { from: new Date(from), next })
  return copyOf(next)
}

const copyOf = (at: Date | null): Date | null => at && new Date(at)

/** `*` or a step of it in the field of the hours, the third from behind but two. */
const isForEveryHour = (expression: string): boolean =>
  expression.trim().split(/\s+/).at(-4)?.startsWith('*') ?? false

/**
 * The library finds what matches on a clock that nobody changes, and the zone tells what that clock means: of a day on
 * which the zone's own is changed the library leaves an hour out, or all of the day.
 */
function planOf(expression: string, timezone: string): Plan {
  const afterOnClock = matchesOf(expression)
  const { offsetAt, momentsOf, changeBetween } = zoneOf(timezone)
  const isRepeated = isForEveryHour(expression)

  function first(fromMs: number): number | null {
    for (let clock = afterOnClock(fromMs + offsetAt(fromMs)); clock !== null; clock = afterOnClock(clock)) {
      const moments = momentsOf(clock)
      const next = (isRepeated ? moments : moments.slice(0, 1)).find((moment) => moment > fromMs)
      if (next !== undefined) return next
    }
    return null
  }

  return (from) => {
    const fromMs = Math.floor(from / 1_000) * 1_000
    const next = first(fromMs)
    if (next === null || !isRepeated || offsetAt(fromMs) <= offsetAt(next)) return next
    // Set back before that: the hour begins anew, and what is for every hour with it.
    const changeMs = changeBetween(fromMs, next)
    const offset = offsetAt(changeMs)
    const clock = afterOnClock(changeMs + offset - 1_000)
    const again = clock === null ? next : clock - offset
    return again < next && offsetAt(again) === offset ? again : next
  }
}

/** What matches next after a time on a clock in UTC; null where nothing does within a hundred years. */
function matchesOf(expression: string): (clockMs: number) => number | null {
  const task = createTask(expression, () => undefined, { timezone: 'UTC' }) as unknown as {
    timeMatcher: Matcher
    destroy(): unknown
  }
  // Never started; this only takes it out of the library's list of tasks.
  task.destroy()
  return (clockMs) => {
    try {
      return task.timeMatcher.getNextMatch(new Date(clockMs)).getTime()
    } catch (error) {
      // All that it ever throws, once it has taken an expression; the library has no name for it.
      if (error instanceof Error && error.message.startsWith('Could not find next matching date')) return null
      throw error
    }
  }
}
