import { differenceText, sumText } from '../shared/format'
import type { Words } from './language'
import type { Limit, MethodOptions, Options } from './types'

/** Digits as they are typed, with a point or a comma before the decimals and nothing between thousands. */
const TYPED = /^(\d{1,15})(?:[.,](\d{0,15}))?$/

/** Three digits behind a sign, where a currency has so many decimals: a thousand, or a little more than one. */
const AMBIGUOUS = /^[1-9]\d{0,2}[.,]\d{3}$/

/** An amount as somebody would type it who is not to be misread. */
export const typedAs = (amount: number, { number }: Pick<Words, 'number'>): string =>
  number(amount).replace(AMBIGUOUS, '$&0')

/** @returns A canonical decimal; null where it is none. */
export function readAmount(typed: string): string | null {
  const [, whole, fraction = ''] = TYPED.exec(typed.trim()) ?? []
  if (whole === undefined) return null
  const digits = whole.replace(/^0+(?=\d)/, '')
  const decimals = fraction.replace(/0+$/, '')
  return decimals === '' ? digits : `${digits}.${decimals}`
}

/** Exactly `a - b`; both are decimals of the API, with at most 15 digits. */
export const less = (a: number | string, b: number | string): number => Number(differenceText(a, b))

/** What comes of an amount, by what the page knows. */
export const netOf = ({ fee, fee_mode: mode }: MethodOptions, amount: string): number =>
  mode === 'deducted' ? less(amount, fee) : Number(amount)

interface Asked {
  readonly typed: string
  readonly options: Options
  readonly method: MethodOptions
}

/** The most that can be asked for now: balance, bounds and limits. */
export function mostOf(options: Options, method: MethodOptions): number {
  const fee = method.fee_mode === 'on_top' ? method.fee : 0
  const left = options.limits.flatMap(({ amount_left }) => (amount_left === null ? [] : [amount_left]))
  const most = Math.min(
    options.available > fee ? less(options.available, fee) : 0,
    method.max ?? Infinity,
    ...left,
  )
  const factor = 10 ** method.decimals
  return Math.floor(Number((most * factor).toPrecision(15))) / factor
}

/** Why an amount will be refused; null where nothing is known against it. */
export function amountProblem(asked: Asked, words: Words): string | null {
  return writingProblem(asked, words) ?? boundsProblem(asked, words) ?? balanceProblem(asked, words)
}

function writingProblem({ typed, options, method }: Asked, { t, number }: Words): string | null {
  const amount = readAmount(typed)
  if (amount === null || Number(amount) === 0)
    return t('form.amountBad', { example: number(method.decimals > 0 ? 100.5 : 100) })
  const decimals = amount.split('.')[1]?.length ?? 0
  // "1,000" of somebody who means a thousand has three decimals: it is never taken for one.
  if (method.decimals >= 3 && AMBIGUOUS.test(typed.trim())) {
    const text = typed.trim()
    return t('form.amountTwoWays', { whole: text.replace(/[.,]/, ''), decimals: `${text}0` })
  }
  const isLikeThousands = method.decimals < 3 && /[.,]\d{3}$/.test(typed.trim())
  if (decimals <= method.decimals && !isLikeThousands) return null
  if (method.decimals === 0) return t('form.amountBad', { example: number(100) })
  return t('form.amountDecimals', { currency: options.currency.toUpperCase(), decimals: method.decimals })
}

function boundsProblem({ typed, options, method }: Asked, { t, money, number }: Words): string | null {
  const { min, max, increment, fee } = method
  const amount = readAmount(typed) ?? '0'
  const value = Number(amount)
  const shown = (bound: number) => money(bound, options.currency)
  if (increment !== null && !isMultiple(amount, increment))
    return t('form.amountStep', { step: number(increment) })
  if (min !== null && value < min) return t('form.amountMin', { amount: shown(min) })
  if (max !== null && value > max) return t('form.amountMax', { amount: shown(max) })
  return method.fee_mode === 'deducted' && value <= fee ? t('form.amountFee', { amount: shown(fee) }) : null
}

function balanceProblem({ typed, options, method }: Asked, { t, money }: Words): string | null {
  const { available, currency } = options
  const amount = readAmount(typed) ?? '0'
  const needed = method.fee_mode === 'on_top' ? Number(sumText([amount, method.fee])) : Number(amount)
  if (needed > available) return t('form.amountBalance', { amount: money(available, currency) })
  const limit = options.limits.find((known) => isOver(known, Number(amount)))
  if (!limit) return null
  const left = limit.count_left === 0 ? 0 : (limit.amount_left ?? 0)
  return t('form.amountLimit', { amount: money(left, currency) })
}

const isOver = ({ amount_left, count_left }: Limit, value: number): boolean =>
  (amount_left !== null && value > amount_left) || count_left === 0

function isMultiple(amount: string, step: number): boolean {
  const digits = Math.max(amount.split('.')[1]?.length ?? 0, (String(step).split('.')[1] ?? '').length)
  const scaled = (value: string) => {
    const [whole = '0', fraction = ''] = value.split('.')
    return BigInt(whole + fraction.padEnd(digits, '0'))
  }
  // A step such as 1e-8 is finer than any money there is.
  return step <= 0 || String(step).includes('e') || scaled(amount) % scaled(String(step)) === BigInt(0)
}
