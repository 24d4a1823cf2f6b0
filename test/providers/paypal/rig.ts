import { sum } from '../../../src/domain/money'
import type {
  PaymentProvider,
  PayoutOrder,
  PayoutQuery,
  ProviderDocuments,
} from '../../../src/ports/payment-provider'
import { type PaypalOptions, paypalProvider } from '../../../src/providers/paypal'
import { createCircuits } from '../../../src/services/payouts/circuit'
import { createProviderCalls } from '../../../src/services/payouts/provider-calls'
import { testRandomness } from '../../helpers/test-clock'
import { ManualClock } from '../../kit/manual-clock'
import { memoryDocuments } from '../sandbox/memory-documents'
import { CLIENT, type FakeOptions, FakePaypal } from './fake'
import { testAuthorities, WEBHOOK_ID } from './fake-webhooks'

export interface LogLine {
  readonly event: string
  readonly fields: Record<string, unknown>
}

/** A provider and a fake PayPal, on one clock. */
export interface Rig {
  readonly clock: ManualClock
  readonly fake: FakePaypal
  readonly provider: PaymentProvider
  readonly documents: ProviderDocuments
  readonly lines: LogLine[]
  /** As the engine asks: with its deadline, and every answer checked. */
  submit(order: PayoutOrder): ReturnType<PaymentProvider['submit']>
  lookup(query: PayoutQuery): ReturnType<PaymentProvider['lookup']>
  close(): Promise<void>
}

export async function createRig(
  options: Partial<PaypalOptions> = {},
  fakeOptions: Partial<FakeOptions> = {},
): Promise<Rig> {
  const clock = new ManualClock()
  const fake = await FakePaypal.start({ clock, ...fakeOptions })
  const documents = memoryDocuments()
  const lines: LogLine[] = []
  const log = (event: string, fields: Record<string, unknown> = {}) => lines.push({ event, fields })
  const provider = paypalProvider({
    ...CLIENT,
    baseUrl: fake.url,
    webhookId: WEBHOOK_ID,
    trustedRoots: [testAuthorities().root.pem],
    ...options,
  })
  await provider.open?.({
    documents,
    clock,
    random: testRandomness(1),
    logger: { debug: log, info: log, warn: log, error: log },
  })
  const circuits = createCircuits({ clock, random: { fraction: () => 0.5 } })
  const calls = createProviderCalls({ clock, circuits })
  return {
    ...{ clock, fake, provider, documents, lines },
    submit: (order) => calls.submit(provider, order),
    lookup: (query) => calls.lookup(provider, { ...query, payer: null }),
    async close() {
      await provider.close?.()
      fake.close()
    },
  }
}

export interface ItemChoice {
  readonly key?: string
  readonly amount?: string
  readonly to?: string
}

export function orderOf(key: string, items: readonly ItemChoice[] = [{}], currency = 'eur'): PayoutOrder {
  const full = items.map((item, index) => ({
    key: item.key ?? (items.length === 1 ? key : `${key}-${index}`),
    endToEndId: `E2E${index}`,
    currency,
    amount: item.amount ?? '10.5',
    destination: { method: 'PAYPAL', paypalId: item.to ?? 'alice@example.com' } as const,
    statementText: 'Withdrawal',
  }))
  return { key, currency, total: sum(full.map(({ amount }) => amount)), items: full }
}

export const queryOf = (order: PayoutOrder, index = 0): PayoutQuery => ({
  key: order.items[index]?.key ?? '',
  orderKey: order.key,
  reference: null,
  endToEndId: '1',
  orderReference: null,
  currency: order.currency,
  amount: order.items[index]?.amount ?? '',
})

/** Until the fake has worked a batch off. */
export const WORKED_OFF_MS = 30_000
