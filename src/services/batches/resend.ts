import type { Batch, Store, StoredWithdrawal } from '../../db/store'
import { sealOf } from '../../domain/batch'
import { ASKED_LOOK_MS, backoffMs } from '../../domain/retry'
import type { State } from '../../domain/states'
import { LeaseLostError } from '../../errors'
import type { PaymentProvider, PayoutItem } from '../../ports/payment-provider'
import { isAnotherPayer } from '../payouts/payer'
import { contradiction } from '../record-facts'
import { doubtedSince } from '../steps/step'
import { itemFor } from '../steps/submitting'
import type { Move } from '../transition'
import type { BatchLease, Delivery, DeliveryDeps } from './deliver'

export interface ResendDeps extends Pick<DeliveryDeps, 'transition' | 'stepDeps'> {
  readonly store: Pick<Store, 'findBatch' | 'claimBatch' | 'listBatchMembers' | 'postpone'>
  readonly newLease: () => BatchLease
}

/**
 * Sends a batch once more, with the same key and the same members, where that is the only way to find out whether
 * the provider has it. `row` is the member whose turn it is; it rests or is a person's afterwards.
 */
export type Resend = (batchId: string, row: StoredWithdrawal, lease: BatchLease) => Promise<void>

/** The others of the batch are held by somebody for a moment. Spread, so that two workers do not meet like this for ever. */
const LOOK_AGAIN = { firstMs: 15_000, capMs: 15_000 }

export function createResend(
  { store, transition, stepDeps, newLease }: ResendDeps,
  deliver: Delivery,
): Resend {
  /** @returns null where a destination cannot be read: without it, it would be another batch. */
  function itemsOf(members: readonly StoredWithdrawal[]): Map<string, PayoutItem> | null {
    try {
      return new Map(members.map((member) => [member.id, itemFor(member, stepDeps)]))
    } catch {
      return null
    }
  }

  /** What is in the way passes, or a person says what became of them; they are looked at until then. */
  async function askAbout(
    members: readonly StoredWithdrawal[],
    { owner }: BatchLease,
    why: string,
  ): Promise<void> {
    for (const member of members) {
      await stepDeps.raise(member, 'unresolved', { why, doubtedSince: doubtedSince(member).toISOString() })
      const held = { id: member.id, version: member.version, leaseOwner: owner }
      await store.postpone(held, ASKED_LOOK_MS, 'unresolved')
    }
  }

  async function sendAgain(
    { provider, batch }: { provider: PaymentProvider; batch: Batch },
    members: readonly StoredWithdrawal[],
    lease: BatchLease,
  ): Promise<void> {
    const mover = { actor: 'worker', leaseOwner: lease.owner }
    if (members.some((member) => isAnotherPayer(provider, member)))
      return askAbout(members, lease, 'it was sent through another account than the one that is set now')
    // Without them it would be another batch, and with them it might pay who was told that it is canceled.
    if (members.some(({ canceledBy }) => canceledBy !== null))
      return askAbout(members, lease, 'one of its batch was canceled, and to ask by sending might pay it')
    // One that was changed is for itself to say so; its neighbours are what was sent.
    const items = itemsOf(members)
    if (items === null) return askAbout(members, lease, 'a destination of its batch cannot be read')
    if (sealOf(members).payloadHash !== batch.payloadHash) {
      const move = contradiction('in_doubt', 'unresolved', { why: 'the batch is not what was sent' })
      await transition.many(
        members.map((seen) => ({ seen, move })),
        mover,
      )
      return
    }
    const noted = await transition.resendingBatch(
      batch,
      members.map((seen) => ({ seen, move: sentAgain(lease) })),
      mover,
    )
    if (!noted) throw new LeaseLostError('The batch has moved on.')
    const again = { ...batch, attempts: batch.attempts + 1 }
    await deliver(provider, { batch: again, members: noted, items }, lease)
  }

  return async (batchId, row, lease) => {
    const wait = (ms: number, reasonCode?: Move['reasonCode']) =>
      store.postpone({ id: row.id, version: row.version, leaseOwner: lease.owner }, ms, reasonCode)
    const lookAgain = () => wait(backoffMs(1, LOOK_AGAIN, stepDeps.random.fraction()))
    const question = async (why: string) => {
      await stepDeps.raise(row, 'unresolved', { why, doubtedSince: doubtedSince(row).toISOString() })
      return wait(ASKED_LOOK_MS, 'unresolved')
    }

    const provider = stepDeps.providerNamed(row.provider)
    const batch = await store.findBatch(batchId)
    if (!provider || !batch || batch.providerReference !== null) return void (await lookAgain())
    const closed = await stepDeps.gate.closedFor(row.provider)
    if (closed) return void (await wait(closed.waitMs, 'confirming'))

    const ofAll = newLease()
    const members = await store.claimBatch(batchId, ofAll, { owner: lease.owner, id: row.id })
    if (!members) {
      const all = await store.listBatchMembers(batchId)
      // Without those that a person has decided about it would be another batch.
      const isWhole = all.every((member) => member.batchId === batchId && MAY_BE_ASKED.includes(member.state))
      return void (await (isWhole ? lookAgain() : question('the batch is no longer whole')))
    }
    await sendAgain({ provider, batch }, members, ofAll)
  }
}

/** `submitting`: its worker has died, and it will say so when its lease ends. */
const MAY_BE_ASKED: readonly State[] = ['in_doubt', 'submitting']

/** An earlier sending may no longer be on its way, this one is: the doubt counts from now. */
const sentAgain = (lease: BatchLease): Move => ({
  to: 'in_doubt',
  event: 'payout.sent_again',
  reasonCode: 'confirming',
  // What was said to the first request was said to one of two.
  patch: { payoutDoubtAt: { inMs: lease.seconds * 1_000 }, payoutRefusal: null },
  leaves: true,
  next: { keepLeaseSeconds: lease.seconds },
})
