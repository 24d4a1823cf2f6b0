import { BANK_DETAIL_FIELDS, METHODS } from '../domain/destination'
import { CURRENCY_SYMBOL } from '../domain/identifiers'
import { line, type Schema } from './described'

/**
 * The body of `POST /` as a schema. It says what create-body.ts lets pass, which a test sends both ways; only an
 * account's letters of another width, which are cleaned first, may be written in more ways than it allows.
 */

export const CREATE_FIELDS = [
  'currency',
  'amount',
  'otp_code',
  'method',
  'bank_account',
  'bank_id',
  'bank',
  'iban',
  'swift',
  'paypal_id',
  'expected_payout_amount',
  'expected_leaves_balance',
] as const
/** What a quote has shown, under names of the quote's. */
export const EXPECTED_FIELDS = ['expected_payout_amount', 'expected_leaves_balance'] as const
export const ACCOUNT_FIELDS = ['account_holder', 'bank', 'iban', 'swift', ...BANK_DETAIL_FIELDS] as const

/** What PayPal takes as a receiver. */
export const PAYPAL_ID_LENGTH_MAX = 127
const LINE_LENGTH_MAX = 140

export const CURRENCY_SCHEMA: Schema = {
  type: 'string',
  pattern: CURRENCY_SYMBOL.source.replace('a-z', 'A-Za-z'),
  description: 'The exchange’s symbol, in any case.',
  examples: ['eur'],
}

export const KEY_SCHEMA: Schema = { type: 'string', pattern: '^[!-~]{1,255}$' }

/** 15 significant digits: a double keeps them all. */
export const AMOUNT_TEXT: Schema = {
  type: 'string',
  pattern: '^(?=[0.]*[1-9](?:\\.?[0-9]){0,14}[0.]*$)(?:0|[1-9][0-9]{0,17})(?:\\.[0-9]{1,18})?$',
}

/** Of a number only the size can be said here. */
const AMOUNT: Schema = {
  description:
    'A decimal string, or a number of at most 15 significant digits. More decimals than the currency has are refused, never rounded.',
  examples: ['25.00'],
  anyOf: [AMOUNT_TEXT, { type: 'number', minimum: 0.000001, maximum: 999999999999999000 }],
}

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

const storedId: Schema = {
  description: 'The id of an account that is stored and verified at the exchange.',
  anyOf: [
    { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' },
    { type: 'integer', minimum: -1e20, maximum: 1e20 },
  ],
}

const orNothing = (schema: Schema): Schema => ({ anyOf: [schema, ref('Nothing')] })
const method = (...methods: readonly string[]): Schema => ({
  enum: [...methods, '', null],
  description: 'May be left out where the destination tells.',
})

const bankAccount: Schema = {
  type: 'object',
  description: 'An account at hand. What else than `iban` the provider needs, `GET /options` lists.',
  additionalProperties: false,
  required: ['iban'],
  properties: {
    ...Object.fromEntries(ACCOUNT_FIELDS.map((name) => [name, orNothing(ref('Line'))])),
    iban: ref('AccountIdentifier'),
    swift: orNothing(ref('AccountIdentifier')),
  },
}

const expected = (name: string): Schema => ({
  ...orNothing(AMOUNT),
  description: `\`${name.slice('expected_'.length)}\` of the quote that was confirmed: where it would be another now, nothing is stored or locked (\`quote_changed\`).`,
})

/** Exactly one destination: whatever belongs to another form is left out, or empty. */
function form(
  defaultCurrency: string | null,
  own: Readonly<Record<string, Schema>>,
  required: readonly string[],
): Schema {
  return {
    type: 'object',
    additionalProperties: false,
    required: [...(defaultCurrency === null ? ['currency'] : []), 'amount', ...required],
    properties: {
      ...Object.fromEntries(CREATE_FIELDS.map((name) => [name, ref('Nothing')])),
      currency: defaultCurrency === null ? CURRENCY_SCHEMA : { ...CURRENCY_SCHEMA, default: defaultCurrency },
      amount: AMOUNT,
      otp_code: {
        type: ['string', 'null'],
        pattern: '^([0-9]{6,8})?$',
        description: 'Where the user has one-time codes on; one code lets one withdrawal pass.',
      },
      ...Object.fromEntries(EXPECTED_FIELDS.map((name) => [name, expected(name)])),
      ...own,
    },
  }
}

/** @param defaultCurrency Of the dialect that may leave the currency out; null where it may not. */
export function createSchema(defaultCurrency: string | null): Schema {
  const bank = method('BANK')
  const of = (own: Readonly<Record<string, Schema>>, ...required: string[]) =>
    form(defaultCurrency, own, required)
  const account = { iban: 'DE89370400440532013000', account_holder: 'Ada Lovelace' }
  return {
    examples: [{ currency: 'eur', amount: '25.00', bank_account: account }],
    oneOf: [
      of({ method: bank, bank_account: bankAccount }, 'bank_account'),
      of({ method: method(...METHODS), bank_account: storedId }, 'bank_account'),
      of({ method: method(...METHODS), bank_id: storedId }, 'bank_id'),
      of(
        { method: bank, bank: ref('Line'), iban: ref('AccountIdentifier'), swift: ref('AccountIdentifier') },
        ...['bank', 'iban', 'swift'],
      ),
      of({ method: method('PAYPAL'), paypal_id: line(PAYPAL_ID_LENGTH_MAX) }, 'paypal_id'),
    ],
  }
}

/** What the body's schema refers to. */
export const CREATE_SCHEMAS: Readonly<Record<string, Schema>> = {
  Nothing: { enum: ['', null], description: 'The same as left out.' },
  Line: line(LINE_LENGTH_MAX, {
    description: 'One line of text, as it may travel to a bank.',
    examples: ['Ada Lovelace'],
  }),
  AccountIdentifier: {
    type: 'string',
    maxLength: 64,
    pattern: '^ *(?:[A-Za-z0-9] *){4,40}$',
    description: 'Letters and digits, with spaces or without.',
    examples: ['DE89370400440532013000'],
  },
}
