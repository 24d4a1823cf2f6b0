import type { PayoutQuery } from '../../ports/payment-provider'
import { readItem } from './answers'
import type { PaypalApi } from './api'

/**
 * Takes an unclaimed payout back. PayPal cancels nothing else. The money's return is told by a look-up, not by this.
 */
export async function cancel(
  { reference, key }: PayoutQuery,
  api: PaypalApi,
): Promise<'canceled' | 'too_late' | 'unknown'> {
  if (reference === null) return 'unknown'
  const until = api.deadline()
  const item = await api.item(reference, until)
  if (item?.key !== key) return 'unknown'
  if (item.status === 'RETURNED') return 'canceled'
  if (item.status !== 'UNCLAIMED') return item.status === 'SUCCESS' ? 'too_late' : 'unknown'
  const path = `/v1/payments/payouts-item/${encodeURIComponent(reference)}/cancel`
  const answer = await api.call({ method: 'POST', path }, until)
  if (answer.status !== 200) return 'unknown'
  return readItem(answer.json())?.status === 'RETURNED' ? 'canceled' : 'unknown'
}
