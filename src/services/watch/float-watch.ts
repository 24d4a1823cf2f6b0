import type { FloatPlace, FloatStore, StoredFloat } from '../../db/float'
import type { NoticeStore } from '../../db/notices'
import { fundingNeed, levelOf } from '../../domain/float'
import { CURRENCY_SYMBOL } from '../../domain/identifiers'
import { readDecimal } from '../../domain/money'
import { errorFields } from '../../errors'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { PaymentProvider } from '../../ports/payment-provider'
import { withDeadline } from '../../runtime/deadline'

export interface FloatWatchDeps {
  readonly store: FloatStore
  readonly providers: readonly PaymentProvider[]
  /** When what waits leaves next. */
  readonly leavesAt: (provider: string, now: Date) => Date
  /** Tells operators who are not looking. */
  readonly notices: Pick<NoticeStore, 'raise' | 'clear'>
  readonly clock: Clock
  readonly logger: Logger
  readonly settings: { readonly fundingLeadDays: number; readonly fundingCoverDays: number }
}

const subjectOf = ({ provider, currency }: FloatPlace): string => `float:${provider}:${currency}`

/** Providers count how often they are asked; of many instances one asks. */
const ASK_EVERY_SECONDS = 50

/**
 * Asks the providers what their accounts hold, and calls for funds before what is there runs out; a call is closed when
 * there is enough. Never throws.
 */
export function createFloatWatch(deps: FloatWatchDeps): () => Promise<void> {
  const { store, providers, clock, logger } = deps

  async function ask(provider: PaymentProvider): Promise<void> {
    if (!provider.balances || !(await store.takeTurn(provider.name, ASK_EVERY_SECONDS))) return
    // Before the question: what leaves meanwhile may or may not be in the answer, and is taken to be missing from it.
    const left = await store.leftTo(provider.name)
    const told = await withDeadline(clock, provider.capabilities.timeoutMs, 'balances', async () =>
      provider.balances?.(),
    )
    for (const { currency, available } of Array.isArray(told) ? told : []) {
      const amount = readDecimal(available)
      if (typeof currency !== 'string' || !CURRENCY_SYMBOL.test(currency) || amount === null) {
        logger.warn('float.unreadable', { provider: provider.name })
        continue
      }
      const word = { available: amount, leftThen: left[currency] ?? '0' }
      await store.keepWord({ provider: provider.name, currency }, word)
    }
  }

  async function call(float: StoredFloat): Promise<void> {
    const { provider: name, currency, queued, now } = float
    const place = { provider: name, currency }
    const provider = providers.find((known) => known.name === name)
    const level = levelOf(float)
    if (!provider || !level || level.isOld) {
      if (!(await store.closeCall(place, 'unknown'))) return
      logger.warn('float.unknown', place)
      return deps.notices.clear('float', subjectOf(place))
    }
    const { fundingLeadDays: leadDays, fundingCoverDays: coverDays } = deps.settings
    const { available } = level
    const demand = await store.readDemand(place)
    const leavesAt = deps.leavesAt(name, now)
    const need = fundingNeed({ now, available, queued, leavesAt, demand, leadDays, coverDays })
    if (!need) {
      if (!(await store.closeCall(place, 'funded'))) return
      logger.info('float.funded', { ...place, available })
      return deps.notices.clear('float', subjectOf(place))
    }
    const { amount, neededBy, expected } = need
    const account = provider.fundingAccount?.(currency) ?? null
    const made = { ...place, account, amount, neededBy, available, queued, expected }
    const { isNew } = await store.callForFunds(made)
    const facts = { ...place, amount, neededBy: neededBy.toISOString() }
    if (isNew) logger.warn('float.funding_call', facts)
    await deps.notices.raise({
      ...{ kind: 'float', about: name, subject: subjectOf(place) },
      facts: { ...facts, account, available, queued },
    })
  }

  const safely = (what: string, fields: object, work: () => Promise<unknown>): Promise<void> =>
    work().then(
      () => {},
      (error: unknown) => {
        logger.warn(what, { ...fields, ...errorFields(error) })
      },
    )

  return async () => {
    for (const provider of providers)
      await safely('float.unasked', { provider: provider.name }, () => ask(provider))
    await safely('float.unwatched', {}, async () => {
      await store.forgetMoved()
      for (const float of await store.readFloats()) {
        const place: FloatPlace = { provider: float.provider, currency: float.currency }
        await safely('float.unwatched', place, () => call(float))
      }
    })
  }
}
