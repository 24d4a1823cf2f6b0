import { decimalsOf, parseAmount } from '../../domain/money'
import type { CurrencyRules } from '../../ports/payment-provider'

/**
 * What a PayPal account can hold and pay out across borders (developer.paypal.com, "Payouts country and currency
 * codes"). The last three are for accounts of their own country only, so they have to be asked for by name.
 */
const EVERYWHERE = 'aud cad chf czk dkk eur gbp hkd huf ils jpy mxn nok nzd php pln sek sgd twd usd'.split(
  ' ',
)
const AT_HOME = 'brl myr thb'.split(' ')
export const PAYPAL_CURRENCIES: readonly string[] = [...EVERYWHERE, ...AT_HOME]

/** PayPal takes these without decimals, although ISO 4217 gives the first two of them two. */
const WITHOUT_DECIMALS = ['huf', 'twd', 'jpy']

export const paypalDecimals = (currency: string): number =>
  WITHOUT_DECIMALS.includes(currency) ? 0 : decimalsOf(currency)

/** @param wanted Empty: every currency that works across borders. */
export function currencyRules(
  wanted: readonly string[],
  maxPerPayout: Readonly<Record<string, string>>,
): Readonly<Record<string, CurrencyRules>> {
  const currencies = wanted.length > 0 ? wanted : EVERYWHERE
  return Object.fromEntries(
    currencies.map((currency) => {
      const decimals = paypalDecimals(currency)
      const max = Object.hasOwn(maxPerPayout, currency) ? maxPerPayout[currency] : undefined
      return [currency, { decimals, min: decimals === 0 ? '1' : '0.01', ...(max !== undefined && { max }) }]
    }),
  )
}

/** PayPal refuses the whole batch for one decimal too many; nothing is ever rounded to fit. */
export const isPayable = (amount: string, currency: string): boolean =>
  'amount' in parseAmount(amount, paypalDecimals(currency))
