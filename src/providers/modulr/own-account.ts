import type { DeferReason } from '../../ports/payment-provider'

/**
 * Modulr refuses a payment for faults of the payee and of the account that pays with one and the same status, and tells
 * them apart in a text only, whose words are not published. So the payee is at fault only where the text speaks of the
 * payee: nobody's withdrawal is canceled because our account is empty or closed.
 */
const FUNDS = /\b(?:insufficient|funds?|balance|overdra\w+)\b/i
const PAYEE =
  /\b(?:destination|beneficiary|payee|creditor|recipient|iban|bic|sort ?code|account ?(?:number|name))\b/i

export const isAboutFunds = (message: string | null): boolean => message !== null && FUNDS.test(message)

/** @returns What our account lacks, or null where the payee is at fault. */
export function ownFaultIn(message: string | null): DeferReason | null {
  if (isAboutFunds(message)) return 'insufficient_float'
  return message !== null && PAYEE.test(message) ? null : 'provider_unavailable'
}
