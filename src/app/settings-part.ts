import type { SettingsStore } from '../db/settings-versions'
import { nameInCode } from '../domain/setting-names'
import type { Approvals } from '../services/operate/approvals'
import type { SettingSecrets } from '../services/settings/secrets'
import {
  type Candidate,
  type ComposedCandidate,
  createSettingsDesk,
  type SettingsDesk,
} from '../services/settings/settings'
import { tryProvider } from '../services/settings/trial'
import { type DeskSetting, isSet, type SettingLayers } from '../settings/desk'
import { compose, type CompositionSources, type Parts } from './composition'
import type { Wired } from './wired'

/** Where fixed settings were given. */
export type FixedIn = 'code' | 'environment' | 'kit'

/** What the desk needs of the program to show settings, to try them and to have them take effect. */
export interface SettingsPart {
  readonly store: SettingsStore
  readonly secrets: SettingSecrets
  readonly sources: CompositionSources
  readonly table: readonly DeskSetting[]
  readonly fixedIn: FixedIn
  readonly nameOf: (name: string) => string
  applied(): AppliedParts
  /** Takes up the latest version. Never throws: what cannot work is in `applied().problems`. */
  apply(): Promise<void>
}

export interface AppliedParts {
  readonly version: number
  readonly problems: readonly string[]
  readonly parts: Parts
}

/** What a setting is called where it is fixed; null where it is not. */
const fixedAsOf =
  ({ sources, nameOf }: Pick<SettingsPart, 'sources' | 'nameOf'>) =>
  (name: string): string | null =>
    isSet(sources.fixed[name]) ? nameOf(name) : null

/** What counts as set where, with these values of operators. */
const layersOf = (
  { sources, applied }: SettingsPart,
  stored: Readonly<Record<string, unknown>>,
): SettingLayers => ({
  ...{ fixed: sources.fixed, stored },
  defaults: sources.defaults(applied().parts.providers.all),
})

export function createSettingsDeskOf(
  { clock, random, logger, config }: Wired,
  part: SettingsPart,
  approvals: () => Pick<Approvals, 'propose'>,
): SettingsDesk {
  const { store, secrets, sources, table, apply } = part
  const candidateOf = createCandidateOf(() => clock.now())
  return createSettingsDesk({
    ...{ store, secrets, apply, approvals, logger },
    view: {
      ...{ table, fixedAs: fixedAsOf(part), layers: (stored) => layersOf(part, stored) },
      titles: Object.fromEntries(sources.definitions.map(({ name, title }) => [name, title])),
    },
    compose(values): ComposedCandidate {
      const { parts, problems } = compose(sources, values, nameInCode)
      return parts ? { candidate: candidateOf(parts), problems: [] } : { candidate: null, problems }
    },
    tryProvider: (provider) => tryProvider(provider, { clock, random, logger }),
    applied() {
      const { version, problems, parts } = part.applied()
      return { version, problems, candidate: candidateOf(parts) }
    },
    needsSecond: config.operators === 'several',
  })
}

const RUNS_SHOWN = 5

const createCandidateOf =
  (now: () => Date) =>
  ({ config, providers, plans, made }: Parts): Candidate => ({
    providers: made.length > 0 ? made : providers.all,
    operatorRoles: config.operatorRoles,
    plans: providers.all.map((provider) => ({
      provider: provider.name,
      mode: plans.modeOf(provider),
      schedule: plans.scheduleOf(provider),
      timezone: config.scheduleTimezone,
      nextRuns: nextRuns((from) => plans.nextRunOf(provider, from), now()),
    })),
  })

/** None where it never comes. */
function nextRuns(after: (from: Date) => Date | null, now: Date): readonly Date[] {
  const runs: Date[] = []
  for (let next = after(now); next !== null && runs.length < RUNS_SHOWN; next = after(next)) runs.push(next)
  return runs
}
