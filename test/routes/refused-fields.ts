import { IBAN } from '../helpers/world'
import { NUL, type Refusal, short, to } from './refused-values'
import { request10 } from './support'

const ZERO_WIDTH_JOINER = '\u200d'
const RIGHT_TO_LEFT = '\u202e'

const inline = (field: string, value: unknown): Refusal =>
  to(
    `bank_account.${field} ${short(JSON.stringify(value))}`,
    { bank_account: { iban: IBAN, [field]: value } },
    'invalid_request',
  )

/** What no line of text on a payment may be. */
const NO_TEXT = [
  NUL,
  `Ada${NUL}`,
  'Ada\r\nLovelace',
  `A${RIGHT_TO_LEFT}da`,
  `A${ZERO_WIDTH_JOINER}da`,
  '\u001b[2J',
  'Ada \ud800',
]
const NO_STRING = [5, true, {}, ['Ada'], { $gt: '' }]
// prettier-ignore
const NO_IDENTIFIER = [NUL, `${IBAN}${NUL}`, 'DЕ89370400440532013000', `DE89${ZERO_WIDTH_JOINER}3704`, `DE89${RIGHT_TO_LEFT}3704`,
  `${IBAN}\n`, 'DE8', `DE${'1'.repeat(39)}`, '1'.repeat(50_000), '=HYPERLINK("http://x")', "' OR 1=1--", 'DE-89',
  '😀😀😀😀', 'DEß9370400440532013000', 'DEı9370400440532013000']

export const FIELDS: readonly Refusal[] = [
  ...[...NO_IDENTIFIER, ...NO_STRING].map((iban) => inline('iban', iban)),
  ...[`COBA${NUL}`, 'COBA-DEFF', 'СOBADEFF', '1'.repeat(41), ...NO_STRING].map((swift) =>
    inline('swift', swift),
  ),
  ...[...NO_TEXT, ...NO_STRING, 'a'.repeat(141), 'a'.repeat(60_000)].map((name) =>
    inline('account_holder', name),
  ),
  // prettier-ignore
  ...['bank', 'country', 'town', 'postcode', 'street', 'building', 'account_number', 'sort_code', 'routing_number'].flatMap(
    (field) => [inline(field, `x${NUL}`), inline(field, { nested: 1 }), inline(field, 'a'.repeat(141))]),
  ...[...NO_TEXT, ...NO_STRING, '   ', 'a'.repeat(128)].map((paypal_id) =>
    to(`paypal_id ${short(JSON.stringify(paypal_id))}`, { paypal_id }, 'invalid_request'),
  ),
  // prettier-ignore
  ...[true, 1.5, [], [IBAN], 'a b', NUL, `a1${NUL}`, '../1', "' OR 1=1--", 'a'.repeat(65)].map((account) =>
    to(`bank_account ${short(JSON.stringify(account))}`, { bank_account: account }, 'invalid_request'),
  ),
  ...[true, 1.5, {}, ['a1b2'], NUL, "a'b"].map((bank_id) =>
    to(`bank_id ${short(JSON.stringify(bank_id))}`, { bank_id }, 'invalid_request'),
  ),
  // prettier-ignore
  ...[123456, true, {}, ['123456'], '12345', '123456789', 'abcdef', `123456${NUL}`, '１２３４５６', "' OR 1=1--"].map((otp_code) => ({
    what: `otp_code ${short(JSON.stringify(otp_code))}`, body: request10({ otp_code }), code: 'otp_invalid' as const,
  })),
]

const withKey = (key: string, value: string): Refusal => ({
  what: `the further key ${key} (${value})`,
  body: JSON.stringify(request10()).replace('{', `{${JSON.stringify(key)}:${value},`),
  code: 'unknown_field',
  message: `Unknown field: ${key}`,
})

export const UNKNOWN_KEYS: readonly Refusal[] = [
  // prettier-ignore
  ...['user_id', 'userId', 'owner', 'fee', 'payout_amount', 'id', '_id', '__v', 'created_at', 'provider', 'provider_key', 'network_id',
    'transaction_id', 'idempotency_key', 'reason_code', 'scopes', 'Amount', 'constructor.prototype', ''].map((key) => withKey(key, '7')),
  ...['status', 'completed', 'isAdmin'].map((key) => withKey(key, 'true')),
  ...['state', 'stage', 'mode'].map((key) => withKey(key, '"settled"')),
  // Every object has these, so a careless check takes them for known ones.
  ...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty'].flatMap((key) =>
    ['null', '7', '{"isAdmin":true}', '{"prototype":{"isAdmin":true}}'].map((value) => withKey(key, value)),
  ),
  ...['number', 'IBAN', 'verified', 'constructor', '__proto__', 'toString'].map((key) => ({
    what: `the further key bank_account.${key}`,
    body: `{"currency":"eur","amount":10,"bank_account":{"iban":"${IBAN}","${key}":{"isAdmin":true}}}`,
    code: 'unknown_field' as const,
    message: `Unknown field: bank_account.${key}`,
  })),
]

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

export const SHAPES: readonly Refusal[] = [
  // prettier-ignore
  ...['{', '}', '{"amount":}', '{"amount":01}', "{'amount':1}", '{"amount":1}}', '{"amount":1,}', 'undefined', 'NaN', '"text"',
    'null', '5', 'true', '{"amount":NaN}', '{"iban":"\n"}', '<xml/>', 'amount=10&currency=eur'].map((body) => ({
    what: `the body ${short(body)}`, body, code: 'invalid_json' as const, message: 'The request body is not valid JSON.',
  })),
  ...['', '[]', '[1]', '[null]', '{}', `[${JSON.stringify(request10())}]`].map((body) => ({
    what: `the body ${body === '' ? 'left out' : short(body)}`,
    body,
    code: 'invalid_method' as const,
    message: 'Invalid method',
  })),
  { what: 'a deeply nested array', body: nested(30_000), code: 'invalid_method' },
  {
    what: 'a deeply nested object',
    body: `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`,
    code: 'invalid_method',
  },
  {
    what: 'a deeply nested bank_account',
    body: `{"bank_account":${nested(30_000)}}`,
    code: 'invalid_request',
  },
  {
    what: 'a deeply nested iban',
    body: `{"bank_account":{"iban":${nested(30_000)}}}`,
    code: 'invalid_request',
  },
  {
    what: 'a deeply nested amount',
    body: `{"paypal_id":"a@b.c","amount":${nested(30_000)}}`,
    code: 'invalid_amount',
  },
  { what: 'nesting that does not fit', body: nested(100_000), code: 'body_too_large' },
  { what: 'a body of 1 MB', body: `{"x":"${'x'.repeat(1_000_000)}"}`, code: 'body_too_large' },
  {
    what: '5,000 further keys',
    body: request10(Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, 1]))),
    code: 'unknown_field',
  },
  {
    what: 'a good amount and a bad one under the same key',
    body: `{"amount":10,"amount":"NaN","currency":"eur","bank_account":{"iban":"${IBAN}"}}`,
    code: 'invalid_request',
  },
]
