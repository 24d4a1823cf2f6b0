import type { PaymentProvider, PayoutOrder, ProviderCapabilities } from '../../src/ports/payment-provider'
import type { PayoutAsked } from '../../src/services/payouts/provider-calls'

export interface FakeOptions {
  readonly name?: string
  readonly capabilities?: Partial<ProviderCapabilities>
  /** Whatever it answers, well formed or not. */
  readonly submit?: () => unknown
  readonly lookup?: () => unknown
}

/** A provider that pays nobody and answers what a test tells it to. */
export const fakeProvider = ({
  name = 'acme',
  capabilities,
  submit,
  lookup,
}: FakeOptions = {}): PaymentProvider => ({
  name,
  capabilities: {
    methods: ['BANK'],
    currencies: 'any',
    keyLifetimeMs: 3_600_000,
    lookup: 'by_key',
    notFoundConclusiveAfterMs: 0,
    returnWindowMs: 0,
    expectedMs: 1_000,
    destinationFields: {},
    timeoutMs: 10_000,
    ...capabilities,
  },
  check: () => [],
  // Its types are promises, not facts: that is what the tests are about.
  submit: () => Promise.resolve(submit?.()) as ReturnType<PaymentProvider['submit']>,
  lookup: () => Promise.resolve(lookup?.()) as ReturnType<PaymentProvider['lookup']>,
})

export const ORDER: PayoutOrder = {
  key: 'BW-1',
  currency: 'eur',
  total: '10.5',
  items: [
    {
      key: 'BW-1',
      endToEndId: 'E2E1',
      currency: 'eur',
      amount: '10.5',
      destination: { method: 'BANK', iban: 'DE89370400440532013000' },
      statementText: 'Withdrawal',
    },
  ],
}

export const QUERY: PayoutAsked = {
  payer: null,
  key: 'BW-1',
  orderKey: 'BW-1',
  reference: null,
  endToEndId: '1',
  orderReference: null,
  currency: 'eur',
  amount: '10.5',
}
