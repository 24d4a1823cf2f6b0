import fc from 'fast-check'

import {
  add,
  type AmountProblem,
  decimalsOf,
  isLess,
  isMultipleOf,
  isZero,
  parseAmount,
  readDecimal,
  sameAmount,
  subtract,
  sum,
  toFixedDecimals,
  toJsonNumber,
  toMinorUnits,
} from '../../src/domain/money'

/**
 * Goal: no amount that is not exactly what the client wrote ever gets in, and none changes on its way through.
 * Method: a table of hostile inputs, and properties held against BigInt minor units, which share no code with big.js.
 */
const SEED = { seed: Number(process.env.TEST_SEED) }

const REFUSED: readonly (readonly [label: string, input: unknown, problem: AmountProblem])[] = [
  ['the number 1e309', 1e309, 'not_a_decimal'],
  ['1e400 in raw JSON', JSON.parse('1e400'), 'not_a_decimal'],
  ['NaN', NaN, 'not_a_decimal'],
  ['the number 1e21', 1e21, 'not_a_decimal'],
  ['the number 1e-7', 1e-7, 'not_a_decimal'],
  ['-1', -1, 'not_positive'],
  ['"-1"', '-1', 'not_positive'],
  ['0', 0, 'not_positive'],
  ['-0', -0, 'not_positive'],
  ['"0"', '0', 'not_positive'],
  ['"-0"', '-0', 'not_positive'],
  ['"0.00"', '0.00', 'not_positive'],
  ['"0x10", which Number reads as 16', '0x10', 'not_a_decimal'],
  ['"0b11", which Number reads as 3', '0b11', 'not_a_decimal'],
  ['"NaN", which numeric columns take', 'NaN', 'not_a_decimal'],
  ['"Infinity"', 'Infinity', 'not_a_decimal'],
  ['0.1 + 0.2', 0.1 + 0.2, 'too_many_digits'],
  ['9007199254740993, which a double cannot hold', JSON.parse('9007199254740993'), 'too_many_digits'],
  ['[5], which multiplies like 5', [5], 'not_a_decimal'],
  ['["5"]', ['5'], 'not_a_decimal'],
  ['an object', {}, 'not_a_decimal'],
  ['an object that prints as a number', { toString: () => '5' }, 'not_a_decimal'],
  ['a boxed number', Object(5), 'not_a_decimal'],
  ['a bigint', 5n, 'not_a_decimal'],
  ['true', true, 'not_a_decimal'],
  ['null', null, 'not_a_decimal'],
  ['nothing', undefined, 'not_a_decimal'],
  ['"", which Number reads as 0', '', 'not_a_decimal'],
  ['" 12 ", which PostgreSQL takes', ' 12 ', 'not_a_decimal'],
  ['a trailing line break', '12\n', 'not_a_decimal'],
  ['a trailing NUL', '12\0', 'not_a_decimal'],
  ['"1_000"', '1_000', 'not_a_decimal'],
  ['"12,5", which parseFloat reads as 12', '12,5', 'not_a_decimal'],
  ['"1,000.00"', '1,000.00', 'not_a_decimal'],
  ['"+5"', '+5', 'not_a_decimal'],
  ['".5"', '.5', 'not_a_decimal'],
  ['"5."', '5.', 'not_a_decimal'],
  ['"00012"', '00012', 'not_a_decimal'],
  ['"1e5"', '1e5', 'not_a_decimal'],
  ['"1e-30"', '1e-30', 'not_a_decimal'],
  ['"1e-40", which numeric(38,18) stores as 0', '1e-40', 'not_a_decimal'],
  ['Arabic-Indic digits', '١٢', 'not_a_decimal'],
  ['full-width digits', '１２', 'not_a_decimal'],
  ['a currency sign', '€5', 'not_a_decimal'],
  ['19 decimal places', '0.1234567890123456789', 'not_a_decimal'],
  ['19 digits', '1000000000000000000', 'not_a_decimal'],
  ['16 significant digits', '12345678901234.56', 'too_many_digits'],
  ['three decimal places of a currency with two', '10.001', 'too_many_decimals'],
  ['10,000 digits', '9'.repeat(10_000), 'not_a_decimal'],
  ['a megabyte of nines', '9'.repeat(1 << 20), 'not_a_decimal'],
]

const ACCEPTED: readonly (readonly [input: number | string, amount: string])[] = [
  [10, '10'],
  [10.5, '10.5'],
  ['10', '10'],
  ['10.50', '10.5'],
  ['10.00', '10'],
  ['0.01', '0.01'],
  [0.01, '0.01'],
  [1e15, '1000000000000000'],
  ['9999999999999.99', '9999999999999.99'],
  ['100000000000000000', '100000000000000000'],
]

/** Amounts as whole minor units of a currency with so many decimals, within what a double keeps. */
const minorUnits = fc.bigInt({ min: 1n, max: 10n ** 15n - 1n })
const decimals = fc.integer({ min: 0, max: 4 })

/** "1234" with two decimals is "12.34": written out by hand, so that nothing under test takes part. */
function written(units: bigint, places: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  const text = places === 0 ? whole : `${whole}.${digits.slice(-places)}`
  return units < 0n ? `-${text}` : text
}

const significantDigits = (text: string): number =>
  text.replace('.', '').replace(/^0+/, '').replace(/0+$/, '').length

describe('an amount from a client', () => {
  it.each(REFUSED)('is refused when it is %s', (_label, input, problem) => {
    expect(parseAmount(input, 2)).toEqual({ problem })
  })

  it.each(ACCEPTED)('%p is kept as "%s"', (input, amount) => {
    expect(parseAmount(input, 2)).toEqual({ amount })
  })

  it('is never rounded to the decimals of its currency', () => {
    expect(parseAmount('10.5', 0)).toEqual({ problem: 'too_many_decimals' })
    expect(parseAmount('10.0', 0)).toEqual({ amount: '10' })
    expect(parseAmount('0.0001', 4)).toEqual({ amount: '0.0001' })
  })

  it('is either refused or canonical, whatever arrives', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true }), decimals, (input, places) => {
        const result = parseAmount(input, places)
        if ('amount' in result) expect(result.amount).toMatch(/^(0|[1-9]\d*)(\.\d*[1-9])?$/)
        else expect(typeof result.problem).toBe('string')
      }),
      SEED,
    )
  })

  it('never has more than 15 significant digits', () => {
    const decimalText = fc.stringMatching(/^(?:0|[1-9]\d{0,17})(?:\.\d{1,18})?$/)
    fc.assert(
      fc.property(decimalText, (text) => {
        const result = parseAmount(text, 18)
        const digits = significantDigits(text)
        const problem = digits === 0 ? 'not_positive' : digits > 15 ? 'too_many_digits' : null
        if (problem) expect(result).toEqual({ problem })
        else expect(result).toHaveProperty('amount')
      }),
      { ...SEED, numRuns: 500 },
    )
  })
})

describe('money', () => {
  it('comes back as it was written, from text and from minor units', () => {
    fc.assert(
      fc.property(minorUnits, decimals, (units, places) => {
        const text = written(units, places)
        const { amount } = parseAmount(text, places) as { amount: string }
        expect(toMinorUnits(amount, places)).toBe(units)
        expect(toFixedDecimals(amount, places)).toBe(text)
        expect(parseAmount(toFixedDecimals(amount, places), places)).toEqual({ amount })
      }),
      SEED,
    )
  })

  it('survives the trip through a JSON number', () => {
    const significand = fc.bigInt({ min: 1n, max: 10n ** 15n - 1n })
    const accepted = fc
      .record({ significand, places: fc.integer({ min: 0, max: 18 }), zeros: fc.integer({ min: 0, max: 3 }) })
      .map(({ significand: units, places, zeros }) => written(units * 10n ** BigInt(zeros), places))
      .map((text) => parseAmount(text, 18))
      .filter((result): result is { amount: string } => 'amount' in result)
    fc.assert(
      fc.property(accepted, ({ amount }) => {
        const overTheWire = JSON.parse(JSON.stringify({ amount: toJsonNumber(amount) })) as { amount: number }
        expect(readDecimal(overTheWire.amount)).toBe(amount)
      }),
      { ...SEED, numRuns: 500 },
    )
  })

  it('means the same as a JSON number and as a string', () => {
    fc.assert(
      fc.property(minorUnits, decimals, (units, places) => {
        const text = written(units, places)
        expect(parseAmount(Number(text), places)).toEqual(parseAmount(text, places))
      }),
      SEED,
    )
  })

  it('is added, subtracted and summed exactly', () => {
    const terms = fc.array(fc.bigInt({ min: 0n, max: 10n ** 30n }), { maxLength: 20 })
    fc.assert(
      fc.property(terms, decimals, (units, places) => {
        const amounts = units.map((unit) => written(unit, places))
        const total = units.reduce((a, b) => a + b, 0n)
        expect(toMinorUnits(sum(amounts), places)).toBe(total)
        const [a = 0n, b = 0n] = units
        const [first = '0', second = '0'] = amounts
        expect(toMinorUnits(add(first, second), places)).toBe(a + b)
        expect(toMinorUnits(subtract(first, second), places)).toBe(a - b)
      }),
      SEED,
    )
  })

  it('is compared by value, not by spelling', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 20n), fc.bigInt(0n, 10n ** 20n), decimals, (a, b, places) => {
        expect(isLess(written(a, places), written(b, places))).toBe(a < b)
        expect(sameAmount(written(a, places), written(b, places))).toBe(a === b)
        expect(sameAmount(written(a, places), written(a * 100n, places + 2))).toBe(true)
        expect(isLess(written(a, places), written(a * 10n, places + 1))).toBe(false)
        expect(isZero(written(a, places))).toBe(a === 0n)
      }),
      SEED,
    )
  })

  it('does not know the errors of binary fractions', () => {
    expect(add('0.1', '0.2')).toBe('0.3')
    expect(subtract('0.3', '0.1')).toBe('0.2')
    expect(sum(Array.from({ length: 10 }, () => '0.1'))).toBe('1')
    expect(sum([])).toBe('0')
    expect(add('9007199254740992', '1')).toBe('9007199254740993')
    expect(subtract('5', '5')).toBe('0')
  })

  it('is a multiple of an increment only exactly', () => {
    expect(isMultipleOf('10.05', '0.05')).toBe(true)
    expect(isMultipleOf('10.06', '0.05')).toBe(false)
    expect(isMultipleOf('0.3', '0.1')).toBe(true)
  })
})

describe('a decimal that another system reports', () => {
  it.each([
    [10, '10'],
    ['10.50', '10.5'],
    ['1e3', '1000'],
    [1e-7, '0.0000001'],
    ['-5', '-5'],
    ['-0', '0'],
    [-0, '0'],
  ])('%p is read as "%s"', (input, amount) => {
    expect(readDecimal(input)).toBe(amount)
  })

  it.each([NaN, Infinity, '', ' 5', 'NaN', 'Infinity', '0x10', '1,5', null, undefined, true, [5], {}, 5n])(
    '%p is no decimal',
    (input) => {
      expect(readDecimal(input)).toBeNull()
    },
  )

  it.each(['1e999999999', '1e-999999999', '-1e88888888', `${'9'.repeat(65)}`])(
    '%p is refused before it is written out: a few characters must not fill the memory',
    (input) => {
      expect(readDecimal(input)).toBeNull()
    },
  )
})

describe('the decimals of a currency', () => {
  it('are the minor units of ISO 4217, and two where it says nothing', () => {
    const known = { eur: 2, usd: 2, jpy: 0, huf: 2, kwd: 3, clf: 4, points: 2 }
    expect(Object.fromEntries(Object.keys(known).map((code) => [code, decimalsOf(code)]))).toEqual(known)
  })

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'are two for a currency that is called %s',
    (currency) => {
      expect(decimalsOf(currency)).toBe(2)
    },
  )
})
