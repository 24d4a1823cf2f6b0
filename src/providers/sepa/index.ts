import { maskIdentifier } from '../../domain/destination'
import type {
  OrderQuery,
  PaymentProvider,
  PayoutItem,
  PayoutOrder,
  PayoutQuery,
  ProviderHost,
  SubmitOutcome,
} from '../../ports/payment-provider'
import type { Values } from '../../settings/setting'
import { defineProvider } from '../definition'
import { brusselsTime, creditedBy } from './calendar'
import { AMOUNT_MAX, AMOUNT_MIN, payoutProblems } from './check'
import { type Folder, folderAt } from './folder'
import { createHandOver } from './hand-over'
import { createIngest, reportBytesMax } from './ingest'
import { createLedger } from './ledger'
import { createListing } from './listing'
import { createLookups } from './lookups'
import { createOrders } from './orders'
import { createOutbox } from './outbox'
import { createPace, type EndOfTurn, type Pace } from './pace'
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

/** What surrounds it: what a test replaces, and what its settings are called where they were written. */
export interface SepaParts {
  readonly folderOf?: (path: string) => Folder
  readonly endOfTurn?: EndOfTurn
  readonly nameOf?: ((setting: string) => string) | undefined
}

/**
 * Pays by files that the operator, or a bank client watching a folder, takes to the bank, and learns what became of
 * them from the bank's reports. See docs/providers/sepa.md.
 *
 * @throws {ConfigError} Lists every problem of the settings at once.
 */
export function sepaProvider(
  options: SepaOptions,
  { folderOf = folderAt, endOfTurn, nameOf }: SepaParts = {},
): PaymentProvider {
  const { name = 'sepa', ...given } = options
  const settings = readSepaSettings(given, nameOf)
  // A machine that does not know the zone is found out now, and not at the first file.
  brusselsTime(new Date(0))
  let opened: ReturnType<typeof openWith> | null = null
  const parts = () => {
    if (!opened) throw new Error('The SEPA provider opens when the plugin is started.')
    return opened
  }

  return {
    name,
    capabilities: capabilitiesOf(settings),
    async open(host) {
      opened = openWith(host, settings, { folderOf, pace: createPace(endOfTurn) })
      await opened.finishHandOvers()
    },
    check: (item: PayoutItem) => payoutProblems(item, settings),
    arrivesBy: (from) => creditedBy(from, settings),
    submit: (order: PayoutOrder) => parts().submit(order),
    lookup: (query: PayoutQuery) => parts().lookup(query),
    lookupOrder: (query: OrderQuery) => parts().lookupOrder(query),
    listPayouts: (range) => parts().listPayouts(range),
    ingest: (document, leaveOut) => parts().ingest(document, leaveOut),
    preview: (document) => parts().preview(document),
    ingestBytesMax: reportBytesMax(settings),
    outbox: {
      list: () => parts().outbox.list(),
      read: (file) => parts().outbox.read(file),
      void: (file) => parts().outbox.void(file),
      forget: (age) => parts().outbox.forget(age),
    },
    health: () => parts().health(),
    fundingAccount: (currency) => (currency === 'eur' ? maskIdentifier(settings.debtorIban) : null),
  }
}

export const sepaDefinition = defineProvider({
  name: 'sepa',
  title: 'SEPA bank files',
  settings: SEPA_SETTINGS,
  pays: () => 'files',
  create: (values, nameOf) => sepaProvider(values, { nameOf }),
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
  overdueAfterMs: settings.answerDays * DAY_MS,
  destinationFields: { BANK: ['account_holder', 'iban'] },
  timeoutMs: settings.timeoutMs,
})

function openWith(
  host: ProviderHost,
  settings: SepaSettings,
  { folderOf, pace }: { folderOf: (path: string) => Folder; pace: Pace },
) {
  const { documents, clock, random, logger, mayLeave } = host
  const ledger = createLedger(documents)
  const files = storedFiles(documents)
  const folder = settings.handOver === 'folder' ? folderOf(settings.folder) : null
  const handOver = createHandOver({ documents, files, folder, clock, random, logger, mayLeave })
  const orders = createOrders({ ledger, files, clock, settings })
  const lookups = createLookups({ ledger, handOver, settings, pace })

  return {
    lookup: lookups.lookup,
    lookupOrder: lookups.lookupOrder,
    listPayouts: createListing({ ledger, lookups }),
    ...createIngest({ ledger, documents, settings, clock, pace, returnWindowMs: RETURN_WINDOW_MS }),
    outbox: createOutbox({ ledger, files, handOver, clock }),

    async submit(order: PayoutOrder): Promise<SubmitOutcome> {
      const making = await orders.make(order)
      if ('refused' in making) return making.refused
      const status = await lookups.statusOf(making.made)
      // The engine asks what it is, and hears `voided` for each payout.
      if (status === null) return { kind: 'unknown', why: 'its file was called void' }
      const items = order.items.map(
        ({ key, endToEndId }) => [key, { kind: 'accepted', reference: endToEndId, status }] as const,
      )
      return { kind: 'accepted', reference: making.made.messageId, status, items: Object.fromEntries(items) }
    },

    /** What a crash left between a file and its folder. */
    async finishHandOvers(): Promise<void> {
      const recent = (await ledger.orders()).filter(handOver.isInTime)
      for (const order of recent) await lookups.statusOf(order)
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
