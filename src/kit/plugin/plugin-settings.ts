import { nameInKit, snakeName } from '../../domain/setting-names'
import type { PaymentProvider } from '../../ports/payment-provider'
import { PROVIDERS } from '../../providers/registry'
import { POLICY_SETTINGS } from '../../settings/exchange'
import { checkConfig, SETTINGS } from '../../settings/plugin'
import { createProviders, providerChoice, providerSettings } from '../../settings/providers'
import { readSettings, type Setting } from '../../settings/setting'
import { databaseUrl } from './database-settings'
import { readMeta } from './meta'

/** What can be set in a kit, under its name there. The form, docs/settings.md and this program share it. */
export const kitSettings = (): readonly (readonly [key: string, setting: Setting<unknown>])[] =>
  [
    ...Object.entries(providerChoice(PROVIDERS)),
    ...providerSettings(PROVIDERS),
    ...Object.entries<Setting<unknown>>(SETTINGS),
  ]
    .filter(([, setting]) => setting.inKit === true && setting.hidden !== true)
    .map(([name, setting]) => [snakeName(name), setting] as const)

/** Where a kit needs another default than an app of one's own: it has verified accounts, and three is its own limit. */
export const KIT_DEFAULTS: Readonly<Record<string, unknown>> = {
  destinations: 'stored',
  maxOpenWithdrawals: 3,
}

export interface KitPluginSettings {
  /** What is missing or wrong; names, never values. With any of them there is nothing else here that counts. */
  readonly problems: readonly string[]
  /** Keys we do not know, of another version perhaps. */
  readonly unknown: readonly string[]
  /** As `createApp` takes it: checked, not yet read. */
  readonly config: Readonly<Record<string, unknown>>
  readonly providers: readonly PaymentProvider[]
  readonly databaseUrl: string
}

/** Never throws, whatever an operator or an upgrade has left in the columns. */
export function readPluginSettings(
  meta: unknown,
  publicMeta: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): KitPluginSettings {
  const table = kitSettings()
  const [secret, open] = [readMeta(meta), readMeta(publicMeta)]
  const given: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [key, setting] of table) {
    if (setting.secret && isSet(open[key]))
      problems.push(
        `${key} is secret and must not be in public_meta, which everybody can read: change the secret`,
      )
    const value = isSet(secret[key]) ? secret[key] : setting.secret ? undefined : open[key]
    if (isSet(value)) given[key] = asWritten(setting, value)
  }
  const read = readAll(given)
  const database = databaseUrl(environment)
  const known = new Set(table.map(([key]) => key))
  return {
    problems: [...problems, ...read.problems, ...database.problems],
    unknown: [...new Set([...Object.keys(secret), ...Object.keys(open)])].filter((key) => !known.has(key)),
    config: read.config,
    providers: read.providers,
    databaseUrl: database.url,
  }
}

function readAll(given: Readonly<Record<string, unknown>>) {
  const own = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, given[snakeName(name)]]))
  const choice = readSettings(providerChoice(PROVIDERS), own(['providers']), nameInKit)
  const names = choice.values.providers ?? []
  const made = createProviders(
    PROVIDERS,
    names,
    own(providerSettings(PROVIDERS).map(([name]) => name)),
    nameInKit,
  )
  const config = { ...KIT_DEFAULTS, ...withoutUntouched(withoutUnset(own(Object.keys(SETTINGS)))) }
  const nobodyPays = choice.problems.length === 0 && names.length === 0
  const problems = [
    ...choice.problems,
    ...(nobodyPays ? ['providers must name at least one provider, for example sandbox'] : []),
    ...made.problems,
    ...checkConfig(config, nameInKit).problems,
  ]
  return { problems, config, providers: made.providers }
}

const withoutUnset = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => isSet(value)))

/**
 * A kit saves its whole form, with what nobody has touched: that is no decision against the policy that operators set
 * in the desk.
 */
const withoutUntouched = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) =>
        !POLICY_SETTINGS.some((setting) => setting === name && value === SETTINGS[setting].fallback),
    ),
  )

const isSet = (value: unknown): boolean => value !== undefined && value !== ''

/** A number where a text belongs, and the other way round: forms and raw settings mix them up. */
function asWritten(setting: Setting<unknown>, value: unknown): unknown {
  if ('value' in setting.read(value)) return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
}
