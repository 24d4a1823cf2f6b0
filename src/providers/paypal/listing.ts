import { sameAmount, sum } from '../../domain/money'
import type { BatchHeader, BatchPage, ItemAnswer } from './answers'
import type { Deadline, PaypalApi } from './api'

/** A batch as PayPal shows it. */
export interface Listing {
  readonly header: BatchHeader
  readonly items: readonly ItemAnswer[]
  /** The same, by our key of them. */
  readonly byKey: ReadonlyMap<string, readonly ItemAnswer[]>
  /** All items PayPal says the batch has are here. Nothing follows from the absence of one before that. */
  readonly isComplete: boolean
  /** The total PayPal booked for the batch is the sum of the items that are here. */
  readonly addsUp: boolean
}

/** Pages asked for at the same time: 15 pages have to fit into one deadline. */
const PAGES_AT_ONCE = 4

/** @returns null when PayPal does not know the batch, or does not know it yet. */
export async function readListing(api: PaypalApi, batchId: string, until: Deadline): Promise<Listing | null> {
  const first = await api.batchPage(batchId, 1, until)
  if (!first) return null
  const pages: BatchPage[] = [first]
  const pageCount = first.totalPages ?? 1
  for (let page = 2; page <= pageCount; page += PAGES_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(PAGES_AT_ONCE, pageCount - page + 1) }, (_, i) => page + i)
    const read = await Promise.all(numbers.map((number) => api.batchPage(batchId, number, until)))
    for (const more of read) if (more) pages.push(more)
  }
  return listingOf(first, distinct(pages.flatMap(({ items }) => items)))
}

function byKeyOf(items: readonly ItemAnswer[]): Map<string, ItemAnswer[]> {
  const byKey = new Map<string, ItemAnswer[]>()
  for (const item of items) {
    if (item.key === null) continue
    const known = byKey.get(item.key)
    if (known) known.push(item)
    else byKey.set(item.key, [item])
  }
  return byKey
}

export function listingOf({ header, totalItems }: BatchPage, items: readonly ItemAnswer[]): Listing {
  const amounts = items.flatMap(({ money }) => (money?.currency === header.amount?.currency ? [money] : []))
  const listed = sum(amounts.flatMap((money) => money?.amount ?? []))
  return {
    header,
    items,
    byKey: byKeyOf(items),
    isComplete: totalItems !== null && totalItems === items.length,
    addsUp:
      header.amount !== null && amounts.length === items.length && sameAmount(listed, header.amount.amount),
  }
}

/** A page that is read while PayPal is still adding items may repeat one. */
const distinct = (items: readonly ItemAnswer[]): ItemAnswer[] => [
  ...new Map(items.map((item) => [item.itemId, item])).values(),
]
