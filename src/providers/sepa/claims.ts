import { sameAmount } from '../../domain/money'
import type { PayoutItem, PayoutOrder } from '../../ports/payment-provider'
import { mapFew } from '../../runtime/parallel'
import { isMade, type ItemRecord, type Ledger } from './ledger'

/** @returns false when a payout of it is in another order, or another payout has the reference of one. */
export async function claimAll(ledger: Ledger, order: PayoutOrder): Promise<boolean> {
  const claims = await mapFew(order.items, (item) => claim(ledger, item, order.key))
  return claims.every((isOurs) => isOurs)
}

/** A payout is in one order at most, whatever an engine asks for: this is what keeps it from being paid twice. */
async function claim(
  ledger: Ledger,
  { key, endToEndId, amount }: PayoutItem,
  orderKey: string,
): Promise<boolean> {
  const ours: ItemRecord = { key, endToEndId, amount, orderKey, facts: [] }
  if (await ledger.claimItem(ours)) return true
  const present = await ledger.item(endToEndId)
  if (present?.key !== key) return false
  if (present.orderKey === orderKey && sameAmount(present.amount, amount)) return true
  if (present.orderKey !== orderKey && !(await isUnmakeable(ledger, present.orderKey))) return false
  await ledger.updateItem(endToEndId, (now) => (now?.orderKey === present.orderKey ? ours : null))
  return (await ledger.item(endToEndId))?.orderKey === orderKey
}

/** An order that was begun and never made is shut for good before its payouts go elsewhere. */
async function isUnmakeable(ledger: Ledger, orderKey: string): Promise<boolean> {
  await ledger.voidOrder(orderKey)
  return !isMade(await ledger.order(orderKey))
}
