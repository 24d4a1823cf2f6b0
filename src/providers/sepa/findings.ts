import type { Fact, ItemRecord, Ledger } from './ledger'
import type { Pace } from './pace'

/** What a report says of our payments, before it is stored. */
export interface Findings {
  /** By end-to-end id. */
  readonly items: Map<string, Fact[]>
  /** By order key. */
  readonly orders: Map<string, Fact[]>
  /** Keys of all orders that something is said about, be it about one of their payments. */
  readonly heardOf: Set<string>
  /** By end-to-end id, of payments in `items` too: what is for a person, and is no fact that could decide. */
  readonly questions: Map<string, string[]>
  /** Sentences about no payment of ours. */
  readonly problems: string[]
}

export const noFindings = (): Findings => ({
  items: new Map(),
  orders: new Map(),
  heardOf: new Set(),
  questions: new Map(),
  problems: [],
})

export function noteItem({ items, heardOf }: Findings, item: ItemRecord, fact: Fact): void {
  addTo(items, item.endToEndId, fact)
  heardOf.add(item.orderKey)
}

export function noteOrder({ orders, heardOf }: Findings, orderKey: string, fact: Fact): void {
  addTo(orders, orderKey, fact)
  heardOf.add(orderKey)
}

export function noteQuestion({ items, questions, heardOf }: Findings, item: ItemRecord, why: string): void {
  addTo(questions, item.endToEndId, why)
  if (!items.has(item.endToEndId)) items.set(item.endToEndId, [])
  heardOf.add(item.orderKey)
}

function addTo<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}

/** The payments a report may be about. Only those whose order was made: the others never reached a bank. */
export async function knownItems(
  ledger: Ledger,
  ids: Iterable<string>,
  pace: Pace,
): Promise<ReadonlyMap<string, ItemRecord>> {
  // Our ids are letters and digits; what others write into their payments is not looked up.
  const ours = [...new Set(ids)].filter((id) => /^[A-Za-z0-9]{1,35}$/.test(id))
  const known = new Map<string, ItemRecord>()
  for (const item of await pace.map(ours, (id) => ledger.item(id))) {
    await pace.step()
    if (item) known.set(item.endToEndId, item)
  }
  return known
}

/** References of strangers are shown short, and without what could be a name or an account. */
export const shown = (id: string | null): string =>
  id === null ? 'without an id' : id.replace(/[^A-Za-z0-9/._-]/g, '').slice(0, 35)
