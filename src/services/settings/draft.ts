import type { GivenSetting, GivenSettings } from '../../db/settings-versions'
import { type DeskSetting, isSet } from '../../settings/desk'

/** What somebody wants to change: values by full name; null or empty for "not set". */
export type Changes = Readonly<Record<string, unknown>>

/** About one setting, or about several together. */
export interface SettingProblem {
  readonly name: string | null
  readonly message: string
}

/** The versions's next values: what would be stored, with new secrets still apart. */
export interface Draft {
  readonly given: GivenSettings
  /** New secrets in clear, by name; never stored, shown or logged. */
  readonly secrets: Readonly<Record<string, string>>
  readonly changed: readonly string[]
  readonly problems: readonly SettingProblem[]
}

export interface DraftRules {
  readonly table: readonly DeskSetting[]
  readonly canSeal: boolean
  /** What a setting is called where it is fixed; null where it is not. */
  readonly fixedAs: (name: string) => string | null
}

/** The longest that any setting takes, a description of an API. */
const LENGTH_MAX = 60_000

export const NO_KEY =
  'is a secret, and secrets are only stored sealed: set encryptionKeys where the program is started (npm run keys makes them)'

/** Holds each change against its own setting. Pure. */
export function draftOf(before: GivenSettings, changes: Changes, rules: DraftRules): Draft {
  const given: Record<string, GivenSetting> = { ...before }
  const secrets: Record<string, string> = {}
  const changed: string[] = []
  const problems: SettingProblem[] = []
  for (const [name, written] of Object.entries(changes)) {
    const found = rules.table.find((known) => known.name === name)
    const value = typeof written === 'string' ? written.trim() : written
    const message = found ? problemOf(found, value, rules) : 'is not a setting of the desk'
    if (message !== null || !found) {
      problems.push({ name, message: `${name} ${message ?? ''}` })
      continue
    }
    if (!isSet(value)) {
      if (Object.hasOwn(before, name)) changed.push(name)
      delete given[name]
    } else if (found.setting.secret) {
      changed.push(name)
      delete given[name]
      secrets[name] = String(value)
    } else if (before[name] !== value) {
      changed.push(name)
      given[name] = value as GivenSetting
    }
  }
  return { given, secrets, changed, problems: [...problems, ...misled(before, given, changed, rules)] }
}

/**
 * A secret that was given for one address is not sent to another, not even to try it: its name is all that anybody may
 * know of it here.
 */
function misled(
  before: GivenSettings,
  given: GivenSettings,
  changed: readonly string[],
  { table, fixedAs }: DraftRules,
): readonly SettingProblem[] {
  const placeIn = (values: GivenSettings, { name, setting }: DeskSetting) =>
    setting.leadsTo?.(values[name] ?? setting.fallback) ?? null
  const moved = table.filter(
    (known) => changed.includes(known.name) && placeIn(before, known) !== placeIn(given, known),
  )
  return moved.flatMap(({ name, provider }) =>
    table
      .filter((known) => known.provider === provider && known.setting.secret)
      .flatMap((secret): SettingProblem[] => {
        if (fixedAs(secret.name) !== null)
          return [
            { name, message: `${name} must be set where ${secret.name} is: that is for another address` },
          ]
        return Object.hasOwn(given, secret.name)
          ? [{ name: secret.name, message: `${secret.name} must be given again: it was for another address` }]
          : []
      }),
  )
}

/** Never repeats what was given: it may be a secret in the wrong field. */
function problemOf({ name, setting }: DeskSetting, value: unknown, rules: DraftRules): string | null {
  const fixed = rules.fixedAs(name)
  if (fixed !== null) return `is fixed where the program is started, as ${fixed}`
  if (!isSet(value)) return null
  if (!['string', 'number', 'boolean'].includes(typeof value))
    return 'must be a text, a number, true or false'
  if (typeof value === 'string' && value.length > LENGTH_MAX) return 'is too long'
  if (setting.secret && !rules.canSeal) return NO_KEY
  const read = setting.read(value)
  if ('mustBe' in read) return `must be ${read.mustBe}`
  const refused = setting.refusedInDesk?.(value) ?? null
  return refused === null ? null : `must be ${refused}`
}
