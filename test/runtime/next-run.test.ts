import { getTasks } from 'node-cron'

import { nextRun } from '../../src/runtime/next-run'

describe('The next run of a schedule', () => {
  it.each([
    ['*/5 * * * *', 'UTC', '2026-03-01T10:02:30Z', '2026-03-01T10:05:00.000Z'],
    ['*/5 * * * *', 'UTC', '2026-03-01T10:05:00Z', '2026-03-01T10:10:00.000Z'],
    ['0 3 * * *', 'UTC', '2026-03-01T03:00:01Z', '2026-03-02T03:00:00.000Z'],
    ['0 3 * * *', 'Europe/Brussels', '2026-01-10T12:00:00Z', '2026-01-11T02:00:00.000Z'],
    // The clocks go forward that night.
    ['0 3 * * *', 'Europe/Brussels', '2026-03-28T12:00:00Z', '2026-03-29T01:00:00.000Z'],
    ['0 3 * * *', 'Europe/Brussels', '2026-07-10T12:00:00Z', '2026-07-11T01:00:00.000Z'],
    ['0 9 * * 1-5', 'America/New_York', '2026-02-06T20:00:00Z', '2026-02-09T14:00:00.000Z'],
    ['0 0 1 1 *', 'UTC', '2026-01-01T00:00:01Z', '2027-01-01T00:00:00.000Z'],
    ['30 15 10 * * *', 'Asia/Kolkata', '2026-05-05T00:00:00Z', '2026-05-05T04:45:30.000Z'],
  ])('of %s in %s after %s is %s', (expression, timezone, from, expected) => {
    expect(nextRun(expression, timezone, new Date(from))?.toISOString()).toBe(expected)
  })

  it.each(['0 0 31 * 1#2', '0 0 1 * 0L', '0 0 31W 4 *', '*/5 * 8-14 * 5#1'])(
    'of %s, which is right and never comes, is none, whenever it is asked',
    (expression) => {
      const asked = ['2026-03-01T00:00Z', '2031-01-01T00:00Z', '2020-01-01T00:00Z']
      expect(asked.map((at) => nextRun(expression, 'Europe/Berlin', new Date(at)))).toEqual([
        null,
        null,
        null,
      ])
    },
  )

  it('leaves no task behind that could run', () => {
    nextRun('1 2 3 4 *', 'UTC', new Date(0))
    expect(getTasks().size).toBe(0)
  })
})
