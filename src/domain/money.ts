import Big from 'big.js'

/**
 * Amounts are canonical decimal strings ("10.5", never "10.50", "1e1" or a float), compared and added with
 * big.js. A kit takes and gives JSON numbers, so an amount must also survive the trip through a double.
 */

/** A double keeps every decimal of at most 15 significant digits; one more and a kit may round it. */
const SIGNIFICANT_DIGITS_MAX = 15
/** Longest text we even look at: 18 digits, a point, 18 digits. Keeps a megabyte of nines away from the parser. */
const TEXT_LENGTH_MAX = 40
const DECIMAL = /^(?:0|[1-9]\d{0,17})(?:\.\d{1,18})?$/

/** ISO 4217 minor units that are not 2 (ISO 4217 list one, datasets/currency-codes, ODC-PDDL). */
const MINOR_UNITS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    'bif clp djf gnf isk jpy kmf krw pyg rwf ugx uyi vnd vuv xaf xof xpf': 0,
    'bhd iqd jod kwd lyd omr tnd': 3,
    'clf uyw': 4,
  }).flatMap(([codes, decimals]) => codes.split(' ').map((code) => [code, decimals] as const)),
)

export const decimalsOf = (currency: string): number => MINOR_UNITS.get(currency) ?? 2

export type AmountProblem = 'not_a_decimal' | 'not_positive' | 'too_many_digits' | 'too_many_decimals'

/**
 * Reads what a client sent as an amount: a JSON number or a decimal string.
 *
 * @returns The canonical decimal, or why it is none. Never rounds.
 */
export function parseAmount(
  input: unknown,
  decimals: number,
): { amount: string } | { problem: AmountProblem } {
  const text = typeof input === 'number' ? String(input) : input
  if (typeof text !== 'string' || text.length > TEXT_LENGTH_MAX) return { problem: 'not_a_decimal' }
  if (!DECIMAL.test(text)) return { problem: text.startsWith('-') ? 'not_positive' : 'not_a_decimal' }
  const value = new Big(text)
  if (value.lte(0)) return { problem: 'not_positive' }
  if (value.c.length > SIGNIFICANT_DIGITS_MAX) return { problem: 'too_many_digits' }
  if (decimalPlaces(value) > decimals) return { problem: 'too_many_decimals' }
  return { amount: canonical(value) }
}

/** Far past any amount of money. Written out, "1e999999999" would be a gigabyte of zeros. */
const EXPONENT_MAX = 64

/**
 * Reads a decimal that another system reported (a JSON number or a string, any notation).
 *
 * @returns The canonical decimal, or null when it is no number that money could be.
 */
export function readDecimal(input: unknown): string | null {
  if (typeof input !== 'number' && typeof input !== 'string') return null
  if (String(input).length > 64) return null
  try {
    const value = new Big(input)
    return Math.abs(value.e) > EXPONENT_MAX ? null : canonical(value)
  } catch {
    return null
  }
}

/** Exact at 15 significant digits, which `parseAmount` guarantees. */
export const toJsonNumber = (amount: string): number => Number(amount)
/** As banks write it: always the currency's decimals, "10.50". */
export const toFixedDecimals = (amount: string, decimals: number): string => new Big(amount).toFixed(decimals)
export const toMinorUnits = (amount: string, decimals: number): bigint =>
  BigInt(new Big(amount).times(new Big(10).pow(decimals)).toFixed(0))

export const sameAmount = (a: string, b: string): boolean => new Big(a).eq(b)
export const isLess = (a: string, b: string): boolean => new Big(a).lt(b)
export const isZero = (amount: string): boolean => new Big(amount).eq(0)
export const add = (a: string, b: string): string => canonical(new Big(a).plus(b))
export const subtract = (a: string, b: string): string => canonical(new Big(a).minus(b))
export const sum = (amounts: Iterable<string>): string => {
  let total = new Big(0)
  for (const amount of amounts) total = total.plus(amount)
  return canonical(total)
}
/** True when `amount` is a whole multiple of `step` (a kit's increment_unit). */
export const isMultipleOf = (amount: string, step: string): boolean => new Big(amount).mod(step).eq(0)

const canonical = (value: Big): string => value.toFixed()
/** big.js keeps digits in `c` without trailing zeros and the first digit's power of ten in `e`. */
const decimalPlaces = (value: Big): number => Math.max(0, value.c.length - 1 - value.e)
