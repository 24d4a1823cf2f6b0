import { ConfigError } from '../errors'
import type { PaymentProvider } from '../ports/payment-provider'
import { type GroupedSettings, inGroup } from './groups'
import { checkConfig, configFromEnvironment } from './plugin'
import { createProviders, providerChoice, type ProviderDefinition, providerSettings } from './providers'
import { environmentName, integer, oneOf, readSettings, type Setting, text, type Values } from './setting'

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
  ...inGroup('rare', {
    logLevel: oneOf('How much is logged.', 'info', ['error', 'warn', 'info', 'debug']),
  }),
} as const satisfies GroupedSettings

/** With the choice among `definitions`; nobody has to choose to see the sandbox. */
export const serverSettings = (definitions: readonly ProviderDefinition[]) => ({
  providers: { ...providerChoice(definitions).providers, fallback: ['sandbox'] },
  ...SERVER_SETTINGS,
})

export interface ServerSettings extends Values<typeof SERVER_SETTINGS> {
  readonly providers: readonly PaymentProvider[]
  /** What the environment says about the plugin, over the standalone server's own defaults. */
  readonly plugin: Readonly<Record<string, unknown>>
}

/** The sandbox's wallet and bank answer within moments, so doubt about them may end sooner than in the world. */
export const STANDALONE_DEFAULTS: Readonly<Record<string, unknown>> = {
  dialects: ['iotaap'],
  quietSeconds: 15,
  leaseSeconds: 15,
  exchangeTimeoutMs: 4_000,
  uniqueTransactionIds: true,
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
  const { values, problems } = readSettings(table, given, environmentName)
  const plugin = { ...STANDALONE_DEFAULTS, ...configFromEnvironment(environment) }
  problems.push(...checkConfig(plugin, environmentName).problems)
  const providerValues = Object.fromEntries(
    providerSettings(definitions).map(([name]) => [name, environment[environmentName(name)]]),
  )
  const made = createProviders(definitions, values.providers ?? [], providerValues, environmentName)
  problems.push(...made.problems)
  if (problems.length > 0) throw new ConfigError(problems)
  return { ...values, providers: made.providers, plugin }
}

/** @throws {ConfigError} */
export function readDataDir(environment: Readonly<Record<string, string | undefined>>): string {
  const { dataDir } = SERVER_SETTINGS
  const { values, problems } = readSettings({ dataDir }, { dataDir: environment.DATA_DIR }, environmentName)
  if (problems.length > 0) throw new ConfigError(problems)
  return values.dataDir
}
