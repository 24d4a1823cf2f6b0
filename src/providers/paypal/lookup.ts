import type { LookupOutcome, OrderQuery, PayoutQuery } from '../../ports/payment-provider'
import type { PaypalApi } from './api'
import { type Listing, readListing } from './listing'
import type { Orders } from './orders'
import { itemOutcome, outcomeIn, outcomesIn } from './outcomes'

export interface LookupDeps {
  readonly api: PaypalApi
  readonly orders: Orders
  /** Called with every outcome that is told. */
  readonly noted: (outcome: LookupOutcome) => void
}

/** PayPal has no search by our keys: what it never told us the id of can only be asked for by sending it again. */
const NEVER_TOLD: LookupOutcome = { kind: 'not_found', conclusive: false }

/** A batch that names another key proves nothing by what is missing in it. */
const isAnothers = ({ header }: Listing, orderKey: string): boolean =>
  header.key !== null && header.key !== orderKey
const ANOTHERS: LookupOutcome = {
  kind: 'unknown',
  why: 'the batch at PayPal has the key of another order',
  wasHeard: true,
}

export async function lookup(query: PayoutQuery, { api, orders, noted }: LookupDeps): Promise<LookupOutcome> {
  const outcome = await (query.reference === null ? byBatch(query) : byItem(query, query.reference))
  noted(outcome)
  return outcome

  async function byItem(asked: PayoutQuery, itemId: string): Promise<LookupOutcome> {
    const item = await api.item(itemId, api.deadline())
    return item ? itemOutcome(item, asked) : NEVER_TOLD
  }

  async function byBatch(asked: PayoutQuery): Promise<LookupOutcome> {
    const batchId = asked.orderReference ?? (await orders.batchIdOf(asked.orderKey))
    if (batchId === null) return NEVER_TOLD
    const listing = await readListing(api, batchId, api.deadline())
    if (!listing) return NEVER_TOLD
    // A payout that it lists says itself whose it is.
    return isAnothers(listing, asked.orderKey) && !listing.byKey.has(asked.key)
      ? ANOTHERS
      : outcomeIn(listing, asked)
  }
}

/** Every payout PayPal lists, from one reading of the batch. Payouts it does not list are looked up alone. */
export async function lookupOrder(
  { orderKey, orderReference, currency }: OrderQuery,
  { api, orders, noted }: LookupDeps,
): Promise<Readonly<Record<string, LookupOutcome>>> {
  const batchId = orderReference ?? (await orders.batchIdOf(orderKey))
  const listing = batchId === null ? null : await readListing(api, batchId, api.deadline())
  if (!listing) return {}
  const outcomes = await outcomesIn(listing, currency)
  for (const outcome of Object.values(outcomes)) noted(outcome)
  return outcomes
}
