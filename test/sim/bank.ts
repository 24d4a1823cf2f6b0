import type {
  LookupOutcome,
  OrderQuery,
  PayoutItem,
  PayoutOrder,
  PayoutQuery,
  SubmitOutcome,
} from '../../src/ports/payment-provider'
import { Chance, hashOf } from './chance'
import type { Faults } from './faults'
import type { ProviderKnobs } from './knobs'
import type { Timeline } from './timeline'

type PayoutState = 'pending' | 'paid' | 'declined' | 'returned' | 'voided'

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
  changedAtMs: number
  /** What a look-up that lags behind says. */
  stateBefore: PayoutState
  /** How often the money left; once too often is what all this is about. */
  executions: number
  /** What has come back so far. */
  returned: string
  /** A request to stop it is on its way to whoever can. */
  isStopping: boolean
  lied: Lie | null
}

type Lie =
  | ('declined_then_paid' | 'paid_then_returned' | 'odd_amount')
  | ('paid_then_declined' | 'returned_in_part' | 'returned_twice' | 'voided_then_paid')

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

const MINUTE_MS = 60_000

/** The provider's books: the truth about who was paid. */
export class Bank {
  /** Every payout ever taken; a key that was forgotten may have several. */
  readonly payouts: Payout[] = []
  /** Keys that it has named in a list, and knows nothing of. */
  readonly invented = new Set<string>()
  private readonly byKey = new Map<string, Payout>()
  private readonly byOrderKey = new Map<string, TakenOrder>()
  private count = 0

  constructor(
    readonly name: string,
    readonly knobs: ProviderKnobs,
    private readonly seed: number,
    private readonly timeline: Timeline,
    private readonly faults: Faults,
    private readonly events: BankEvents,
  ) {}

  /** No two banks number alike. */
  private get stem(): string {
    return this.name === 'bank' ? 'T' : `T-${this.name}`
  }

  nowMs = (): number => this.timeline.nowMs

  payoutsOf = (withdrawalId: string): readonly Payout[] =>
    this.payouts.filter((payout) => payout.withdrawalId === withdrawalId)

  withdrawalIdOf = (key: string): string => this.events.ownerOf(key) ?? idIn(key)

  submit(order: PayoutOrder): SubmitOutcome {
    if (this.events.isThrottled()) return { kind: 'deferred', why: 'rate_limited' }
    const known = this.byOrderKey.get(order.key)
    this.events.onOrdered(order, known?.order ?? null)
    // Some look at the account before they look at the key: what they took yesterday they refuse today.
    if (this.knobs.validatesFirst && order.items.some((item) => this.hasGoneBad(item)))
      return isSingle(order) ? BAD : { kind: 'deferred', why: 'batch_refused' }
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

  /** All of a batch in one answer; what has not shown yet is left out of it. */
  lookupOrder({ orderKey, orderReference }: OrderQuery): Readonly<Record<string, LookupOutcome>> {
    const { lookup, lookupLagMs } = this.knobs
    const taken = this.byOrderKey.get(orderKey)
    if (!taken || (lookup === 'by_reference' && orderReference !== taken.reference)) return {}
    const shown = [...taken.payouts].filter(
      ([, { takenAtMs }]) => this.timeline.nowMs - takenAtMs >= lookupLagMs,
    )
    return Object.fromEntries(shown.map(([key, payout]) => [key, told(payout, 'state')]))
  }

  /** Stops what is not final, at once or in a while; that it is stopped is seen by a look-up alone. */
  cancel(query: PayoutQuery): 'canceled' | 'too_late' | 'unknown' {
    const found =
      this.byKey.get(query.key) ?? this.payouts.find(({ reference }) => reference === query.reference)
    if (found?.state !== 'pending') return found?.state === 'declined' ? 'canceled' : 'too_late'
    found.isStopping = true
    if (this.knobs.cancel !== 'at_once') return 'unknown'
    this.end(found, 'declined', 0)
    return 'canceled'
  }

  /** Taken or not, from some moment on its account is one that nothing is paid to. */
  private hasGoneBad({ endToEndId }: PayoutItem): boolean {
    const drawn = new Chance(this.seed ^ 0x2c1b3c6d).at(hashOf(endToEndId))
    return drawn < this.knobs.goesBadShare && this.timeline.nowMs > drawn * 100 * MINUTE_MS
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
    const payout = this.noted(item, orderReference, state)
    this.byKey.set(item.key, payout)
    return payout
  }

  /** Behind everybody's back: nobody has ordered it, or not this often. */
  plant(item: PayoutItem, state: 'paid' | 'pending' | 'declined'): Payout {
    const payout = this.noted(item, null, state)
    if (!this.byKey.has(item.key)) this.byKey.set(item.key, payout)
    if (state === 'paid') payout.executions = 1
    return payout
  }

  /** As if it had never been there. */
  lose(payout: Payout): void {
    this.payouts.splice(this.payouts.indexOf(payout), 1)
    this.byKey.delete(payout.key)
    for (const [key, { payouts }] of this.byOrderKey) if (payouts.has(payout.key)) this.byOrderKey.delete(key)
  }

  private noted(item: PayoutItem, orderReference: string | null, state: PayoutState): Payout {
    const number = ++this.count
    const payout: Payout = {
      ...{ key: item.key, withdrawalId: this.withdrawalIdOf(item.key), item, amount: item.amount },
      ...{ reference: `R-${number}`, transactionId: `${this.stem}-${number}`, orderReference },
      ...{ state, stateBefore: state, takenAtMs: this.timeline.nowMs, executions: 0, lied: null },
      ...{ returned: '0', isStopping: false, changedAtMs: this.timeline.nowMs },
    }
    this.payouts.push(payout)
    return payout
  }

  private take(item: PayoutItem, orderReference: string): Payout {
    const { knobs } = this
    const number = this.count + 1
    const fate = new Chance(this.seed ^ Math.imul(number, 0x9e3779b1))
    const drawn = this.faults.at('payout.lie')?.kind ?? null
    // Whoever cannot be asked cannot say that it has dropped something.
    const lie = drawn === 'voided_then_paid' && knobs.lookup === 'none' ? null : drawn
    const payout = this.keep(item, orderReference, 'pending')
    payout.lied = lie
    if (lie === 'odd_amount') payout.amount = '0.01'
    const ends = fate.isLucky(knobs.declinedShare) ? 'declined' : 'paid'
    const endsInMs = fate.isLucky(knobs.instantShare) ? 0 : fate.between(500, 120_000)
    const said = this.firstWord(number, lie, ends)
    this.end(payout, said, endsInMs)
    if (lie)
      this.lieAbout(payout, lie, said === 'voided' ? said : ends, endsInMs + fate.between(1_000, 600_000))
    return payout
  }

  private firstWord(number: number, lie: Lie | null, ends: 'declined' | 'paid'): PayoutState {
    const { voidedShare } = this.knobs
    if (lie === 'voided_then_paid') return 'voided'
    if (voidedShare > 0 && new Chance(this.seed).at(number, 7) < voidedShare) return 'voided'
    return lie === 'declined_then_paid' ? 'declined' : ends
  }

  private lieAbout(payout: Payout, lie: Lie, ends: PayoutState, inMs: number): void {
    if (lie === 'voided_then_paid' || (lie === 'declined_then_paid' && ends !== 'voided'))
      return this.end(payout, 'paid', inMs)
    if (ends !== 'paid') return
    const back = (share: number) => () => {
      payout.returned = (Math.floor(Number(payout.amount) * 100 * share) / 100).toFixed(2)
    }
    if (lie === 'paid_then_returned') this.end(payout, 'returned', inMs, back(1))
    if (lie === 'paid_then_declined') this.end(payout, 'declined', inMs)
    if (lie === 'returned_in_part' || lie === 'returned_twice') this.end(payout, 'returned', inMs, back(0.4))
    if (lie === 'returned_twice') this.end(payout, 'returned', inMs + 20 * MINUTE_MS, back(1))
  }

  private end(payout: Payout, wanted: PayoutState, inMs: number, more = () => {}): void {
    const happen = () => {
      const isStopped = payout.state === 'pending' && payout.isStopping
      // What was stopped has no further fate.
      if (payout.isStopping && payout.state === 'declined') return
      const state = isStopped ? 'declined' : wanted
      payout.stateBefore = payout.state
      payout.state = state
      payout.changedAtMs = this.timeline.nowMs
      more()
      if (state === 'declined' && payout.stateBefore === 'paid') payout.executions--
      this.events.onChanged(payout)
      if (state !== 'paid') return
      payout.executions++
      this.events.onExecuted(payout)
    }
    if (inMs === 0) happen()
    else this.timeline.after(inMs, null, `payout ${wanted}`, happen)
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
    // The answer to a submit has no word for these; one that replays says so as an outcome it is not.
    case 'returned':
      return { kind: 'returned', reference, amount: payout.returned, code } as never
    case 'voided':
      return { kind: 'voided', why: 'insufficient_float' } as never
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
