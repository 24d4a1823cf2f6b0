import fc from 'fast-check'

import { readMeta } from '../../../src/kit/plugin/meta'
import { kitSettings, readPluginSettings } from '../../../src/kit/plugin/plugin-settings'
import { keyNamed } from '../../helpers/keys'

const ENVIRONMENT = { DB_HOST: 'db', DB_NAME: 'kit', DB_USERNAME: 'admin', DB_PASSWORD: 'p' }
const KEY = keyNamed('k')
const read = (meta: unknown, publicMeta: unknown = {}, environment: Record<string, string> = ENVIRONMENT) =>
  readPluginSettings(meta, publicMeta, environment)

describe('the plugin’s settings in a kit', () => {
  it('are complete with a provider and the kit’s database', () => {
    expect(read({ providers: 'sandbox' })).toMatchObject({
      problems: [],
      unknown: [],
      providers: [{ name: 'sandbox' }],
      databaseUrl: 'postgres://admin:p@db:5432/kit',
    })
  })

  it('are read from schemas and raw values, in both columns, whatever type they were stored with', () => {
    const { config, providers, problems } = read(
      {
        providers: { type: 'string', value: ' sandbox ' },
        sandbox_timeout_ms: '500',
        wait_ms: { type: 'number', value: '1000' },
        mails: { type: 'boolean', value: 'false' },
        unique_transaction_ids: 1,
        statement_text: 2026,
        encryption_keys: { type: 'password', value: KEY },
        lease_seconds: { type: 'number', value: '' },
        quiet_seconds: null,
      },
      { fee_mode: { type: 'string', value: 'deducted' } },
    )

    expect(problems).toEqual([])
    expect(config).toMatchObject({
      ...{ waitMs: '1000', mails: 'false', uniqueTransactionIds: '1', statementText: '2026' },
      ...{ encryptionKeys: KEY, feeMode: 'deducted' },
    })
    expect(providers[0]?.capabilities.timeoutMs).toBe(500)
  })

  it('of meta count where both columns have one', () => {
    expect(read({ providers: 'sandbox', fee_mode: 'deducted' }, { fee_mode: 'on_top' }).config).toMatchObject(
      {
        feeMode: 'deducted',
      },
    )
  })

  it('name everything that is missing or wrong at once, and never what was given', () => {
    const { problems } = read(
      {
        providers: '',
        wait_ms: 'canary-1',
        fee_mode: { type: 'string', value: 'canary-2' },
        encryption_keys: 'canary-3',
        mails: { canary: 4 },
      },
      {},
      {},
    )

    expect(problems.map((problem) => problem.split(' ')[0]).sort()).toEqual(
      [
        'DB_HOST',
        'DB_NAME',
        'DB_USERNAME',
        'encryption_keys',
        'fee_mode',
        'mails',
        'providers',
        'wait_ms',
      ].sort(),
    )
    expect(problems.join()).not.toContain('canary')
  })

  it('refuse a secret where everybody can read it', () => {
    const { problems, config } = read({ providers: 'sandbox' }, { encryption_keys: KEY })

    expect(problems).toEqual([expect.stringMatching(/^encryption_keys is secret/)])
    expect(problems.join()).not.toContain(KEY)
    expect(config.encryptionKeys).toBeUndefined()
  })

  it('name an unknown provider, and settings that cannot work together', () => {
    expect(read({ providers: 'sandbox, acme' }).problems).toEqual([
      expect.stringMatching(/^providers must be/),
    ])
    expect(read({ providers: 'sandbox', lease_seconds: 10 }).problems).toEqual([
      expect.stringMatching(/^lease_seconds must be at least three times exchange_timeout_ms/),
    ])
  })

  it('of another version are only mentioned', () => {
    expect(read({ providers: 'sandbox', was_here_before: 1 }, { so_was_this: 2 })).toMatchObject({
      problems: [],
      unknown: ['was_here_before', 'so_was_this'],
    })
  })

  it('that the form gives back untouched are the defaults', () => {
    const untouched = Object.fromEntries(
      kitSettings().map(([key, { form, fallback }]) => [key, { value: form === 'boolean' ? fallback : '' }]),
    )

    expect(read({ ...untouched, providers: 'sandbox' }).problems).toEqual([])
  })

  it('never make it throw, whatever stands in the columns', () => {
    const keys = fc.constantFrom(...kitSettings().map(([key]) => key), 'other', '__proto__', 'constructor')
    const entry = fc.oneof(fc.anything(), fc.record({ type: fc.anything(), value: fc.anything() }))
    const column = fc.oneof(fc.anything(), fc.dictionary(keys, entry))
    fc.assert(
      fc.property(column, column, (meta, publicMeta) => {
        readMeta(meta)
        expect(Array.isArray(read(meta, publicMeta).problems)).toBe(true)
      }),
      { seed: Number(process.env.TEST_SEED) },
    )
  })
})

describe('the kit’s database', () => {
  const url = (environment: Record<string, string>) =>
    read({}, {}, { ...ENVIRONMENT, ...environment }).databaseUrl

  it.each<readonly [string, Record<string, string>, string]>([
    ['its own port', { DB_PORT: '6543' }, 'postgres://admin:p@db:6543/kit'],
    ['no password', { DB_PASSWORD: '' }, 'postgres://admin@db:5432/kit'],
    [
      'marks in its names',
      { DB_USERNAME: 'a@b', DB_PASSWORD: 'p:/?#%', DB_NAME: 'k t' },
      'postgres://a%40b:p%3A%2F%3F%23%25@db:5432/k%20t',
    ],
    [
      'TLS, whose certificate nobody signed',
      { DB_SSL: 'true' },
      'postgres://admin:p@db:5432/kit?sslmode=no-verify',
    ],
    ['no TLS', { DB_SSL: 'false' }, 'postgres://admin:p@db:5432/kit'],
    ['a numeric address', { DB_HOST: '::1' }, 'postgres://admin:p@[::1]:5432/kit'],
    ['a socket', { DB_HOST: '/run/pg' }, 'postgres://admin:p@%2Frun%2Fpg:5432/kit'],
  ])('is found with %s', (_what, environment, expected) => {
    expect(url(environment)).toBe(expected)
  })
})
