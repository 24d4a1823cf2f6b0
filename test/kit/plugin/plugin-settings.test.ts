import fc from 'fast-check'

import { readMeta } from '../../../src/kit/plugin/meta'
import { kitSettings, readPluginSettings } from '../../../src/kit/plugin/plugin-settings'
import { keyNamed } from '../../helpers/keys'

const ENVIRONMENT = { DB_HOST: 'db', DB_NAME: 'kit', DB_USERNAME: 'admin', DB_PASSWORD: 'p' }
const KEY = keyNamed('k')
const read = (meta: unknown, publicMeta: unknown = {}, environment: Record<string, string> = ENVIRONMENT) =>
  readPluginSettings(meta, publicMeta, environment)

describe('the plugin’s settings in a kit', () => {
  it('are complete with the kit’s database: all else is set in the desk', () => {
    expect(read({})).toEqual({
      ...{ problems: [], unknown: [], config: {}, earlier: { values: {}, areSecretsLeft: false } },
      defaults: { destinations: 'stored', maxOpenWithdrawals: 3 },
      databaseUrl: 'postgres://admin:p@db:5432/kit',
    })
  })

  it('of an earlier version’s form are read from schemas and raw values, in both columns, whatever their type', () => {
    const { config, earlier, problems } = read(
      {
        providers: { type: 'string', value: ' sandbox ' },
        sandbox_timeout_ms: '500',
        wait_ms: { type: 'number', value: '1000' },
        mails: { type: 'boolean', value: 'false' },
        unique_transaction_ids: 1,
        statement_text: 2026,
        encryption_keys: { type: 'password', value: KEY },
        operator_roles: 'treasurer',
        lease_seconds: { type: 'number', value: '' },
        quiet_seconds: null,
      },
      { fee_mode: { type: 'string', value: 'deducted' } },
    )

    expect(problems).toEqual([])
    expect(config).toEqual({ encryptionKeys: KEY, operatorRoles: 'treasurer' })
    expect(earlier.values).toEqual({
      ...{ providers: 'sandbox', sandbox_timeoutMs: '500', waitMs: '1000', mails: 'false' },
      ...{ uniqueTransactionIds: '1', statementText: '2026', feeMode: 'deducted' },
    })
  })

  it('of meta count where both columns have one', () => {
    expect(read({ fee_mode: 'deducted' }, { fee_mode: 'on_top' }).earlier.values).toEqual({
      feeMode: 'deducted',
    })
  })

  it('leave their secrets in the form while there is no key to seal those with, where they count on', () => {
    const meta = { providers: 'paypal', paypal_client_id: 'id', paypal_client_secret: 'canary' }
    const open = { providers: 'paypal', paypal_clientId: 'id' }
    expect(read(meta)).toMatchObject({
      earlier: { values: open, areSecretsLeft: true },
      defaults: { destinations: 'stored', paypal_clientSecret: 'canary' },
    })
    expect(read(meta).earlier.values).toEqual(open)
    expect(read({ ...meta, encryption_keys: KEY })).toMatchObject({
      earlier: { values: { ...open, paypal_clientSecret: 'canary' }, areSecretsLeft: false },
      defaults: { destinations: 'stored', maxOpenWithdrawals: 3 },
    })
  })

  it('name everything that is missing or wrong at once, and never what was given', () => {
    const { problems } = read({ encryption_keys: 'canary-1', operator_roles: { canary: 2 } }, {}, {})

    expect(problems.map((problem) => problem.split(' ')[0]).sort()).toEqual(
      ['DB_HOST', 'DB_NAME', 'DB_USERNAME', 'encryption_keys', 'operator_roles'].sort(),
    )
    expect(problems.join()).not.toContain('canary')
  })

  it('refuse a secret where everybody can read it', () => {
    const { problems, config } = read({ providers: 'sandbox' }, { encryption_keys: KEY })

    expect(problems).toEqual([expect.stringMatching(/^encryption_keys is secret/)])
    expect(problems.join()).not.toContain(KEY)
    expect(config.encryptionKeys).toBeUndefined()
  })

  it('of another version are only mentioned', () => {
    expect(read({ providers: 'sandbox', was_here_before: 1 }, { so_was_this: 2 })).toMatchObject({
      problems: [],
      unknown: ['was_here_before', 'so_was_this'],
    })
  })

  it('that the form gives back untouched are the defaults', () => {
    const untouched = Object.fromEntries(kitSettings().map(([key]) => [key, { value: '' }]))

    expect(read(untouched)).toMatchObject({ problems: [], config: {}, earlier: { values: {} } })
  })

  it('never make it throw, whatever stands in the columns', () => {
    const keys = fc.constantFrom(
      ...kitSettings().map(([key]) => key),
      'wait_ms',
      'fee_mode',
      'other',
      '__proto__',
      'constructor',
    )
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
    ['TLS, said another way', { DB_SSL: '1' }, 'postgres://admin:p@db:5432/kit?sslmode=no-verify'],
    ['no word of TLS', { DB_SSL: '' }, 'postgres://admin:p@db:5432/kit'],
    ['an empty port', { DB_PORT: '' }, 'postgres://admin:p@db:5432/kit'],
    ['no TLS', { DB_SSL: 'false' }, 'postgres://admin:p@db:5432/kit'],
    ['a numeric address', { DB_HOST: '::1' }, 'postgres://admin:p@[::1]:5432/kit'],
    ['a socket', { DB_HOST: '/run/pg' }, 'postgres://admin:p@%2Frun%2Fpg:5432/kit'],
  ])('is found with %s', (_what, environment, expected) => {
    expect(url(environment)).toBe(expected)
  })
})
