import type { State } from '../../domain/states'
import type { RetiredWhy, WithdrawalPatch } from '../../domain/withdrawal'

export interface StateChange {
  readonly id: string
  readonly from: State
  readonly to: State
  /** The version the decision was made on. */
  readonly version: number
  /** The worker's lease, or null where a person acts: a person takes the row from a worker. */
  readonly leaseOwner: string | null
  readonly event: string
  readonly actor: string
  readonly patch: WithdrawalPatch
  readonly detail: Readonly<Record<string, unknown>>
  /** What its payout was known by is remembered, and looked up for so long; the patch has a new key. */
  readonly retires?: { readonly why: RetiredWhy; readonly watchForMs: number }
  /** Money leaves with it, or is made: nothing is written while everything is stopped. */
  readonly leaves?: boolean
  /**
   * A crash of the database within the next second may undo it: whoever claims the row then finds out the same again. Its
   * commit does not wait for the disk, or for a standby; the next one that does brings it along. So nobody acts on it outside
   * of the database without such a commit of their own before.
   */
  readonly isFoundAgain?: boolean
  readonly next:
    /** The same worker goes on at once: the lease is renewed. */
    | { readonly keepLeaseSeconds: number }
    /** The row rests until then; null for ever. */
    | { readonly runInMs: number | null }
}

export type PatchKind = 'text' | 'integer' | 'numeric' | 'boolean' | 'time'

/** Which column a member of a patch is written to, and what it is. */
export const PATCH_COLUMNS = {
  destination: ['destination', 'text'],
  payoutKey: ['payout_key', 'text'],
  endToEndId: ['end_to_end_id', 'text'],
  providerReference: ['provider_reference', 'text'],
  providerTransactionId: ['provider_transaction_id', 'text'],
  providerStatus: ['provider_status', 'text'],
  settledBurnId: ['settled_burn_id', 'text'],
  reasonCode: ['reason_code', 'text'],
  contradiction: ['contradiction', 'text'],
  canceledBy: ['canceled_by', 'text'],
  holdDoubtAt: ['hold_doubt_at', 'time'],
  holdRepeated: ['hold_repeated', 'boolean'],
  reviewedFindings: ['reviewed_findings', 'text'],
  heldAt: ['held_at', 'time'],
  payoutStartedAt: ['payout_started_at', 'time'],
  payoutDoubtAt: ['payout_doubt_at', 'time'],
  payoutRefusal: ['payout_refusal', 'text'],
  payoutRetryAt: ['payout_retry_at', 'time'],
  takenAt: ['taken_at', 'time'],
  batchId: ['batch_id', 'text'],
  batchSizeMax: ['batch_size_max', 'integer'],
  watchAt: ['watch_at', 'time'],
  watchUntil: ['watch_until', 'time'],
  returnedAmount: ['returned_amount', 'numeric'],
  creditDoubtAt: ['credit_doubt_at', 'time'],
  creditRefused: ['credit_refused', 'boolean'],
  returnApprovedAt: ['return_approved_at', 'time'],
  payer: ['payer', 'text'],
} as const satisfies Record<keyof WithdrawalPatch, readonly [string, PatchKind]>

export const PATCH_NAMES = Object.keys(PATCH_COLUMNS) as (keyof WithdrawalPatch)[]
