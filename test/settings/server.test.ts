import { PROVIDERS } from '../../src/providers/registry'
import { parseConfig } from '../../src/settings/plugin'
import { readServerSettings } from '../../src/settings/server'
import { exampleConfiguration } from '../providers/rest/example'
import { problemsOf } from './problems'

describe('the settings of the standalone server', () => {
  it('need nothing to be set', () => {
    const { plugin, providers, warnings, fixed, defaults, refusals, ...server } = readServerSettings(
      {},
      PROVIDERS,
    )
    expect([fixed, refusals({ sandbox: 'play_money' })]).toEqual([{}, []])
    expect(defaults(providers)).toMatchObject({ providers: ['sandbox'], quietSeconds: 15 })
    expect(providers.map(({ name }) => name)).toEqual(['sandbox'])
    expect(warnings).toEqual([])
    expect(server).toEqual({
      port: 8080,
      host: '127.0.0.1',
      databaseUrl: '',
      dataDir: 'data',
      directDatabaseUrl: '',
      preparedStatements: true,
      logLevel: 'auto',
      logFormat: 'auto',
      allowRealMoney: false,
    })
    expect(parseConfig(plugin)).toMatchObject({ dialects: ['iotaap'], defaultCurrency: 'eur' })
  })

  it('put the environment over their own defaults for the plugin', () => {
    const { plugin, port } = readServerSettings(
      { PORT: '0', QUIET_SECONDS: '60', DEFAULT_CURRENCY: 'usd' },
      PROVIDERS,
    )
    expect(port).toBe(0)
    expect(parseConfig(plugin)).toMatchObject({
      ...{ quietSeconds: 60, defaultCurrency: 'usd', dialects: ['iotaap'], uniqueTransactionIds: true },
    })
  })

  it('fix what the environment says, whichever provider it is for, and leave the rest to operators', () => {
    const environment = { WAIT_MS: '5', PAYPAL_CLIENT_ID: 'id-of-client', PORT: '0' }
    expect(readServerSettings(environment, PROVIDERS).fixed).toEqual({
      waitMs: '5',
      paypal_clientId: 'id-of-client',
    })
    expect(readServerSettings({ PROVIDERS: 'sandbox' }, PROVIDERS).fixed).toEqual({ providers: 'sandbox' })
  })

  it('report their own problems and those of the plugin together, by the names in the environment', () => {
    const environment = {
      ...{ PORT: 'http', DATABASE_URL: 'mysql://root:hunter2@db', LOG_LEVEL: 'loud' },
      ...{ WAIT_MS: 'soon', ENCRYPTION_KEYS: 'hunter2', LEASE_SECONDS: '10', EXCHANGE_TIMEOUT_MS: '10000' },
    }
    expect(problemsOf(() => readServerSettings(environment, PROVIDERS))).toEqual([
      'DATABASE_URL must be a postgres:// address',
      'PORT must be a whole number from 0 to 65535',
      'LOG_LEVEL must be one of auto, error, warn, info, debug',
      expect.stringMatching(/^ENCRYPTION_KEYS must be id:key pairs/),
      'WAIT_MS must be a whole number from 0 to 60000',
      'LEASE_SECONDS must be at least three times EXCHANGE_TIMEOUT_MS: a step makes two calls',
    ])
  })

  it('never repeat the password of the database', () => {
    const said = problemsOf(() =>
      readServerSettings({ DATABASE_URL: 'postgres//admin:hunter2@db/exchange' }, PROVIDERS),
    )
    expect(said).toHaveLength(1)
    expect(said.join()).not.toMatch(/hunter2|admin/)
  })
})

describe('the sandbox exchange of the standalone server, whose balances anybody can have', () => {
  const paypal = {
    PROVIDERS: 'sandbox,paypal',
    PAYPAL_CLIENT_ID: 'id-of-client',
    PAYPAL_CLIENT_SECRET: 'secret-of-client',
  }
  const rest = (baseUrl: string) => ({
    PROVIDERS: 'rest',
    ...{
      REST_USER: 'exchange-1',
      REST_SECRET: 'hunter2hunter2hunter2hunter2',
      REST_WEBHOOK_SECRET: 'w'.repeat(32),
    },
    REST_CONFIGURATION: JSON.stringify(exampleConfiguration({ baseUrl, allowedHosts: undefined })),
  })
  const modulr = {
    ...{ PROVIDERS: 'modulr', MODULR_KEY_ID: 'KNOWN-KEY', MODULR_SECRET: 'hunter2hunter2' },
    MODULR_ACCOUNT_EUR: 'A1200001',
  }

  it.each([
    ['live PayPal', { ...paypal, PAYPAL_ENVIRONMENT: 'live' }, 'paypal'],
    [
      'an address of Modulr that is not its sandbox',
      { ...modulr, MODULR_BASE_URL: 'https://api.modulrfinance.com/api' },
      'modulr',
    ],
    ['a REST API elsewhere', rest('https://api.bank.example'), 'rest'],
  ])('is not paid out by %s', (_what, environment, provider) => {
    const problems = problemsOf(() => readServerSettings(environment, PROVIDERS))
    expect(problems).toEqual([
      expect.stringMatching(new RegExp(`^PROVIDERS has ${provider}.*ALLOW_REAL_MONEY`)),
    ])
  })

  it('is paid out in real money where that is asked for, loudly', () => {
    const { providers, warnings } = readServerSettings(
      { ...paypal, PAYPAL_ENVIRONMENT: 'live', ALLOW_REAL_MONEY: 'true' },
      PROVIDERS,
    )
    expect(providers.map(({ name }) => name)).toEqual(['sandbox', 'paypal'])
    expect(warnings).toEqual([expect.stringMatching(/^paypal pays REAL MONEY/)])
  })

  it('may be paid out in play money, and by a stand-in on this machine', () => {
    for (const environment of [paypal, modulr, rest('http://127.0.0.1:9999')])
      expect(readServerSettings(environment, PROVIDERS).warnings).toEqual([])
  })
})

describe('an environment variable that is almost a setting', () => {
  it('is named, with the setting it resembles', () => {
    const { warnings } = readServerSettings(
      {
        WAITMS: '5',
        LEASE_SECOND: '9',
        PAYPAL_CLIENTID: 'x',
        quiet_seconds: '3',
        HOME: '/root',
        NODE: 'x',
        MAIL: '/var',
      },
      PROVIDERS,
    )
    expect(warnings).toEqual([
      'WAITMS is not a setting and changes nothing. Was WAIT_MS meant?',
      'LEASE_SECOND is not a setting and changes nothing. Was LEASE_SECONDS meant?',
      'PAYPAL_CLIENTID is not a setting and changes nothing. Was PAYPAL_CLIENT_ID meant?',
      'quiet_seconds is not a setting and changes nothing. Was QUIET_SECONDS meant?',
    ])
  })

  it('is not every variable that shares some letters', () => {
    const usual = [
      'PATH',
      'HOME',
      'HOSTNAME',
      'LANG',
      'LOGNAME',
      'SHELL',
      'TERM',
      'USER',
      'PWD',
      'OLDPWD',
      'NODE_ENV',
      'MAILCHECK',
      'EDITOR',
      'CI',
    ]
    const environment = Object.fromEntries(
      [...usual, 'npm_config_cache', 'npm_package_name'].map((name) => [name, 'x']),
    )
    expect(readServerSettings(environment, PROVIDERS).warnings).toEqual([])
  })
})
