import type {
  GivenSettings,
  NewSettingsVersion,
  SettingsStore,
  SettingsVersion,
} from '../../db/settings-versions'
import { AppError } from '../../errors'
import type { Logger } from '../../ports/logger'
import type { PaymentProvider } from '../../ports/payment-provider'
import type { Approvals, Carrier } from '../operate/approvals'
import type { Decided } from '../operate/decisions'
import { createCarrier } from './carrier'
import { type Changes, type Draft, draftOf, type SettingProblem } from './draft'
import { stillWith } from './payers'
import type { SettingSecrets } from './secrets'
import type { Trial } from './trial'
import {
  changesBetween,
  type SettingChange,
  type SettingGroupView,
  type ViewDeps,
  viewOf,
  withChanges,
} from './view'

/** What settings would make of the program, as far as operators have to know before they save them. */
export interface Candidate {
  readonly providers: readonly PaymentProvider[]
  readonly operatorRoles: readonly string[]
  readonly plans: readonly ProviderPlan[]
}

/** When payouts of a provider leave. */
export interface ProviderPlan {
  readonly provider: string
  readonly mode: 'immediate' | 'batch'
  readonly schedule: string
  readonly timezone: string
  /** None where the schedule never comes. */
  readonly nextRuns: readonly Date[]
}

/** The version that this instance works with, and why it is not the latest where it is not. */
export interface Applied {
  readonly version: number
  readonly problems: readonly string[]
  readonly candidate: Candidate
}

export interface SettingsDeps {
  readonly store: SettingsStore
  readonly secrets: SettingSecrets
  readonly view: Omit<ViewDeps, 'isOn'>
  /** Has no effect. Secrets in clear. */
  readonly compose: (values: Readonly<Record<string, unknown>>) => ComposedCandidate
  readonly tryProvider: (provider: PaymentProvider) => Promise<Trial>
  readonly applied: () => Applied
  /** Takes up the latest version here; the others find it by themselves. Never throws. */
  readonly apply: () => Promise<void>
  /** Whether another operator has to confirm what one wants. */
  readonly needsSecond: boolean
  readonly approvals: () => Pick<Approvals, 'propose'>
  readonly logger: Logger
}

export type ComposedCandidate =
  | { readonly candidate: Candidate; readonly problems: readonly [] }
  | { readonly candidate: null; readonly problems: readonly string[] }

/** What somebody wants to have tried, or saved. */
export interface SettingsWish {
  /** The version that was shown. */
  readonly version: number
  readonly changes: Changes
  readonly actor: string
  /** Of the person at the exchange; whoever would lose the way in does not save. */
  readonly roles: readonly string[]
}

export interface SettingsDecision extends SettingsWish {
  readonly reason: string
  /** Saved though a provider could not be asked, or said no. */
  readonly untried: boolean
}

export interface UndoDecision extends Omit<SettingsDecision, 'changes'> {
  /** The version whose values are to count again; 0 for none of ours. */
  readonly to: number
}

export interface Tried {
  readonly changed: readonly string[]
  readonly problems: readonly SettingProblem[]
  readonly trials: readonly Trial[]
  readonly plans: readonly ProviderPlan[]
  readonly needsSecond: boolean
}

/** The latest version as it is shown. */
export interface SettingsLook {
  /** null where nobody has set anything. */
  readonly latest: SettingsVersion | null
  readonly applied: Applied
  readonly groups: readonly SettingGroupView[]
  readonly needsSecond: boolean
  /** Whether secrets can be set. */
  readonly canSeal: boolean
}

export type VersionView = SettingsVersion & { readonly changes: readonly SettingChange[] }

/** What operators set, in versions. */
export interface SettingsDesk {
  look(): Promise<SettingsLook>
  /** The latest first. */
  versions(query: { limit: number; before?: number }): Promise<readonly VersionView[]>
  /** Checks the changes and asks the providers they are about. Changes nothing. @throws {AppError} `changed_meanwhile`. */
  try(wish: SettingsWish): Promise<Tried>
  /**
   * @throws {AppError} `invalid_request` with each problem; `settings_not_working` where a provider says no and nobody
   *   has said that it is to be saved all the same; `changed_meanwhile`; `already_proposed`. Nothing was changed.
   */
  save(decision: SettingsDecision): Promise<Decided<SettingsVersion>>
  /** As a new version with the values of an earlier one. @throws {AppError} As `save`. */
  undo(decision: UndoDecision): Promise<Decided<SettingsVersion>>
  readonly carrier: Carrier
}

const SUBJECT = 'settings'

export function createSettingsDesk(deps: SettingsDeps): SettingsDesk {
  const { store, secrets, needsSecond } = deps
  const judge = createJudge(deps)
  const save = createSave(deps)
  const draft = (before: GivenSettings, changes: Changes) =>
    draftOf(before, changes, { ...deps.view, canSeal: secrets.canSeal })

  async function seen(version: number): Promise<GivenSettings> {
    if ((await store.latestVersion()) !== version) throw changedMeanwhile()
    return version === 0 ? {} : ((await store.find(version))?.given ?? {})
  }

  async function decide(decision: Wanted): Promise<Decided<SettingsVersion>> {
    const { version, before, draft: wanted, undoneTo, actor, reason } = decision
    if (wanted.changed.length === 0 && wanted.problems.length === 0) throw nothingChanged()
    const { problems, trials, changed } = await judge(before, wanted, decision.roles)
    if (problems.length > 0) throw notValid(problems)
    const failed = trials.filter(({ ok }) => ok === false)
    if (failed.length > 0 && !decision.untried) throw notWorking(failed)
    const given = { ...wanted.given, ...(await kept(secrets, wanted)) }
    if (!needsSecond)
      return {
        kind: 'done',
        result: await save({ madeFrom: version, given, changed, undoneTo, actor, reason }),
      }
    const content = { given, changed, undoneTo, changes: changesBetween(before, given) }
    const approval = await deps.approvals().propose({
      action: undoneTo === null ? 'settings.change' : 'settings.undo',
      ...{ subjectKind: 'settings', subject: SUBJECT, subjectVersion: version },
      ...{ content, needed: 1, actor, reason },
    })
    return { kind: 'proposed', approval }
  }

  return {
    look: () => look(deps),
    async versions({ limit, before }) {
      // One more than is shown: what the last of them changed is told by the one before it.
      const found = await store.list({ limit: limit + 1, ...(before !== undefined && { before }) })
      return withChanges(found).slice(0, limit)
    },
    async try({ version, changes, roles }) {
      const before = await seen(version)
      const judged = await judge(before, draft(before, changes), roles)
      return { ...judged, needsSecond }
    },
    async save(decision) {
      const before = await seen(decision.version)
      return decide({ ...decision, before, draft: draft(before, decision.changes), undoneTo: null })
    },
    async undo(decision) {
      const before = await seen(decision.version)
      const given = await earlier(deps, decision)
      const changed = changesBetween(before, given).map(({ name }) => name)
      const wanted: Draft = { given, secrets: {}, changed, problems: [] }
      return decide({ ...decision, before, draft: wanted, undoneTo: decision.to })
    },
    carrier: createCarrier(deps, save),
  }
}

/** What is to become the next version, and of which one it was made. */
interface Wanted extends Omit<SettingsDecision, 'changes'> {
  readonly before: GivenSettings
  readonly draft: Draft
  readonly undoneTo: number | null
}

async function look(deps: SettingsDeps): Promise<SettingsLook> {
  const [latest = null] = await deps.store.list({ limit: 1 })
  const applied = deps.applied()
  const isOn = (name: string) => applied.candidate.providers.some((provider) => provider.name === name)
  const groups = viewOf(latest?.given ?? {}, { ...deps.view, isOn })
  return { latest, applied, groups, needsSecond: deps.needsSecond, canSeal: deps.secrets.canSeal }
}

/** What is fixed by now stays out. @throws {AppError} There is no such version. */
async function earlier({ store, view }: SettingsDeps, { to, version }: UndoDecision): Promise<GivenSettings> {
  const found = to === 0 ? null : await store.find(to)
  if (to >= version || (to > 0 && !found))
    throw new AppError('invalid_request', 'There is no such earlier version.')
  return Object.fromEntries(
    Object.entries(found?.given ?? {}).filter(([name]) => view.fixedAs(name) === null),
  )
}

/** What a draft makes of the program, what is against it, and what the providers say that it is about. */
const createJudge = (deps: SettingsDeps) =>
  async function judge(
    before: GivenSettings,
    draft: Draft,
    roles: readonly string[],
  ): Promise<Omit<Tried, 'needsSecond'>> {
    const { values, lost } = await deps.secrets.open(draft.given)
    const { candidate, problems: together } = deps.compose({ ...values, ...draft.secrets })
    const problems: SettingProblem[] = [
      ...draft.problems,
      ...lost.map((name) => ({ name, message: `${name} cannot be opened any more: set it again` })),
      ...together.map((message) => ({ name: null, message })),
      ...(await stillWith(deps, before, draft.given)),
    ]
    if (candidate && !candidate.operatorRoles.some((role) => roles.includes(role))) problems.push(LOCKED_OUT)
    if (candidate) problems.push(...neverLeaving(deps.applied().candidate, candidate))
    const { changed } = draft
    const trials =
      candidate && problems.length === 0
        ? await Promise.all(concerned(deps.applied(), candidate, changed).map(deps.tryProvider))
        : []
    return { changed, problems, trials, plans: candidate?.plans ?? [] }
  }

const LOCKED_OUT: SettingProblem = {
  name: 'operatorRoles',
  message: 'operatorRoles would keep you yourself out: one of your own roles has to be in it',
}

/** What stands like that already is in the way of no other change: it may be fixed where the program is started. */
const neverLeaving = (now: Candidate, { plans }: Candidate): readonly SettingProblem[] =>
  plans
    .filter(({ nextRuns }) => nextRuns.length === 0)
    .filter(
      ({ provider, mode, schedule }) =>
        !now.plans.some(
          (plan) => plan.provider === provider && plan.mode === mode && plan.schedule === schedule,
        ),
    )
    .map(({ provider }) => ({
      name: null,
      message: `the schedule of ${provider} never comes: there is no such day, and its batches would never leave`,
    }))

/** Those that are new, or are reached in another way. */
function concerned(
  applied: Applied,
  candidate: Candidate,
  changed: readonly string[],
): readonly PaymentProvider[] {
  const known = new Set(applied.candidate.providers.map(({ name }) => name))
  return candidate.providers.filter(
    ({ name }) => !known.has(name) || changed.some((setting) => setting.startsWith(`${name}_`)),
  )
}

async function kept(secrets: SettingSecrets, draft: Draft): Promise<GivenSettings> {
  const ids: [string, { secret: string }][] = []
  for (const [name, text] of Object.entries(draft.secrets))
    ids.push([name, { secret: await secrets.keep(name, text) }])
  return Object.fromEntries(ids)
}

const createSave = ({ store, logger, apply }: SettingsDeps) =>
  async function save(version: NewSettingsVersion): Promise<SettingsVersion> {
    const saved = await store.save(version)
    if (!saved) throw changedMeanwhile()
    logger.warn('settings.saved', { version: saved.version, actor: saved.actor, changed: version.changed })
    await apply()
    return saved
  }

const changedMeanwhile = () =>
  new AppError('changed_meanwhile', 'Somebody else has saved other settings meanwhile. Look again.')

const nothingChanged = () => new AppError('invalid_request', 'Nothing is another than before.')

const notValid = (problems: readonly SettingProblem[]): AppError =>
  new AppError('invalid_request', problems.map(({ message }) => message).join('; '), {
    errors: problems.map(({ name, message }) => ({
      ...{ type: 'field', msg: message, location: 'body' },
      path: name === null ? 'values' : `values.${name}`,
    })),
  })

const notWorking = (failed: readonly Trial[]): AppError =>
  new AppError(
    'settings_not_working',
    failed.map(({ provider, message }) => `${provider}: ${message}`).join('; '),
  )
