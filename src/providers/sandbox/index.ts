import type {
  PaymentProvider,
  PayoutItem,
  PayoutProblem,
  ProviderCapabilities,
  ProviderHost,
} from '../../ports/payment-provider'
import { inDesk, integer } from '../../settings/setting'
import { defineProvider } from '../definition'
import { amountProblems } from '../shared/item-checks'
import { createSandboxBank, type SandboxBank } from './bank'
import { type SandboxWebhooks, sandboxWebhooks } from './webhooks'

export interface SandboxOptions {
  readonly name?: string
  readonly timeoutMs?: number
  /** Whether one bad item refuses its whole batch. `per_item` when left out. */
  readonly validation?: 'all_or_nothing' | 'per_item'
}

export interface SandboxProvider extends PaymentProvider {
  /** The bank behind it, once the plugin has been started. */
  bank(): SandboxBank
  readonly webhook: SandboxWebhooks
}

const DAY_MS = 24 * 3_600_000

/**
 * Pays nobody, in the plugin's own database. What happens to a payout is chosen by its amount; see
 * docs/providers/sandbox.md. Destinations only have to be present: the published examples are not valid IBANs.
 */
export function sandboxProvider(options: SandboxOptions = {}): SandboxProvider {
  let bank: SandboxBank | null = null
  let host: ProviderHost | null = null
  const opened = (): SandboxBank => {
    if (!bank) throw notOpen()
    return bank
  }
  const hosted = (): ProviderHost => {
    if (!host) throw notOpen()
    return host
  }
  const capabilities = capabilitiesOf(options)

  return {
    bank: opened,
    name: options.name ?? 'sandbox',
    capabilities,

    open(given: ProviderHost) {
      host = given
      bank = createSandboxBank(host.documents, host.clock)
      return Promise.resolve()
    },

    check(item: PayoutItem): PayoutProblem[] {
      return [...amountProblems(item, capabilities), ...destinationProblems(item)]
    },

    submit: (order) => {
      const [first] = order.items
      return order.items.length === 1 && first
        ? opened().pay(first)
        : opened().payBatch(order, options.validation ?? 'per_item')
    },

    lookup: (query) => opened().lookup(query.key),
    listPayouts: (range) => opened().payoutsIn(range),
    webhook: sandboxWebhooks(hosted, (key) => opened().scenarioOf(key)),
    health: () => Promise.resolve({ ok: true }),
  }
}

const notOpen = () => new Error('The sandbox bank opens when the plugin is started.')

const capabilitiesOf = (options: SandboxOptions): ProviderCapabilities => ({
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
})

function destinationProblems({ destination }: PayoutItem): PayoutProblem[] {
  const given = destination.method === 'BANK' ? destination.iban : destination.paypalId
  if (given !== '') return []
  const field = destination.method === 'BANK' ? 'iban' : 'paypal_id'
  return [{ field, message: `${field} is required` }]
}

export const sandboxDefinition = defineProvider({
  name: 'sandbox',
  title: 'Sandbox (pays nobody)',
  settings: inDesk({
    // The bank is in the same database; a short deadline keeps the lease, and so the recovery after a crash, short.
    timeoutMs: integer('Deadline of one call to the sandbox bank, in ms.', 3_000, 100, 60_000),
  }),
  pays: () => 'play_money',
  create: ({ timeoutMs }) => sandboxProvider({ timeoutMs }),
})
