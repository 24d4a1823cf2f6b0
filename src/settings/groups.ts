import type { Setting, Settings } from './setting'

/** Where a person looks for a setting: the headings of docs/settings.md, in its order. A provider's have their own. */
export const SETTING_GROUPS = {
  first: 'On day one',
  money: 'Money and limits',
  privacy: 'Privacy',
  timing: 'Timing',
  rare: 'Rarely touched',
} as const

export type SettingGroup = keyof typeof SETTING_GROUPS

export interface GroupedSetting<Value> extends Setting<Value> {
  readonly group: SettingGroup
}

/** What a table has to satisfy to be shown: a setting that is in no group does not compile. */
export type GroupedSettings = Readonly<Record<string, GroupedSetting<unknown>>>

type InGroup<Table extends Settings> = {
  readonly [Name in keyof Table]: Table[Name] & { readonly group: SettingGroup }
}

export const inGroup = <Table extends Settings>(group: SettingGroup, table: Table): InGroup<Table> =>
  Object.fromEntries(
    Object.entries(table).map(([name, setting]) => [name, { ...setting, group }]),
  ) as InGroup<Table>
