/** Amounts are decimal strings from the server to the eye: they are cut and grouped, never calculated with. */

function decimalsOf(currency: string): number {
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency: currency.toUpperCase() })
    return format.resolvedOptions().maximumFractionDigits ?? 2
  } catch {
    // Not every exchange's symbol is a currency of the world's.
    return 2
  }
}

/** `12345.5` and `eur` make `12,345.50`. More decimals than the currency has are shown: nothing is rounded away. */
export function amountText(amount: string | number, currency: string): string {
  const [whole = '0', fraction = ''] = plain(amount).split('.')
  const sign = whole.startsWith('-') ? '−' : ''
  const grouped = whole.replace('-', '').replace(/\B(?=(\d{3})+$)/g, ',')
  const shown = fraction.replace(/0+$/, '').padEnd(decimalsOf(currency), '0')
  return `${sign}${grouped}${shown === '' ? '' : `.${shown}`}`
}

/** Numbers of the API have at most 15 digits, and may still come as 1e-7. */
const plain = (amount: string | number): string =>
  typeof amount === 'string'
    ? amount
    : Math.abs(amount) >= 1e-6 || amount === 0
      ? String(amount)
      : amount.toFixed(15).replace(/0+$/, '')

/** The sum of decimal strings, exactly. */
export function sumText(amounts: readonly (string | number)[]): string {
  const parts = amounts.map((amount) => plain(amount).split('.'))
  const decimals = Math.max(0, ...parts.map(([, fraction = '']) => fraction.length))
  const total = parts.reduce(
    (sum, [whole = '0', fraction = '']) => sum + BigInt(whole + fraction.padEnd(decimals, '0')),
    BigInt(0),
  )
  const sign = total < BigInt(0) ? '-' : ''
  const digits = total
    .toString()
    .replace('-', '')
    .padStart(decimals + 1, '0')
  if (decimals === 0) return sign + digits
  const text = `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  return sign + text.replace(/\.?0+$/, '')
}

/** Exactly `a - b`; `b` is not negative. */
export const differenceText = (a: string | number, b: string | number): string => sumText([a, `-${plain(b)}`])

export const countText = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',')

const UNITS: readonly (readonly [seconds: number, short: string, one: string, many: string])[] = [
  [86_400, 'd', 'day', 'days'],
  [3_600, 'h', 'hour', 'hours'],
  [60, 'min', 'minute', 'minutes'],
  [1, 's', 'second', 'seconds'],
]

/** The largest unit that says it: `3 hours`. */
export function durationText(seconds: number): string {
  const [size, , one, many] = UNITS.find(([size]) => seconds >= size) ?? [1, 's', 'second', 'seconds']
  const count = Math.max(0, Math.floor(seconds / size))
  return `${count} ${count === 1 ? one : many}`
}

export function shortDuration(seconds: number): string {
  const [size, short] = UNITS.find(([size]) => seconds >= size) ?? [1, 's']
  return `${Math.max(0, Math.floor(seconds / size))} ${short}`
}

export type Zone = 'local' | 'utc'

export function timeText(at: string, zone: Zone, style: 'full' | 'short' = 'short'): string {
  const options: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(style === 'full' && { year: 'numeric', second: '2-digit', timeZoneName: 'short' }),
    ...(zone === 'utc' && { timeZone: 'UTC' }),
  }
  return new Intl.DateTimeFormat('en-GB', options).format(new Date(at))
}
