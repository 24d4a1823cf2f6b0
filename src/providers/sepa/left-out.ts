import type { Findings } from './findings'
import { isMade, type ItemRecord, type Ledger } from './ledger'
import type { Pace } from './pace'

interface LeftOutDeps {
  readonly ledger: Ledger
  readonly pace: Pace
}

/** Every payment that findings may decide over, by itself or within its file. */
export async function spokenOf(findings: Findings, deps: LeftOutDeps): Promise<readonly ItemRecord[]> {
  const { ledger, pace } = deps
  const found = new Map<string, ItemRecord>()
  for (const item of await pace.map([...findings.items.keys()], (id) => ledger.item(id)))
    if (item) found.set(item.endToEndId, item)
  for (const key of findings.orders.keys())
    for (const item of await paymentsOf(key, deps)) found.set(item.endToEndId, item)
  return [...found.values()]
}

/**
 * The findings without whatever could decide over one of these payments: of an order with one of them nothing that is
 * about the whole of it is left either.
 */
export async function without(
  keys: ReadonlySet<string>,
  findings: Findings,
  deps: LeftOutDeps,
): Promise<Findings> {
  if (keys.size === 0) return findings
  const { ledger, pace } = deps
  const left: Findings = {
    items: new Map(findings.items),
    orders: new Map(findings.orders),
    heardOf: new Set(),
    questions: new Map(findings.questions),
    problems: findings.problems,
  }
  for (const item of await pace.map([...findings.items.keys()], (id) => ledger.item(id))) {
    await pace.step()
    if (item && keys.has(item.key)) {
      left.items.delete(item.endToEndId)
      left.questions.delete(item.endToEndId)
    } else if (item) left.heardOf.add(item.orderKey)
  }
  for (const order of findings.orders.keys()) {
    const isHeld = (await paymentsOf(order, deps)).some(({ key }) => keys.has(key))
    if (isHeld) left.orders.delete(order)
    else left.heardOf.add(order)
  }
  // Decides over nobody, and keeps payments back that would leave a second time while the report waits.
  for (const order of findings.heardOf)
    if ((await ledger.standing(order)) === 'voided') left.heardOf.add(order)
  return left
}

async function paymentsOf(orderKey: string, { ledger, pace }: LeftOutDeps): Promise<readonly ItemRecord[]> {
  const order = await ledger.order(orderKey)
  if (!isMade(order)) return []
  const items = await pace.map(await ledger.payments(order), ({ endToEndId }) => ledger.item(endToEndId))
  return items.filter((item) => item !== null)
}
