import { ofProvider } from '../domain/setting-names'
import { POLICY_SETTINGS } from './exchange'
import type { GroupedSetting, SettingGroup } from './groups'
import { SETTINGS } from './plugin'
import { providerChoice, type ProviderDefinition } from './providers'
import type { Setting } from './setting'

/** One that operators set in the desk. */
export interface DeskSetting {
  /** As in code, a provider's with its name in front: `waitMs`, `paypal_clientId`. */
  readonly name: string
  readonly setting: Setting<unknown>
  /** Where it is of a provider, that one's name. */
  readonly provider: string | null
  readonly group: SettingGroup | null
}

/**
 * Everything that operators set in the desk, in its order there.
 *
 * @param definitions The providers they may switch on; empty where the providers are given in code.
 */
export function deskSettings(definitions: readonly ProviderDefinition[]): readonly DeskSetting[] {
  const own = { ...(definitions.length > 0 && providerChoice(definitions)), ...SETTINGS }
  const ofProviders = definitions.flatMap(({ name: provider, settings }) =>
    Object.entries(settings).map(([name, setting]) => ({
      ...{ name: ofProvider(name, provider), setting, provider },
      group: null,
    })),
  )
  const all: readonly DeskSetting[] = [
    ...Object.entries(own).map(([name, setting]) => {
      return { name, setting, provider: null, group: setting.group }
    }),
    ...ofProviders,
  ]
  return all.filter(
    ({ name, setting }) => setting.inDesk === true && setting.hidden !== true && !isOfPolicy(name),
  )
}

/** Operators change those with the policy, which has a page of its own. */
const isOfPolicy = (name: string): boolean => POLICY_SETTINGS.some((setting) => setting === name)

/** What an installation from before there was a desk may have set: the policy starts with what it said. */
export const earlierSettings = (definitions: readonly ProviderDefinition[]): readonly DeskSetting[] => [
  ...deskSettings(definitions),
  ...POLICY_SETTINGS.map((name) => {
    const { group, ...setting }: GroupedSetting<unknown> = SETTINGS[name]
    return { name, setting, provider: null, group }
  }),
]

/** Where values come from; the first that has one counts. Each by full name. */
export interface SettingLayers {
  /** Given in code, by the environment or in a kit's form: nobody changes them in the desk. */
  readonly fixed: Readonly<Record<string, unknown>>
  /** What operators have set. */
  readonly stored: Readonly<Record<string, unknown>>
  /** What this kind of installation takes where nobody has said anything; a setting's own default comes after it. */
  readonly defaults: Readonly<Record<string, unknown>>
}

export type SettingSource = 'fixed' | 'desk' | 'default'

export const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

/** What counts, and where it comes from; `undefined` for the setting's own default. */
export function valueOf(
  name: string,
  { fixed, stored, defaults }: SettingLayers,
): { value: unknown; source: SettingSource } {
  if (isSet(fixed[name])) return { value: fixed[name], source: 'fixed' }
  if (isSet(stored[name])) return { value: stored[name], source: 'desk' }
  return { value: isSet(defaults[name]) ? defaults[name] : undefined, source: 'default' }
}

/** All that is set, by full name. */
export function layered(layers: SettingLayers): Readonly<Record<string, unknown>> {
  const names = new Set(Object.values(layers).flatMap((values: object) => Object.keys(values)))
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const { value } = valueOf(name, layers)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** As a person writes it into a form: lists with commas, maps as `name=value` with ";" between. */
export function written(value: unknown): string | boolean {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'object' || value === null) return ''
  if (Array.isArray(value)) return value.map((item) => String(written(item))).join(', ')
  return Object.entries(value)
    .map(([name, item]) => `${name}=${String(written(item))}`)
    .join(';')
}

const UNITS: readonly (readonly [ending: RegExp, unit: string])[] = [
  [/Ms$/, 'ms'],
  [/Seconds$/, 'seconds'],
  [/Hours$/, 'hours'],
  [/Days$/, 'days'],
  [/Mb(Max)?$/, 'MB'],
  [/PerMinute$/, 'a minute'],
]

/** Units last, in every name; null where it has none. */
export const unitOf = (name: string): string | null =>
  UNITS.find(([ending]) => ending.test(name))?.[1] ?? null

/** Whom it concerns: what a wrong value of these breaks is seen late. */
export const isForExperts = (group: SettingGroup | null): boolean => group === 'timing' || group === 'rare'
