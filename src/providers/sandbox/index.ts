import type { PaymentProvider, PayoutItem, PayoutProblem, ProviderHost } from '../../ports/payment-provider'
import { createSandboxBank, type SandboxBank } from '../../sandbox/bank'
import { integer } from '../../settings'
import { defineProvider } from '../definition'

export interface SandboxProvider extends PaymentProvider {
  /** The bank behind it, once the plugin has been started. */
  bank(): SandboxBank
}

const DAY_MS = 24 * 3_600_000

/**
 * Pays nobody, in the plugin's own database. What happens to a payout is chosen by its amount; see
 * docs/providers/sandbox.md. Destinations only have to be present: the published examples are not valid IBANs.
 */
export function sandboxProvider(options: { name?: string; timeoutMs?: number } = {}): SandboxProvider {
  let bank: SandboxBank | null = null
  const opened = (): SandboxBank => {
    if (!bank) throw new Error('The sandbox bank opens when the plugin is started.')
    return bank
  }

  return {
    bank: opened,
    name: options.name ?? 'sandbox',
    capabilities: {
      methods: ['BANK', 'PAYPAL'],
      currencies: 'any',
      batch: { maxItems: 1_000 },
      keyLifetimeMs: 30 * DAY_MS,
      lookup: 'by_key',
      notFoundConclusiveAfterMs: 0,
      returnWindowMs: 2 * DAY_MS,
      expectedMs: 2_000,
      destinationFields: { BANK: ['iban'], PAYPAL: ['paypal_id'] },
      timeoutMs: options.timeoutMs ?? 10_000,
    },

    open(host: ProviderHost) {
      bank = createSandboxBank(host.documents, host.clock)
      return Promise.resolve()
    },

    check({ destination }: PayoutItem): PayoutProblem[] {
      const given = destination.method === 'BANK' ? destination.iban : destination.paypalId
      if (given !== '') return []
      const field = destination.method === 'BANK' ? 'iban' : 'paypal_id'
      return [{ field, message: `${field} is required` }]
    },

    async submit(order) {
      const results = await Promise.all(
        order.items.map(async (item) => [item.key, await opened().pay(item)] as const),
      )
      const [first] = results
      if (order.items.length === 1 && first) return first[1]
      return { kind: 'accepted', reference: order.key, items: Object.fromEntries(results) }
    },

    lookup: (query) => opened().lookup(query.key),
    health: () => Promise.resolve({ ok: true }),
  }
}

export const sandboxDefinition = defineProvider({
  name: 'sandbox',
  title: 'Sandbox (pays nobody)',
  settings: {
    // The bank is in the same database; a short deadline keeps the lease, and so the recovery after a crash, short.
    timeoutMs: integer('Deadline of one call to the sandbox bank, in ms.', 3_000, 100, 60_000),
  },
  create: ({ timeoutMs }) => sandboxProvider({ timeoutMs }),
})
