import type { Clock } from '../../ports/clock'
import type { DocumentQuestion, PayoutHint } from '../../ports/payment-provider'
import type { Findings } from './findings'
import { judge } from './judge'
import { type Fact, isMade, type ItemRecord, type Ledger, type Order } from './ledger'
import { type OrderView, viewOf } from './order-view'
import type { Pace } from './pace'
import type { SepaSettings } from './settings'

interface TouchedDeps {
  readonly ledger: Ledger
  readonly settings: SepaSettings
  readonly clock: Clock
  readonly pace: Pace
  /** So long after a file was made nobody may be looking for returns any more. */
  readonly returnWindowMs: number
}

export interface Touched {
  /** Who is worth a look now. */
  readonly payouts: readonly PayoutHint[]
  readonly questions: readonly DocumentQuestion[]
  readonly problems: readonly string[]
}

export const hintOf = ({ key, endToEndId }: Pick<ItemRecord, 'key' | 'endToEndId'>): PayoutHint => ({
  key,
  endToEndId,
  reference: endToEndId,
})

/** Whom a report is about, once its facts are stored, and what of it only a person can answer. */
export async function touchedBy(
  findings: Findings,
  stored: ReadonlyMap<string, ItemRecord>,
  { ledger, settings, clock, pace, returnWindowMs }: TouchedDeps,
): Promise<Touched> {
  const problems: string[] = []
  const payouts: PayoutHint[] = []
  const questions: DocumentQuestion[] = []
  const ofOrder = await byOrder(stored.values(), pace)

  for (const key of findings.heardOf) {
    const order = await ledger.order(key)
    if (!isMade(order)) continue
    const view = viewOf(order, await ledger.said(key))
    if (findings.orders.get(key)?.some(isDebit) && view.coverage === 'none')
      problems.push(
        `What was booked for message ${order.messageId} is neither its total nor what is left of it; none of it counts.`,
      )
    for (const item of await touchedOf(order, view)) {
      await pace.step()
      const payout = hintOf(item)
      payouts.push(payout)
      questions.push(...questionsAbout(item, order, view).map((message) => ({ payout, message })))
    }
  }
  return { payouts, questions, problems }

  /** All payments of an order, where something was said about the whole of it, or it shows that the bank has it. */
  async function touchedOf(order: Order, { voidedAt }: OrderView): Promise<readonly ItemRecord[]> {
    if (!findings.orders.has(order.key) && voidedAt === null) return ofOrder.get(order.key) ?? []
    const items = await pace.map(await ledger.payments(order), ({ endToEndId }) => ledger.item(endToEndId))
    return items.filter((item) => item !== null)
  }

  function questionsAbout(item: ItemRecord, order: Order, view: OrderView): readonly string[] {
    const { outcome, questions: unclear } = judge({ item, view, settleOn: settings.settleOn })
    const isBack = findings.items.get(item.endToEndId)?.some(isReturn) ?? false
    // The engine has stopped watching by then, so its next look would come too late for the user.
    const isLate = isBack && clock.now().getTime() - Date.parse(order.createdAt) > returnWindowMs
    const amount = outcome.kind === 'returned' ? outcome.amount : 'an unclear amount'
    return [
      ...(view.voidedAt === null
        ? []
        : ['its file was called void, and the bank speaks of it; it may be paid twice']),
      ...unclear,
      ...(findings.questions.get(item.endToEndId) ?? []),
      ...(isLate ? [`it has come back very late (${amount}); check that its user is credited`] : []),
    ].map((why) => `Payment ${item.endToEndId}: ${why}. Ask the bank.`)
  }
}

async function byOrder(
  items: Iterable<ItemRecord>,
  pace: Pace,
): Promise<ReadonlyMap<string, readonly ItemRecord[]>> {
  const groups = new Map<string, ItemRecord[]>()
  for (const item of items) {
    await pace.step()
    const group = groups.get(item.orderKey)
    if (group) group.push(item)
    else groups.set(item.orderKey, [item])
  }
  return groups
}

const isDebit = ({ kind }: Fact): boolean => kind === 'debit'
const isReturn = ({ kind }: Fact): boolean => kind === 'return'
