import type { Withdrawal } from '../domain/withdrawal'
import type { Queryable } from './database'
import { COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from './row'

export type WithdrawalDraft = Pick<
  Withdrawal,
  | 'id'
  | 'userId'
  | 'idempotencyKey'
  | 'requestHash'
  | 'currency'
  | 'amount'
  | 'fee'
  | 'payoutAmount'
  | 'method'
  | 'destination'
  | 'destinationMasked'
  | 'destinationHash'
  | 'provider'
  | 'mode'
  | 'payoutKey'
  | 'endToEndId'
>

/**
 * Stores a new withdrawal in `requested`, leased to the process that goes on to lock the amount, with its first
 * journal entry. The intent to lock is part of this commit (`hold_doubt_at`): after a crash, whoever claims the
 * row knows that a pending burn may already be on its way.
 *
 * @returns null when the user's idempotency key is taken; nothing was written.
 */
export async function insertWithdrawal(
  db: Queryable,
  draft: WithdrawalDraft,
  lease: { owner: string; seconds: number },
): Promise<StoredWithdrawal | null> {
  const rows = await db.query<RawRow>(
    `with created as (
       insert into bank_withdrawal.withdrawals (
         id, user_id, idempotency_key, request_hash, currency, amount, fee, payout_amount, method,
         destination, destination_masked, destination_hash, provider, mode, payout_key, end_to_end_id,
         state, version, attempts, next_run_at, lease_owner, lease_until, hold_doubt_at,
         state_since, created_at, updated_at)
       select $1, $2::bigint, $3, $4, $5, $6::numeric, $7::numeric, $8::numeric, $9,
         $10, $11, $12, $13, $14, $15, $16,
         'requested', 1, 1, leased_until, $17, leased_until, at, at, at, at
       from (select bank_withdrawal.clock() as at,
                    bank_withdrawal.clock() + make_interval(secs => $18) as leased_until) times
       on conflict (user_id, idempotency_key) do nothing
       returning *
     ), journalled as (
       insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, to_state, actor)
       select id, version, created_at, 'withdrawal.requested', state, 'user' from created
     )
     select ${COLUMNS} from created`,
    [
      draft.id,
      draft.userId,
      draft.idempotencyKey,
      draft.requestHash,
      draft.currency,
      draft.amount,
      draft.fee,
      draft.payoutAmount,
      draft.method,
      draft.destination,
      draft.destinationMasked,
      draft.destinationHash,
      draft.provider,
      draft.mode,
      draft.payoutKey,
      draft.endToEndId,
      lease.owner,
      lease.seconds,
    ],
  )
  return rows[0] ? toWithdrawal(rows[0]) : null
}
