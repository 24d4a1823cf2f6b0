import { isValidBIC, isValidIBAN } from 'ibantools'

import type { Destination } from '../../domain/destination'
import type { PayoutItem, PayoutProblem } from '../../ports/payment-provider'
import { amountProblems } from '../shared/item-checks'
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
  const problems = amountProblems({ currency, amount }, { currencies })
  if (problems.length > 0) return problems
  const values = valuesOf(item, currencies[currency]?.decimals)
  const missing = required
    .filter((name) => (name === 'paypal_id') === (method === 'PAYPAL'))
    .filter((name) => String(values[name] ?? '').trim() === '')
    .map((field) => ({ field, message: `${field} is required.` }))
  return [...missing, ...bankProblems(destination)]
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
