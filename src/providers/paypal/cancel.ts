import type { PayoutQuery } from '../../ports/payment-provider'
import type { PaypalApi } from './api'
import { meaningOf } from './statuses'

type Answer = 'canceled' | 'too_late' | 'unknown'

/** Takes an unclaimed payout back. PayPal cancels nothing else. The money's return is told by a look-up, not by this. */
export async function cancel({ reference, key }: PayoutQuery, api: PaypalApi): Promise<Answer> {
  if (reference === null) return 'unknown'
  const until = api.deadline()
  const item = await api.item(reference, until)
  if (item?.key !== key) return 'unknown'
  if (item.status !== 'UNCLAIMED') return answerOf(item.status)
  const path = `/v1/payments/payouts-item/${encodeURIComponent(reference)}/cancel`
  await api.call({ method: 'POST', path, body: '{}' }, until)
  // Whatever was answered, claimed in this very moment or canceled by somebody else: the payout itself says.
  const after = await api.item(reference, until)
  return after?.key === key ? answerOf(after.status) : 'unknown'
}

function answerOf(status: string | null): Answer {
  if (status === 'RETURNED' || status === 'CANCELED') return 'canceled'
  return status === null || meaningOf(status) === 'open' ? 'unknown' : 'too_late'
}
