import { decimalsOf, isLess, parseAmount } from '../../domain/money'
import type { PayoutItem, PayoutProblem, ProviderCapabilities } from '../../ports/payment-provider'

/**
 * What is wrong with an item's currency and amount by the provider's own capabilities. Every provider's `check` begins
 * with it: an amount that the provider rounds or refuses must not lock the user's balance.
 */
export function amountProblems(
  { currency, amount }: Pick<PayoutItem, 'currency' | 'amount'>,
  { currencies }: Pick<ProviderCapabilities, 'currencies'>,
): PayoutProblem[] {
  const rules =
    currencies === 'any' ? {} : Object.hasOwn(currencies, currency) ? currencies[currency] : undefined
  if (!rules) return [{ field: 'currency', message: `${currency.toUpperCase()} cannot be paid this way` }]
  const decimals = rules.decimals ?? decimalsOf(currency)
  const problem = (message: string) => [{ field: 'amount', message }]
  if ('problem' in parseAmount(amount, decimals))
    return problem(`an amount in ${currency.toUpperCase()} has at most ${decimals} decimals`)
  if (rules.min !== undefined && isLess(amount, rules.min))
    return problem(`the smallest amount is ${rules.min}`)
  if (rules.max !== undefined && isLess(rules.max, amount))
    return problem(`the largest amount is ${rules.max}`)
  return []
}
