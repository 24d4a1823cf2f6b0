import type { StoredWithdrawal } from '../../db/store'
import { endToEndIdOf, payoutKeyOf } from '../../domain/identifiers'
import { payoutWatchMs } from '../../domain/looks'
import type { RetiredWhy } from '../../domain/withdrawal'
import type { PaymentProvider } from '../../ports/payment-provider'
import type { Move } from '../transition'

/**
 * The payout leaves again, as another payment: under a new key and a new end-to-end id. The old ones are remembered
 * with the move, and looked up for as long as the bank could pay them after all.
 *
 * The caller has proof that the old payout was not made and will not be. From here on the provider cannot tell that
 * the two are one: what is sent under the new key is paid, whatever becomes of the old one.
 *
 * @param newId Unused; the new key and end-to-end id are made of it.
 */
export function underNewKey(
  row: StoredWithdrawal,
  why: RetiredWhy,
  {
    newId,
    event,
    provider,
  }: { newId: string; event: string; provider: Pick<PaymentProvider, 'capabilities'> | null },
): Move {
  const payoutKey = payoutKeyOf(newId)
  return {
    to: 'ready',
    event,
    patch: {
      payoutKey,
      endToEndId: endToEndIdOf(newId),
      batchId: null,
      batchSizeMax: null,
      providerReference: null,
      providerTransactionId: null,
      providerStatus: null,
      contradiction: null,
      payoutRefusal: null,
      payoutRetryAt: null,
      takenAt: null,
      payer: null,
      payoutStartedAt: null,
      payoutDoubtAt: null,
    },
    retires: { why, watchForMs: payoutWatchMs(provider?.capabilities ?? null) },
    detail: { retiredKey: row.payoutKey, retiredEndToEndId: row.endToEndId, payoutKey },
    next: { runInMs: 0 },
  }
}
