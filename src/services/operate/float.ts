import type { FloatStore, FundingCall, StoredFloat } from '../../db/float'
import { type FloatLevel, levelOf } from '../../domain/float'
import { isLess } from '../../domain/money'
import type { PayoutMode } from '../../domain/withdrawal'
import { AppError } from '../../errors'
import type { Exchange } from '../../ports/exchange'
import type { Logger } from '../../ports/logger'
import type { PaymentProvider } from '../../ports/payment-provider'
import type { ProviderDirectory } from '../payouts/directory'

/** An account that payouts leave from, as an operator sees it. */
export interface FloatSight extends StoredFloat {
  /** null where nobody ever said what is there. */
  readonly level: FloatLevel | null
  /** What waits is more than what is there. */
  readonly isShort: boolean
  readonly account: string | null
  /** Whether the provider says so itself. */
  readonly isTold: boolean
  /** null for a provider that is not configured any more. */
  readonly mode: PayoutMode | null
  /** null where payouts leave one by one, and where the schedule of the batches never comes. */
  readonly nextRunAt: Date | null
}

export interface FloatDesk {
  list(): Promise<readonly FloatSight[]>
  calls(): Promise<readonly FundingCall[]>
  /** @throws {AppError} `provider_not_found`, `unsupported_currency`, `changed_meanwhile`. */
  enter(entry: EnteredFloat): Promise<FloatSight>
}

export interface EnteredFloat {
  readonly provider: string
  readonly currency: string
  readonly available: string
  readonly actor: string
  readonly reason: string
  /** What the operator saw; null for whatever it is now. */
  readonly version: number | null
}

export interface FloatDeskDeps {
  readonly store: Pick<FloatStore, 'readFloats' | 'listCalls' | 'enter'>
  readonly providers: ProviderDirectory
  readonly exchange: Pick<Exchange, 'findCurrency'>
  readonly plans: {
    modeOf(provider: { name: string }): PayoutMode
    nextRunOf(provider: { name: string }, from: Date): Date | null
  }
  /** This instance holds payouts against it from now on. */
  readonly entered: () => Promise<void>
  readonly logger: Logger
}

const CALLS_SHOWN = 50

export function createFloatDesk(deps: FloatDeskDeps): FloatDesk {
  const { store, providers, plans, logger } = deps

  function sight(float: StoredFloat): FloatSight {
    const provider = providers.named(float.provider)
    const level = levelOf(float)
    const mode = provider && plans.modeOf(provider)
    return {
      ...float,
      level,
      isShort: level !== null && !level.isOld && isLess(level.available, float.queued),
      account: provider?.fundingAccount?.(float.currency) ?? null,
      isTold: provider?.balances !== undefined,
      mode,
      nextRunAt: provider && mode === 'batch' ? plans.nextRunOf(provider, float.now) : null,
    }
  }

  /** An exchange that does not answer keeps nobody from saying what is on an account. */
  async function isPaidIn(
    { capabilities: { currencies } }: PaymentProvider,
    currency: string,
  ): Promise<boolean> {
    if (currencies !== 'any') return Object.hasOwn(currencies, currency)
    const found = await deps.exchange.findCurrency(currency).catch(() => undefined)
    return found === undefined || found?.isFiat === true
  }

  return {
    list: async () => (await store.readFloats()).map(sight),
    calls: () => store.listCalls(CALLS_SHOWN),
    async enter({ version, ...entry }) {
      const { provider: name, currency, available, actor } = entry
      const provider = providers.named(name)
      if (!provider) throw new AppError('provider_not_found', 'There is no provider of this name.')
      if (!(await isPaidIn(provider, currency)))
        throw new AppError('unsupported_currency', `${name} does not pay in ${currency.toUpperCase()}.`)
      const place = { provider: name, currency }
      const [now] = await store.readFloats(place)
      const seen = version ?? now?.entry?.version ?? 0
      const entered = await store.enter(place, { ...entry, version: seen })
      if (!entered)
        throw new AppError('changed_meanwhile', 'Somebody else has entered this float meanwhile. Look again.')
      await deps.entered()
      logger.info('float.entered', { ...place, available, actor })
      const [after] = await store.readFloats(place)
      if (!after) throw new Error('What was entered is not there.')
      return sight(after)
    },
  }
}
