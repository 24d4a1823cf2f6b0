import { environmentName, nameInEnvironment } from '../domain/setting-names'
import { ConfigError } from '../errors'
import type { PaymentProvider } from '../ports/payment-provider'
import { type GroupedSettings, inGroup } from './groups'
import { misspelt } from './misspelt'
import { checkConfig, configFromEnvironment, SETTINGS } from './plugin'
import {
  createProviders,
  type Pays,
  providerChoice,
  type ProviderDefinition,
  providerSettings,
} from './providers'
import { flag, integer, oneOf, readSettings, type Setting, text, type Values } from './setting'

const anyText = (doc: string, fallback: string): Setting<string> =>
  text(doc, fallback, /^.{1,1000}$/, 'a line of text')

/** Settings of the standalone server, beside those of the plugin. Named in the environment: PORT, DATA_DIR ... */
export const SERVER_SETTINGS = {
  ...inGroup('first', {
    databaseUrl: {
      ...text(
        'PostgreSQL to use instead of the embedded database.',
        '',
        /^postgres(ql)?:\/\/.+$/,
        'a postgres:// address',
      ),
      secret: true,
    } satisfies Setting<string>,
    dataDir: anyText('Directory of the embedded database and the sandbox’s token key.', 'data'),
    port: integer('Port to listen on; 0 for any free one.', 8080, 0, 65_535),
    host: anyText('Address to listen on.', '127.0.0.1'),
  }),
  ...inGroup('money', {
    allowRealMoney: flag(
      'Lets a provider pay real money for the play balances of the sandbox exchange. Whoever reaches this server gives it away.',
      false,
    ),
  }),
  ...inGroup('rare', {
    directDatabaseUrl: {
      ...text(
        'Where `databaseUrl` leads to a pooler: PostgreSQL itself, for the one connection by which an instance shows that it lives. Without it, others wait for the end of its leases when it dies.',
        '',
        /^postgres(ql)?:\/\/.+$/,
        'a postgres:// address',
      ),
      secret: true,
    } satisfies Setting<string>,
    preparedStatements: flag(
      'Whether PostgreSQL keeps our statements planned, for each connection. False behind a pooler that hands each transaction to another session, PgBouncer before 1.21 for instance.',
      true,
    ),
    logLevel: oneOf(
      'How much is logged. `auto`: `info`, and `warn` on a terminal, where nobody wants a line per request.',
      'auto',
      ['auto', 'error', 'warn', 'info', 'debug'],
    ),
    logFormat: oneOf('How it is written. `auto`: `text` on a terminal, `json` everywhere else.', 'auto', [
      'auto',
      'text',
      'json',
    ]),
  }),
} as const satisfies GroupedSettings

/** With the choice among `definitions`; nobody has to choose to see the sandbox. */
export const serverSettings = (definitions: readonly ProviderDefinition[]) => ({
  ...SERVER_SETTINGS,
  providers: { ...providerChoice(definitions).providers, fallback: ['sandbox'] },
})

export interface ServerSettings extends Values<typeof SERVER_SETTINGS> {
  /** Those that are on where operators have set nothing, made to be checked and not opened. */
  readonly providers: readonly PaymentProvider[]
  /** What the environment says about the plugin, over the standalone server's own defaults. */
  readonly plugin: Readonly<Record<string, unknown>>
  /** What the environment says about the plugin and the providers, by full name: operators cannot change it. */
  readonly fixed: Readonly<Record<string, unknown>>
  readonly defaults: (providers: readonly PaymentProvider[]) => Readonly<Record<string, unknown>>
  /** What must not pay here, one sentence each. */
  readonly refusals: (pays: Readonly<Record<string, Pays>>) => readonly string[]
  /** What a person should read before trusting this server, one sentence each. */
  readonly warnings: readonly string[]
}

/** The sandbox's wallet and bank answer within moments, so doubt about them may end sooner than in the world. */
export const STANDALONE_DEFAULTS: Readonly<Record<string, unknown>> = {
  dialects: ['iotaap'],
  quietSeconds: 15,
  leaseSeconds: 15,
  exchangeTimeoutMs: 4_000,
  uniqueTransactionIds: true,
  // It has two users and is there to be tried out, by load tests too.
  createsPerMinute: 100_000,
  cancelsPerMinute: 100_000,
  readsPerMinute: 100_000,
  readsAtOnce: 0,
  actsAtOnce: 0,
}

/** A provider that is slower than the sandbox gets the time that its calls need, and doubt about it its quiet time. */
function standaloneDefaults(providers: readonly PaymentProvider[]): Readonly<Record<string, unknown>> {
  const others = providers.filter(({ name }) => name !== 'sandbox')
  if (others.length === 0) return STANDALONE_DEFAULTS
  const slowestMs = Math.max(...others.map(({ capabilities }) => capabilities.timeoutMs))
  return {
    ...STANDALONE_DEFAULTS,
    quietSeconds: SETTINGS.quietSeconds.fallback,
    leaseSeconds: Math.max(15, Math.ceil((3 * slowestMs) / 1_000)),
  }
}

/** @throws {ConfigError} Lists every problem at once, those of the plugin's settings too. */
export function readServerSettings(
  environment: Readonly<Record<string, string | undefined>>,
  definitions: readonly ProviderDefinition[],
): ServerSettings {
  const table = serverSettings(definitions)
  const given = Object.fromEntries(
    Object.keys(table).map((name) => [name, environment[environmentName(name)]]),
  )
  const { values, problems } = readSettings(table, given, nameInEnvironment)
  const providerValues = Object.fromEntries(
    providerSettings(definitions).map(([name]) => [name, environment[environmentName(name)]]),
  )
  const made = createProviders(definitions, values.providers ?? [], providerValues, nameInEnvironment)
  const plugin = { ...standaloneDefaults(made.providers), ...configFromEnvironment(environment) }
  problems.push(...checkConfig(plugin, nameInEnvironment).problems, ...made.problems)
  const refusals = (pays: Readonly<Record<string, Pays>>) =>
    values.allowRealMoney ? [] : paying(pays, 'real_money').map(realMoneyProblem)
  problems.push(...refusals(made.pays))
  if (problems.length > 0) throw new ConfigError(problems)
  const known = [
    ...Object.keys(table),
    ...Object.keys(SETTINGS),
    ...providerSettings(definitions).map(([name]) => name),
  ]
  const warnings = [
    ...paying(made.pays, 'real_money').map(realMoneyWarning),
    ...paying(made.pays, 'files').map(filesWarning),
    ...misspelt(Object.keys(environment), known.map(environmentName)).map(misspeltWarning),
  ]
  const fixed = {
    ...configFromEnvironment(environment),
    ...Object.fromEntries(Object.entries(providerValues).filter(([, value]) => value !== undefined)),
    ...(environment.PROVIDERS !== undefined && { providers: environment.PROVIDERS }),
  }
  const defaults = (providers: readonly PaymentProvider[]) => ({
    ...standaloneDefaults(providers),
    providers: table.providers.fallback,
  })
  return { ...values, providers: made.providers, plugin, fixed, defaults, refusals, warnings }
}

const paying = (pays: Readonly<Record<string, Pays>>, what: Pays): readonly string[] =>
  Object.keys(pays).filter((name) => pays[name] === what)

const realMoneyProblem = (provider: string): string =>
  `PROVIDERS has ${provider}, whose settings pay real money, and this server's exchange is a sandbox: anybody could ` +
  `turn play balances into money. Give it its test environment, mount the plugin in a real exchange, or set ` +
  `ALLOW_REAL_MONEY=true if that is what you want`
const realMoneyWarning = (provider: string): string =>
  `${provider} pays REAL MONEY for the play balances of this sandbox exchange (ALLOW_REAL_MONEY is set).`
const filesWarning = (provider: string): string =>
  `${provider} writes bank files for the play balances of this sandbox exchange: a bank that gets one pays real money.`
const misspeltWarning = ({ given, meant }: { given: string; meant: string }): string =>
  `${given} is not a setting and changes nothing. Was ${meant} meant?`

/** @throws {ConfigError} */
export function readDataDir(environment: Readonly<Record<string, string | undefined>>): string {
  const { dataDir } = SERVER_SETTINGS
  const { values, problems } = readSettings({ dataDir }, { dataDir: environment.DATA_DIR }, environmentName)
  if (problems.length > 0) throw new ConfigError(problems)
  return values.dataDir
}
