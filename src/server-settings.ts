import { checkConfig, configFromEnvironment } from './config'
import { ConfigError } from './errors'
import type { PaymentProvider } from './ports/payment-provider'
import { createProviders, PROVIDER_CHOICE, providerSettings } from './provider-settings'
import { environmentName, integer, oneOf, readSettings, type Setting, text, type Values } from './settings'

const anyText = (doc: string, fallback: string): Setting<string> =>
  text(doc, fallback, /^.{1,1000}$/, 'a line of text')

/** Settings of the standalone server, beside those of the plugin. Named in the environment: PORT, DATA_DIR ... */
export const SERVER_SETTINGS = {
  port: integer('Port to listen on; 0 for any free one.', 8080, 0, 65_535),
  host: anyText('Address to listen on.', '127.0.0.1'),
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
  providers: { ...PROVIDER_CHOICE.providers, fallback: ['sandbox'] },
  logLevel: oneOf('How much is logged.', 'info', ['error', 'warn', 'info', 'debug']),
} as const

export interface ServerSettings extends Omit<Values<typeof SERVER_SETTINGS>, 'providers'> {
  readonly providers: readonly PaymentProvider[]
  /** What the environment says about the plugin, over the standalone server's own defaults. */
  readonly plugin: Readonly<Record<string, unknown>>
}

/** The sandbox's wallet and bank answer within moments, so doubt about them may end sooner than in the world. */
const STANDALONE_DEFAULTS = {
  dialects: ['iotaap'],
  quietSeconds: 15,
  leaseSeconds: 15,
  exchangeTimeoutMs: 4_000,
  uniqueTransactionIds: true,
}

/** @throws {ConfigError} Lists every problem at once, those of the plugin's settings too. */
export function readServerSettings(
  environment: Readonly<Record<string, string | undefined>>,
): ServerSettings {
  const given = Object.fromEntries(
    Object.keys(SERVER_SETTINGS).map((name) => [name, environment[environmentName(name)]]),
  )
  const { values, problems } = readSettings(SERVER_SETTINGS, given, environmentName)
  const plugin = { ...STANDALONE_DEFAULTS, ...configFromEnvironment(environment) }
  problems.push(...checkConfig(plugin, environmentName).problems)
  const providerValues = Object.fromEntries(
    providerSettings().map(([name]) => [name, environment[environmentName(name)]]),
  )
  const made = createProviders(values.providers ?? [], providerValues, environmentName)
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
