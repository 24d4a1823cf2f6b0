import type {
  LookupOutcome,
  OrderQuery,
  PaymentProvider,
  PayoutItem,
  PayoutOrder,
  PayoutQuery,
  ProviderHost,
  SubmitOutcome,
} from '../../ports/payment-provider'
import { mapFew } from '../../runtime/parallel'
import type { Values } from '../../settings/setting'
import { defineProvider } from '../definition'
import { AMOUNT_MAX, AMOUNT_MIN, payoutProblems } from './check'
import { type Folder, folderAt } from './folder'
import { createHandOver, type HandedOver, type HandOver } from './hand-over'
import { createIngest } from './ingest'
import { judge, UNHEARD } from './judge'
import { createLedger, isMade, type ItemRecord, type Ledger, type Order, type OrderSaid } from './ledger'
import { createOrders } from './orders'
import { createOutbox } from './outbox'
import { readSepaSettings, SEPA_SETTINGS, type SepaSettings } from './settings'
import { storedFiles } from './stored-files'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Our own documents never forget a key. */
const KEY_LIFETIME_MS = 3_650 * DAY_MS
/**
 * A payee's bank returns within three banking days, and we may recall within ten; over Christmas ten are eighteen days,
 * and the statement comes a day later (EPC125-05, SEPA Credit Transfer rulebook).
 */
const RETURN_WINDOW_MS = 21 * DAY_MS

export type SepaOptions = Partial<Values<typeof SEPA_SETTINGS>> & { readonly name?: string }

/**
 * Pays by files that the operator, or a bank client watching a folder, takes to the bank, and learns what became of
 * them from the bank's reports. See docs/providers/sepa.md.
 *
 * @throws {ConfigError} Lists every problem of the settings at once.
 */
export function sepaProvider(
  options: SepaOptions,
  folderOf: (path: string) => Folder = folderAt,
): PaymentProvider {
  const { name = 'sepa', ...given } = options
  const settings = readSepaSettings(given)
  let opened: ReturnType<typeof openWith> | null = null
  const parts = () => {
    if (!opened) throw new Error('The SEPA provider opens when the plugin is started.')
    return opened
  }

  return {
    name,
    capabilities: capabilitiesOf(settings),
    async open(host) {
      opened = openWith(host, settings, folderOf)
      await opened.finishHandOvers()
    },
    check: (item: PayoutItem) => payoutProblems(item, settings.charset),
    submit: (order: PayoutOrder) => parts().submit(order),
    lookup: (query: PayoutQuery) => parts().lookup(query),
    lookupOrder: (query: OrderQuery) => parts().lookupOrder(query),
    ingest: (document) => parts().ingest(document),
    outbox: { list: () => parts().outbox.list(), read: (file) => parts().outbox.read(file) },
    health: () => parts().health(),
  }
}

export const sepaDefinition = defineProvider({
  name: 'sepa',
  title: 'SEPA bank files',
  settings: SEPA_SETTINGS,
  pays: () => 'files',
  create: (values) => sepaProvider(values),
})

const capabilitiesOf = (settings: SepaSettings): PaymentProvider['capabilities'] => ({
  methods: ['BANK'],
  currencies: { eur: { decimals: 2, min: AMOUNT_MIN, max: AMOUNT_MAX } },
  batch: { maxItems: settings.maxItems },
  keyLifetimeMs: KEY_LIFETIME_MS,
  lookup: 'by_key',
  // A submit that is still running after its deadline makes nothing; twice covers the write it may be in.
  notFoundConclusiveAfterMs: 2 * settings.timeoutMs,
  returnWindowMs: RETURN_WINDOW_MS,
  expectedMs: settings.instant ? HOUR_MS : DAY_MS,
  destinationFields: { BANK: ['account_holder', 'iban'] },
  timeoutMs: settings.timeoutMs,
})

function openWith(host: ProviderHost, settings: SepaSettings, folderOf: (path: string) => Folder) {
  const { documents, clock, random, logger } = host
  const ledger = createLedger(documents)
  const files = storedFiles(documents)
  const folder = settings.handOver === 'folder' ? folderOf(settings.folder) : null
  const handOver = createHandOver({ documents, files, folder, clock, random, logger })
  const orders = createOrders({ ledger, files, clock, settings })
  const lookup = lookups(ledger, handOver, settings)

  return {
    ...lookup,
    ingest: createIngest({ ledger, documents, settings, clock, returnWindowMs: RETURN_WINDOW_MS }),
    outbox: createOutbox(ledger, files),

    async submit(order: PayoutOrder): Promise<SubmitOutcome> {
      const making = await orders.make(order)
      if ('refused' in making) return making.refused
      const isHeardOf = await ledger.isHeardOf(order.key)
      const status = FILE_STATUS[await handOver.ensure(making.made, { isHeardOf })]
      const items = order.items.map(
        ({ key, endToEndId }) => [key, { kind: 'accepted', reference: endToEndId, status }] as const,
      )
      return { kind: 'accepted', reference: making.made.messageId, status, items: Object.fromEntries(items) }
    },

    /** What a crash left between a file and its folder. */
    async finishHandOvers(): Promise<void> {
      const recent = (await ledger.orders()).filter(handOver.isInTime)
      for (const order of recent)
        await handOver.ensure(order, { isHeardOf: await ledger.isHeardOf(order.key) })
    },

    async health(): Promise<{ ok: boolean; message?: string }> {
      if (!folder) return { ok: true }
      return folder.identity(random.newId()).then(
        () => ({ ok: true }),
        () => ({ ok: false, message: 'The folder for payment files cannot be written to.' }),
      )
    },
  }
}

function lookups(ledger: Ledger, handOver: HandOver, settings: SepaSettings) {
  async function judged(item: ItemRecord, order: Order, said: OrderSaid): Promise<LookupOutcome> {
    const { outcome } = judge({ item, order, said, settleOn: settings.settleOn })
    const isUnheard = outcome.kind === 'accepted' && outcome.status === UNHEARD
    if (!isUnheard) return outcome
    const isHeardOf = await ledger.isHeardOf(order.key)
    return { ...outcome, status: FILE_STATUS[await handOver.ensure(order, { isHeardOf })] }
  }

  return {
    async lookup({ endToEndId, key }: PayoutQuery): Promise<LookupOutcome> {
      const item = await ledger.item(endToEndId)
      if (!item) return { kind: 'not_found', conclusive: true }
      if (item.key !== key) return { kind: 'unknown', why: 'its reference belongs to another payout' }
      const order = await ledger.order(item.orderKey)
      // Claimed for an order that was never made: no file has it.
      if (!isMade(order)) return { kind: 'not_found', conclusive: true }
      return judged(item, order, await ledger.said(order.key))
    },

    async lookupOrder({ orderKey }: OrderQuery): Promise<Readonly<Record<string, LookupOutcome>>> {
      const order = await ledger.order(orderKey)
      if (!isMade(order)) return {}
      const payments = await ledger.payments(order)
      // Most looks come before the bank has said anything, and then thousands of payments are one answer.
      const isHeardOf = await ledger.isHeardOf(orderKey)
      const status = isHeardOf ? null : FILE_STATUS[await handOver.ensure(order)]
      const said = await ledger.said(orderKey)
      const found = await mapFew(payments, async ({ key, endToEndId }) => {
        if (status !== null) return [key, accepted(endToEndId, status)] as const
        const item = await ledger.item(endToEndId)
        return item?.orderKey === orderKey ? ([key, await judged(item, order, said)] as const) : null
      })
      return Object.fromEntries(found.filter((pair) => pair !== null))
    },
  }
}

const accepted = (endToEndId: string, status: string): LookupOutcome => ({
  kind: 'accepted',
  reference: endToEndId,
  status,
})

/** Nothing from the bank yet, so all that is known is where the file is. */
const FILE_STATUS: Readonly<Record<HandedOver, string>> = {
  done: UNHEARD,
  waiting: 'WAITING_FOR_FOLDER',
  missed: 'NOT_HANDED_OVER',
}
