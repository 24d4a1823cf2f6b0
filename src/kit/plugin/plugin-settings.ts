import { nameInKit, snakeName } from '../../domain/setting-names'
import { PROVIDERS } from '../../providers/registry'
import { earlierSettings, isSet } from '../../settings/desk'
import { SETTINGS } from '../../settings/plugin'
import { readSettings, type Setting } from '../../settings/setting'
import { databaseUrl } from './database-settings'
import { readMeta } from './meta'

/**
 * What has to be known before the database can be read, and who gets in whatever is stored there. The panel's form is one
 * page of raw names that ends every plugin's thread at each save, so everything else is set in the desk.
 */
const FORM = {
  encryptionKeys: SETTINGS.encryptionKeys,
  hashKey: SETTINGS.hashKey,
  operatorRoles: SETTINGS.operatorRoles,
} as const

/** What can be set in a kit's form, under its name there. The form, docs/settings.md and this program share it. */
export const kitSettings = (): readonly (readonly [key: string, setting: Setting<unknown>])[] =>
  Object.entries(FORM).map(([name, setting]) => [snakeName(name), setting] as const)

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
  /** What is fixed by the form: checked, not yet read. */
  readonly config: Readonly<Record<string, unknown>>
  /** What an earlier version had in its form: to be taken over once. */
  readonly earlier: {
    /** By full name; without the secrets while nobody could seal them. */
    readonly values: Readonly<Record<string, unknown>>
    /** Its secrets go on as they are, in the form, until there is a key. */
    readonly areSecretsLeft: boolean
  }
  readonly defaults: Readonly<Record<string, unknown>>
  readonly databaseUrl: string
}

interface Columns {
  readonly secret: Readonly<Record<string, unknown>>
  readonly open: Readonly<Record<string, unknown>>
}

/** Never throws, whatever an operator or an upgrade has left in the columns. */
export function readPluginSettings(
  meta: unknown,
  publicMeta: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): KitPluginSettings {
  const columns = { secret: readMeta(meta), open: readMeta(publicMeta) }
  const moved = earlierSettings(PROVIDERS).filter(({ name }) => !Object.hasOwn(FORM, name))
  const config = given(columns, Object.entries<Setting<unknown>>(FORM))
  const earlier = given(
    columns,
    moved.map(({ name, setting }) => [name, setting] as const),
  )
  const database = databaseUrl(environment)
  const known = new Set([...Object.keys(FORM), ...moved.map(({ name }) => name)].map(snakeName))
  const keys = [...Object.keys(columns.secret), ...Object.keys(columns.open)]
  const isSecret = (name: string) => moved.some((one) => one.name === name && one.setting.secret === true)
  const only = (isWanted: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(earlier).filter(([name]) => isWanted(name)))
  // Nobody could seal them.
  const left = isSet(config.encryptionKeys) ? {} : only(isSecret)
  const areSecretsLeft = Object.keys(left).length > 0
  return {
    problems: [
      ...exposed(columns, [...Object.entries<Setting<unknown>>(FORM), ...moved.map(named)]),
      ...readSettings(FORM, config, nameInKit).problems,
      ...database.problems,
    ],
    unknown: [...new Set(keys)].filter((key) => !known.has(key)),
    config,
    earlier: { values: areSecretsLeft ? only((name) => !isSecret(name)) : earlier, areSecretsLeft },
    defaults: { ...KIT_DEFAULTS, ...left },
    databaseUrl: database.url,
  }
}

type Named = readonly [name: string, setting: Setting<unknown>]
const named = ({ name, setting }: { name: string; setting: Setting<unknown> }): Named => [name, setting]

function given({ secret, open }: Columns, settings: readonly Named[]): Record<string, unknown> {
  return Object.fromEntries(
    settings.flatMap(([name, setting]) => {
      const key = snakeName(name)
      const value = isSet(secret[key]) ? secret[key] : setting.secret ? undefined : open[key]
      return isSet(value) ? [[name, asWritten(setting, value)]] : []
    }),
  )
}

const exposed = ({ open }: Columns, settings: readonly Named[]): readonly string[] =>
  settings
    .filter(([name, { secret }]) => secret && isSet(open[snakeName(name)]))
    .map(
      ([name]) =>
        `${snakeName(name)} is secret and must not be in public_meta, which everybody can read: change the secret`,
    )

/** A number where a text belongs, and the other way round: forms and raw settings mix them up. */
function asWritten(setting: Setting<unknown>, value: unknown): unknown {
  if ('value' in setting.read(value)) return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
}
