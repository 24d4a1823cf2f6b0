import type { Store } from '../../db/store'
import { maskDestination, type Method, METHODS } from '../../domain/destination'
import type { FeeMode } from '../../domain/fee'
import { isLess, subtract } from '../../domain/money'
import { boundsOf, limitsFor, type Policy, type PolicyInForce } from '../../domain/policy'
import type { PayoutMode } from '../../domain/withdrawal'
import type { Clock } from '../../ports/clock'
import type { Exchange, ExchangeCurrency, ExchangeUser } from '../../ports/exchange'
import type { PaymentProvider } from '../../ports/payment-provider'
import { type ArrivalDeps, arrivalOf } from './expected'
import { ask, findUser, isPaidTo } from './intake'
import { amountRules, providerFor } from './routing'

/** What a client needs to show a withdrawal form for one currency to one user. */
export interface CurrencyOptions {
  readonly currency: string
  readonly name: string
  readonly methods: readonly MethodOptions[]
  /** Why nothing is accepted now, in a sentence for users; null where it is. */
  readonly stopped: string | null
  /** What the user can spend, as a decimal. */
  readonly available: string
  /** `stored`: only to `accounts` that are verified. */
  readonly destinations: 'any' | 'stored'
  readonly accounts: readonly AccountOption[]
  readonly limits: readonly LimitLeft[]
  readonly isCodeAsked: boolean
  /** How long the first withdrawal to an account that is new to the user waits; 0: not at all. */
  readonly coolingOffHours: number
}

/** An account that is stored at the exchange, as much of it as its owner needs to know it. */
export interface AccountOption {
  readonly id: string
  readonly method: Method
  readonly isVerified: boolean
  readonly masked: string
  readonly bank: string | null
  readonly accountHolder: string | null
  /** The two letters an IBAN begins with. */
  readonly country: string | null
}

/** What is left of one of the user's own limits. What lies above one that only lets a person look is nobody's to know. */
export interface LimitLeft {
  readonly per: 'day' | 'month'
  readonly amount: string | null
  readonly amountLeft: string | null
  readonly count: number | null
  readonly countLeft: number | null
  readonly resetsAt: Date
}

export interface MethodOptions {
  readonly method: Method
  readonly provider: string
  readonly destinationFields: readonly string[]
  readonly decimals: number
  readonly increment: string | null
  readonly min: string | null
  readonly max: string | null
  readonly fee: string
  readonly feeMode: FeeMode
  readonly mode: PayoutMode
  /** When payouts leave, as a cron expression; null when each leaves at once. */
  readonly schedule: string | null
  /** Until when the money of a request that is made now comes: the next batch, cut-off and bank holidays counted. */
  readonly arrivesBy: Date
  /** The same for an account that is new to the user, where that waits. */
  readonly arrivesByIfNew: Date | null
  readonly expectedMs: number
}

export interface OptionsDeps extends ArrivalDeps {
  readonly store: Pick<Store, 'readStop' | 'usedByUser'>
  readonly policy: () => Promise<PolicyInForce>
  readonly exchange: Exchange
  readonly providers: readonly PaymentProvider[]
  readonly modeOf: (provider: PaymentProvider) => PayoutMode
  readonly scheduleOf: (provider: PaymentProvider) => string
  readonly clock: Pick<Clock, 'now'>
  readonly feeMode: FeeMode
  readonly destinations: 'any' | 'stored'
}

/** @throws {AppError} `user_not_found`, `user_lookup_failed`; `exchange_unavailable` where it does not answer. */
export const createOptions =
  (deps: OptionsDeps) =>
  async (userId: number): Promise<readonly CurrencyOptions[]> => {
    const [{ isStopped, message }, { policy }, currencies, user] = await Promise.all([
      deps.store.readStop(),
      deps.policy(),
      ask(deps.exchange.listCurrencies()),
      findUser(deps.exchange, userId),
    ])
    const offered = currencies
      .filter(({ isFiat, withdrawalsAllowed }) => isFiat && withdrawalsAllowed)
      .map((currency) => ({
        currency,
        methods: METHODS.flatMap((method) => optionsOf(deps, currency, method, policy)),
      }))
      .filter(({ methods }) => methods.length > 0)
    return Promise.all(
      offered.map(async ({ currency, methods }) => ({
        currency: currency.symbol,
        name: currency.fullName,
        methods,
        stopped: isStopped ? message : null,
        available: await ask(deps.exchange.availableBalance(userId, currency.symbol)),
        destinations: deps.destinations,
        accounts: accountsOf(user, currency, methods),
        limits: await limitsLeft(deps, userId, policy, currency.symbol),
        isCodeAsked: user.otpEnabled,
        coolingOffHours: policy.coolingOffHours,
      })),
    )
  }

function optionsOf(
  deps: OptionsDeps,
  currency: ExchangeCurrency,
  method: Method,
  policy: Policy,
): MethodOptions[] {
  const provider = providerFor(deps.providers, method, currency.symbol)
  if (!provider) return []
  const { decimals, increment, min, max } = amountRules(
    currency,
    provider,
    boundsOf(policy, { currency: currency.symbol, method }),
  )
  const mode = deps.modeOf(provider)
  const now = deps.clock.now()
  const arrival = arrivalOf(deps, provider, { mode, from: now, coolingOffHours: policy.coolingOffHours })
  return [
    {
      method,
      provider: provider.name,
      destinationFields: provider.capabilities.destinationFields[method] ?? [],
      decimals,
      increment,
      min,
      max,
      fee: currency.fee,
      feeMode: deps.feeMode,
      mode,
      schedule: mode === 'batch' ? deps.scheduleOf(provider) : null,
      ...arrival,
      expectedMs: arrival.arrivesBy.getTime() - now.getTime(),
    },
  ]
}

/** Those that this currency is paid to; whoever has one that waits to be verified is not to wonder where it is. */
const accountsOf = (
  { bankAccounts }: ExchangeUser,
  currency: ExchangeCurrency,
  methods: readonly MethodOptions[],
): AccountOption[] =>
  bankAccounts.flatMap(({ id, verified, type, destination }) => {
    if (!destination || (type !== null && !isPaidTo(currency, type))) return []
    if (!methods.some(({ method }) => method === destination.method)) return []
    const isBank = destination.method === 'BANK'
    return [
      {
        ...{ id, method: destination.method, isVerified: verified, masked: maskDestination(destination) },
        bank: (isBank && destination.bank) || null,
        accountHolder: (isBank && destination.accountHolder) || null,
        country: isBank ? (/^[A-Z]{2}(?=\d)/.exec(destination.iban)?.[0] ?? null) : null,
      },
    ]
  })

async function limitsLeft(
  { store }: Pick<OptionsDeps, 'store'>,
  userId: number,
  policy: Policy,
  currency: string,
): Promise<LimitLeft[]> {
  const rules = limitsFor(policy, currency).filter(({ of, then }) => of === 'user' && then === 'refuse')
  const used = await store.usedByUser(userId, rules)
  return rules.flatMap(({ per, amount, count }, place) => {
    const so = used[place]
    if (!so) return []
    return [
      {
        ...{ per, amount, count, resetsAt: so.resetsAt },
        amountLeft: amount === null ? null : isLess(amount, so.amount) ? '0' : subtract(amount, so.amount),
        countLeft: count === null ? null : Math.max(0, count - so.count),
      },
    ]
  })
}
