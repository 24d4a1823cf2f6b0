import type { SettingsStore } from '../db/settings-versions'
import type { Logger } from '../ports/logger'
import { draftOf } from '../services/settings/draft'
import type { SettingSecrets } from '../services/settings/secrets'
import { earlierSettings } from '../settings/desk'
import { compose, type CompositionSources } from './composition'

/** Settings of an installation from before they were set in the desk. */
export interface EarlierSettings {
  /** By full name. */
  readonly values: Readonly<Record<string, unknown>>
  /** In whose name, and why, they become the first version. */
  readonly actor: string
  readonly reason: string
}

export interface TakeOverDeps {
  readonly store: Pick<SettingsStore, 'latestVersion' | 'save'>
  readonly secrets: SettingSecrets
  readonly sources: CompositionSources
  readonly logger: Logger
}

/**
 * Makes them the first version, once: where there is a version, they count for nothing any more.
 *
 * @returns Why they could not be taken over; empty where they were, or had been. Two instances that start at the same
 *   moment make one version.
 */
export async function takeOver(earlier: EarlierSettings, deps: TakeOverDeps): Promise<readonly string[]> {
  const { store, secrets, sources, logger } = deps
  if (Object.keys(earlier.values).length === 0 || (await store.latestVersion()) > 0) return []
  const fixedAs = () => null
  const draft = draftOf({}, earlier.values, {
    table: earlierSettings(sources.definitions),
    fixedAs,
    canSeal: secrets.canSeal,
  })
  const { problems: together } = compose(sources, { ...draft.given, ...draft.secrets })
  const problems = [...draft.problems.map(({ message }) => message), ...together]
  if (problems.length > 0) {
    logger.error('settings.not_taken_over', { problems })
    return problems.map((problem) => `the earlier settings were not taken over: ${problem}`)
  }
  const kept: Record<string, { secret: string }> = {}
  for (const [name, text] of Object.entries(draft.secrets))
    kept[name] = { secret: await secrets.keep(name, text) }
  const { actor, reason } = earlier
  const given = { ...draft.given, ...kept }
  const saved = await store.save({
    madeFrom: 0,
    given,
    undoneTo: null,
    actor,
    reason,
    changed: draft.changed,
  })
  if (saved) logger.warn('settings.taken_over', { version: saved.version, settings: draft.changed })
  return []
}
