import {
  BANK_DETAIL_FIELDS,
  cleanAccountIdentifier,
  cleanText,
  type Destination,
} from '../domain/destination'
import type { StoredBankAccount } from '../ports/exchange'

/**
 * Accounts stored on a kit user (`bank_account`): the operator chooses the field names, so each of ours is found
 * under the names that the settings give, then under any of the usual ones.
 */
const USUAL_NAMES: Readonly<Record<string, readonly string[]>> = {
  iban: ['iban', 'IBAN', 'account_iban'],
  bank: ['bank_name', 'bank', 'bankName'],
  swift: ['swift', 'bic', 'swift_code', 'bic_swift', 'swift_bic'],
  account_holder: ['account_holder', 'account_name', 'account_holder_name', 'holder', 'name'],
  paypal_id: ['paypal_id', 'paypal', 'paypal_email', 'email'],
}

/** What a field of ours is called in the accounts of this exchange. */
export type AccountFields = Readonly<Record<string, readonly string[]>>

/** VERIFY_STATUS.COMPLETED of the kit: an operator has verified the account. */
const VERIFIED = 3

type Fields = Readonly<Record<string, unknown>>

export function readBankAccounts(
  bankAccount: unknown,
  fallbackName: string | null,
  names: AccountFields,
): StoredBankAccount[] {
  if (!Array.isArray(bankAccount)) return []
  return bankAccount.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) return []
    const fields = item as Fields
    if (typeof fields.id !== 'string' && typeof fields.id !== 'number') return []
    const id = String(fields.id)
    const account: StoredBankAccount = {
      id,
      verified: fields.status === VERIFIED,
      type: typeof fields.type === 'string' && fields.type !== '' ? fields.type : null,
      destination: toDestination(id, reader(fields, names), isPaypal(fields), fallbackName),
    }
    return [account]
  })
}

/** Operators name the kinds of accounts, and off-ramps are compared without case as well. */
const isPaypal = ({ type }: Fields): boolean =>
  typeof type === 'string' && type.trim().toLowerCase() === 'paypal'

/** The first of a field's names that holds anything: forms leave empty fields behind. */
const reader =
  (fields: Fields, names: AccountFields) =>
  (field: string): unknown =>
    [...(names[field] ?? []), ...(USUAL_NAMES[field] ?? [field])]
      .map((name) => (Object.hasOwn(fields, name) ? fields[name] : undefined))
      .find((value) => typeof value === 'string' && value.trim() !== '')

function toDestination(
  id: string,
  pick: (field: string) => unknown,
  isOfPaypal: boolean,
  fallbackName: string | null,
): Destination | null {
  const iban = cleanAccountIdentifier(pick('iban'))
  if (iban === null) {
    const paypalId = isOfPaypal ? cleanText(pick('paypal_id')) : null
    return paypalId === null ? null : { method: 'PAYPAL', paypalId }
  }
  const bank = cleanText(pick('bank'))
  const swift = cleanAccountIdentifier(pick('swift'))
  const accountHolder = cleanText(pick('account_holder')) ?? cleanText(fallbackName)
  const details = Object.fromEntries(
    BANK_DETAIL_FIELDS.flatMap((name) => {
      const value = cleanText(pick(name))
      return value === null ? [] : [[name, value]]
    }),
  )
  return {
    method: 'BANK',
    iban,
    accountId: id,
    ...(bank !== null && { bank }),
    ...(swift !== null && { swift }),
    ...(accountHolder !== null && { accountHolder }),
    ...(Object.keys(details).length > 0 && { details }),
  }
}
