import { nextRun } from '../../src/runtime/next-run'

/** Every time that a schedule fires after one moment and before another, in UTC. */
function runsOf(expression: string, timezone: string, from: string, until: string): string[] {
  const runs: string[] = []
  for (let at = nextRun(expression, timezone, new Date(from)); at !== null && at < new Date(until);) {
    runs.push(at.toISOString().slice(5, 16))
    at = nextRun(expression, timezone, at)
  }
  return runs
}

describe('A schedule in a zone whose clocks are changed', () => {
  it.each([
    [
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T00:00Z',
      '2026-03-30T12:00Z',
      '03-28T01:30 03-29T01:00 03-30T00:30',
    ],
    ['30 2 * * 0', 'Europe/Berlin', '2026-03-28T00:00Z', '2026-04-05T12:00Z', '03-29T01:00 04-05T00:30'],
    ['0 2,3 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', '2026-03-29T12:00Z', '03-29T01:00'],
    ['0 0 * * *', 'Africa/Cairo', '2026-04-23T12:00Z', '2026-04-25T12:00Z', '04-23T22:00 04-24T21:00'],
    [
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T00:00Z',
      '2026-10-04T20:00Z',
      '10-03T15:30 10-04T15:15',
    ],
    // Asked half a year before, with another offset than that night begins with.
    // Every one of its times is skipped.
    ['30 2 25-31 3 7', 'Europe/Berlin', '2026-12-01T00:00Z', '2028-12-01T00:00Z', '03-28T01:00 03-26T01:00'],
    ['30 2 29 3 *', 'Europe/Berlin', '2025-07-01T00:00Z', '2026-12-01T00:00Z', '03-29T01:00'],
  ])(
    'fires where the clock goes on when its time is skipped: %s in %s',
    (expression, timezone, from, until, runs) => {
      expect(runsOf(expression, timezone, from, until).join(' ')).toBe(runs)
    },
  )

  it.each([
    ['30 2 * * *', '10-24T00:30 10-25T00:30 10-26T01:30'],
    [
      '30 1,2,3 * * *',
      '10-23T23:30 10-24T00:30 10-24T01:30 10-24T23:30 10-25T00:30 10-25T02:30 10-26T00:30 10-26T01:30 10-26T02:30',
    ],
  ])('fires once at a time of day that comes twice: %s', (expression, runs) => {
    expect(runsOf(expression, 'Europe/Berlin', '2026-10-23T22:00Z', '2026-10-26T12:00Z').join(' ')).toBe(runs)
  })

  it.each([
    ['*/30 * * * *', '10-24T23:30 10-25T00:00 10-25T00:30 10-25T01:00 10-25T01:30 10-25T02:00 10-25T02:30'],
    ['0 * * * *', '10-25T00:00 10-25T01:00 10-25T02:00'],
  ])('goes on in the hour that comes twice where it is for every hour: %s', (expression, runs) => {
    expect(runsOf(expression, 'Europe/Berlin', '2026-10-24T23:00Z', '2026-10-25T03:00Z').join(' ')).toBe(runs)
  })

  it('leaves no minute out, on any day of a year', () => {
    for (let day = Date.UTC(2026, 0, 1); day < Date.UTC(2027, 0, 1); day += 86_400_000 / 4) {
      const from = new Date(day - 1_000)
      expect(nextRun('* * * * *', 'Europe/Berlin', from)?.getTime()).toBe(day)
    }
  })

  it('tells the same time whenever it is asked before it', () => {
    const asked = [
      '2026-03-28T02:00Z',
      '2026-03-28T23:00Z',
      '2026-03-29T00:59:59Z',
      '2026-03-29T00:59:59.900Z',
    ]
    const told = asked.map((from) => nextRun('30 2 * * *', 'Europe/Berlin', new Date(from))?.toISOString())
    expect(new Set(told)).toEqual(new Set(['2026-03-29T01:00:00.000Z']))
    expect(nextRun('30 2 * * *', 'Europe/Berlin', new Date('2026-03-29T01:00:00Z'))?.toISOString()).toBe(
      '2026-03-30T00:30:00.000Z',
    )
  })
})
