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

export interface AmountBounds {
  readonly min: string | null
  readonly max: string | null
}

const UNBOUNDED: AmountBounds = { min: null, max: null }

/** What an amount must be: the tightest of the exchange's rules, the provider's and the policy's. */
export interface AmountRules extends AmountBounds {
  readonly decimals: number
  readonly increment: string | null
}

export function amountRules(
  currency: ExchangeCurrency,
  provider: PaymentProvider,
  policy: AmountBounds = UNBOUNDED,
): AmountRules {
  const rules = rulesOf(provider.capabilities.currencies, currency.symbol) ?? {}
  return {
    decimals: rules.decimals ?? decimalsOf(currency.symbol),
    increment: currency.increment,
    min: tighter(tighter(currency.min, rules.min ?? null, isMore), policy.min, isMore),
    max: tighter(tighter(currency.max, rules.max ?? null, isLess), policy.max, isLess),
  }
}

const isMore = (a: string, b: string): boolean => isLess(b, a)

const tighter = (
  a: string | null,
  b: string | null,
  isTighter: (a: string, b: string) => boolean,
): string | null => (a === null ? b : b === null || isTighter(a, b) ? a : b)
