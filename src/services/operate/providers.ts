import type { ProviderState, Store } from '../../db/store'
import type { Method } from '../../domain/destination'
import { AppError } from '../../errors'
import type { Logger } from '../../ports/logger'
import type { ProviderDirectory } from '../payouts/directory'

/** A provider as an operator sees it. */
export interface ProviderOverview {
  readonly name: string
  readonly mode: 'immediate' | 'batch'
  readonly schedule: string
  readonly methods: readonly Method[]
  readonly batchItemsMax: number | null
  readonly paused: Pick<ProviderState, 'reason' | 'actor' | 'updatedAt'> | null
  /** Of the operator's decisions; sent back with the next one. */
  readonly version: number
  /** It did not answer for a while; this instance calls it again in so many milliseconds. */
  readonly silentForMs: number
}

export interface ProviderControl {
  list(): Promise<readonly ProviderOverview[]>
  /** @throws {AppError} `provider_not_found`. */
  find(name: string): Promise<ProviderOverview>
  /** @throws {AppError} `provider_not_found`; `changed_meanwhile` when somebody has decided since `version`. */
  setPaused(decision: PauseDecision): Promise<ProviderOverview>
}

export interface PauseDecision {
  readonly provider: string
  readonly isPaused: boolean
  readonly reason: string
  readonly actor: string
  /** What the operator saw; null for whatever it is now. */
  readonly version: number | null
}

export interface ProviderControlDeps {
  readonly store: Pick<Store, 'readProviderStates' | 'setProviderPaused'>
  readonly providers: ProviderDirectory
  readonly plans: {
    modeOf(provider: { name: string }): 'immediate' | 'batch'
    scheduleOf(provider: { name: string }): string
  }
  readonly silentForMs: (provider: string) => number
  readonly logger: Logger
}

export function createProviderControl(deps: ProviderControlDeps): ProviderControl {
  const { store, providers, plans, silentForMs, logger } = deps

  async function list(): Promise<readonly ProviderOverview[]> {
    const states = new Map((await store.readProviderStates()).map((state) => [state.provider, state]))
    return providers.all.map((provider) => {
      const state = states.get(provider.name)
      return {
        name: provider.name,
        mode: plans.modeOf(provider),
        schedule: plans.scheduleOf(provider),
        methods: provider.capabilities.methods,
        batchItemsMax: provider.capabilities.batch?.maxItems ?? null,
        paused: state?.isPaused ? state : null,
        version: state?.version ?? 0,
        silentForMs: Math.ceil(silentForMs(provider.name)),
      }
    })
  }

  const find = async (name: string): Promise<ProviderOverview> => {
    const found = (await list()).find((provider) => provider.name === name)
    if (!found) throw new AppError('provider_not_found', 'There is no provider of this name.')
    return found
  }

  return {
    list,
    find,
    async setPaused({ version: seen, ...decision }) {
      const { version } = await find(decision.provider)
      const decided = await store.setProviderPaused({ ...decision, version: seen ?? version })
      if (!decided)
        throw new AppError(
          'changed_meanwhile',
          'Somebody else has decided over this provider meanwhile. Look again.',
        )
      logger.warn(decision.isPaused ? 'provider.paused' : 'provider.resumed', {
        provider: decision.provider,
        actor: decision.actor,
      })
      return find(decision.provider)
    },
  }
}
