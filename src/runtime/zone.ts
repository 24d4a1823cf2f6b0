/** What the clocks on the wall show, as if they were in UTC: so many milliseconds are added to the time. */
export interface Zone {
  offsetAt(ms: number): number
  /**
   * When they show this time: once as a rule, twice where they are set back, the earlier first. Where they are set
   * forward over it, the moment in which that is done.
   */
  momentsOf(clockMs: number): readonly number[]
  /** The first second with another offset than at the beginning; the offset at the end has to be another one. */
  changeBetween(fromMs: number, untilMs: number): number
}

const SECOND_MS = 1_000
/** Farther than any offset reaches; no zone changes its clocks twice within two of it. */
const DAY_MS = 86_400_000

export function zoneOf(timezone: string): Zone {
  const offsetAt = offsetsOf(timezone)

  function changeBetween(fromMs: number, untilMs: number): number {
    const before = offsetAt(fromMs)
    let [last, first] = [Math.floor(fromMs / SECOND_MS), Math.ceil(untilMs / SECOND_MS)]
    while (first - last > 1) {
      const middle = Math.floor((last + first) / 2)
      if (offsetAt(middle * SECOND_MS) === before) last = middle
      else first = middle
    }
    return first * SECOND_MS
  }

  return {
    offsetAt,
    changeBetween,
    momentsOf(clockMs) {
      const [before, after] = [offsetAt(clockMs - DAY_MS), offsetAt(clockMs + DAY_MS)]
      const shown = [...new Set([before, after])].filter((offset) => offsetAt(clockMs - offset) === offset)
      if (shown.length > 0) return shown.map((offset) => clockMs - offset)
      return [changeBetween(clockMs - after, clockMs - before)]
    },
  }
}

function offsetsOf(timezone: string): (ms: number) => number {
  if (timezone === 'UTC') return () => 0
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: timezone, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  return (ms) => {
    const whole = Math.floor(ms / SECOND_MS) * SECOND_MS
    const parts = new Map(format.formatToParts(whole).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
    const shown = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    )
    return shown - whole
  }
}
