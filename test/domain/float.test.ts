import fc from 'fast-check'

import { type Method, METHODS } from '../../src/domain/destination'
import {
  FLOAT_ORDERS,
  type FloatItem,
  type FloatLine,
  fundingNeed,
  hasLeft,
  levelOf,
  whoLeaves,
} from '../../src/domain/float'
import { add, isLess, subtract, sum } from '../../src/domain/money'
import { STATES } from '../../src/domain/states'

const NOW = new Date('2026-01-15T12:00:00Z')
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000)
const item = (id: string, amount: string, ageHours: number, waitsHours?: number): FloatItem => ({
  ...{ id, amount, method: 'BANK', createdAt: ago(ageHours) },
  waitsSince: waitsHours === undefined ? null : ago(waitsHours),
})
const by = (order: FloatLine['order'], ...methodsFirst: readonly Method[]): FloatLine => ({
  order,
  methodsFirst,
})
const paidBy = (method: Method, of: FloatItem): FloatItem => ({ ...of, method })
const cents = fc.integer({ min: 1, max: 1_000_000 }).map((n) => String(n / 100))
const lines = fc.record({ order: fc.constantFrom(...FLOAT_ORDERS), methodsFirst: fc.subarray([...METHODS]) })
const items = fc
  .array(
    fc.tuple(
      cents,
      fc.integer({ min: 0, max: 72 }),
      fc.option(fc.integer({ min: 0, max: 72 })),
      fc.constantFrom(...METHODS),
    ),
    {
      maxLength: 12,
    },
  )
  .map((drawn) =>
    drawn.map(([amount, age, waits, method], n) =>
      paidBy(method, item(`w${n}`, amount, age, waits ?? undefined)),
    ),
  )

describe('who leaves with what is there', () => {
  it('is the oldest first, and smaller ones pass what does not fit', () => {
    const line = [
      item('young', '30', 1),
      item('whale', '500', 9),
      item('old', '60', 10),
      item('mid', '50', 5),
    ]
    expect([...whoLeaves(line, '100', NOW)]).toEqual(['old', 'young'])
  })

  it('is nobody younger than one that has waited for a day', () => {
    const line = [item('young', '30', 1), item('whale', '500', 30, 25), item('old', '60', 40)]
    expect([...whoLeaves(line, '100', NOW)]).toEqual(['old'])
    expect([...whoLeaves(line, '560', NOW)]).toEqual(['old', 'whale'])
  })

  it('never comes to more than there is, and is everybody where it is enough', () => {
    fc.assert(
      fc.property(items, cents, (line, available) => {
        const leaving = line.filter(({ id }) => whoLeaves(line, available, NOW).has(id))
        expect(isLess(available, sum(leaving.map(({ amount }) => amount)))).toBe(false)
        const all = sum(line.map(({ amount }) => amount))
        expect(whoLeaves(line, all, NOW).size).toBe(line.length)
      }),
    )
  })

  it.each([
    ['oldest', ['old', 'young']],
    ['smallest', ['young', 'mid']],
    ['largest', ['old', 'young']],
  ] as const)('is the %s first where that was chosen', (order, leaves) => {
    const line = [
      item('mid', '50', 5),
      item('whale', '500', 9),
      item('old', '60', 10),
      item('young', '30', 1),
    ]
    expect([...whoLeaves(line, '100', NOW, by(order))]).toEqual(leaves)
  })

  it('is one method before the others where that was chosen, and within each as was chosen', () => {
    const line = [
      item('old', '50', 9),
      item('young', '40', 2),
      paidBy('PAYPAL', item('later', '30', 1)),
      paidBy('PAYPAL', item('sooner', '20', 3)),
    ]
    expect([...whoLeaves(line, '200', NOW, by('oldest', 'PAYPAL'))]).toEqual([
      'sooner',
      'later',
      'old',
      'young',
    ])
    expect([...whoLeaves(line, '200', NOW, by('largest', 'PAYPAL', 'BANK'))]).toEqual([
      ...['later', 'sooner', 'old', 'young'],
    ])
    expect([...whoLeaves(line, '90', NOW, by('oldest', 'PAYPAL'))]).toEqual(['sooner', 'later', 'young'])
    expect([...whoLeaves(line, '200', NOW, by('oldest', 'BANK'))]).toEqual([
      'old',
      'young',
      'sooner',
      'later',
    ])
  })

  it('is nobody of the method that goes first before an older one that has waited for a day', () => {
    const line = [paidBy('PAYPAL', item('quick', '30', 1)), item('whale', '500', 30, 25)]
    expect([...whoLeaves(line, '100', NOW, by('oldest', 'PAYPAL'))]).toEqual([])
    expect([...whoLeaves(line, '500', NOW, by('oldest', 'PAYPAL'))]).toEqual(['whale'])
  })

  it('is the largest first, and among equals the oldest', () => {
    const line = [item('small', '1', 9), item('b', '50', 1), item('a', '50.00', 2), item('large', '99', 1)]
    expect([...whoLeaves(line, '200', NOW, by('largest'))]).toEqual(['large', 'a', 'b', 'small'])
    expect([...whoLeaves(line, '101', NOW, by('smallest'))]).toEqual(['small', 'a', 'b'])
  })

  it.each(['smallest', 'largest'] as const)(
    'is nobody younger than one that has waited for a day, though it is the %s first',
    (order) => {
      const line = [item('young', '30', 1), item('whale', '500', 30, 25), item('old', '60', 40)]
      expect([...whoLeaves(line, '100', NOW, by(order))]).toEqual(['old'])
      expect([...whoLeaves(line, '560', NOW, by(order))]).toEqual(['old', 'whale'])
    },
  )

  it('never comes to more than there is, nor depends on how they are given, in any order', () => {
    fc.assert(
      fc.property(items, cents, lines, (line, available, given) => {
        const leaving = whoLeaves(line, available, NOW, given)
        const total = sum(line.filter(({ id }) => leaving.has(id)).map(({ amount }) => amount))
        expect(isLess(available, total)).toBe(false)
        expect([...whoLeaves([...line].reverse(), available, NOW, given)]).toEqual([...leaving])
        expect(whoLeaves(line, sum(line.map(({ amount }) => amount)), NOW, given).size).toBe(line.length)
      }),
    )
  })

  it('does not depend on the order they are given in', () => {
    fc.assert(
      fc.property(items, cents, (line, available) => {
        expect([...whoLeaves([...line].reverse(), available, NOW)].sort()).toEqual(
          [...whoLeaves(line, available, NOW)].sort(),
        )
      }),
    )
  })

  it('starves nobody: who comes in small sums never keeps a large one back for good', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 900 }), fc.integer({ min: 50, max: 99 }), (whale, hourly) => {
        // Each hour as much comes in as small ones ask for, which alone would take all of it.
        let [available, line, hour] = ['0', [item('whale', String(whale), 0)], 0]
        const at = (n: number) => new Date(NOW.getTime() + n * 3_600_000)
        line = [{ ...line[0], createdAt: at(0), waitsSince: at(0) } as FloatItem]
        for (hour = 1; hour < 24 + 24; hour++) {
          available = add(available, String(hourly))
          line.push({
            ...item(`s${hour}`, String(hourly), 0),
            ...{ createdAt: at(hour), waitsSince: at(hour) },
          })
          const leaving = whoLeaves(line, available, at(hour))
          for (const { id, amount } of line) if (leaving.has(id)) available = subtract(available, amount)
          line = line.filter(({ id }) => !leaving.has(id))
          if (leaving.has('whale')) return
        }
        throw new Error(`A payout of ${whale} still waits after ${hour} hours.`)
      }),
    )
  })
})

describe('what an account holds', () => {
  const reading = (available: string, at: Date, leftThen = '0') => ({ available, at, leftThen })
  const of = (facts: Partial<Parameters<typeof levelOf>[0]>) =>
    levelOf({ word: null, entry: null, leftNow: '0', now: NOW, ...facts })

  it('is what was said, less what has left since and more by what came back', () => {
    const word = reading('100', ago(0.1), '40')
    expect(of({ word, leftNow: '70' })).toMatchObject({ available: '70', source: 'provider', isOld: false })
    expect(of({ word, leftNow: '30' })).toMatchObject({ available: '110' })
    expect(of({ word, leftNow: '200' })).toMatchObject({ available: '-60' })
  })

  it('is the provider’s word as long as it is fresh, then an operator’s, and old when both are', () => {
    const entry = reading('7', ago(2))
    expect(of({ word: reading('5', ago(0.2)), entry })).toMatchObject({ available: '5', source: 'provider' })
    expect(of({ word: reading('5', ago(0.3)), entry })).toMatchObject({ available: '7', source: 'operator' })
    expect(of({ word: reading('5', ago(1)), entry: reading('7', ago(200)) })).toMatchObject({
      ...{ available: '5', isOld: true },
    })
    expect(of({})).toBeNull()
  })

  it('counts as left what a provider may have or has paid, and nothing that waits, was given back or came back', () => {
    expect(STATES.filter(hasLeft)).toEqual([
      ...['submitting', 'submitted', 'in_doubt', 'settling', 'processed', 'conflict'],
    ])
  })
})

describe('a call for funds', () => {
  const day = (ahead: number) => new Date(NOW.getTime() + ahead * 86_400_000).toISOString().slice(0, 10)
  const facts = {
    ...{ now: NOW, available: '1000', queued: '0', leavesAt: new Date('2026-01-15T12:05:00Z') },
    ...{ demand: [], leadDays: 2, coverDays: 7 },
  }

  it('is made for what waits already, by the time it leaves', () => {
    expect(fundingNeed({ ...facts, queued: '1000.01' })).toEqual({
      ...{ amount: '1', neededBy: facts.leavesAt, expected: '0' },
    })
    expect(fundingNeed({ ...facts, queued: '1000' })).toBeNull()
  })

  it('comes as early as money takes to arrive, by the busiest of the same weekdays', () => {
    const demand = [
      { day: day(2 - 7), amount: '300' },
      { day: day(2 - 14), amount: '1100' },
      { day: day(3 - 7), amount: '50' },
    ]
    const need = fundingNeed({ ...facts, demand })
    expect(need).toEqual({
      ...{ amount: '150', neededBy: new Date(`${day(2)}T00:00:00Z`), expected: '1150' },
    })
    // A day earlier there was still time.
    expect(fundingNeed({ ...facts, demand, leadDays: 1 })).toBeNull()
  })

  it('expects of today only what a day like this still lacks', () => {
    const demand = [
      { day: day(-7), amount: '1500' },
      { day: day(0), amount: '600' },
    ]
    const need = fundingNeed({ ...facts, available: '899', demand, coverDays: 6 })
    expect(need).toMatchObject({ neededBy: NOW, expected: '900' })
    expect(fundingNeed({ ...facts, available: '900', demand, coverDays: 1 })).toBeNull()
  })

  it('is closed by the amount that it asks for', () => {
    fc.assert(
      fc.property(
        fc.record({
          ...{
            available: cents,
            queued: cents,
            leadDays: fc.nat(14),
            coverDays: fc.integer({ min: 1, max: 60 }),
          },
          demand: fc.array(fc.record({ day: fc.integer({ min: -28, max: 0 }).map(day), amount: cents })),
        }),
        (drawn) => {
          const given = { ...facts, ...drawn }
          const need = fundingNeed(given)
          if (need) expect(fundingNeed({ ...given, available: add(given.available, need.amount) })).toBeNull()
        },
      ),
    )
  })
})
