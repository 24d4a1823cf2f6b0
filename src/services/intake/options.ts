import type { Store } from '../../db/store'
import { type Method, METHODS } from '../../domain/destination'
import type { FeeMode } from '../../domain/fee'
import { boundsOf, type Policy, type PolicyInForce } from '../../domain/policy'
import type { PayoutMode } from '../../domain/withdrawal'
import type { Clock } from '../../ports/clock'
import type { Exchange, ExchangeCurrency } from '../../ports/exchange'
import type { PaymentProvider } from '../../ports/payment-provider'
import { type ExpectationDeps, leavesAt } from './expected'
import { amountRules, providerFor } from './routing'

/** What a client needs to show a withdrawal form for one currency. */
export interface CurrencyOptions {
  readonly currency: string
  readonly name: string
  readonly methods: readonly MethodOptions[]
  /** Why nothing is accepted now, in a sentence for users; null where it is. */
  readonly stopped: string | null
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
  /** From a request made now until the money comes, the wait for the next batch included. */
  readonly expectedMs: number
}

export interface OptionsDeps {
  readonly store: Pick<Store, 'readStop'>
  readonly policy: () => Promise<PolicyInForce>
  readonly exchange: Exchange
  readonly providers: readonly PaymentProvider[]
  readonly modeOf: (provider: PaymentProvider) => PayoutMode
  readonly scheduleOf: (provider: PaymentProvider) => string
  readonly nextRunOf: ExpectationDeps['nextRunOf']
  readonly clock: Pick<Clock, 'now'>
  readonly feeMode: FeeMode
}

export const createOptions = (deps: OptionsDeps) => async (): Promise<readonly CurrencyOptions[]> => {
  const { isStopped, message } = await deps.store.readStop()
  const { policy } = await deps.policy()
  const currencies = await deps.exchange.listCurrencies()
  return currencies
    .filter(({ isFiat, withdrawalsAllowed }) => isFiat && withdrawalsAllowed)
    .map((currency) => ({
      currency: currency.symbol,
      name: currency.fullName,
      methods: METHODS.flatMap((method) => optionsOf(deps, currency, method, policy)),
      stopped: isStopped ? message : null,
    }))
    .filter(({ methods }) => methods.length > 0)
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
  const waitMs = leavesAt(deps, provider, mode, now).getTime() - now.getTime()
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
      expectedMs: waitMs + provider.capabilities.expectedMs,
    },
  ]
}
