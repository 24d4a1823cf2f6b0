import type { Clock } from '../../src/ports/clock'
import type {
  LookupOutcome,
  OrderQuery,
  PaymentProvider,
  PayoutItem,
  PayoutOrder,
  PayoutOutcome,
  PayoutQuery,
  ProviderCapabilities,
  SubmitOutcome,
} from '../../src/ports/payment-provider'

/** Money that left, once per line: the truth. */
export interface Paid {
  readonly orderKey: string
  readonly itemKey: string
  readonly amount: string
  readonly currency: string
}

/** What happens to one call; `take` is what the bank does with the order when it reaches it. */
export type Fate = (take: () => SubmitOutcome, order: PayoutOrder) => SubmitOutcome | Promise<SubmitOutcome>

const silence = (): never => {
  throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
}
/** The order never reaches the bank. */
export const lostOnTheWay: Fate = () => silence()
/** The bank takes the order, and its answer is lost. */
export const answerLost: Fate = (take) => {
  take()
  return silence()
}
export const answers =
  (outcome: SubmitOutcome): Fate =>
  () =>
    outcome

export interface BatchBankOptions {
  readonly name?: string
  /**
   * `by_key`: an item key is one payment for ever, in whichever order it comes. `by_reference`: as PayPal does it, only
   * a repeated order is recognized; an item that comes in another order is another payment.
   */
  readonly lookup?: 'by_key' | 'by_reference' | 'none'
  /** null: it takes no batches. */
  readonly maxItems?: number | null
  /** How a bad item is found: it alone is declined, or the whole batch is refused, with or without its name. */
  readonly validation?: 'per_item' | 'all_named' | 'all_unnamed' | 'all_declined'
  /** Payouts are on their way for so long before they are settled. */
  readonly settlesAfterMs?: number
  readonly looksUpOrders?: boolean
  readonly capabilities?: Partial<ProviderCapabilities>
}

interface BankPayout {
  readonly item: PayoutItem
  readonly orderKey: string
  readonly reference: string
  readonly takenAtMs: number
}

/** A bank that takes batches, with a ledger of what it has truly paid, and faults that a test plans call by call. */
export class BatchBank {
  readonly paid: Paid[] = []
  /** Every order that was sent, whether it arrived or not. */
  readonly orders: PayoutOrder[] = []
  readonly lookups: PayoutQuery[] = []
  readonly orderLookups: OrderQuery[] = []
  /** Fates of the next calls, in turn; afterwards all goes well. */
  readonly fates: Fate[] = []
  /** What an all-or-nothing bank finds fault with, by amount. */
  readonly badAmounts = new Set<string>()
  /** What the account holds; a batch that is larger is deferred. */
  float = Infinity
  lookupFate:
    ((query: PayoutQuery, truth: () => LookupOutcome) => LookupOutcome | Promise<LookupOutcome>) | null = null
  private readonly payouts: BankPayout[] = []
  private readonly takenOrders = new Map<string, SubmitOutcome>()

  constructor(
    private readonly clock: () => Pick<Clock, 'monotonicMs'>,
    private readonly options: BatchBankOptions = {},
  ) {}

  readonly provider = (): PaymentProvider => {
    const { name = 'sandbox', lookup = 'by_key', maxItems = 100, looksUpOrders, capabilities } = this.options
    return {
      name,
      capabilities: {
        methods: ['BANK'],
        currencies: 'any',
        ...(maxItems !== null && { batch: { maxItems } }),
        keyLifetimeMs: 30 * 24 * 3_600_000,
        lookup,
        notFoundConclusiveAfterMs: 0,
        returnWindowMs: 0,
        expectedMs: 60_000,
        destinationFields: { BANK: ['iban'] },
        timeoutMs: 10_000,
        ...capabilities,
      },
      check: () => [],
      submit: async (order) => {
        this.orders.push(order)
        const fate = this.fates.shift()
        const take = () => this.take(order)
        return fate ? fate(take, order) : take()
      },
      lookup: async (query) => {
        this.lookups.push(query)
        const truth = () => this.find(query)
        return this.lookupFate ? this.lookupFate(query, truth) : truth()
      },
      ...(looksUpOrders === true && {
        lookupOrder: (query: OrderQuery) => {
          this.orderLookups.push(query)
          const members = this.payouts.filter(({ orderKey }) => orderKey === query.orderKey)
          return Promise.resolve(
            Object.fromEntries(members.map((payout) => [payout.item.key, this.statusOf(payout)])),
          )
        },
      }),
    }
  }

  /** Amounts paid, in the order of their payment. */
  get amounts(): string[] {
    return this.paid.map(({ amount }) => amount)
  }

  private take(order: PayoutOrder): SubmitOutcome {
    const earlier = this.takenOrders.get(order.key)
    if (earlier) return earlier
    const refusal = this.refusalOf(order)
    if (refusal) return refusal
    const items = Object.fromEntries(order.items.map((item) => [item.key, this.pay(item, order)] as const))
    const outcome: SubmitOutcome = { kind: 'accepted', reference: `O-${order.key}`, items }
    this.takenOrders.set(order.key, outcome)
    return outcome
  }

  private refusalOf({ items, total }: PayoutOrder): SubmitOutcome | null {
    if (Number(total) > this.float) return { kind: 'deferred', why: 'insufficient_float' }
    const bad = items.filter(({ amount }) => this.badAmounts.has(amount))
    const { validation = 'per_item' } = this.options
    if (bad.length === 0 || validation === 'per_item') return null
    if (validation === 'all_declined') return { kind: 'declined', code: 'invalid_identifier' }
    return {
      kind: 'deferred',
      why: 'batch_refused',
      ...(validation === 'all_named' && {
        items: Object.fromEntries(bad.map(({ key }) => [key, BAD] as const)),
      }),
    }
  }

  private pay(item: PayoutItem, order: PayoutOrder): PayoutOutcome {
    const { lookup = 'by_key' } = this.options
    const known = lookup === 'by_key' && this.payouts.find((payout) => payout.item.key === item.key)
    if (known) return this.statusOf(known)
    if (this.badAmounts.has(item.amount)) return BAD
    const payout = {
      item,
      orderKey: order.key,
      reference: `P-${this.payouts.length + 1}-${item.key}`,
      takenAtMs: this.clock().monotonicMs(),
    }
    this.payouts.push(payout)
    this.float -= Number(item.amount)
    this.paid.push({ orderKey: order.key, itemKey: item.key, amount: item.amount, currency: item.currency })
    return this.statusOf(payout)
  }

  private statusOf({ item, reference, takenAtMs }: BankPayout): PayoutOutcome {
    const age = this.clock().monotonicMs() - takenAtMs
    if (age < (this.options.settlesAfterMs ?? 0)) return { kind: 'accepted', reference, status: 'PENDING' }
    return { kind: 'settled', reference, transactionId: `TX-${item.endToEndId}`, amount: item.amount }
  }

  private find({ key, orderKey, reference, orderReference }: PayoutQuery): LookupOutcome {
    const { lookup = 'by_key' } = this.options
    const isFound = (payout: BankPayout): boolean =>
      payout.item.key === key &&
      (lookup === 'by_key' ||
        payout.reference === reference ||
        (orderReference === `O-${orderKey}` && payout.orderKey === orderKey))
    const payout = this.payouts.find(isFound)
    return payout ? this.statusOf(payout) : { kind: 'not_found', conclusive: lookup === 'by_key' }
  }
}

const BAD: PayoutOutcome = { kind: 'declined', code: 'invalid_identifier' }
