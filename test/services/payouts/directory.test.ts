import { ConfigError } from '../../../src/errors'
import type { PaymentProvider, ProviderCapabilities } from '../../../src/ports/payment-provider'
import { sandboxProvider } from '../../../src/providers/sandbox'
import { createProviderDirectory } from '../../../src/services/payouts/directory'
import { fakeProvider } from '../fake-provider'

function problemsOf(providers: readonly PaymentProvider[], leaseSeconds = 90): readonly string[] {
  try {
    createProviderDirectory(providers, leaseSeconds)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

const withCapabilities = (capabilities: Partial<ProviderCapabilities>): PaymentProvider =>
  fakeProvider({ capabilities })

describe('the directory of providers', () => {
  it('finds a provider by its name, and keeps the order they were given in', () => {
    const [b, a] = [fakeProvider({ name: 'b' }), fakeProvider({ name: 'a' })]
    const directory = createProviderDirectory([b, a], 90)
    expect(directory.all).toEqual([b, a])
    expect(directory.named('a')).toBe(a)
    expect(directory.named('c')).toBeNull()
    expect(directory.named('constructor')).toBeNull()
  })

  it('knows the longest deadline of them all', () => {
    const providers = [1_000, 20_000, 5_000].map((timeoutMs, index) =>
      fakeProvider({ name: `p${index}`, capabilities: { timeoutMs } }),
    )
    expect(createProviderDirectory(providers, 90).timeoutMsMax).toBe(20_000)
  })

  it('takes the sandbox', () => {
    expect(problemsOf([sandboxProvider()])).toEqual([])
  })

  it('refuses to be empty', () => {
    expect(problemsOf([])).toEqual(['at least one provider is needed'])
  })

  it('refuses two providers of one name', () => {
    expect(problemsOf([fakeProvider(), fakeProvider({ name: 'other' }), fakeProvider()])).toEqual([
      'two providers are called acme',
    ])
  })

  it.each(['', 'Acme', 'acme bank', '1st', '-acme', 'acme/..', 'a'.repeat(41), 'acme\n', 'café'])(
    'refuses the name %p',
    (name) => {
      expect(problemsOf([fakeProvider({ name })])).toEqual([expect.stringContaining(JSON.stringify(name))])
    },
  )

  it.each(['a', 'acme', 'acme-2', 'a'.repeat(40)])('takes the name %p', (name) => {
    expect(problemsOf([fakeProvider({ name })])).toEqual([])
  })

  it('refuses a provider that could never tell what became of a payout', () => {
    expect(problemsOf([withCapabilities({ lookup: 'none', keyLifetimeMs: 0 })])).toEqual([
      'provider acme has neither a look-up nor a key lifetime and cannot be used automatically',
    ])
  })

  it('takes a provider that has only one of look-up and key lifetime', () => {
    expect(problemsOf([withCapabilities({ lookup: 'none', keyLifetimeMs: 1 })])).toEqual([])
    expect(problemsOf([withCapabilities({ lookup: 'by_reference', keyLifetimeMs: 0 })])).toEqual([])
  })

  it('refuses a lease that ends before three calls can', () => {
    expect(problemsOf([withCapabilities({ timeoutMs: 10_001 })], 30)).toEqual([
      'leaseSeconds must be at least three times the timeoutMs of provider acme',
    ])
    expect(problemsOf([withCapabilities({ timeoutMs: 10_000 })], 30)).toEqual([])
  })

  it('reports every problem of every provider at once', () => {
    const providers = [
      fakeProvider({ name: 'A', capabilities: { lookup: 'none', keyLifetimeMs: 0 } }),
      fakeProvider({ name: 'b', capabilities: { timeoutMs: 60_000 } }),
      fakeProvider({ name: 'b' }),
    ]
    expect(problemsOf(providers)).toHaveLength(4)
  })
})
