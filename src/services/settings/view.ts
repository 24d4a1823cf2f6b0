import type { GivenSetting, GivenSettings, SettingsVersion } from '../../db/settings-versions'
import {
  type DeskSetting,
  isForExperts,
  type SettingLayers,
  type SettingSource,
  unitOf,
  valueOf,
  written,
} from '../../settings/desk'
import { SETTING_GROUPS, type SettingGroup } from '../../settings/groups'
import type { SettingShape } from '../../settings/setting'

/** One setting, as an operator sees it. */
export interface SettingView {
  readonly name: string
  /** What it does to the money, in which unit, and the trade-off. */
  readonly doc: string
  readonly shape: SettingShape | null
  readonly unit: string | null
  readonly isSecret: boolean
  /** As it would be written; of a secret nothing. */
  readonly fallback: string | boolean
  readonly value: string | boolean
  readonly isSet: boolean
  readonly source: SettingSource
  /** What it is called where it is fixed. */
  readonly fixedAs: string | null
}

export interface SettingGroupView {
  readonly key: string
  readonly title: string
  readonly isForExperts: boolean
  /** Where the group is a provider's: which, and whether it is on. */
  readonly provider: { readonly name: string; readonly isOn: boolean } | null
  readonly settings: readonly SettingView[]
}

export interface ViewDeps {
  readonly table: readonly DeskSetting[]
  /** Providers by name, in words. */
  readonly titles: Readonly<Record<string, string>>
  readonly fixedAs: (name: string) => string | null
  readonly layers: (stored: Readonly<Record<string, unknown>>) => SettingLayers
  /** Those that are on, of the version that is shown. */
  readonly isOn: (provider: string) => boolean
}

/** What stands where a secret is set. */
const HIDDEN = '(set)'

/** Everything that can be set, with what is set now, of which no secret is shown. */
export function viewOf(given: GivenSettings, deps: ViewDeps): readonly SettingGroupView[] {
  const shown = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, typeof value === 'object' ? HIDDEN : value]),
  )
  const layers = deps.layers(shown)
  const view = (found: DeskSetting) => settingView(found, layers, deps.fixedAs(found.name))
  const inGroup = (group: SettingGroup): SettingGroupView => ({
    ...{ key: group, title: SETTING_GROUPS[group], isForExperts: isForExperts(group), provider: null },
    settings: deps.table.filter((known) => known.group === group).map(view),
  })
  const ofProviders = Object.entries(deps.titles).map(([name, title]) => ({
    ...{ key: `provider:${name}`, title, isForExperts: false, provider: { name, isOn: deps.isOn(name) } },
    settings: deps.table.filter((known) => known.provider === name).map(view),
  }))
  const after = (['privacy', 'timing', 'rare'] as const).map(inGroup)
  return [inGroup('first'), inGroup('money'), ...ofProviders, ...after].filter(
    ({ settings }) => settings.length > 0,
  )
}

function settingView(
  { name, setting }: DeskSetting,
  layers: SettingLayers,
  fixedAs: string | null,
): SettingView {
  const { value, source } = valueOf(name, layers)
  const own = valueOf(name, { ...layers, fixed: {}, stored: {} }).value
  const isSecret = setting.secret === true
  return {
    ...{
      name,
      doc: setting.doc,
      shape: setting.shape ?? null,
      unit: unitOf(name),
      isSecret,
      source,
      fixedAs,
    },
    fallback: isSecret ? '' : (setting.fallbackText ?? written(own ?? setting.fallback)),
    value: isSecret ? '' : written(value ?? ''),
    isSet: source !== 'default',
  }
}

/** What one version changed, a line each; of a secret only that it is another one. */
export interface SettingChange {
  readonly name: string
  readonly from: string | boolean | null
  readonly to: string | boolean | null
  readonly isSecret: boolean
}

/** @param before null where it is the first. */
export function changesBetween(before: GivenSettings, after: GivenSettings): readonly SettingChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names.map((name) => changeOf(name, before[name], after[name])).filter((change) => change !== null)
}

function changeOf(
  name: string,
  from: GivenSetting | undefined,
  to: GivenSetting | undefined,
): SettingChange | null {
  const isSecret = typeof from === 'object' || typeof to === 'object'
  if (isSame(from, to)) return null
  const shown = (value: GivenSetting | undefined) =>
    value === undefined ? null : typeof value === 'object' ? HIDDEN : written(value)
  return { name, isSecret, from: shown(from), to: shown(to) }
}

export const isSame = (one: GivenSetting | undefined, other: GivenSetting | undefined): boolean =>
  typeof one === 'object' && typeof other === 'object' ? one.secret === other.secret : one === other

/** Of versions in their order, the latest first; of the last one it needs the one before. */
export const withChanges = (
  versions: readonly SettingsVersion[],
): readonly (SettingsVersion & { readonly changes: readonly SettingChange[] })[] =>
  versions.map((version, index) => ({
    ...version,
    changes: changesBetween(versions[index + 1]?.given ?? {}, version.given),
  }))
