import type { GivenSetting, GivenSettings, SettingsStore, SettingsVersion } from '../db/settings-versions'
import type { Logger } from '../ports/logger'
import { draftOf } from '../services/settings/draft'
import type { SettingSecrets } from '../services/settings/secrets'
import { earlierSettings } from '../settings/desk'
import { compose, type CompositionSources } from './composition'
import { versionsBack } from './current'

/** Settings of an installation from before they were set in the desk. */
export interface EarlierSettings {
  /** By full name; without the secrets while nobody could seal them. */
  readonly values: Readonly<Record<string, unknown>>
  /** Its secrets count where they are, until there is a key. */
  readonly areSecretsLeft: boolean
  /** In whose name, and why, they become a version. */
  readonly actor: string
  readonly reason: string
}

export interface TakeOverDeps {
  readonly store: Pick<SettingsStore, 'list' | 'save'>
  readonly secrets: SettingSecrets
  readonly sources: CompositionSources
  readonly logger: Logger
}

/**
 * Makes them the first version, once: afterwards they count for nothing any more. Secrets that had to wait for a key are
 * taken over when there is one. What operators have set stands, whenever they did.
 *
 * @returns Why they could not be taken over; empty where they were, or had been. Two instances that start at the same
 *   moment make one version.
 */
export async function takeOver(earlier: EarlierSettings, deps: TakeOverDeps): Promise<readonly string[]> {
  const { store, secrets, sources, logger } = deps
  if (Object.keys(earlier.values).length === 0) return []
  const { latest, due } = await dueOf(earlier, deps)
  const before = latest?.given ?? {}
  const changes = Object.fromEntries(Object.entries(due).filter(([name]) => !Object.hasOwn(before, name)))
  if (Object.keys(changes).length === 0) return []
  const table = earlierSettings(sources.definitions)
  const draft = draftOf({}, changes, { table, fixedAs: () => null, canSeal: secrets.canSeal })
  const { values: standing } = await secrets.open(before)
  const { problems: together } = compose(sources, { ...draft.given, ...draft.secrets, ...standing })
  const problems = [...draft.problems.map(({ message }) => message), ...together]
  if (problems.length > 0) {
    logger.error('settings.not_taken_over', { problems })
    return problems.map((problem) => `the earlier settings were not taken over: ${problem}`)
  }
  const kept: Record<string, GivenSetting> = {}
  for (const [name, text] of Object.entries(draft.secrets))
    kept[name] = { secret: await secrets.keep(name, text) }
  const { actor, reason } = earlier
  const saved = await store.save({
    madeFrom: latest?.version ?? 0,
    given: { ...draft.given, ...kept, ...before },
    undoneTo: null,
    actor,
    reason,
    changed: draft.changed,
  })
  if (saved) logger.warn('settings.taken_over', { version: saved.version, settings: draft.changed })
  return []
}

/** What has not been taken over yet, and may be. */
async function dueOf(
  { values, areSecretsLeft, actor }: EarlierSettings,
  { store, sources, logger }: TakeOverDeps,
): Promise<{ latest: SettingsVersion | null; due: Readonly<Record<string, unknown>> }> {
  const versions: SettingsVersion[] = []
  for await (const version of versionsBack(store)) versions.push(version)
  const [latest = null] = versions
  // Until now they counted below whatever there is.
  const isFirst = latest === null || areSecretsLeft
  if (versions.every((version) => version.actor !== actor)) {
    if (!isFirst) tellOfLeft(values, latest.given, logger)
    return { latest, due: isFirst ? values : {} }
  }
  if (versions.some(({ given }) => Object.values(given).some(isSealed))) return { latest, due: {} }
  const secrets = new Set(
    earlierSettings(sources.definitions).flatMap(({ name, setting }) => (setting.secret ? [name] : [])),
  )
  return { latest, due: Object.fromEntries(Object.entries(values).filter(([name]) => secrets.has(name))) }
}

const isSealed = (value: GivenSetting): boolean => typeof value === 'object'

/** Whether they ever counted beside what the desk says cannot be known: so nobody brings them back in silence. */
function tellOfLeft(values: EarlierSettings['values'], given: GivenSettings, logger: Logger): void {
  const settings = Object.keys(values).filter((name) => !Object.hasOwn(given, name))
  if (settings.length > 0) logger.warn('settings.left_in_form', { settings, explanation: LEFT })
}

const LEFT =
  'These stand in the form of an earlier version and count for nothing: operators have set others in the desk since. Set there what is still wanted; installing bank-withdrawal.json takes the old form away.'
