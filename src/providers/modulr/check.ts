import { isValidBIC, isValidIBAN } from 'ibantools'

import type { BankDestination } from '../../domain/destination'
import type { PayoutItem, PayoutProblem, ProviderCapabilities } from '../../ports/payment-provider'
import { amountProblems } from '../shared/item-checks'

/** Longest payee name Modulr takes. */
const NAME_LENGTH_MAX = 100

/** Countries of the SEPA area by IBAN prefix (EPC list of SEPA scheme countries, EPC409-09). */
const SEPA =
  'AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM VA'.split(
    ' ',
  )

/** What is wrong with a payout, by the field's JSON name. `currencies` holds those we have an account in. */
export function checkItem(
  { destination, currency, amount }: PayoutItem,
  currencies: ProviderCapabilities['currencies'],
): PayoutProblem[] {
  if (destination.method !== 'BANK')
    return [{ field: 'method', message: 'Only bank accounts can be paid here.' }]
  const problems = amountProblems({ currency, amount }, { currencies })
  problems.push(...nameProblems(destination.accountHolder))
  problems.push(...(currency === 'gbp' ? ukProblems(destination) : sepaProblems(destination)))
  if (destination.swift !== undefined && !isValidBIC(destination.swift))
    problems.push({ field: 'swift', message: 'swift is not a valid BIC.' })
  return problems
}

function nameProblems(name: string | undefined): PayoutProblem[] {
  const field = 'account_holder'
  if (name === undefined || name.trim() === '')
    return [{ field, message: 'account_holder is required: the name on the receiving account.' }]
  return name.length > NAME_LENGTH_MAX
    ? [{ field, message: `account_holder must have at most ${NAME_LENGTH_MAX} characters.` }]
    : []
}

const INVALID_IBAN = 'iban is not a valid IBAN.'

function sepaProblems({ iban }: BankDestination): PayoutProblem[] {
  if (iban === '') return [{ field: 'iban', message: 'iban is required.' }]
  if (!isValidIBAN(iban)) return [{ field: 'iban', message: INVALID_IBAN }]
  return SEPA.includes(iban.slice(0, 2))
    ? []
    : [{ field: 'iban', message: 'Euro payments reach accounts in the SEPA area only.' }]
}

/** Sort code and account number, or an IBAN that holds them. */
function ukProblems({ iban, details = {} }: BankDestination): PayoutProblem[] {
  const sortCode = digitsOf(details.sort_code)
  const accountNumber = digitsOf(details.account_number)
  const problems: PayoutProblem[] = []
  if (iban !== '') {
    if (!isValidIBAN(iban)) problems.push({ field: 'iban', message: INVALID_IBAN })
    else if (!iban.startsWith('GB'))
      problems.push({ field: 'iban', message: 'Pounds are paid to accounts in the United Kingdom only.' })
  }
  if (sortCode === '' && accountNumber === '')
    return iban === ''
      ? [{ field: 'sort_code', message: 'sort_code and account_number are required.' }]
      : problems
  if (!/^\d{6}$/.test(sortCode)) problems.push({ field: 'sort_code', message: 'sort_code has 6 digits.' })
  if (!/^\d{8}$/.test(accountNumber))
    problems.push({ field: 'account_number', message: 'account_number has 8 digits.' })
  // Two accounts in one request: only the user knows which one is meant.
  if (problems.length === 0 && iban !== '' && !iban.endsWith(sortCode + accountNumber))
    problems.push({ field: 'iban', message: 'iban is another account than sort_code and account_number.' })
  return problems
}

/** People write sort codes as 12-34-56. */
export const digitsOf = (text: string | undefined): string => (text ?? '').replace(/[ -]/g, '')
