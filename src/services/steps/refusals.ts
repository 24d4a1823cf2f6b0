import type { StoredWithdrawal } from '../../db/store'
import { isDeclineCode, type ReasonCode } from '../../domain/reasons'
import { backoffMs, DEFERRED_BACKOFF } from '../../domain/retry'
import type { PaymentProvider, PayoutOutcome } from '../../ports/payment-provider'
import type { Move } from '../transition'
import { declined, isDoubtedBefore, journalled } from './payout-facts'
import type { StepDeps } from './step'

/**
 * What a provider's "no" is worth. To a repetition: nothing, for the first request may have been taken all the same. To
 * the first and only one: as much as a look-up confirms, for a network may have delivered it twice, and this is what
 * the second heard.
 */

export type Refusal = Extract<PayoutOutcome, { kind: 'declined' | 'deferred' }>
type Deferred = Extract<PayoutOutcome, { kind: 'deferred' }>

/** What is known of a refusal beside its words. */
export interface Heard {
  /** The provider was not called: it is left alone for a while. */
  readonly wasNotSent?: boolean
  /** A look-up has confirmed it already. */
  readonly isConfirmed?: boolean
}

/** Whether the provider can say what it has of this payout: by our key, or by an id that it has told us. */
export const canBeAsked = (
  row: Pick<StoredWithdrawal, 'providerReference' | 'orderReference'>,
  { capabilities: { lookup } }: Pick<PaymentProvider, 'capabilities'>,
  told?: string | null,
): boolean =>
  lookup === 'by_key' ||
  (lookup === 'by_reference' && (row.providerReference ?? row.orderReference ?? told ?? null) !== null)

export function judgeRefusal(
  row: StoredWithdrawal,
  outcome: Refusal,
  provider: PaymentProvider,
  deps: StepDeps,
  heard: Heard,
): Move {
  const waitMs = outcome.kind === 'deferred' ? deferredForMs(outcome, deps) : 0
  if (isDoubtedBefore(row))
    return inDoubt(row, `payout.${outcome.kind}_in_doubt`, journalled(outcome), waitMs)
  const isBelieved =
    outcome.kind === 'deferred' &&
    (heard.wasNotSent === true || heard.isConfirmed === true || !canBeAsked(row, provider))
  if (isBelieved) return deferred(outcome.why, journalled(outcome), waitMs)
  return {
    to: 'in_doubt',
    event: 'payout.refused',
    reasonCode: 'confirming',
    patch: {
      payoutRefusal: outcome.kind === 'declined' ? outcome.code : outcome.why,
      payoutRetryAt: { inMs: waitMs },
      providerStatus: outcome.status ?? null,
      ...(outcome.kind === 'declined' &&
        outcome.reference !== undefined && { providerReference: outcome.reference }),
    },
    detail: journalled(outcome),
    next: { keepLeaseSeconds: deps.settings.leaseSeconds },
  }
}

/** It is as the provider said: it has nothing of this payout. */
export function confirmed(row: StoredWithdrawal, refusal: ReasonCode, deps: StepDeps): Move {
  const status = row.providerStatus ?? undefined
  if (isDeclineCode(refusal))
    return declined({ kind: 'declined', code: refusal, ...(status !== undefined && { status }) }, deps)
  const waitMs = Math.max(0, (row.payoutRetryAt?.getTime() ?? 0) - row.readAt.getTime())
  return deferred(refusal, { why: refusal, status }, waitMs)
}

const deferred = (why: ReasonCode, detail: Record<string, unknown>, runInMs: number): Move => ({
  to: 'ready',
  event: 'payout.deferred',
  reasonCode: why,
  patch: { payoutDoubtAt: null, payoutRefusal: null, payoutRetryAt: null, batchId: null },
  detail,
  next: { runInMs },
})

/** "Later" is not "now", whatever the provider asks for; the rest of a refused batch alone goes again at once. */
const DEFERRED_MS_MIN = 1_000

const deferredForMs = ({ why, retryAfterMs }: Deferred, { random }: StepDeps): number =>
  why === 'batch_refused'
    ? (retryAfterMs ?? 0)
    : Math.max(DEFERRED_MS_MIN, retryAfterMs ?? backoffMs(1, DEFERRED_BACKOFF, random.fraction()))

/**
 * The doubt was stored with the intent, and is as old as that; entering `in_doubt` marks the moment from which the
 * quiet time counts, for now the call has certainly been given up, by us or with the lease of whoever made it. A batch
 * that is sent again from there is given up on again.
 */
export const inDoubt = (
  row: StoredWithdrawal,
  event: string,
  detail: Record<string, unknown>,
  runInMs = 0,
): Move => ({
  to: 'in_doubt',
  event,
  reasonCode: 'confirming',
  ...(row.state === 'in_doubt' && { patch: { payoutDoubtAt: 'now' } }),
  detail,
  next: { runInMs },
})
