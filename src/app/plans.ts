import { ConfigError } from '../errors'
import type { PaymentProvider } from '../ports/payment-provider'
import type { ProviderDirectory } from '../services/payouts/directory'
import type { Config } from '../settings/plugin'

/** When and how the payouts of a provider leave. */
export interface PayoutPlans {
  modeOf(provider: Pick<PaymentProvider, 'name'>): 'immediate' | 'batch'
  scheduleOf(provider: Pick<PaymentProvider, 'name'>): string
}

/** @throws {ConfigError} A plan is for a provider that is not there: payouts would leave another way than was meant. */
export function createPayoutPlans(config: Config, providers: ProviderDirectory): PayoutPlans {
  const { mode, modes, schedule, schedules } = config
  const problems = Object.entries({ modes, schedules }).flatMap(([setting, byName]) =>
    Object.keys(byName)
      .filter((name) => !providers.named(name))
      .map((name) => `${setting} names a provider that is not configured: ${name}`),
  )
  if (problems.length > 0) throw new ConfigError(problems)
  return {
    modeOf: ({ name }) => (Object.hasOwn(modes, name) ? modes[name] : undefined) ?? mode,
    scheduleOf: ({ name }) => (Object.hasOwn(schedules, name) ? schedules[name] : undefined) ?? schedule,
  }
}
