import { isValidBIC, isValidIBAN } from 'ibantools'

import type { Destination } from '../../domain/destination'
import { isLess, parseAmount } from '../../domain/money'
import type { CurrencyRules, PayoutItem, PayoutProblem } from '../../ports/payment-provider'
import type { RestConfiguration } from './configuration'
import { valuesOf } from './template'

/** What is wrong with a payout, by the field's JSON name. */
export function checkItem(
  item: PayoutItem,
  { methods, currencies, required }: RestConfiguration,
): PayoutProblem[] {
  const { destination, currency, amount } = item
  const { method } = destination
  if (!methods.includes(method)) return [{ field: 'method', message: `${method} cannot be paid here.` }]
  const rules = Object.hasOwn(currencies, currency) ? currencies[currency] : undefined
  if (!rules) return [{ field: 'currency', message: `${currency.toUpperCase()} cannot be paid here.` }]
  const amountProblem = problemOfAmount(amount, rules)
  if (amountProblem !== null) return [{ field: 'amount', message: amountProblem }]
  const values = valuesOf(item, rules.decimals)
  const missing = required
    .filter((name) => (name === 'paypal_id') === (method === 'PAYPAL'))
    .filter((name) => String(values[name] ?? '').trim() === '')
    .map((field) => ({ field, message: `${field} is required.` }))
  return [...missing, ...bankProblems(destination)]
}

function problemOfAmount(amount: string, { decimals = 2, min, max }: CurrencyRules): string | null {
  const read = parseAmount(amount, decimals)
  if ('problem' in read) return `The amount must be positive, with at most ${decimals} decimals.`
  const isOutside =
    (min !== undefined && isLess(read.amount, min)) || (max !== undefined && isLess(max, read.amount))
  return isOutside ? 'The amount is outside of what can be paid here.' : null
}

function bankProblems(destination: Destination): PayoutProblem[] {
  if (destination.method !== 'BANK') return []
  const { iban, swift } = destination
  return [
    ...(iban !== '' && !isValidIBAN(iban) ? [{ field: 'iban', message: 'iban is not a valid IBAN.' }] : []),
    ...(swift !== undefined && !isValidBIC(swift)
      ? [{ field: 'swift', message: 'swift is not a valid BIC.' }]
      : []),
  ]
}
