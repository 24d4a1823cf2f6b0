import { nameInCode, type NameOf } from '../../domain/setting-names'
import { ConfigError } from '../../errors'
import type { PaymentProvider } from '../../ports/payment-provider'

export interface ProviderDirectory {
  readonly all: readonly PaymentProvider[]
  named(name: string): PaymentProvider | null
  /** The longest deadline of any provider's call. */
  readonly timeoutMsMax: number
}

/**
 * The configured providers, checked for what automatic payouts need of them.
 *
 * @throws {ConfigError}
 */
export function createProviderDirectory(
  providers: readonly PaymentProvider[],
  leaseSeconds: number,
  nameOf: NameOf = nameInCode,
): ProviderDirectory {
  const problems = providers.flatMap((provider) => problemsOf(provider, leaseSeconds, nameOf))
  const names = providers.map(({ name }) => name)
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined) problems.push(`two providers are called ${repeated}`)
  if (providers.length === 0) problems.push('at least one provider is needed')
  if (problems.length > 0) throw new ConfigError(problems)

  const byName = new Map(providers.map((provider) => [provider.name, provider]))
  return {
    all: providers,
    named: (name) => byName.get(name) ?? null,
    timeoutMsMax: Math.max(...providers.map(({ capabilities }) => capabilities.timeoutMs)),
  }
}

function problemsOf({ name, capabilities }: PaymentProvider, leaseSeconds: number, nameOf: NameOf): string[] {
  const problems: string[] = []
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(name))
    problems.push(`a provider's name must be lower case letters, digits and "-": ${JSON.stringify(name)}`)
  // After a time-out there would be no way to find out, and none to ask again: every doubt would be a guess.
  if (capabilities.lookup === 'none' && capabilities.keyLifetimeMs <= 0)
    problems.push(
      `provider ${name} has neither a look-up nor a key lifetime and cannot be used automatically`,
    )
  if (leaseSeconds * 1_000 < 3 * capabilities.timeoutMs)
    problems.push(`${nameOf('leaseSeconds')} must be at least three times ${nameOf('timeoutMs', name)}`)
  return problems
}
