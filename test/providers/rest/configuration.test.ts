import { ConfigError } from '../../../src/errors'
import { restDefinition, restProvider } from '../../../src/providers/rest'
import { readConfiguration } from '../../../src/providers/rest/configuration'
import { createProviderDirectory } from '../../../src/services/payouts/directory'
import { readSettings } from '../../../src/settings/setting'
import { exampleConfiguration, OPTIONS, SECRET } from './example'

function problemsOf(changes: Record<string, unknown>, options: Record<string, unknown> = {}): string {
  try {
    void restProvider({ ...OPTIONS, ...options, configuration: exampleConfiguration(changes) }).close?.()
    return ''
  } catch (error) {
    return error instanceof ConfigError ? error.problems.join('\n') : String(error)
  }
}
const example = exampleConfiguration() as Record<string, Record<string, unknown>>
const errorRule = (rule: Record<string, unknown>) => ({ errors: [rule] })
const word = { pointer: '/error/code', equals: 'x' }

const WITHOUT_KEY = {
  path: '/p',
  body: {
    ...{ amount: '{amount}', currency: '{currency}' },
    ...{ iban: '{iban}', name: '{account_holder}' },
  },
}

type Case = [what: string, changes: Record<string, unknown>, problem: string]
const REFUSED: readonly Case[] = [
  [
    'a template of more levels than anybody could fill',
    { submit: { ...WITHOUT_KEY, body: JSON.parse('['.repeat(15_000) + ']'.repeat(15_000)) as unknown } },
    'nested deeper than 50 levels',
  ],
  ['a default that gives balances back', { otherStatuses: 'declined' }, 'otherStatuses'],
  ['a default that settles', { otherStatuses: 'settled' }, 'otherStatuses'],
  ...[302, 408, 409, 425, 500, 502, 503, 504].map((status): Case => [
    `HTTP ${status} as a decline`,
    errorRule({ status, ...word, outcome: 'declined' }),
    `HTTP ${status} proves nothing`,
  ]),
  [
    'HTTP 503 as a deferral',
    errorRule({ status: 503, outcome: 'deferred', why: 'cut_off' }),
    'HTTP 503 proves nothing',
  ],
  ...[401, 402, 403, 404, 429].map((status): Case => [
    `HTTP ${status} as a decline`,
    errorRule({ status, ...word, outcome: 'declined' }),
    `HTTP ${status} says nothing`,
  ]),
  ['a decline by its number alone', errorRule({ status: 422, outcome: 'declined' }), 'the API’s own word'],
  ['a rule that is neither', errorRule({ status: 422, ...word, outcome: 'settled' }), 'errors[0].outcome'],
  [
    'no word for settled',
    { statuses: { A: 'accepted', D: 'declined', R: 'returned' } },
    'no word means settled',
  ],
  [
    'no word for declined',
    { statuses: { A: 'accepted', S: 'settled', R: 'returned' } },
    'no word means declined',
  ],
  [
    'no word for accepted',
    { statuses: { S: 'settled', D: 'declined', R: 'returned' } },
    'no word means accepted',
  ],
  [
    'no way to hear of returns',
    {
      statuses: { A: 'accepted', S: 'settled', D: 'declined' },
      answer: { ...example.answer, returnedAmount: undefined },
    },
    'no word means returned',
  ],
  ['a bare 404 as a promise', { notFound: { status: 404 } }, 'notFound: "pointer" and "equals" are needed'],
  ['a 500 as a promise', { notFound: { status: 500, ...word } }, 'does not say that there is no such payout'],
  ['a look-up without a not-found', { notFound: undefined }, 'notFound is needed'],
  ['a look-up for nothing', { lookup: { by: 'key', path: '/payouts' } }, 'must ask for {key}'],
  [
    'a list without a key',
    { lookup: { ...example.lookup, items: '/data' }, answer: { ...example.answer, key: undefined } },
    'answer.key is needed',
  ],
  [
    'neither look-up nor key',
    { lookup: undefined, idempotency: { in: 'none' }, keyLifetimeHours: 0 },
    'every doubt would be a guess',
  ],
  ['a key without a life', { keyLifetimeHours: 0 }, 'keyLifetimeHours'],
  ['a life without a key', { idempotency: { in: 'none' } }, 'keyLifetimeHours'],
  [
    'a body without an amount',
    { submit: { path: '/p', body: { c: '{currency}', k: '{key}' } } },
    'one of {amount}',
  ],
  [
    'a body without a currency',
    { submit: { path: '/p', body: { a: '{amount}', k: '{key}' } } },
    '{currency}',
  ],
  [
    'a body without its key',
    { submit: { path: '/p', body: { a: '{amount}', c: '{currency}' } } },
    'by which lookup asks',
  ],
  [
    'a body without what the look-up asks by',
    {
      lookup: { by: 'key', path: '/payouts/{end_to_end_id}' },
      submit: { path: '/p', body: { a: '{amount}', c: '{currency}', k: '{key}' } },
    },
    'submit must send {end_to_end_id}',
  ],
  [
    'a key in the body that changes, and a look-up by the first one',
    { submit: WITHOUT_KEY, idempotency: { in: 'body', pointer: '/external_id', newAfterRefusal: true } },
    'the key in the body changes',
  ],
  [
    'a list of all times',
    { list: { ...example.list, query: { after: '{cursor}' } } },
    'list: query must ask for {since} and {until}',
  ],
  [
    'a list whose pages nobody asks for',
    { list: { ...example.list, paging: { kind: 'page' } } },
    'query must hold {page} where paging.kind is "page"',
  ],
  [
    'a list by what is not told',
    { list: { ...example.list, path: '/{key}' } },
    'list: path: {key} is not known',
  ],
  [
    'a list without amounts',
    { answer: { ...example.answer, amount: undefined, amountIn: undefined } },
    'list needs answer.key and answer.amount',
  ],
  [
    'a list of several currencies that does not say which',
    { currencies: { eur: {}, usd: {} }, answer: { ...example.answer, currency: undefined } },
    'list needs answer.currency',
  ],
  [
    'no money as a decline',
    errorRule({ status: 422, pointer: '/error/code', equals: 'insufficient_funds', outcome: 'declined' }),
    'about our own account',
  ],
  ['an unknown placeholder', { submit: { path: '/p', body: { a: '{amuont}' } } }, '{amuont} is not known'],
  ['a placeholder in capitals', { submit: { path: '/p', body: { a: '{IBAN}' } } }, '{IBAN} is not known'],
  ['a placeholder with a digit', { submit: { path: '/p', body: { a: '{key2}' } } }, '{key2} is not known'],
  ['a placeholder in capitals in a path', { lookup: { ...example.lookup, path: '/{Key}' } }, '{Key} is not'],
  [
    'a placeholder in capitals in what is signed',
    { auth: { ...example.auth, template: '{METHOD}{timestamp}{nonce}{body}' } },
    '{METHOD} is not known',
  ],
  ['a secret as a placeholder', { submit: { path: '/p', body: { a: '{secret}' } } }, '{secret} is not known'],
  ['plain http', { baseUrl: 'http://api.acme.example' }, 'https'],
  [
    'a host that is not listed',
    { baseUrl: 'https://api.acme.example.evil.test/v2' },
    'must be on one of the hosts',
  ],
  ['a credential in a header', { headers: { Authorization: 'Bearer x' } }, 'headers.Authorization'],
  ['an unsigned body', { auth: { ...example.auth, template: '{method}{path}{timestamp}{nonce}' } }, '{body}'],
  ['an unsigned timestamp', { auth: { ...example.auth, template: '{body}{nonce}' } }, '{timestamp}'],
  ['an unknown reason', { reasons: { AC01: 'whatever' } }, 'reasons.AC01'],
  [
    'an unsigned webhook time',
    { webhook: { ...example.webhook, kind: 'hmac' } },
    'is not signed by this kind',
  ],
  [
    'a webhook about nothing',
    { webhook: { ...example.webhook, key: undefined, reference: undefined } },
    'which payout',
  ],
  ['a broken pointer', { answer: { ...example.answer, status: 'status' } }, 'answer.status'],
]

describe('the configuration of a REST API', () => {
  it('in the documentation is fine, and fit for automatic payouts', async () => {
    const { values, problems } = readSettings(restDefinition.settings, {
      ...OPTIONS,
      configuration: JSON.stringify(example),
    })
    expect(problems).toEqual([])
    const provider = restDefinition.create(values)
    expect(createProviderDirectory([provider], 90).named('rest')).toBe(provider)
    expect(provider.capabilities).toMatchObject({ lookup: 'by_key', keyLifetimeMs: 24 * 3_600_000 })
    await provider.close?.()
  })

  it('gives a currency the decimals that it has, where it names none', () => {
    const currencies = { eur: {}, jpy: {}, kwd: {}, huf: { decimals: 0 } }
    expect(readConfiguration(exampleConfiguration({ currencies })).currencies).toEqual({
      eur: { decimals: 2 },
      jpy: { decimals: 0 },
      kwd: { decimals: 3 },
      huf: { decimals: 0 },
    })
  })

  it('counts an idempotency key in the body as sent', () => {
    const idempotency = { in: 'body', pointer: '/external_id' }
    expect(problemsOf({ submit: WITHOUT_KEY, idempotency })).toBe('')
  })

  it('reports every problem at once, each with its place', () => {
    expect(() => readConfiguration('{}')).toThrow(ConfigError)
    const text = problemsOf({ baseUrl: 'ftp://x', submit: {}, statuses: { PAID: 'paid' }, colour: 'blue' })
    for (const place of [
      'baseUrl',
      'submit.path',
      'statuses.PAID',
      'colour is not known',
      'no word means settled',
    ])
      expect(text).toContain(place)
  })

  it('that is no JSON is said to be none, without repeating it', () => {
    expect(() => readConfiguration(`{${SECRET}`)).toThrow('the configuration is not JSON')
  })

  it.each(REFUSED)('is refused with %s', (_what, changes, problem) => {
    expect(problemsOf(changes)).toContain(problem)
  })

  it('is refused without the secrets it needs, which it must not hold itself', () => {
    expect(problemsOf({}, { user: '', secret: '', webhookSecret: 'short' })).toBe(
      'user is required by "auth"\nsecret is required by "auth"\nwebhookSecret must have at least 16 bytes',
    )
    expect(problemsOf({ headers: { 'X-A': SECRET } })).toBe('the configuration must not hold a secret')
    expect(problemsOf({ auth: { ...example.auth, keyEncoding: 'hex' } })).toContain('secret must decode')
  })

  it('never repeats a value in a problem', () => {
    expect(problemsOf({ baseUrl: SECRET, answer: { reference: SECRET } })).not.toContain(SECRET)
  })
})
