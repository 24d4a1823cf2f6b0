import { isPayoutKey } from '../../domain/identifiers'
import type { ListedPayout, LookupOutcome, PayoutPage, PayoutRange } from '../../ports/payment-provider'
import type { ItemAnswer } from './answers'
import { type Deadline, type PaypalApi, UnexpectedAnswerError } from './api'
import { readListing } from './listing'
import type { Orders, SentOrder } from './orders'
import { itemOutcome } from './outcomes'
import { isFinished } from './statuses'

export interface ListPayoutsDeps {
  readonly api: PaypalApi
  readonly orders: Pick<Orders, 'sentIn' | 'batchIdOf'>
}

/** One call asks for so many at most, one after the other: they have one deadline. */
const ORDERS_A_PAGE = 8
/** With this many payouts a page is full; one batch more fits. */
const PAGE_FULL = 2_000
const HOUR_MS = 3_600_000

/** Of what was sent from then on, within its hour, the order that comes next. */
interface Place {
  readonly at: Date
  readonly skip: number
}

/**
 * The payouts of the batches that we have sent in a time, as PayPal shows them now. PayPal lists no batches: those are
 * known that were written down here before they were sent.
 */
export async function listPayouts(
  { since, until, cursor }: PayoutRange,
  deps: ListPayoutsDeps,
): Promise<PayoutPage> {
  let place: Place | null = cursor === null ? { at: since, skip: 0 } : readPlace(cursor)
  const deadline = deps.api.deadline()
  const payouts: ListedPayout[] = []
  for (let asked = 0; place && asked < ORDERS_A_PAGE && payouts.length < PAGE_FULL;) {
    const hourEnds: Date = new Date((Math.floor(place.at.getTime() / HOUR_MS) + 1) * HOUR_MS)
    const sent = await deps.orders.sentIn(place.at, hourEnds < until ? hourEnds : until)
    const order = sent[place.skip]
    if (!order) {
      place = hourEnds < until ? { at: hourEnds, skip: 0 } : null
      continue
    }
    payouts.push(...(await payoutsOf(order, deps, deadline)))
    place = { at: place.at, skip: place.skip + 1 }
    asked++
  }
  return { payouts, next: place && `${place.skip}/${place.at.toISOString()}` }
}

function readPlace(cursor: string): Place {
  const [, skip, at] = /^(\d{1,9})\/(\S+)$/.exec(cursor) ?? []
  return { skip: Number(skip), at: new Date(String(at)) }
}

/**
 * Nothing of an order of which it is not known which batch it became: its payouts are in doubt, and are asked about as
 * that. Nothing of one that PayPal does not show: each of its payouts is looked up before anybody is told.
 */
async function payoutsOf(
  { orderKey, at }: SentOrder,
  { api, orders }: ListPayoutsDeps,
  deadline: Deadline,
): Promise<readonly ListedPayout[]> {
  const batchId = await orders.batchIdOf(orderKey)
  const listing = batchId === null ? null : await readListing(api, batchId, deadline)
  if (!listing) return []
  if (isFinished(listing.header.status) && !listing.isComplete)
    throw new UnexpectedAnswerError('PayPal has finished a batch, and does not list all of it')
  return listing.items.flatMap((item) => listed(item, at))
}

const STATES: Readonly<Partial<Record<LookupOutcome['kind'], ListedPayout['state']>>> = {
  settled: 'paid',
  returned: 'returned',
  declined: 'failed',
  voided: 'failed',
}

/** @throws {UnexpectedAnswerError} It lacks what it is compared by. */
function listed(item: ItemAnswer, at: string): ListedPayout[] {
  const { key, money, itemId: reference } = item
  if (!isPayoutKey(key)) return []
  if (money === null) throw new UnexpectedAnswerError('PayPal listed a payout without its amount')
  const { currency, amount } = money
  const state = STATES[itemOutcome(item, { key, currency }).kind] ?? 'open'
  return [{ ...{ key, reference, currency, amount, state }, at }]
}
