import { type Request, type RequestHandler, Router } from 'express'

import { cleanAccountIdentifier, cleanText, type Destination, METHODS } from '../domain/destination'
import { isCurrencySymbol, isIdempotencyKey, isKitSafeId } from '../domain/identifiers'
import { parseAmount } from '../domain/money'
import { TEXTS } from '../errors'
import type { DestinationChoice, IntakeRequest } from '../services/intake/intake'
import { checked, type Place } from './checked'
import {
  ACCOUNT_FIELDS,
  CREATE_FIELDS,
  createSchema,
  EXPECTED_FIELDS,
  KEY_SCHEMA,
  PAYPAL_ID_LENGTH_MAX,
} from './create-schema'
import { described, type Part } from './described'
import { type Complaint, rejectInvalid } from './http'

/**
 * The body of `POST /`, in any of the four forms clients send. Shape is checked here; what needs the exchange or
 * a provider (decimals, limits, ownership, IBANs) is checked by the intake.
 */

type Body = Readonly<Record<string, unknown>>

/** 18 decimals is what the database and the parser take; a currency allows fewer. */
export const DECIMALS_MAX = 18
const FIELDS: readonly string[] = CREATE_FIELDS
const BANK_ACCOUNT_FIELDS: readonly string[] = ACCOUNT_FIELDS

/** What has to be true of a request, said once for the validators and for who passes without them. */
interface Rule {
  readonly at: readonly [place: Place, name?: string]
  readonly complaintOf: (req: Pick<Request, 'body' | 'headers'>) => Complaint | null
  readonly part?: Part
}

function rulesOf(defaultCurrency: string | null): readonly Rule[] {
  return [
    // First, because its texts are what clients match on.
    { at: ['body', 'method'], complaintOf: (req) => destinationComplaint(asBody(req.body)) },
    { at: ['body', 'amount'], complaintOf: (req) => amountComplaint(asBody(req.body).amount) },
    ...EXPECTED_FIELDS.map((name): Rule => ({
      at: ['body', name],
      complaintOf: (req) => expectedComplaint(asBody(req.body)[name], name),
    })),
    {
      at: ['body', 'currency'],
      complaintOf: (req) => currencyComplaint(asBody(req.body).currency, defaultCurrency),
    },
    { at: ['body', 'otp_code'], complaintOf: (req) => otpComplaint(asBody(req.body).otp_code) },
    {
      at: ['header', 'idempotency-key'],
      complaintOf: (req) => keyComplaint(req.headers['idempotency-key']),
      part: { in: 'header', name: 'Idempotency-Key', schema: KEY_SCHEMA },
    },
    // Not `checkExact`: it takes a field called like a property of every object ("constructor") for a known one.
    {
      at: ['body'],
      complaintOf: (req) => unknownFieldComplaint(asBody(req.body), FIELDS),
      part: { in: 'body', whole: createSchema(defaultCurrency) },
    },
  ]
}

/**
 * What a request is let through by. Nearly all are as they should be: the validators, which find the words for each field
 * of one that is not, cost as much as the rest of what is done with it, and are asked only where the same rules say no.
 */
export function createChecks(defaultCurrency: string | null): RequestHandler {
  const rules = rulesOf(defaultCurrency)
  const validators = rules.map(({ at: [place, name], complaintOf }) =>
    checked(place, name, (_value, { req }) => complain(complaintOf(req as Request))),
  )
  const told = Router().use(...validators, rejectInvalid)
  return described(
    (req, res, next) =>
      rules.every(({ complaintOf }) => complaintOf(req) === null) ? next() : told(req, res, next),
    ...rules.flatMap(({ part }) => part ?? []),
  )
}

/** Reads a body that has passed the validators. */
export function toIntakeRequest(raw: unknown, userId: number, defaultCurrency: string | null): IntakeRequest {
  const input = asBody(raw)
  const parsed = parseAmount(input.amount, DECIMALS_MAX)
  const currency = typeof input.currency === 'string' ? input.currency : (defaultCurrency ?? '')
  const choice = readDestination(input)
  if ('problem' in parsed || 'code' in choice) throw new Error('The body was not validated.')
  return {
    userId,
    currency: currency.toLowerCase(),
    amount: parsed.amount,
    choice,
    otpCode: typeof input.otp_code === 'string' && input.otp_code !== '' ? input.otp_code : null,
    expected: {
      payoutAmount: expectedFigure(input.expected_payout_amount),
      needed: expectedFigure(input.expected_leaves_balance),
    },
  }
}

function expectedFigure(value: unknown): string | null {
  if (!given(value)) return null
  const parsed = parseAmount(value, DECIMALS_MAX)
  if ('problem' in parsed) throw new Error('The body was not validated.')
  return parsed.amount
}

/** express-validator takes what is thrown as the message; it keeps the code beside the words. */
export function complain(complaint: Complaint | null): true {
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  if (complaint) throw complaint
  return true
}

const asBody = (raw: unknown): Body =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? (raw as Body) : {}

export const AMOUNT_COMPLAINTS = {
  not_a_decimal: 'amount must be a number or a decimal string such as "10.50".',
  not_positive: 'amount must be greater than 0.',
  too_many_digits: 'amount must have at most 15 significant digits.',
  too_many_decimals: 'amount must have at most 18 decimals.',
} as const

function amountComplaint(value: unknown): Complaint | null {
  const parsed = parseAmount(value, DECIMALS_MAX)
  return 'problem' in parsed ? { code: 'invalid_amount', message: AMOUNT_COMPLAINTS[parsed.problem] } : null
}

function expectedComplaint(value: unknown, name: string): Complaint | null {
  const parsed = given(value) ? parseAmount(value, DECIMALS_MAX) : null
  return parsed && 'problem' in parsed
    ? {
        code: 'invalid_amount',
        message: AMOUNT_COMPLAINTS[parsed.problem].replace('amount', name),
        path: name,
      }
    : null
}

function currencyComplaint(value: unknown, defaultCurrency: string | null): Complaint | null {
  if (value === undefined && defaultCurrency !== null) return null
  return isCurrencySymbol(value)
    ? null
    : { code: 'unsupported_currency', message: 'currency must be a currency symbol such as "eur".' }
}

function otpComplaint(value: unknown): Complaint | null {
  if (value === undefined || value === null || value === '') return null
  return typeof value === 'string' && /^\d{6,8}$/.test(value)
    ? null
    : { code: 'otp_invalid', message: 'otp_code must be a string of digits.' }
}

function keyComplaint(value: unknown): Complaint | null {
  if (value === undefined) return null
  return typeof value === 'string' && isIdempotencyKey(value)
    ? null
    : {
        code: 'invalid_idempotency_key',
        message: 'Idempotency-Key must be 1 to 255 visible ASCII characters.',
      }
}

function destinationComplaint(input: Body): Complaint | null {
  const choice = readDestination(input)
  return 'code' in choice ? choice : null
}

const given = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

/** The destinations a body names; a request has to name exactly one. */
function namedDestinations(input: Body): (() => DestinationChoice | Complaint)[] {
  const account = input.bank_account
  const isInline = typeof account === 'object'
  return [
    ...(given(account) ? [() => (isInline ? inlineAccount(account) : storedAccount(account))] : []),
    ...(given(input.bank_id) ? [() => storedAccount(input.bank_id)] : []),
    ...([input.bank, input.iban, input.swift].some(given) ? [() => flatBank(input)] : []),
    ...(given(input.paypal_id) ? [() => flatPaypal(input)] : []),
  ]
}

function readDestination(input: Body): DestinationChoice | Complaint {
  const { method } = input
  if (given(method) && !METHODS.some((known) => known === method))
    return { code: 'invalid_method', message: TEXTS.invalidMethod }
  const [read, another] = namedDestinations(input)
  if (!read) return missing(method)
  if (another)
    return {
      code: 'invalid_request',
      message: 'Give one destination: bank_account, bank_id, iban with bank and swift, or paypal_id.',
    }
  const choice = read()
  // What kind of account an id stands for only the exchange knows.
  if ('code' in choice || choice.kind === 'stored' || !given(method)) return choice
  return choice.destination.method === method ? choice : missing(method)
}

const missing = (method: unknown): Complaint =>
  method === 'PAYPAL'
    ? { code: 'missing_paypal_id', message: TEXTS.missingPaypalId }
    : method === 'BANK'
      ? { code: 'missing_bank_fields', message: TEXTS.missingBankFields }
      : { code: 'invalid_method', message: TEXTS.invalidMethod }

function storedAccount(id: unknown): DestinationChoice | Complaint {
  const accountId = typeof id === 'number' ? String(id) : id
  return isKitSafeId(accountId)
    ? { kind: 'stored', accountId }
    : {
        code: 'invalid_request',
        message: 'bank_id must be the id of a stored bank account.',
        path: 'bank_id',
      }
}

function flatBank(input: Body): DestinationChoice | Complaint {
  if (!given(input.bank) || !given(input.iban) || !given(input.swift))
    return { code: 'missing_bank_fields', message: TEXTS.missingBankFields }
  return bankDestination({ bank: input.bank, iban: input.iban, swift: input.swift })
}

function inlineAccount(value: unknown): DestinationChoice | Complaint {
  if (Array.isArray(value))
    return {
      code: 'invalid_request',
      message: 'bank_account must be an object or an id.',
      path: 'bank_account',
    }
  const account = asBody(value)
  const complaint = unknownFieldComplaint(account, BANK_ACCOUNT_FIELDS, 'bank_account.')
  if (complaint) return complaint
  if (!given(account.iban))
    return { code: 'missing_bank_fields', message: 'bank_account must provide iban', path: 'iban' }
  return bankDestination(account)
}

/** Names the fields we do not know, so that a misspelt one is not silently left out of a payment. */
function unknownFieldComplaint(input: Body, known: readonly string[], prefix = ''): Complaint | null {
  const unknown = Object.keys(input).filter((name) => !known.includes(name))
  if (unknown.length === 0) return null
  const named = unknown.slice(0, 10).map((name) => `${prefix}${name.slice(0, 40)}`)
  return { code: 'unknown_field', message: `Unknown field: ${named.join(', ')}`, path: named.join(', ') }
}

function bankDestination(account: Body): DestinationChoice | Complaint {
  const iban = cleanAccountIdentifier(account.iban)
  if (iban === null) return fieldComplaint('iban', 'letters and digits')
  const swift = given(account.swift) ? cleanAccountIdentifier(account.swift) : undefined
  if (swift === null) return fieldComplaint('swift', 'letters and digits')
  const texts: Record<string, string> = {}
  for (const name of BANK_ACCOUNT_FIELDS) {
    if (name === 'iban' || name === 'swift' || !given(account[name])) continue
    const text = cleanText(account[name])
    if (text === null) return fieldComplaint(name, 'one line of at most 140 characters')
    texts[name] = text
  }
  const { bank, account_holder: accountHolder, ...details } = texts
  const destination: Destination = {
    method: 'BANK',
    iban,
    ...(bank !== undefined && { bank }),
    ...(swift !== undefined && { swift }),
    ...(accountHolder !== undefined && { accountHolder }),
    ...(Object.keys(details).length > 0 && { details }),
  }
  return { kind: 'given', destination }
}

function flatPaypal(input: Body): DestinationChoice | Complaint {
  const paypalId = cleanText(input.paypal_id, PAYPAL_ID_LENGTH_MAX)
  return paypalId === null
    ? fieldComplaint('paypal_id', 'one line of at most 127 characters')
    : { kind: 'given', destination: { method: 'PAYPAL', paypalId } }
}

const fieldComplaint = (field: string, rule: string): Complaint => ({
  code: 'invalid_request',
  message: `${field} must be ${rule}.`,
  path: field,
})
