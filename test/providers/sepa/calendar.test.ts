import fc from 'fast-check'

import {
  brusselsTime,
  easterSunday,
  executionDate,
  isTargetDay,
  nextTargetDay,
} from '../../../src/providers/sepa/calendar'

const RULES = { cutOff: '14:00', leadDays: 0, instant: false }
const dateFor = (at: string, rules: Partial<typeof RULES> = {}) =>
  executionDate(new Date(at), { ...RULES, ...rules })

describe('the TARGET calendar', () => {
  it.each([
    ['2024', '2024-03-31'],
    ['2025', '2025-04-20'],
    ['2026', '2026-04-05'],
    ['2027', '2027-03-28'],
    ['2038', '2038-04-25'],
    ['2285', '2285-03-22'],
  ])('knows Easter of %s', (year, sunday) => {
    expect(easterSunday(Number(year))).toBe(sunday)
  })

  it('is closed on its six holidays and every weekend of 2026, and on no other day', () => {
    const days = Array.from({ length: 365 }, (_, at) =>
      new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10),
    )
    const closedInTheWeek = days.filter((day) => {
      const weekday = new Date(day).getUTCDay()
      return weekday !== 0 && weekday !== 6 && !isTargetDay(day)
    })
    expect(closedInTheWeek).toEqual(['2026-01-01', '2026-04-03', '2026-04-06', '2026-05-01', '2026-12-25'])
    expect(days.filter((day) => [0, 6].includes(new Date(day).getUTCDay())).some(isTargetDay)).toBe(false)
  })
})

describe('the execution date', () => {
  it.each([
    ['before the cut-off of a business day, in winter time', '2026-11-20T12:59:00Z', '2026-11-20'],
    ['at the cut-off', '2026-11-20T13:00:00Z', '2026-11-23'],
    ['before the cut-off in summer time', '2026-07-01T11:59:00Z', '2026-07-01'],
    ['at the cut-off in summer time', '2026-07-01T12:00:00Z', '2026-07-02'],
    ['on a Saturday', '2026-11-21T09:00:00Z', '2026-11-23'],
    ['late on a Saturday, which has no cut-off', '2026-11-21T20:00:00Z', '2026-11-23'],
    ['late on Maundy Thursday', '2026-04-02T14:00:00Z', '2026-04-07'],
    ['late on Christmas Eve', '2026-12-24T15:00:00Z', '2026-12-28'],
    ['after midnight in Brussels, still the day before in UTC', '2026-11-22T23:30:00Z', '2026-11-23'],
    ['on the last day of the year, late', '2026-12-31T18:00:00Z', '2027-01-04'],
  ])('%s (%s) is %s', (_what, at, date) => {
    expect(dateFor(at)).toBe(date)
  })

  it('counts the business days a bank wants ahead', () => {
    expect(dateFor('2026-11-19T09:00:00Z', { leadDays: 2 })).toBe('2026-11-23')
    expect(dateFor('2026-12-24T09:00:00Z', { leadDays: 1 })).toBe('2026-12-28')
  })

  it('of an instant payment is the day itself, Sundays and holidays too', () => {
    expect(dateFor('2026-12-25T22:00:00Z', { instant: true })).toBe('2026-12-25')
    expect(dateFor('2026-12-25T23:00:00Z', { instant: true })).toBe('2026-12-26')
  })

  it('is always a business day, never before today in Brussels, and at most ten days off', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
        (at) => {
          const date = executionDate(at, RULES)
          const today = brusselsTime(at).date
          expect(isTargetDay(date)).toBe(true)
          expect(date >= today).toBe(true)
          expect(Date.parse(date) - Date.parse(today)).toBeLessThanOrEqual(10 * 24 * 3_600_000)
          expect(date >= nextTargetDay(today)).toBe(true)
        },
      ),
      { seed: Number(process.env.TEST_SEED) },
    )
  })
})
