import type { Fault, Faults, KindAt } from './faults'

/** What is read of a list that was made of these. */
export type Listed = <Item>(items: readonly Item[], invented: (name: string) => Item) => readonly Item[]

/** Now and then a list hides something, invents something, or tells a page twice or not at all. */
export const listedBy =
  (faults: Faults, onOdd: (fault: Fault<KindAt<'list.page'>>) => void): Listed =>
  (items, invented) => {
    const fault = faults.at('list.page')
    if (fault === null) return items
    onOdd(fault)
    const hidden = faults.amount(fault, 'hidden', 0, Math.max(0, items.length - 1))
    switch (fault.kind) {
      case 'item_hidden':
        return items.filter((_item, at) => at !== hidden)
      case 'item_invented':
        return [...items, invented(`odd-${String(fault.index).padStart(9, '0')}`)]
      case 'page_twice':
        return [...items, ...items]
      case 'page_missing':
        return []
    }
  }
