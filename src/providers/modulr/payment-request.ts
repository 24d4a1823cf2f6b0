import { createHash } from 'node:crypto'

import type { BankDestination } from '../../domain/destination'
import { toJsonNumber } from '../../domain/money'
import type { PayoutItem, PayoutOrder } from '../../ports/payment-provider'
import { digitsOf } from './check'

/** The account that pays, by currency in lower case. */
export type SourceAccounts = Readonly<Record<string, string>>

/**
 * The body of one payment. Equal input gives an equal body: Modulr replays an answer only to the same request.
 *
 * @throws {Error} It is no payout that `check` lets through.
 */
export function paymentRequest(item: PayoutItem, accounts: SourceAccounts) {
  const { destination, currency, amount, key, endToEndId } = item
  const sourceAccountId = accounts[currency]
  if (sourceAccountId === undefined || destination.method !== 'BANK')
    throw new Error('This payout cannot be paid through Modulr.')
  return {
    sourceAccountId,
    currency: currency.toUpperCase(),
    // A JSON number, as the API wants it; exact, since amounts have at most 15 significant digits.
    amount: toJsonNumber(amount),
    reference: statementReference(item),
    externalReference: externalReference(key),
    endToEndReference: endToEndId,
    destination: destinationOf(destination, currency),
  }
}

export const batchRequest = (order: PayoutOrder, accounts: SourceAccounts) => ({
  externalReference: externalReference(order.key),
  // A payee whose data is wrong must not stop the others.
  strictProcessing: false,
  submissionType: 'BULK',
  payments: order.items.map((item) => paymentRequest(item, accounts)),
})

function destinationOf({ iban, accountHolder = '', details = {} }: BankDestination, currency: string) {
  const sortCode = digitsOf(details.sort_code)
  return currency === 'gbp' && sortCode !== ''
    ? { type: 'SCAN', sortCode, accountNumber: digitsOf(details.account_number), name: accountHolder }
    : { type: 'IBAN', iban, name: accountHolder }
}

/** Modulr takes 50 characters of this alphabet. Ours fit; a longer key is known by its hash. */
export const externalReference = (key: string): string =>
  /^[\w-]{1,50}$/.test(key) ? key : `H-${createHash('sha256').update(key).digest('hex').slice(0, 40)}`

/** Faster Payments carry 18 characters to the payee, SEPA 140; at least 6, and not all the same. */
function statementReference({ statementText, currency, endToEndId }: PayoutItem): string {
  const lengthMax = currency === 'gbp' ? 18 : 140
  const text = statementText
    .replace(/[^A-Za-z0-9\-.&/ ]/g, ' ')
    .replace(/ +/g, ' ')
    .trim()
    .slice(0, lengthMax)
    .trim()
  const counted = text.replace(/[^A-Za-z0-9]/g, '')
  return counted.length >= 6 && new Set(counted).size > 1 ? text : `Payout ${endToEndId}`.slice(0, lengthMax)
}
