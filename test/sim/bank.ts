import type {
  LookupOutcome,
  PaymentProvider,
  PayoutItem,
  PayoutOrder,
  PayoutOutcome,
  PayoutQuery,
  SubmitOutcome,
} from '../../src/ports/payment-provider'
import { Chance, hashOf } from './chance'
import type { Edges } from './edges'
import type { Faults } from './faults'
import type { ProviderKnobs } from './knobs'
import type { Timeline } from './timeline'

type PayoutState = 'pending' | 'paid' | 'declined' | 'returned'

/** A payout as the provider keeps it. */
export interface Payout {
  readonly key: string
  readonly withdrawalId: string
  readonly item: PayoutItem
  readonly reference: string
  readonly transactionId: string
  /** The provider's own id of the batch it came in. */
  readonly orderReference: string | null
  readonly takenAtMs: number
  /** What really leaves, which a provider may get wrong. */
  amount: string
  state: PayoutState
  /** What a look-up that lags behind says. */
  stateBefore: PayoutState
  /** How often the money left; once too often is what all this is about. */
  executions: number
  lied: 'declined_then_paid' | 'paid_then_returned' | 'odd_amount' | null
}

export interface BankEvents {
  /** It takes no orders for a while, and says so before it looks at their keys. */
  isThrottled(): boolean
  /** An order has arrived, for the first time or again. */
  onOrdered(order: PayoutOrder, earlier: PayoutOrder | null): void
  onExecuted(payout: Payout): void
  /** Whose payout a key is that does not carry the id of its withdrawal: one that left again under another key. */
  ownerOf(key: string): string | null
  onChanged(payout: Payout): void
}

/** A key carries the id of its withdrawal, and a planted mistake may put something behind it. */
const idIn = (key: string): string => key.slice('BW-'.length).split('#')[0] ?? key

/** The provider's books: the truth about who was paid. */
export class Bank {
  /** Every payout ever taken; a key that was forgotten may have several. */
  readonly payouts: Payout[] = []
  private readonly byKey = new Map<string, Payout>()
  private readonly byOrderKey = new Map<string, TakenOrder>()

  constructor(
    readonly knobs: ProviderKnobs,
    private readonly seed: number,
    private readonly timeline: Timeline,
    private readonly faults: Faults,
    private readonly events: BankEvents,
  ) {}

  payoutsOf = (withdrawalId: string): readonly Payout[] =>
    this.payouts.filter((payout) => payout.withdrawalId === withdrawalId)

  withdrawalIdOf = (key: string): string => this.events.ownerOf(key) ?? idIn(key)

  submit(order: PayoutOrder): SubmitOutcome {
    if (this.events.isThrottled()) return { kind: 'deferred', why: 'rate_limited' }
    const known = this.byOrderKey.get(order.key)
    this.events.onOrdered(order, known?.order ?? null)
    if (known && this.timeline.nowMs - known.takenAtMs < this.knobs.keyLifetimeMs) return this.replayed(known)
    const bad = order.items.filter((item) => this.isBad(item))
    const refusal = this.refusal(order, bad)
    if (refusal) return refusal
    const reference = `B-${this.byOrderKey.size + 1}`
    const taken: TakenOrder = { order, reference, takenAtMs: this.timeline.nowMs, payouts: new Map() }
    this.byOrderKey.set(order.key, taken)
    for (const item of order.items)
      taken.payouts.set(
        item.key,
        bad.includes(item) ? this.keep(item, reference) : this.takeOnce(item, reference),
      )
    return this.toldOrder(taken)
  }

  lookup(query: PayoutQuery, sees: 'state' | 'stateBefore' = 'state'): LookupOutcome {
    const { lookup, lookupLagMs } = this.knobs
    const found =
      lookup === 'by_reference'
        ? this.payouts.find(
            ({ reference, orderReference, key }) =>
              reference === query.reference ||
              (orderReference !== null && orderReference === query.orderReference && key === query.key),
          )
        : this.byKey.get(query.key)
    if (found && this.timeline.nowMs - found.takenAtMs >= lookupLagMs) return told(found, sees)
    if (lookup === 'none') return { kind: 'unknown', why: 'there is no statement yet' }
    return { kind: 'not_found', conclusive: lookup === 'by_key' || query.reference !== null }
  }

  private isBad = ({ endToEndId }: PayoutItem): boolean =>
    new Chance(this.seed).at(hashOf(endToEndId)) < this.knobs.badShare

  /** What it says of an order it takes nothing of. */
  private refusal({ items }: PayoutOrder, bad: readonly PayoutItem[]): SubmitOutcome | null {
    if (bad.length === 0) return null
    const { badItem } = this.knobs
    if (badItem === 'declined_alone') return items.length === 1 ? BAD : null
    if (badItem === 'refuses_all') return { kind: 'deferred', why: 'batch_refused' }
    const named = Object.fromEntries(bad.map(({ key }) => [key, BAD]))
    return { kind: 'deferred', why: 'batch_refused', items: named }
  }

  private replayed(known: TakenOrder): SubmitOutcome {
    if (this.knobs.replay === 'unknown') return { kind: 'unknown', why: 'HTTP 409' }
    if (this.knobs.replay === 'outcome') return this.toldOrder(known)
    const [single] = known.payouts.values()
    return {
      kind: 'accepted',
      reference: single && isSingle(known.order) ? single.reference : known.reference,
    }
  }

  private toldOrder({ order, reference, payouts }: TakenOrder): SubmitOutcome {
    const [only] = payouts.values()
    if (isSingle(order) && only) return told(only, 'state')
    const items = Object.fromEntries([...payouts].map(([key, payout]) => [key, told(payout, 'state')]))
    return { kind: 'accepted', reference, ...(this.knobs.tellsItems && { items }) }
  }

  private takeOnce(item: PayoutItem, orderReference: string): Payout {
    const known = this.byKey.get(item.key)
    const isKnown = known && this.timeline.nowMs - known.takenAtMs < this.knobs.keyLifetimeMs
    return isKnown && this.knobs.knowsItemKeys ? known : this.take(item, orderReference)
  }

  /** On its books, whatever becomes of it: one that it declines is there too, and was never anything else. */
  private keep(item: PayoutItem, orderReference: string, state: PayoutState = 'declined'): Payout {
    const number = this.payouts.length + 1
    const payout: Payout = {
      ...{ key: item.key, withdrawalId: this.withdrawalIdOf(item.key), item, amount: item.amount },
      ...{ reference: `R-${number}`, transactionId: `T-${number}`, orderReference },
      ...{ state, stateBefore: state, takenAtMs: this.timeline.nowMs, executions: 0, lied: null },
    }
    this.payouts.push(payout)
    this.byKey.set(item.key, payout)
    return payout
  }

  private take(item: PayoutItem, orderReference: string): Payout {
    const { knobs } = this
    const number = this.payouts.length + 1
    const fate = new Chance(this.seed ^ Math.imul(number, 0x9e3779b1))
    const lie = this.faults.at('payout.lie')
    const payout = this.keep(item, orderReference, 'pending')
    payout.lied = lie?.kind ?? null
    if (lie?.kind === 'odd_amount') payout.amount = '0.01'
    const ends = fate.isLucky(knobs.declinedShare) ? 'declined' : 'paid'
    const endsInMs = fate.isLucky(knobs.instantShare) ? 0 : fate.between(500, 120_000)
    this.end(payout, lie?.kind === 'declined_then_paid' ? 'declined' : ends, endsInMs)
    if (lie?.kind === 'declined_then_paid') this.end(payout, 'paid', endsInMs + fate.between(1_000, 600_000))
    if (lie?.kind === 'paid_then_returned' && ends === 'paid')
      this.end(payout, 'returned', endsInMs + fate.between(1_000, 600_000))
    return payout
  }

  private end(payout: Payout, state: PayoutState, inMs: number): void {
    const happen = () => {
      payout.stateBefore = payout.state
      payout.state = state
      this.events.onChanged(payout)
      if (state !== 'paid') return
      payout.executions++
      this.events.onExecuted(payout)
    }
    if (inMs === 0) happen()
    else this.timeline.after(inMs, null, `payout ${state}`, happen)
  }
}

function told(
  payout: Payout,
  sees: 'state' | 'stateBefore',
): Exclude<LookupOutcome, { kind: 'not_found' }> & SubmitOutcome {
  const { reference, transactionId, amount } = payout
  const code = 'account_closed'
  switch (payout[sees]) {
    case 'pending':
      return { kind: 'accepted', reference, status: 'PENDING' }
    case 'paid':
      return { kind: 'settled', reference, transactionId, amount, status: 'PAID' }
    case 'declined':
      return { kind: 'declined', reference, code, status: 'FAILED' }
    case 'returned':
      // The answer to a submit has no word for it; one that replays says so as an outcome it is not.
      return { kind: 'returned', reference, amount, code } as never
  }
}

interface TakenOrder {
  readonly order: PayoutOrder
  readonly reference: string
  readonly takenAtMs: number
  readonly payouts: Map<string, Payout>
}

const BAD = { kind: 'declined', code: 'invalid_identifier' } as const
/** A single payout is ordered under its own key. */
const isSingle = ({ key, items }: PayoutOrder): boolean => items.length === 1 && items[0]?.key === key

/** Answers that break the contract; none of them proves anything. */
const GARBAGE: readonly unknown[] = [
  ...[null, undefined, 'OK', 200, [], {}, { kind: 'paid' }, { kind: 'SETTLED', reference: 'R-1' }],
  ...[{ kind: 'settled' }, { kind: 'settled', reference: 'R-1' }, { kind: 'accepted', reference: '' }],
  ...[
    { kind: 'settled', reference: 'R-1', transactionId: 5 },
    { kind: 'declined', status: {} },
  ],
  ...[{ kind: 'deferred', why: 'tired' }, { kind: 'not_found' }, { kind: 'not_found', conclusive: 'yes' }],
  ...[
    { kind: 'returned', reference: 'R-1', amount: '-1' },
    { kind: 'returned', amount: '1' },
  ],
]

/** A network that delivers twice does so while the provider still knows the key. */
const LATEST_DUPLICATE_MS = 25_000

/** The provider as one process sees it. */
export function providerFor(
  bank: Bank,
  edges: Edges,
  faults: Faults,
  isDown: () => boolean,
): PaymentProvider {
  const { knobs } = bank
  const common = (label: string, keys: readonly string[]) => ({
    ...{
      label: `provider.${label}`,
      withdrawalIds: keys.map(bank.withdrawalIdOf),
      timeoutMs: knobs.timeoutMs,
    },
    isDown: isDown(),
  })
  const garbage = (fault: { index: number }): never =>
    GARBAGE[faults.amount(fault, 'garbage', 0, GARBAGE.length - 1)] as never
  const throttled = (fault: { index: number }): PayoutOutcome => ({
    kind: 'deferred',
    why: faults.amount(fault, 'why', 0, 1) === 0 ? 'rate_limited' : 'insufficient_float',
    ...(faults.amount(fault, 'says', 0, 1) === 0 && {
      retryAfterMs: faults.amount(fault, 'retry', 1_000, 90_000),
    }),
  })
  return {
    name: 'bank',
    capabilities: {
      ...{ methods: ['BANK'], currencies: 'any', keyLifetimeMs: knobs.keyLifetimeMs, lookup: knobs.lookup },
      ...{ notFoundConclusiveAfterMs: knobs.notFoundConclusiveAfterMs },
      ...{ returnWindowMs: knobs.returnWindowMs },
      ...{ expectedMs: knobs.expectedMs, destinationFields: {}, timeoutMs: knobs.timeoutMs },
      ...(knobs.batchItemsMax !== null && { batch: { maxItems: knobs.batchItemsMax } }),
    },
    check: () => [],
    submit: (order) =>
      edges.effect<SubmitOutcome>(
        'provider.submit',
        {
          ...common(
            'submit',
            order.items.map(({ key }) => key),
          ),
          effect: () => bank.submit(order),
          ...(knobs.keyLifetimeMs > LATEST_DUPLICATE_MS && { duplicateWithinMs: LATEST_DUPLICATE_MS }),
          // What was put off or refused is over; a second delivery of it would be a payout nobody asked for any more.
          repeats: (answer) => answer.kind !== 'deferred' && answer.kind !== 'declined',
        },
        (fault) => (fault.kind === 'throttled' ? throttled(fault) : garbage(fault)),
      ),
    lookup: (query) =>
      edges.question<LookupOutcome>(
        'provider.lookup',
        { ...common('lookup', [query.key]), effect: () => bank.lookup(query) },
        (fault) => {
          if (fault.kind === 'stale') return bank.lookup(query, 'stateBefore')
          return fault.kind === 'throttled' ? throttled(fault) : garbage(fault)
        },
      ),
  }
}
