import { isRefused } from '../../db/connect/database'
import type { Batch, Store, StoredWithdrawal } from '../../db/store'
import { errorFields, LeaseLostError } from '../../errors'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { PaymentProvider, PayoutItem, SubmitOutcome } from '../../ports/payment-provider'
import { recordFacts } from '../record-facts'
import type { StepDeps } from '../steps'
import { queryFor } from '../steps/payout-facts'
import { canBeAsked, type Heard } from '../steps/refusals'
import { judge } from '../steps/submitting'
import type { Move, Mover, RowMove, Transition } from '../transition'
import { judgeBatch } from './judge-batch'

/** Leases of the members, all with one owner, as of a moment on our own clock. */
export interface BatchLease {
  readonly owner: string
  readonly seconds: number
  readonly askedAtMs: number
}

/** A batch whose members stand in the database as being sent. */
export interface FrozenBatch {
  readonly batch: Pick<Batch, 'id' | 'batchKey' | 'currency' | 'total' | 'attempts'>
  readonly members: readonly StoredWithdrawal[]
  /** What is sent of each member, by its id. */
  readonly items: ReadonlyMap<string, PayoutItem>
}

export interface DeliveryDeps {
  readonly store: Pick<Store, 'concludeBatch'>
  readonly transition: Transition
  readonly stepDeps: StepDeps
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Sends what is frozen, in one call, and writes what came of it.
 *
 * @throws {LeaseLostError} Nothing was sent; the members say so when their leases end.
 */
export type Delivery = (
  provider: PaymentProvider,
  frozen: FrozenBatch,
  lease: BatchLease,
) => Promise<SubmitOutcome>

export function createDelivery({ store, transition, stepDeps, clock, logger }: DeliveryDeps): Delivery {
  /** All in a few statements; where one of them cannot be, each for itself, so that it spoils nobody else's. */
  async function record(moves: readonly RowMove[], mover: Mover): Promise<void> {
    try {
      await transition.many(moves, mover)
    } catch (error) {
      if (!isRefused(error)) throw error
      for (const one of moves) await recordAlone(one, mover)
    }
  }

  /** What cannot be written of one is found out anew, when its lease ends. */
  async function recordAlone({ seen, move }: RowMove, mover: Mover): Promise<void> {
    try {
      await recordFacts(transition, seen, move, mover)
    } catch (error) {
      if (!isRefused(error)) throw error
      logger.error('worker.step_failed', {
        ...{ withdrawalId: seen.id, state: seen.state },
        ...errorFields(error),
      })
    }
  }

  /**
   * A batch that was refused as a whole took nothing: nobody who was in it may be found. One look-up is enough to know
   * better, where the provider can be asked at all.
   */
  async function isNowhere(
    provider: PaymentProvider,
    row: StoredWithdrawal,
    lease: BatchLease,
  ): Promise<boolean> {
    if (!canBeAsked(row, provider) || !isEnoughLeft(provider, lease)) return false
    const found = await stepDeps.providerCalls.lookup(provider, queryFor(row))
    const isShownAtOnce = provider.capabilities.notFoundConclusiveAfterMs === 0
    return found.kind === 'not_found' && found.conclusive && isShownAtOnce
  }

  const isEnoughLeft = ({ capabilities }: PaymentProvider, { askedAtMs, seconds }: BatchLease): boolean =>
    clock.monotonicMs() + capabilities.timeoutMs <= askedAtMs + seconds * 1_000

  return async (provider, { batch, members, items }, lease) => {
    if (!isEnoughLeft(provider, lease))
      throw new LeaseLostError('Too little of the leases is left to send the batch within them.')
    const { wasNotSent, ...answer } = await stepDeps.providerCalls.submit(provider, {
      key: batch.batchKey,
      currency: batch.currency,
      total: batch.total,
      items: members.flatMap(({ id }) => items.get(id) ?? []),
    })
    const verdict = judgeBatch(
      members.map(({ payoutKey }) => payoutKey),
      answer,
    )
    const isRepeated = batch.attempts > 1
    // Somebody who goes on in another batch, because this one was refused.
    const waits =
      verdict.state === 'refused' && !isRepeated
        ? members.find(({ payoutKey }) => verdict.of(payoutKey).outcome.kind === 'deferred')
        : undefined
    const heard: Heard =
      wasNotSent === true
        ? { wasNotSent: true }
        : { isConfirmed: waits !== undefined && (await isNowhere(provider, waits, lease)) }
    const isRefused = verdict.state === 'refused' && !isRepeated && isBelieved(provider, waits, heard)
    // The batch first: after a crash in between, its members find out by its reference.
    await store.concludeBatch(batch, {
      // "No" to a batch that was sent before says nothing of the first time.
      state: verdict.state === 'refused' && !isRefused ? 'in_doubt' : verdict.state,
      providerReference: 'reference' in answer ? (answer.reference ?? null) : null,
      reasonCode: answer.kind === 'deferred' ? answer.why : answer.kind === 'declined' ? answer.code : null,
    })
    logger.info('batch.answered', { batchId: batch.id, provider: provider.name, outcome: answer.kind })
    const moves = members.map((row) => {
      const { outcome, batchSizeMax } = verdict.of(row.payoutKey)
      const move = judge(row, outcome, provider, stepDeps, heard)
      // The parts of a batch are made smaller when it was refused, not when nobody knows.
      const patch = { ...move.patch, ...(batchSizeMax !== undefined && !isRepeated && { batchSizeMax }) }
      return { seen: row, move: resting({ ...move, patch }) }
    })
    await record(moves, { actor: 'worker', leaseOwner: lease.owner })
    return answer
  }
}

/** Of a provider that cannot be asked, its first word is all there is. */
const isBelieved = (provider: PaymentProvider, waits: StoredWithdrawal | undefined, heard: Heard): boolean =>
  waits === undefined ||
  heard.wasNotSent === true ||
  heard.isConfirmed === true ||
  !canBeAsked(waits, provider)

/** Thousands of members are not taken further by one worker: each is due at once, for anybody. */
export const resting = (move: Move): Move =>
  'keepLeaseSeconds' in move.next ? { ...move, next: { runInMs: 0 } } : move
