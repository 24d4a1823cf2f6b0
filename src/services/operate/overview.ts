import type { FigureStore, Oldest } from '../../db/figures'
import type { FloatStore, FundingCall } from '../../db/float'
import type { OpenDifference, OutcomeTally, Standing, Store, StoredWithdrawal } from '../../db/store'
import type { Clock } from '../../ports/clock'
import type { ProviderDirectory } from '../payouts/directory'
import type { ProviderWord, ProviderWords } from './provider-words'
import type { ProviderControl, ProviderOverview } from './providers'

/** What a person has to know first, in one answer. */
export interface Overview {
  readonly at: Date
  /** The oldest of what waits for a person. */
  readonly asking: readonly StoredWithdrawal[]
  readonly differences: { readonly count: number; readonly oldest: readonly OpenDifference[] }
  readonly standing: readonly Standing[]
  /** Of what has not ended. */
  readonly oldest: readonly Oldest[]
  /** Open ones; the one that is needed first comes first. */
  readonly fundingCalls: readonly FundingCall[]
  readonly providers: readonly ProviderSight[]
  /** The last 24 hours by the hour, and the last 30 days by the day. */
  readonly hours: readonly OutcomeTally[]
  readonly days: readonly OutcomeTally[]
}

export interface ProviderSight extends ProviderOverview {
  /** When its next batch leaves; null where payouts leave one by one, and where its schedule never comes. */
  readonly nextRunAt: Date | null
  readonly word: ProviderWord | null
}

export interface OverviewDeps {
  readonly store: Pick<Store, 'listAsking' | 'listOpenDifferences' | 'readStanding' | 'readOutcomes'>
  readonly figures: Pick<FigureStore, 'readOldest'>
  readonly floats: Pick<FloatStore, 'listCalls'>
  readonly control: Pick<ProviderControl, 'list'>
  readonly words: ProviderWords
  readonly providers: ProviderDirectory
  readonly nextRunOf: (provider: { name: string }, from: Date) => Date | null
  /** Whether a person credits what came back. */
  readonly returnsNeedApproval: boolean
  readonly clock: Pick<Clock, 'now'>
}

/** More than that many questions are a list of their own. */
const QUESTIONS_SHOWN = 50
/** One for each account at most. */
const CALLS_SHOWN = 50

/** Costs the same however many withdrawals there are: counters and the ends of indexes, never a scan. */
export const createOverview = (deps: OverviewDeps) => async (): Promise<Overview> => {
  const { store, control, words, providers, nextRunOf, clock } = deps
  const now = clock.now()
  const sights = async () =>
    Promise.all(
      (await control.list()).map(async (provider) => {
        const known = providers.named(provider.name)
        return {
          ...provider,
          nextRunAt: provider.mode === 'batch' ? nextRunOf(provider, now) : null,
          word: known ? await words.of(known) : null,
        }
      }),
    )
  const [asking, differences, standing, oldest, calls, seen, hours, days] = await Promise.all([
    store.listAsking({ limit: QUESTIONS_SHOWN, withReturns: deps.returnsNeedApproval }),
    store.listOpenDifferences(QUESTIONS_SHOWN),
    store.readStanding(),
    deps.figures.readOldest(),
    deps.floats.listCalls(CALLS_SHOWN),
    sights(),
    store.readOutcomes({ hours: 23, span: 'hour' }),
    store.readOutcomes({ hours: 29 * 24, span: 'day' }),
  ])
  const fundingCalls = calls
    .filter(({ closedAt }) => closedAt === null)
    .sort((a, b) => a.neededBy.getTime() - b.neededBy.getTime())
  return { at: now, asking, differences, standing, oldest, fundingCalls, providers: seen, hours, days }
}
