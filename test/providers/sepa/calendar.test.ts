import fc from 'fast-check'

import {
  brusselsTime,
  creditedBy,
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

describe('the day the payees have their money by', () => {
  const byFor = (at: string, rules: Partial<typeof RULES> = {}) =>
    creditedBy(new Date(at), { ...RULES, ...rules }).toISOString()
  const times = fc.date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  const property = { seed: Number(process.env.TEST_SEED) }

  it.each([
    ['on a Tuesday in winter', '2026-01-13T09:00:00Z', '2026-01-14T22:59:00.000Z'],
    ['on a Tuesday in summer', '2026-07-14T09:00:00Z', '2026-07-15T21:59:00.000Z'],
    ['on a Friday', '2026-01-09T09:00:00Z', '2026-01-12T22:59:00.000Z'],
    ['late on a Friday', '2026-01-09T15:00:00Z', '2026-01-13T22:59:00.000Z'],
    ['late on Maundy Thursday', '2026-04-02T14:00:00Z', '2026-04-08T21:59:00.000Z'],
    ['early on Christmas Eve', '2026-12-24T09:00:00Z', '2026-12-28T22:59:00.000Z'],
    ['on the Saturday before clocks go forward', '2026-03-28T09:00:00Z', '2026-03-31T21:59:00.000Z'],
  ])('%s is %s', (_when, at, by) => {
    expect(byFor(at)).toBe(by)
  })

  it('is later where the bank wants files ahead, and within the hour where payments are instant', () => {
    expect(byFor('2026-01-13T09:00:00Z', { leadDays: 2 })).toBe('2026-01-16T22:59:00.000Z')
    expect(byFor('2026-12-25T09:00:00Z', { instant: true })).toBe('2026-12-25T10:00:00.000Z')
  })

  it('is the end in Brussels of a business day after that of the execution, with no other between them', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 3 }), (at, leadDays) => {
        const rules = { ...RULES, leadDays }
        const { date, minutes } = brusselsTime(creditedBy(at, rules))
        expect(minutes).toBe(23 * 60 + 59)
        expect(isTargetDay(date)).toBe(true)
        const executed = Date.parse(executionDate(at, rules))
        const between = Array.from({ length: 10 }, (_, days) =>
          new Date(executed + (days + 1) * 24 * 3_600_000).toISOString().slice(0, 10),
        )
        expect(between.find(isTargetDay)).toBe(date)
      }),
      property,
    )
  })

  it('is after what it is counted from, and never earlier for what leaves later', () => {
    fc.assert(
      fc.property(
        times,
        fc.integer({ min: 0, max: 14 * 86_400_000 }),
        fc.boolean(),
        (at, laterMs, instant) => {
          const rules = { ...RULES, instant }
          const by = creditedBy(at, rules).getTime()
          expect(by).toBeGreaterThan(at.getTime())
          expect(creditedBy(new Date(at.getTime() + laterMs), rules).getTime()).toBeGreaterThanOrEqual(by)
        },
      ),
      property,
    )
  })
})
