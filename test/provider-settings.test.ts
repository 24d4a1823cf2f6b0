import { ConfigError } from '../src/errors'
import type { PaymentProvider } from '../src/ports/payment-provider'
import { createProviders, providerSettings } from '../src/provider-settings'
import { defineProvider, type ProviderDefinition } from '../src/providers/definition'
import { sandboxProvider } from '../src/providers/sandbox'
import { readServerSettings } from '../src/server-settings'
import { environmentName, snakeName, text } from '../src/settings'

const acme = (name: string, refuses = false): ProviderDefinition =>
  defineProvider({
    name,
    title: name,
    settings: { clientSecret: { ...text('A secret.', '', /^s-/, 'a secret of this bank'), secret: true } },
    create: ({ clientSecret }): PaymentProvider => {
      if (refuses) throw new ConfigError(['clientSecret and another thing exclude each other'])
      return sandboxProvider({ name: `${name} ${clientSecret}` })
    },
  })
const definitions = [acme('acme'), acme('other'), acme('strict', true)]

describe('the providers that are switched on', () => {
  it('are made in the order that was asked for, each from its own settings', () => {
    const given = { acme_clientSecret: 's-1', other_clientSecret: 's-2' }
    const { providers, problems } = createProviders(['other', 'acme', 'other'], given, snakeName, definitions)

    expect(problems).toEqual([])
    expect(providers.map(({ name }) => name)).toEqual(['other s-2', 'acme s-1'])
  })

  it('report every problem by the name it was written under, and no value', () => {
    const given = { acme_clientSecret: 'canary', other_clientSecret: 'canary' }
    const inEnvironment = createProviders(['acme', 'strict'], given, environmentName, definitions).problems
    const inKit = createProviders(['acme'], given, snakeName, definitions).problems

    expect(inEnvironment).toEqual([
      'ACME_CLIENT_SECRET must be a secret of this bank',
      'strict: clientSecret and another thing exclude each other',
    ])
    expect(inKit).toEqual(['acme_client_secret must be a secret of this bank'])
  })

  it('are all that is looked at', () => {
    const given = { acme_clientSecret: 'wrong', other_clientSecret: 's-2' }

    expect(createProviders(['other'], given, snakeName, definitions).problems).toEqual([])
  })

  it('have settings no two of which share a name', () => {
    const names = providerSettings().map(([name]) => environmentName(name))

    expect(new Set(names).size).toBe(names.length)
  })
})

describe('the standalone server’s providers', () => {
  it('come from the environment', () => {
    const { providers } = readServerSettings({ PROVIDERS: 'sandbox', SANDBOX_TIMEOUT_MS: '700' })

    expect(providers.map(({ name, capabilities }) => [name, capabilities.timeoutMs])).toEqual([
      ['sandbox', 700],
    ])
  })

  it('are reported with all other problems', () => {
    expect(() => readServerSettings({ SANDBOX_TIMEOUT_MS: 'x', PORT: 'y' })).toThrow(
      /PORT must be[^]*SANDBOX_TIMEOUT_MS must be/,
    )
  })
})
