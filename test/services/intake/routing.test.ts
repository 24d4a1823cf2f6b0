import fc from 'fast-check'

import type { ExchangeCurrency } from '../../../src/ports/exchange'
import type { CurrencyRules } from '../../../src/ports/payment-provider'
import { amountRules, providerFor } from '../../../src/services/intake/routing'
import { fakeProvider } from '../fake-provider'

const SEED = { seed: Number(process.env.TEST_SEED) }

const currency = (more: Partial<ExchangeCurrency> = {}): ExchangeCurrency => ({
  symbol: 'eur',
  fullName: 'Euro',
  isFiat: true,
  withdrawalsAllowed: true,
  min: null,
  max: null,
  increment: null,
  fee: '0',
  accountTypes: null,
  ...more,
})
const paying = (rules: CurrencyRules, symbol = 'eur') =>
  fakeProvider({ capabilities: { currencies: { [symbol]: rules } } })

describe('the provider for a withdrawal', () => {
  const bankEur = fakeProvider({ name: 'bank-eur', capabilities: { currencies: { eur: {} } } })
  const paypal = fakeProvider({
    name: 'paypal',
    capabilities: { methods: ['PAYPAL'], currencies: { eur: {}, usd: {} } },
  })
  const anything = fakeProvider({ name: 'anything', capabilities: { methods: ['BANK', 'PAYPAL'] } })

  it('is the first one that pays the method in the currency', () => {
    expect(providerFor([bankEur, paypal, anything], 'BANK', 'eur')).toBe(bankEur)
    expect(providerFor([anything, bankEur], 'BANK', 'eur')).toBe(anything)
    expect(providerFor([bankEur, paypal, anything], 'PAYPAL', 'usd')).toBe(paypal)
    expect(providerFor([bankEur, paypal, anything], 'BANK', 'usd')).toBe(anything)
  })

  it('is none when nobody pays that', () => {
    expect(providerFor([bankEur, paypal], 'BANK', 'usd')).toBeNull()
    expect(providerFor([], 'BANK', 'eur')).toBeNull()
  })

  it.each(['constructor', 'toString', '__proto__'])('is none for a currency called %s', (symbol) => {
    expect(providerFor([bankEur, paypal], 'BANK', symbol)).toBeNull()
  })
})

describe('the rules for an amount', () => {
  it('are those of the exchange where the provider has none', () => {
    expect(amountRules(currency({ min: '1', max: '100', increment: '0.01' }), fakeProvider())).toEqual({
      ...{ decimals: 2, increment: '0.01', min: '1', max: '100' },
    })
  })

  it('are those of the provider where the exchange has none', () => {
    expect(amountRules(currency(), paying({ min: '5', max: '50' }))).toMatchObject({ min: '5', max: '50' })
  })

  it('take the decimals of the currency, unless the provider has others', () => {
    expect(amountRules(currency({ symbol: 'jpy' }), fakeProvider()).decimals).toBe(0)
    expect(amountRules(currency({ symbol: 'huf' }), paying({ decimals: 0 }, 'huf')).decimals).toBe(0)
    expect(amountRules(currency({ symbol: 'huf' }), fakeProvider()).decimals).toBe(2)
  })

  it('are the tighter ones where both have them', () => {
    const limit = fc.option(fc.bigInt({ min: 1n, max: 10n ** 12n }), { nil: null })
    const text = (value: bigint | null) => (value === null ? null : value.toString())
    const tightest = (values: readonly (bigint | null)[], tighter: (a: bigint, b: bigint) => bigint) =>
      text(
        values
          .filter((value) => value !== null)
          .reduce<bigint | null>((a, b) => (a === null ? b : tighter(a, b)), null),
      )
    fc.assert(
      fc.property(limit, limit, limit, limit, (min, max, otherMin, otherMax) => {
        const rules: CurrencyRules = {
          ...(otherMin !== null && { min: otherMin.toString() }),
          ...(otherMax !== null && { max: otherMax.toString() }),
        }
        expect(amountRules(currency({ min: text(min), max: text(max) }), paying(rules))).toMatchObject({
          min: tightest([min, otherMin], (a, b) => (a > b ? a : b)),
          max: tightest([max, otherMax], (a, b) => (a < b ? a : b)),
        })
      }),
      SEED,
    )
  })

  it('compare amounts by value: 9 is less than 10, and 1.50 is no other limit than 1.5', () => {
    expect(amountRules(currency({ min: '9', max: '9' }), paying({ min: '10', max: '10' }))).toMatchObject({
      min: '10',
      max: '9',
    })
    expect(amountRules(currency({ min: '1.50' }), paying({ min: '1.5' })).min).toMatch(/^1\.50?$/)
  })
})
