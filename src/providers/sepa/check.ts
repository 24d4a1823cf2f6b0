import type { BankDestination } from '../../domain/destination'
import { readDecimal, toMinorUnits } from '../../domain/money'
import type { PayoutItem, PayoutProblem } from '../../ports/payment-provider'
import { ibanProblem, isBic, isOutsideEea } from './account'
import { bankText, type Charset } from './charset'
import type { SepaSettings } from './settings'

/** Bounds of one SEPA credit transfer (pain.001 and the scheme's rulebook: eleven digits, two of them decimals). */
export const AMOUNT_MIN = '0.01'
export const AMOUNT_MAX = '999999999.99'
export const NAME_LENGTH_MAX = 70

/** The payee's name as it goes into the file, or null when it cannot be written there. */
export function payeeName({ accountHolder }: BankDestination, charset: Charset): string | null {
  const name = bankText(accountHolder ?? '', NAME_LENGTH_MAX, charset, null)
  return name !== null && /[\p{L}\p{N}]/u.test(name) ? name : null
}

/** In cents. null when it is no amount of euro and cents. */
export function centsOf(amount: string): bigint | null {
  const decimal = readDecimal(amount)
  if (decimal === null || !/^\d{1,15}(\.\d{1,2})?$/.test(decimal)) return null
  return toMinorUnits(decimal, 2)
}

export type PayerRules = Pick<
  SepaSettings,
  'charset' | 'version' | 'debtorIban' | 'debtorTown' | 'debtorCountry'
>

/** Whether a file can say where the payer lives. Version 03 of the SEPA subset knows only addresses that banks refuse. */
export const hasPayerAddress = ({
  version,
  debtorTown,
  debtorCountry,
}: Omit<PayerRules, 'charset'>): boolean => version !== '03' && debtorTown !== '' && debtorCountry !== ''

/** Everything the bank would refuse later. Pure. */
export function payoutProblems(item: PayoutItem, payer: PayerRules): PayoutProblem[] {
  const { destination } = item
  if (destination.method !== 'BANK')
    return [{ field: 'method', message: 'Only bank accounts can be paid by SEPA' }]
  return [
    ...amountProblems(item),
    ...ibanProblems(destination, payer),
    ...borderProblems(destination, payer),
    ...partyProblems(destination, payer.charset),
  ]
}

function amountProblems({ currency, amount }: PayoutItem): PayoutProblem[] {
  if (currency !== 'eur') return [{ field: 'currency', message: 'Only EUR can be paid by SEPA' }]
  const cents = centsOf(amount)
  if (cents === null) return [{ field: 'amount', message: 'amount must be in euro and cents' }]
  if (cents < toMinorUnits(AMOUNT_MIN, 2) || cents > toMinorUnits(AMOUNT_MAX, 2))
    return [{ field: 'amount', message: `amount must be from ${AMOUNT_MIN} to ${AMOUNT_MAX}` }]
  return []
}

function ibanProblems({ iban, swift }: BankDestination, { version }: PayerRules): PayoutProblem[] {
  const problems: PayoutProblem[] = []
  const wrong = ibanProblem(iban)
  if (wrong === 'not_an_iban') problems.push({ field: 'iban', message: 'iban is not a valid IBAN' })
  if (wrong === 'outside_sepa')
    problems.push({ field: 'iban', message: 'iban belongs to a country that SEPA does not reach' })
  if (swift !== undefined && !isBic(swift, version))
    problems.push({ field: 'swift', message: 'swift is not a valid BIC' })
  return problems
}

/** What the scheme asks for where one of the two banks is outside the European Economic Area. */
function borderProblems({ iban, swift }: BankDestination, payer: PayerRules): PayoutProblem[] {
  const isPayeeOutside = ibanProblem(iban) === null && isOutsideEea(iban)
  if (!isPayeeOutside && !isOutsideEea(payer.debtorIban)) return []
  const problems: PayoutProblem[] = []
  if (swift === undefined)
    problems.push({ field: 'swift', message: 'swift is required for payments across the border of the EEA' })
  if (!hasPayerAddress(payer))
    problems.push({ field: 'iban', message: 'iban belongs to a country that is not paid to here' })
  return problems
}

function partyProblems(destination: BankDestination, charset: Charset): PayoutProblem[] {
  const field = 'account_holder'
  if ((destination.accountHolder ?? '').trim() === '')
    return [{ field, message: 'account_holder is required: the bank compares it with the account' }]
  if (payeeName(destination, charset) === null)
    return [{ field, message: 'account_holder must be written in Latin letters' }]
  return []
}
