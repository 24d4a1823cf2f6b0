import { isLess } from '../../domain/money'
import type { DeclineCode } from '../../domain/reasons'
import type { PayoutItem, PayoutProblem } from '../../ports/payment-provider'
import type { CurrencyRules } from '../../ports/payment-provider'
import { isPayable } from './currencies'

/** 127 single-byte characters is PayPal's limit for a receiver. */
const RECEIVER_LENGTH_MAX = 127
const PAYER_ID = /^[A-Z0-9]{13}$/
// Dots neither first, last nor doubled; a domain of at least two labels, the last one of letters or punycode.
const EMAIL =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,59})$/

export interface Receiver {
  readonly type: 'EMAIL' | 'PAYPAL_ID'
  readonly value: string
}

/** @returns null when PayPal would refuse it, and with it everything else in the batch. */
export function receiverOf(paypalId: string): Receiver | null {
  if (paypalId.length > RECEIVER_LENGTH_MAX) return null
  if (PAYER_ID.test(paypalId)) return { type: 'PAYPAL_ID', value: paypalId }
  return EMAIL.test(paypalId) ? { type: 'EMAIL', value: paypalId } : null
}

export type Problem = PayoutProblem & { readonly code: DeclineCode }

/** Everything PayPal would refuse an item for, as far as the item shows it. Pure. */
export function problemsOf(item: PayoutItem, currencies: Readonly<Record<string, CurrencyRules>>): Problem[] {
  return [...receiverProblems(item), ...amountProblems(item, currencies)]
}

function receiverProblems({ destination }: PayoutItem): Problem[] {
  const field = 'paypal_id'
  if (destination.method !== 'PAYPAL')
    return [{ field: 'method', message: 'PayPal pays to PayPal accounts only', code: 'invalid_identifier' }]
  if (destination.paypalId === '')
    return [{ field, message: `${field} is required`, code: 'invalid_identifier' }]
  if (receiverOf(destination.paypalId)) return []
  return [
    {
      field,
      message: `${field} must be the email address of a PayPal account, or its account id of 13 capital letters and digits`,
      code: 'invalid_identifier',
    },
  ]
}

function amountProblems(
  { amount, currency }: PayoutItem,
  currencies: Readonly<Record<string, CurrencyRules>>,
): Problem[] {
  const rules = Object.hasOwn(currencies, currency) ? currencies[currency] : undefined
  const name = currency.toUpperCase()
  if (!rules)
    return [
      {
        field: 'currency',
        message: `PayPal does not pay out ${name} here`,
        code: 'currency_not_supported',
      },
    ]
  if (!isPayable(amount, currency))
    return [
      {
        field: 'amount',
        message: `PayPal takes ${name} with at most ${rules.decimals ?? 2} decimals`,
        code: 'provider_declined',
      },
    ]
  if (rules.max !== undefined && isLess(rules.max, amount))
    return [
      {
        field: 'amount',
        message: `PayPal takes at most ${rules.max} ${name} at once`,
        code: 'amount_too_large',
      },
    ]
  return []
}
