import { isRefused } from '../../db/connect/database'
import type { StoredWithdrawal } from '../../db/store'
import { batchKeyOf, sealOf } from '../../domain/batch'
import type { Randomness } from '../../ports/clock'
import type { DeferReason, PaymentProvider, PayoutItem, SubmitOutcome } from '../../ports/payment-provider'
import { mayGoOn } from '../steps/seal-guard'
import type { RowMove } from '../transition'
import { type BatchLease, createDelivery, type DeliveryDeps } from './deliver'
import { createResend, type Resend, type ResendDeps } from './resend'

export type BatchSenderDeps = DeliveryDeps & ResendDeps & { readonly random: Pick<Randomness, 'newId'> }

/** A payout that may leave: its row, and the move that stores the intent to send it. */
export interface Candidate extends RowMove {
  readonly item: PayoutItem
}

/** The database refuses one of the candidates; nothing was stored, and nothing sent. `cause` is what it said. */
export class NotFrozenError extends Error {
  override readonly name = 'NotFrozenError'
}

/** Sends batches, and writes what becomes of their members. */
export interface BatchSender {
  /**
   * Freezes the candidates into a batch and sends it, in one call.
   *
   * @returns The batch and its members' number; null when no candidate was left, and nothing was sent.
   * @throws {NotFrozenError} One of them cannot be written.
   * @throws {Error} The batch is stored and was not sent, as for want of time or because a member is not what it was
   *   accepted as; its members say so when their leases end.
   */
  send(
    group: { provider: PaymentProvider; currency: string },
    candidates: readonly Candidate[],
    lease: BatchLease,
  ): Promise<SentBatch | null>
  readonly resend: Resend
}

export interface SentBatch {
  readonly id: string
  readonly itemCount: number
  readonly total: string
  readonly outcome: SubmitOutcome['kind']
  /** Why the provider takes nothing for now; the next batch would hear the same. */
  readonly waiting?: DeferReason
}

export function createBatchSender(deps: BatchSenderDeps): BatchSender {
  const { transition, clock, random, logger } = deps
  const deliver = createDelivery(deps)

  return {
    async send({ provider, currency }, candidates, lease) {
      const id = random.newId()
      const askedAtMs = clock.monotonicMs()
      const batchKey = batchKeyOf(id)
      const members = await transition
        .intoBatch(
          { id, provider: provider.name, currency, batchKey, seal: sealOf },
          candidates.map(({ seen, move }) => ({
            seen,
            move: { ...move, detail: { ...move.detail, batchId: id } },
          })),
          { actor: 'worker', leaseOwner: lease.owner },
        )
        .catch((cause: unknown) => {
          throw isRefused(cause)
            ? new NotFrozenError('One of the batch cannot be written.', { cause })
            : cause
        })
      if (members.length === 0) return null
      refuseForged(members, deps)
      const { total } = sealOf(members)
      logger.info('batch.frozen', {
        batchId: id,
        provider: provider.name,
        currency,
        items: members.length,
        total,
      })
      const items = new Map(candidates.map(({ seen, item }) => [seen.id, item]))
      const batch = { id, batchKey, currency, total, attempts: 1 }
      const answer = await deliver(provider, { batch, members, items }, { ...lease, askedAtMs })
      return {
        id,
        itemCount: members.length,
        total,
        outcome: answer.kind,
        ...(answer.kind === 'deferred' && answer.why !== 'batch_refused' && { waiting: answer.why }),
      }
    },

    resend: createResend(deps, deliver),
  }
}

/** Preparing thousands takes minutes, in which a row can be changed that was right when it was looked at. */
function refuseForged(members: readonly StoredWithdrawal[], { stepDeps }: BatchSenderDeps): void {
  const forged = members.filter((row) => !mayGoOn(stepDeps.vault.judge(row), 'ready'))
  if (forged.length > 0)
    throw new Error(`${forged.length} of a batch are not what was accepted: ${forged[0]?.id} and others.`)
}
