import { readDecimal, toMinorUnits } from '../../domain/money'
import { fieldsOf } from './answers'
import { type PaypalApi, UnexpectedAnswerError } from './api'
import { paypalDecimals } from './currencies'

/**
 * What can be paid out of each balance: PayPal takes its fee on top, from the same balance, so a payout of everything
 * that is there is refused.
 *
 * @param feeHundredths Of a percent: 200 is 2 %.
 */
export async function readBalances(
  api: PaypalApi,
  feeHundredths: number,
): Promise<readonly { currency: string; available: string }[]> {
  const answer = await api.call(
    // The fields are developer.paypal.com's, "Transaction Search", list all balances.
    { method: 'GET', path: '/v1/reporting/balances', query: { currency_code: 'ALL' } },
    api.deadline(),
  )
  if (answer.status !== 200)
    throw new UnexpectedAnswerError(`PayPal answered ${answer.status} when asked for its balances`)
  const { balances } = fieldsOf(answer.json())
  return (Array.isArray(balances) ? (balances as unknown[]) : []).flatMap((balance) => {
    const { currency, available_balance } = fieldsOf(balance)
    const amount = readDecimal(fieldsOf(available_balance).value)
    if (typeof currency !== 'string' || amount === null) return []
    const symbol = currency.toLowerCase()
    return [{ currency: symbol, available: withoutFee(amount, paypalDecimals(symbol), feeHundredths) }]
  })
}

/** Rounded down; nothing below zero can be paid out. */
export function withoutFee(amount: string, decimals: number, feeHundredths: number): string {
  const minor = toMinorUnits(amount, decimals)
  if (minor <= 0n) return '0'
  const payable = (minor * 10_000n) / BigInt(10_000 + feeHundredths)
  const digits = payable.toString().padStart(decimals + 1, '0')
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  return readDecimal(text) ?? '0'
}
