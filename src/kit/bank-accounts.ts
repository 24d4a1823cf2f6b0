import {
  BANK_DETAIL_FIELDS,
  cleanAccountIdentifier,
  cleanText,
  type Destination,
} from '../domain/destination'
import type { StoredBankAccount } from '../ports/exchange'

/**
 * Accounts stored on a kit user (`bank_account`): the operator chooses the field names, so each of ours is found
 * under any of the usual ones.
 */
const FIELD_NAMES = {
  iban: ['iban', 'IBAN', 'account_iban'],
  bank: ['bank_name', 'bank', 'bankName'],
  swift: ['swift', 'bic', 'swift_code', 'bic_swift', 'swift_bic'],
  accountHolder: ['account_holder', 'account_name', 'account_holder_name', 'holder', 'name'],
  paypalId: ['paypal_id', 'paypal', 'paypal_email', 'email'],
} as const

/** VERIFY_STATUS.COMPLETED of the kit: an operator has verified the account. */
const VERIFIED = 3

export function readBankAccounts(bankAccount: unknown, fallbackName: string | null): StoredBankAccount[] {
  if (!Array.isArray(bankAccount)) return []
  return bankAccount.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) return []
    const fields = item as Record<string, unknown>
    if (typeof fields.id !== 'string' && typeof fields.id !== 'number') return []
    const id = String(fields.id)
    return [
      { id, verified: fields.status === VERIFIED, destination: toDestination(id, fields, fallbackName) },
    ]
  })
}

function toDestination(
  id: string,
  fields: Record<string, unknown>,
  fallbackName: string | null,
): Destination | null {
  const iban = cleanAccountIdentifier(pick(fields, 'iban'))
  if (iban === null) {
    const paypalId = fields.type === 'paypal' ? cleanText(pick(fields, 'paypalId')) : null
    return paypalId === null ? null : { method: 'PAYPAL', paypalId }
  }
  const bank = cleanText(pick(fields, 'bank'))
  const swift = cleanAccountIdentifier(pick(fields, 'swift'))
  const accountHolder = cleanText(pick(fields, 'accountHolder')) ?? fallbackName
  const details = Object.fromEntries(
    BANK_DETAIL_FIELDS.flatMap((name) => {
      const value = cleanText(fields[name])
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

/** The first of the names that holds anything: forms leave empty fields behind. */
const pick = (fields: Record<string, unknown>, name: keyof typeof FIELD_NAMES): unknown =>
  FIELD_NAMES[name]
    .map((candidate) => fields[candidate])
    .find((value) => typeof value === 'string' && value.trim() !== '')
