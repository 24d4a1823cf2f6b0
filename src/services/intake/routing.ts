import type { Method } from '../../domain/destination'
import { decimalsOf, isLess } from '../../domain/money'
import type { ExchangeCurrency } from '../../ports/exchange'
import type { CurrencyRules, PaymentProvider } from '../../ports/payment-provider'

/** The first configured provider that pays this method in this currency. */
export const providerFor = (
  providers: readonly PaymentProvider[],
  method: Method,
  currency: string,
): PaymentProvider | null =>
  providers.find(
    ({ capabilities }) =>
      capabilities.methods.includes(method) && rulesOf(capabilities.currencies, currency) !== null,
  ) ?? null

const rulesOf = (
  currencies: PaymentProvider['capabilities']['currencies'],
  currency: string,
): CurrencyRules | null => {
  if (currencies === 'any') return {}
  return Object.hasOwn(currencies, currency) ? (currencies[currency] ?? null) : null
}

/** What an amount must be: the tighter of the exchange's rules and the provider's. */
export interface AmountRules {
  readonly decimals: number
  readonly increment: string | null
  readonly min: string | null
  readonly max: string | null
}

export function amountRules(currency: ExchangeCurrency, provider: PaymentProvider): AmountRules {
  const rules = rulesOf(provider.capabilities.currencies, currency.symbol) ?? {}
  return {
    decimals: rules.decimals ?? decimalsOf(currency.symbol),
    increment: currency.increment,
    min: tighter(currency.min, rules.min ?? null, (a, b) => isLess(b, a)),
    max: tighter(currency.max, rules.max ?? null, isLess),
  }
}

const tighter = (
  a: string | null,
  b: string | null,
  isTighter: (a: string, b: string) => boolean,
): string | null => (a === null ? b : b === null || isTighter(a, b) ? a : b)
