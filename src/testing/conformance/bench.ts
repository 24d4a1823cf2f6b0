import { sum } from '../../domain/money'
import type {
  ListedPayout,
  LookupOutcome,
  PaymentProvider,
  PayoutItem,
  PayoutOrder,
  PayoutQuery,
  PayoutRange,
  SubmitOutcome,
} from '../../ports/payment-provider'
import { systemClock, systemRandomness } from '../../runtime/clock'
import { createProviderCalls, type ProviderCalls } from '../../services/payouts/provider-calls'
import { createHost, type Evidence, recording } from './evidence'
import type { Arrangement, Booked, ConformanceSubject, Ending } from './subject'
import { RuleNotApplicable } from './verdicts'

/** One rule's own provider, with empty books behind it. */
export interface Bench {
  readonly subject: ConformanceSubject
  readonly evidence: Evidence
  /** The provider in hand. */
  provider(): PaymentProvider
  /** A new process with the same documents. */
  restart(): Promise<PaymentProvider>
  /** A new payout with its own key. */
  item(changes?: Partial<PayoutItem>): PayoutItem
  /** Puts the item into an order of its own, or several into a batch. */
  order(...items: readonly PayoutItem[]): PayoutOrder
  /** The outcome as the engine sees it: what is thrown, late or malformed is `unknown`. */
  submit(order: PayoutOrder): Promise<SubmitOutcome>
  lookup(item: PayoutItem, known?: Known): Promise<LookupOutcome>
  /** `unknown` where it throws. @throws {RuleNotApplicable} The provider cannot cancel. */
  cancel(item: PayoutItem, known?: Known): Promise<'canceled' | 'too_late' | 'unknown'>
  /** All pages, as the engine reads them. @throws {RuleNotApplicable} The provider lists nothing. */
  list(range: Omit<PayoutRange, 'cursor'>): Promise<Listed>
  /** What the bank's ledger has under the payout's key. */
  booked(item: PayoutItem): Promise<readonly Booked[]>
  /**
   * Makes something happen to the next payout.
   * @returns The item it will happen to: where a fake goes by the amount, another one.
   * @throws {RuleNotApplicable} The fake cannot do it.
   */
  arranged(what: Arrangement, item: PayoutItem): Promise<PayoutItem>
  /** Brings a payout that the bank has to an end. @throws {RuleNotApplicable} The fake cannot do it. */
  brought(item: PayoutItem, ending: Ending, amount?: string): Promise<void>
  close(): Promise<void>
}

/** `unknown`: a page could not be read. */
export type Listed =
  | { readonly kind: 'listed'; readonly payouts: readonly ListedPayout[] }
  | { readonly kind: 'unknown'; readonly why: string }

/** What was told of a payout before: the provider's own ids of it and of its batch. */
export interface Known {
  readonly reference?: string | undefined
  readonly orderKey?: string
  readonly orderReference?: string | undefined
}

/** A rule hears of every call, also after many that failed. */
const ALWAYS_CLOSED = { waitMs: () => 0, enter: () => () => {} }

export async function createBench(subject: ConformanceSubject): Promise<Bench> {
  await subject.api.reset()
  const evidence: Evidence = { outcomes: [], errors: [], logs: [] }
  const host = createHost(evidence)
  const calls = createProviderCalls({ clock: systemClock, circuits: ALWAYS_CLOSED })
  const opened: PaymentProvider[] = []
  let items = 0

  const provider = (): PaymentProvider => {
    const last = opened.at(-1)
    if (!last) throw new Error('The provider has not been opened.')
    return last
  }
  const bench: Bench = {
    subject,
    evidence,
    provider,
    async restart() {
      const made = recording(await subject.createProvider(), evidence)
      opened.push(made)
      await made.open?.(host)
      return made
    },
    item: (changes = {}) => ({ ...newItem(subject, ++items), ...changes }),
    order: (...of) => orderOf(of),
    submit: (order) => calls.submit(provider(), order),
    lookup: (item, known) => calls.lookup(provider(), { ...queryOf(item, known), payer: null }),
    async cancel(item, known) {
      const { cancel } = provider()
      if (!cancel) throw new RuleNotApplicable('the provider cannot cancel')
      return cancel.call(provider(), queryOf(item, known)).catch(() => 'unknown' as const)
    },
    list: (range) => listed(provider(), range, calls),
    booked: async ({ key }) => subject.api.booked(key),
    async arranged(what, item) {
      const can = await subject.api.arrange(what, what === 'bad_item' ? item.key : undefined)
      if (can === false) throw new RuleNotApplicable(`the fake cannot do "${what}"`)
      return can === true ? item : { ...item, amount: can.amount }
    },
    async brought({ key }, ending, amount) {
      if (!(await subject.api.bring?.(key, ending, amount)))
        throw new RuleNotApplicable(
          `the fake cannot bring a payout to "${ending}"${amount === undefined ? '' : ' with another amount'}`,
        )
    },
    async close() {
      await Promise.allSettled(opened.map(async (each) => each.close?.()))
    },
  }
  await bench.restart()
  return bench
}

/** A list of one payout has no more. */
const PAGES_MAX = 500

async function listed(
  provider: PaymentProvider,
  range: Omit<PayoutRange, 'cursor'>,
  calls: Pick<ProviderCalls, 'list'>,
): Promise<Listed> {
  if (!provider.listPayouts) throw new RuleNotApplicable('the provider lists nothing')
  const payouts: ListedPayout[] = []
  let cursor: string | null = null
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await calls.list(provider, { ...range, cursor })
    if (answer.kind === 'unknown') return answer
    payouts.push(...answer.page.payouts)
    cursor = answer.page.next
    if (cursor === null) return { kind: 'listed', payouts }
  }
  return { kind: 'unknown', why: 'the list has no end' }
}

function newItem({ payout }: ConformanceSubject, n: number): PayoutItem {
  const id = systemRandomness.newId()
  return {
    key: `BW-${id}`,
    endToEndId: id.replaceAll('-', '').toUpperCase(),
    ...payout,
    statementText: `Withdrawal ${n}`,
  }
}

const queryOf = (
  { key, endToEndId, currency, amount }: PayoutItem,
  { reference, orderKey = key, orderReference }: Known = {},
): PayoutQuery => ({
  ...{ key, orderKey, endToEndId, currency, amount },
  reference: reference ?? null,
  orderReference: orderReference ?? null,
})

function orderOf(items: readonly PayoutItem[]): PayoutOrder {
  const [first] = items
  if (!first) throw new Error('An order has at least one item.')
  return {
    key: items.length === 1 ? first.key : `BT-${first.key}`,
    currency: first.currency,
    total: sum(items.map(({ amount }) => amount)),
    items,
  }
}
