import { environmentName, nameInEnvironment, nameInKit, ofProvider } from '../../src/domain/setting-names'
import { ConfigError } from '../../src/errors'
import type { PaymentProvider } from '../../src/ports/payment-provider'
import { defineProvider, type ProviderDefinition } from '../../src/providers/definition'
import { PROVIDERS } from '../../src/providers/registry'
import { sandboxProvider } from '../../src/providers/sandbox'
import { createProviderDirectory } from '../../src/services/payouts/directory'
import { parseConfig } from '../../src/settings/plugin'
import { createProviders, providerSettings } from '../../src/settings/providers'
import { readServerSettings } from '../../src/settings/server'
import { text } from '../../src/settings/setting'

const acme = (name: string, refuses = false): ProviderDefinition =>
  defineProvider({
    name,
    title: name,
    settings: { clientSecret: { ...text('A secret.', '', /^s-/, 'a secret of this bank'), secret: true } },
    pays: ({ clientSecret }) => (clientSecret === 's-live' ? 'real_money' : 'play_money'),
    create: ({ clientSecret }): PaymentProvider => {
      if (refuses) throw new ConfigError(['clientSecret and another thing exclude each other'])
      return sandboxProvider({ name: `${name} ${clientSecret}` })
    },
  })
const definitions = [acme('acme'), acme('other'), acme('strict', true)]

describe('the providers that are switched on', () => {
  it('are made in the order that was asked for, each from its own settings', () => {
    const given = { acme_clientSecret: 's-1', other_clientSecret: 's-2' }
    const { providers, problems } = createProviders(definitions, ['other', 'acme', 'other'], given, nameInKit)

    expect(problems).toEqual([])
    expect(providers.map(({ name }) => name)).toEqual(['other s-2', 'acme s-1'])
  })

  it('report every problem by the name it was written under, and no value', () => {
    const given = { acme_clientSecret: 'canary', other_clientSecret: 'canary' }
    const inEnvironment = createProviders(definitions, ['acme', 'strict'], given, nameInEnvironment).problems
    const inKit = createProviders(definitions, ['acme'], given, nameInKit).problems

    expect(inEnvironment).toEqual([
      'ACME_CLIENT_SECRET must be a secret of this bank',
      'strict: clientSecret and another thing exclude each other',
    ])
    expect(inKit).toEqual(['acme_client_secret must be a secret of this bank'])
  })

  it('are all that is looked at', () => {
    const given = { acme_clientSecret: 'wrong', other_clientSecret: 's-2' }

    expect(createProviders(definitions, ['other'], given, nameInKit).problems).toEqual([])
  })

  it('are named as they are written, in whatever they complain about', () => {
    for (const definition of PROVIDERS) {
      const given = Object.fromEntries(
        Object.keys(definition.settings).map((name) => [ofProvider(name, definition.name), '']),
      )
      const written = { ...given, sepa_folder: '/files', paypal_environment: 'live' }
      const { problems } = createProviders([definition], [definition.name], written, nameInEnvironment)
      const inCode = Object.keys(definition.settings).filter((name) => /[A-Z]/.test(name))
      for (const problem of problems)
        expect(inCode.filter((name) => new RegExp(`\\b${name}\\b`).test(problem))).toEqual([])
    }
  })

  it('have settings no two of which share a name', () => {
    const names = providerSettings(PROVIDERS).map(([name]) => environmentName(name))

    expect(new Set(names).size).toBe(names.length)
  })
})

describe('the standalone server’s providers', () => {
  it('come from the environment', () => {
    const { providers } = readServerSettings({ PROVIDERS: 'sandbox', SANDBOX_TIMEOUT_MS: '700' }, PROVIDERS)

    expect(providers.map(({ name, capabilities }) => [name, capabilities.timeoutMs])).toEqual([
      ['sandbox', 700],
    ])
  })

  it.each([
    ['sandbox', {}, 15],
    ['sepa', { SEPA_DEBTOR_NAME: 'Acme', SEPA_DEBTOR_IBAN: 'DE89370400440532013000' }, 60],
    ['sandbox,paypal', { PAYPAL_CLIENT_ID: 'x', PAYPAL_CLIENT_SECRET: 'y' }, 75],
    [
      'sepa',
      { SEPA_DEBTOR_NAME: 'A', SEPA_DEBTOR_IBAN: 'DE89370400440532013000', LEASE_SECONDS: '300' },
      300,
    ],
  ])('%s have time enough without a word about leases', (names, environment, leaseSeconds) => {
    const { providers, plugin } = readServerSettings({ PROVIDERS: names, ...environment }, PROVIDERS)
    const config = parseConfig(plugin)

    expect(config.leaseSeconds).toBe(leaseSeconds)
    expect(createProviderDirectory(providers, config.leaseSeconds).all).toHaveLength(providers.length)
  })

  it('are reported with all other problems', () => {
    expect(() => readServerSettings({ SANDBOX_TIMEOUT_MS: 'x', PORT: 'y' }, PROVIDERS)).toThrow(
      /PORT must be[^]*SANDBOX_TIMEOUT_MS must be/,
    )
  })
})
