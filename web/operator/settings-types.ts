/** What the settings' routes answer; docs/api.md says what each means. */

export type SettingShape =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'text'; readonly pattern: string; readonly must_be: string }
  | { readonly kind: 'cron' }

export interface SettingView {
  readonly name: string
  readonly doc: string
  readonly shape?: SettingShape
  readonly unit?: string
  readonly secret?: true
  readonly value?: string | boolean
  readonly default?: string | boolean
  readonly set: boolean
  readonly source: 'default' | 'desk' | 'fixed'
  readonly fixed_as?: string
}

export interface SettingGroup {
  readonly key: string
  readonly title: string
  readonly expert: boolean
  readonly provider?: string
  readonly on?: boolean
  readonly settings: readonly SettingView[]
}

export interface Plan {
  readonly provider: string
  readonly mode: 'immediate' | 'batch'
  readonly schedule: string
  readonly timezone: string
  readonly next_runs: readonly string[]
}

export interface SettingsLook {
  readonly version: number
  readonly by?: string
  readonly reason?: string
  readonly at?: string
  readonly effective: number
  readonly problems: readonly string[]
  readonly plans: readonly Plan[]
  readonly needs_second: boolean
  readonly can_seal: boolean
  readonly groups: readonly SettingGroup[]
}

export interface Tried {
  readonly ok: boolean
  readonly changed: readonly string[]
  readonly problems: readonly { readonly name?: string; readonly message: string }[]
  readonly trials: readonly { readonly provider: string; readonly ok?: boolean; readonly message: string }[]
  readonly plans: readonly Plan[]
}

export interface SettingsVersion {
  readonly version: number
  readonly by: string
  readonly reason: string
  readonly at: string
  readonly undone_to?: number
  readonly changes: readonly {
    readonly name: string
    readonly from?: string
    readonly to?: string
    readonly secret?: true
  }[]
}

/** What was typed and is not saved yet, by name; empty for "not set". */
export type Typed = Readonly<Record<string, string>>
