import type { ErrorCode } from '../../src/errors'
import { IBAN } from '../helpers/world'
import { request10 } from './support'

/** Bodies that must be refused before anything happens. Pure data: what, body, code, and the message where it counts. */
export interface Refusal {
  readonly what: string
  /** A string is sent as it is: not every body can be written as an object. */
  readonly body: unknown
  readonly code: ErrorCode
  readonly message?: string
}

export const NUL = '\u0000'

const MISSING_BANK = 'Method BANK must provide bank, swift and iban'
const MISSING_PAYPAL = 'Method PAYPAL must provide paypal_id'
const NO_DECIMAL = 'amount must be a number or a decimal string such as "10.50".'
const NOT_POSITIVE = 'amount must be greater than 0.'
const TOO_MANY_DIGITS = 'amount must have at most 15 significant digits.'
const TOO_LARGE = 'Provided amount is larger than current wallet balance'

export const short = (text: string): string => {
  const visible = JSON.stringify(text).slice(1, -1)
  return visible.length > 60 ? `${visible.slice(0, 60)}… (${text.length})` : visible
}

/** Written as they stand in the JSON text. */
const amounts = (code: ErrorCode, message: string, ...literals: string[]): Refusal[] =>
  literals.map((literal) => ({
    what: `the amount ${short(literal)}`,
    body: `{"currency":"eur","amount":${literal},"bank_account":{"iban":"${IBAN}"}}`,
    code,
    message,
  }))

export const AMOUNTS: readonly Refusal[] = [
  // prettier-ignore
  ...amounts('invalid_amount', NO_DECIMAL,
    '1e309', '1e400', '9'.repeat(60_000), '1e21', '1e-7', 'true', 'false', 'null', '""', '{}', '[]', '[5]', '["5"]', '{"$gt":""}', '[10,20]',
    '"NaN"', '"Infinity"', '"0x10"', '"0b11"', '"0o7"', '"1e5"', '"1E5"', '"1e-30"', '"1e-40"', '"+5"', '".5"',
    '"5."', '"00012"', '"010"', '" 12 "', '"12 "', '"1_000"', '"12,5"', '"1,000.00"', '"1 0"', '"10\\u0000"',
    '"10\\n"', '"٥"', '"１０"', '"−5"', '"10 EUR"', '"€10"', '"1/2"', '"\' OR 1=1--"', '"1.0000000000000000001"',
    `"${'9'.repeat(41)}"`, `"${'1'.repeat(10_000)}"`, `"${'9'.repeat(60_000)}"`, `"0.${'0'.repeat(50_000)}1"`),
  ...amounts(
    'invalid_amount',
    NOT_POSITIVE,
    '-1e309',
    '0',
    '-0',
    '-1',
    '-10.5',
    '"0"',
    '"0.00"',
    '"-0"',
    '"-5"',
  ),
  // prettier-ignore
  ...amounts('invalid_amount', TOO_MANY_DIGITS,
    '0.30000000000000004', '9007199254740993', '1234567890123456', '"1234567890.123456"', '"1.000000000000000001"'),
  ...amounts(
    'invalid_amount',
    'EUR amounts have at most 2 decimals.',
    '10.005',
    '"10.001"',
    '1.123',
    '"10.0000001"',
  ),
  ...amounts('amount_out_of_range', 'The smallest withdrawal is 1 EUR.', '0.99', '0.01', '"0.1"'),
  ...amounts('amount_out_of_range', 'The largest withdrawal is 100000 EUR.', '100000.01', '999999999999999'),
  ...amounts('insufficient_balance', TOO_LARGE, '10000.01', '100000', '"99999.99"'),
  { what: 'no amount', body: request10({ amount: undefined }), code: 'invalid_amount', message: NO_DECIMAL },
]

const currencies = (...values: unknown[]): Refusal[] =>
  values.map((currency) => ({
    what: `the currency ${short(JSON.stringify(currency) ?? 'left out')}`,
    body: request10({ currency }),
    code: 'unsupported_currency',
  }))

export const CURRENCIES: readonly Refusal[] = [
  // prettier-ignore
  ...currencies(undefined, null, '', 5, ['eur'], {}, true, ' eur', 'eur ', 'e u r', `eur${NUL}`, 'eur\n', '€', 'e'.repeat(21),
    'e'.repeat(60_000), "eur' OR 1=1--", 'eur;drop table x', 'xyz', '__proto__', 'constructor', 'toString'),
  {
    what: 'a crypto currency',
    body: request10({ currency: 'USDT' }),
    code: 'unsupported_currency',
    message: 'USDT cannot be withdrawn to a bank or PayPal.',
  },
]

export const to = (
  what: string,
  destination: Record<string, unknown>,
  code: ErrorCode,
  message?: string,
): Refusal => ({
  what,
  body: { currency: 'eur', amount: 10, ...destination },
  code,
  ...(message !== undefined && { message }),
})

const FLAT = { bank: 'Musterbank', iban: IBAN, swift: 'COBADEFFXXX' }
export const METHODS: readonly Refusal[] = [
  to('no destination at all', {}, 'invalid_method', 'Invalid method'),
  ...['CASH', 'bank', 'Paypal', 'BANK ', `BANK${NUL}`, 5, true, ['BANK'], { BANK: 1 }].map((method) =>
    to(
      `the method ${short(JSON.stringify(method))}`,
      { ...FLAT, method },
      'invalid_method',
      'Invalid method',
    ),
  ),
  to('method PAYPAL alone', { method: 'PAYPAL' }, 'missing_paypal_id', MISSING_PAYPAL),
  to('method PAYPAL with a bank account', { method: 'PAYPAL', ...FLAT }, 'missing_paypal_id', MISSING_PAYPAL),
  to('an empty paypal_id', { method: 'PAYPAL', paypal_id: '' }, 'missing_paypal_id', MISSING_PAYPAL),
  to('method BANK alone', { method: 'BANK' }, 'missing_bank_fields', MISSING_BANK),
  to(
    'method BANK with paypal_id',
    { method: 'BANK', paypal_id: 'a@b.c' },
    'missing_bank_fields',
    MISSING_BANK,
  ),
  ...['bank', 'iban', 'swift'].flatMap((missing) =>
    [undefined, null, ''].map((nothing) =>
      to(
        `method BANK with ${missing} ${nothing === undefined ? 'left out' : JSON.stringify(nothing)}`,
        { method: 'BANK', ...FLAT, [missing]: nothing },
        'missing_bank_fields',
        MISSING_BANK,
      ),
    ),
  ),
  to('an IBAN alone', { iban: IBAN }, 'missing_bank_fields', MISSING_BANK),
  to('an empty bank_account', { bank_account: {} }, 'missing_bank_fields'),
  to('a bank_account with an empty IBAN', { bank_account: { iban: '' } }, 'missing_bank_fields'),
  to('two destinations', { ...FLAT, paypal_id: 'a@b.c' }, 'invalid_request'),
  to(
    'a stored and an inline account',
    { bank_id: 'a1b2c3d4', bank_account: { iban: IBAN } },
    'invalid_request',
  ),
  to('an inline and a flat account', { bank_account: { iban: IBAN }, ...FLAT }, 'invalid_request'),
]
