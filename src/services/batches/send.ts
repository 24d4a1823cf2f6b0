import type { Store, StoredWithdrawal } from '../../db/store'
import { batchKeyOf, sealOf } from '../../domain/batch'
import { LeaseLostError } from '../../errors'
import type { Randomness } from '../../ports/clock'
import type { PaymentProvider, PayoutItem, SubmitOutcome } from '../../ports/payment-provider'
import { contradiction } from '../steps/payout-facts'
import { itemFor } from '../steps/submitting'
import type { Move, Step } from '../transition'
import { type BatchLease, createDelivery, type DeliveryDeps } from './deliver'

export interface BatchSenderDeps extends DeliveryDeps {
  readonly store: Pick<Store, 'findBatch' | 'claimBatch' | 'concludeBatch' | 'listBatchMembers' | 'postpone'>
  readonly random: Pick<Randomness, 'newId'>
}

/** A payout that may leave: its row, and the move that stores the intent to send it. */
export interface Candidate extends Step {
  readonly item: PayoutItem
}

/** Sends batches, and writes what becomes of their members. */
export interface BatchSender {
  /**
   * Freezes the candidates into a batch and sends it, in one call.
   *
   * @returns The batch and its members' number; null when no candidate was left, and nothing was sent.
   * @throws {LeaseLostError} The batch is stored and was not sent; its members say so when their leases end.
   */
  send(
    group: { provider: PaymentProvider; currency: string },
    candidates: readonly Candidate[],
    lease: BatchLease,
  ): Promise<SentBatch | null>
  /**
   * Sends a batch once more, with the same key and the same members, where that is the only way to find out whether
   * the provider has it. `row` is the member whose turn it is; it rests or is a person's afterwards.
   */
  resend(batchId: string, row: StoredWithdrawal, lease: BatchLease): Promise<void>
}

export interface SentBatch {
  readonly id: string
  readonly itemCount: number
  readonly total: string
  readonly outcome: SubmitOutcome['kind']
}

/** The others of the batch are held by somebody for a moment. */
const LOOK_AGAIN_MS = 15_000

export function createBatchSender(deps: BatchSenderDeps): BatchSender {
  const { store, transition, stepDeps, clock, random, logger } = deps
  const deliver = createDelivery(deps)

  return {
    async send({ provider, currency }, candidates, lease) {
      const id = random.newId()
      const askedAtMs = clock.monotonicMs()
      const batchKey = batchKeyOf(id)
      const members = await transition.intoBatch(
        { id, provider: provider.name, currency, batchKey, seal: sealOf },
        candidates.map(({ seen, move }) => ({
          seen,
          move: { ...move, detail: { ...move.detail, batchId: id } },
        })),
        { actor: 'worker', leaseOwner: lease.owner },
      )
      if (members.length === 0) return null
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
      return { id, itemCount: members.length, total, outcome: answer.kind }
    },

    async resend(batchId, row, lease) {
      const mover = { actor: 'worker', leaseOwner: lease.owner }
      const wait = (ms: number, reasonCode?: Move['reasonCode']) =>
        store.postpone({ id: row.id, version: row.version, leaseOwner: lease.owner }, ms, reasonCode)
      const question = (why: string) =>
        transition(row, contradiction('in_doubt', 'unresolved', { why }), mover)

      const provider = stepDeps.providerNamed(row.provider)
      const batch = await store.findBatch(batchId)
      if (!provider || !batch || batch.providerReference !== null) return void (await wait(LOOK_AGAIN_MS))
      const closed = await stepDeps.gate.closedFor(row.provider)
      if (closed) return void (await wait(closed.waitMs, 'confirming'))

      const askedAtMs = clock.monotonicMs()
      const members = await store.claimBatch(batchId, lease)
      if (!members) {
        const all = await store.listBatchMembers(batchId)
        const whole = all.every(({ state, batchId: now }) => state === 'in_doubt' && now === batchId)
        // Without those that a person has decided about it would be another batch.
        return void (await (whole ? wait(LOOK_AGAIN_MS) : question('the batch is no longer whole')))
      }
      if (sealOf(members).payloadHash !== batch.payloadHash)
        return void (await question('the batch is not what was sent'))
      const items = new Map(members.map((member) => [member.id, itemFor(member, stepDeps)]))
      const noted = await transition.resendingBatch(
        batch,
        members.map((seen) => ({ seen, move: sentAgain(lease) })),
        mover,
      )
      if (!noted) throw new LeaseLostError('The batch has moved on.')
      const again = { ...batch, attempts: batch.attempts + 1 }
      await deliver(provider, { batch: again, members: noted, items }, { ...lease, askedAtMs })
    },
  }
}

/** An earlier sending may no longer be on its way, this one is: the doubt counts from now. */
const sentAgain = (lease: BatchLease): Move => ({
  to: 'in_doubt',
  event: 'payout.sent_again',
  reasonCode: 'confirming',
  patch: { payoutDoubtAt: { inMs: lease.seconds * 1_000 } },
  next: { keepLeaseSeconds: lease.seconds },
})
