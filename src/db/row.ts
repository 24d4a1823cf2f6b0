import { type State, STATES } from '../domain/states'
import type { Withdrawal } from '../domain/withdrawal'

/** A row with what only the database can say of it: its own time, and whether a worker holds it now. */
export interface StoredWithdrawal extends Withdrawal {
  readonly readAt: Date
  readonly leased: boolean
  /** `createdAt` to the microsecond; a Date loses three digits, and a cursor needs them. */
  readonly createdAtExact: string
}

/** The only clock there is; see migrations/000001. */
export const CLOCK = 'bank_withdrawal.clock()'

/** Whether somebody holds it now. */
export const IS_HELD = `coalesce(lease_until > ${CLOCK}, false)`

/** The states of which this is true, as a list in SQL. */
export const statesThat = (isMeant: (state: State) => boolean): string =>
  STATES.filter(isMeant)
    .map((state) => `'${state}'`)
    .join(', ')

/** Selected as they are, under the names of `Withdrawal`. `numeric` and `bigint` travel as text. */
const PLAIN = {
  id: 'id',
  userId: 'user_id::text',
  idempotencyKey: 'idempotency_key',
  requestHash: 'request_hash',
  currency: 'currency',
  amount: 'amount::text',
  fee: 'fee::text',
  payoutAmount: 'payout_amount::text',
  method: 'method',
  destination: 'destination',
  destinationMasked: 'destination_masked',
  destinationHash: 'destination_hash',
  provider: 'provider',
  mode: 'mode',
  payoutKey: 'payout_key',
  endToEndId: 'end_to_end_id',
  providerReference: 'provider_reference',
  providerTransactionId: 'provider_transaction_id',
  providerStatus: 'provider_status',
  settledBurnId: 'settled_burn_id',
  state: 'state',
  version: 'version',
  reasonCode: 'reason_code',
  contradiction: 'contradiction',
  canceledBy: 'canceled_by',
  attempts: 'attempts',
  nextRunAt: 'next_run_at',
  holdDoubtAt: 'hold_doubt_at',
  holdRepeated: 'hold_repeated',
  reviewedFindings: 'reviewed_findings',
  reviewCauses: 'review_causes',
  coolsUntil: 'cools_until',
  heldAt: 'held_at',
  payoutStartedAt: 'payout_started_at',
  payer: 'payer',
  payoutDoubtAt: 'payout_doubt_at',
  retiredPayouts: 'retired_payouts',
  payoutRefusal: 'payout_refusal',
  payoutRetryAt: 'payout_retry_at',
  takenAt: 'taken_at',
  strayUntil: 'stray_until',
  batchId: 'batch_id',
  orderReference: '(select b.provider_reference from bank_withdrawal.batches b where b.id = batch_id)',
  // Not `exists`: the planner would read all batches that were sent, to look a few of them up.
  orderTaken: `coalesce((select b.state = 'sent' from bank_withdrawal.batches b where b.id = batch_id), false)`,
  orderedBefore: `(batch_id is not null and (select count(*) > 1 from bank_withdrawal.batch_items i where i.withdrawal_id = id))`,
  batchSizeMax: 'batch_size_max',
  watchAt: 'watch_at',
  watchUntil: 'watch_until',
  watchLooks: 'watch_looks',
  returnedAmount: 'returned_amount::text',
  creditDoubtAt: 'credit_doubt_at',
  creditRefused: 'credit_refused',
  returnApprovedAt: 'return_approved_at',
  stateSince: 'state_since',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
} as const satisfies Record<keyof Withdrawal, string>

/** What only the database can say of a row. */
const SAID_OF_IT = {
  readAt: CLOCK,
  createdAtExact: `to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
  leased: IS_HELD,
} as const satisfies Record<Exclude<keyof StoredWithdrawal, keyof Withdrawal>, string>

const SELECTED = { ...PLAIN, ...SAID_OF_IT }

/** For those who show a part of many rows: what is not named is not read for them. */
export const columnsOf = (names: readonly (keyof StoredWithdrawal)[]): string =>
  names.map((name) => `${SELECTED[name]} as "${name}"`).join(', ')

export const COLUMNS = columnsOf(Object.keys(SELECTED) as (keyof StoredWithdrawal)[])

export type RawRow = Omit<StoredWithdrawal, 'userId'> & { userId: string }

export const toWithdrawal = (raw: RawRow): StoredWithdrawal => ({ ...raw, userId: Number(raw.userId) })
