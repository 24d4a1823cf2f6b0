import type {
  ListedPayout,
  LookupOutcome,
  PaymentProvider,
  PayoutPage,
  PayoutRange,
} from '../../ports/payment-provider'
import type { Ledger, Order, Payment } from './ledger'
import type { Lookups } from './lookups'

interface ListingDeps {
  readonly ledger: Pick<Ledger, 'orders' | 'payments'>
  readonly lookups: Pick<Lookups, 'outcomesOf'>
}

/** Of a file of fifteen thousand payments, so many are looked at in one call. */
const PAGE = 2_000

/** Where a page begins: with this payment of this order. */
interface Place {
  readonly orderKey: string
  readonly from: number
}

/**
 * What is in the files for the bank, with what the bank's reports have said of each payment so far: for the
 * reconciliation. A file counts from when it was made. What a statement says that nobody has handed in is not known here:
 * such a payment is `open`.
 */
export const createListing =
  ({ ledger, lookups }: ListingDeps): NonNullable<PaymentProvider['listPayouts']> =>
  async ({ since, until, cursor }: PayoutRange): Promise<PayoutPage> => {
    const orders = (await ledger.orders())
      .filter(({ createdAt }) => createdAt >= since.toISOString() && createdAt < until.toISOString())
      .sort((a, b) => compare(a.createdAt, b.createdAt) || compare(a.key, b.key))
    const place = cursor === null ? firstOf(orders[0]) : readPlace(cursor)
    const index = orders.findIndex(({ key }) => key === place?.orderKey)
    const order = orders[index]
    if (!order || !place) return { payouts: [], next: null }
    const payments = await ledger.payments(order)
    const here = payments.slice(place.from, place.from + PAGE)
    const outcomes = await lookups.outcomesOf(order, here)
    const isRest = place.from + PAGE < payments.length
    const next = isRest ? { orderKey: order.key, from: place.from + PAGE } : firstOf(orders[index + 1])
    return {
      payouts: here.flatMap((payment) => listed(order, payment, outcomes[payment.key])),
      next: next && `${next.from}/${next.orderKey}`,
    }
  }

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const firstOf = (order: Order | undefined): Place | null => (order ? { orderKey: order.key, from: 0 } : null)

function readPlace(cursor: string): Place | null {
  const [, from, orderKey] = /^(\d{1,6})\/(.+)$/.exec(cursor) ?? []
  return from === undefined || orderKey === undefined ? null : { orderKey, from: Number(from) }
}

const STATES: Readonly<Partial<Record<LookupOutcome['kind'], ListedPayout['state']>>> = {
  settled: 'paid',
  returned: 'returned',
  declined: 'failed',
  voided: 'failed',
}

/** Nothing of one that another order has claimed: it is listed there. */
function listed(order: Order, payment: Payment, outcome: LookupOutcome | undefined): ListedPayout[] {
  if (!outcome) return []
  const { key, endToEndId: reference } = payment
  const amount = outcome.kind === 'settled' && outcome.amount !== undefined ? outcome.amount : payment.amount
  const state = STATES[outcome.kind] ?? 'open'
  return [{ ...{ key, reference, amount, state }, currency: order.currency, at: order.createdAt }]
}
