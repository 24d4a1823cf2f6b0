import { nameInCode, type NameOf } from '../domain/setting-names'
import { ConfigError } from '../errors'
import type { PaymentProvider } from '../ports/payment-provider'
import { nextRun } from '../runtime/next-run'
import type { ProviderDirectory } from '../services/payouts/directory'
import type { Config } from '../settings/plugin'

/** When and how the payouts of a provider leave. */
export interface PayoutPlans {
  modeOf(provider: Pick<PaymentProvider, 'name'>): 'immediate' | 'batch'
  scheduleOf(provider: Pick<PaymentProvider, 'name'>): string
  /** When its batches leave next, after `from`; null where their schedule never comes. */
  nextRunOf(provider: Pick<PaymentProvider, 'name'>, from: Date): Date | null
}

/** @throws {ConfigError} A plan is for a provider that is not there: payouts would leave another way than was meant. */
export function createPayoutPlans(
  config: Config,
  providers: ProviderDirectory,
  nameOf: NameOf = nameInCode,
): PayoutPlans {
  const { mode, modes, schedule, schedules, scheduleTimezone } = config
  const problems = Object.entries({ modes, schedules }).flatMap(([setting, byName]) =>
    Object.keys(byName)
      .filter((name) => !providers.named(name))
      .map((name) => `${nameOf(setting)} names a provider that is not configured: ${name}`),
  )
  if (problems.length > 0) throw new ConfigError(problems)
  const scheduleOf: PayoutPlans['scheduleOf'] = ({ name }) =>
    (Object.hasOwn(schedules, name) ? schedules[name] : undefined) ?? schedule
  return {
    modeOf: ({ name }) => (Object.hasOwn(modes, name) ? modes[name] : undefined) ?? mode,
    scheduleOf,
    nextRunOf: (provider, from) => nextRun(scheduleOf(provider), scheduleTimezone, from),
  }
}
