import { mapFew } from '../../runtime/parallel'
import type { Fact, ItemRecord, Ledger } from './ledger'

/** What a report says of our payments, before it is stored. */
export interface Findings {
  /** By end-to-end id. */
  readonly items: Map<string, Fact[]>
  /** By order key. */
  readonly orders: Map<string, Fact[]>
  /** Keys of all orders that something is said about, be it about one of their payments. */
  readonly heardOf: Set<string>
  readonly problems: string[]
}

export const noFindings = (): Findings => ({
  items: new Map(),
  orders: new Map(),
  heardOf: new Set(),
  problems: [],
})

export function noteItem({ items, heardOf }: Findings, item: ItemRecord, fact: Fact): void {
  items.set(item.endToEndId, [...(items.get(item.endToEndId) ?? []), fact])
  heardOf.add(item.orderKey)
}

export function noteOrder({ orders, heardOf }: Findings, orderKey: string, fact: Fact): void {
  orders.set(orderKey, [...(orders.get(orderKey) ?? []), fact])
  heardOf.add(orderKey)
}

/** The payments a report may be about. Only those whose order was made: the others never reached a bank. */
export async function knownItems(
  ledger: Ledger,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, ItemRecord>> {
  // Our ids are letters and digits; what others write into their payments is not looked up.
  const ours = [...new Set(ids)].filter((id) => /^[A-Za-z0-9]{1,35}$/.test(id))
  const found = await mapFew(ours, async (id) => [id, await ledger.item(id)] as const)
  return new Map(found.filter((pair): pair is readonly [string, ItemRecord] => pair[1] !== null))
}

/** References of strangers are shown short, and without what could be a name or an account. */
export const shown = (id: string | null): string =>
  id === null ? 'without an id' : id.replace(/[^A-Za-z0-9/._-]/g, '').slice(0, 35)
