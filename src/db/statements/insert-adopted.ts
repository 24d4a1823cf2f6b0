import type { ReasonCode } from '../../domain/reasons'
import type { Queryable } from '../connect/database'
import { COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'
import type { WithdrawalDraft } from './insert-withdrawal'

/** Why a person is asked before it is paid, and what of the user they are asked about. */
export interface AdoptionReview {
  readonly reasonCode: ReasonCode
  readonly findings: string | null
}

/**
 * Stores a withdrawal whose pending burn is there already, made by the exchange itself under this very id. It is held
 * by nobody and due at once, or waits for a person where there is a reason to.
 *
 * @returns null when the burn has its withdrawal already; nothing was written.
 */
export async function insertAdopted(
  db: Queryable,
  draft: Omit<WithdrawalDraft, 'idempotencyKey'>,
  review: AdoptionReview | null,
): Promise<StoredWithdrawal | null> {
  const rows = await db.query<RawRow>(
    `with created as (
       insert into bank_withdrawal.withdrawals (
         id, user_id, request_hash, currency, amount, fee, payout_amount, method,
         destination, destination_masked, destination_hash, provider, mode, payout_key, end_to_end_id,
         state, version, reason_code, reviewed_findings, next_run_at, held_at, state_since, created_at, updated_at)
       select $1, $2::bigint, $3, $4, $5::numeric, $6::numeric, $7::numeric, $8, $9, $10, $11, $12, $13, $14, $15,
         case when $16::text is null then 'ready' else 'in_review' end, 1, $16, $17,
         case when $16::text is null then at end, at, at, at, at
       from (select bank_withdrawal.clock() as at) times
       on conflict (id) do nothing
       returning *
     ), journalled as (
       insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, to_state, actor, reason_code, detail)
       select id, version, created_at, 'withdrawal.adopted', state, 'adoption', reason_code,
              jsonb_strip_nulls(jsonb_build_object('findings', string_to_array(reviewed_findings, ',')))
         from created
     )
     select ${COLUMNS} from created`,
    [
      ...[
        draft.id,
        draft.userId,
        draft.requestHash,
        draft.currency,
        draft.amount,
        draft.fee,
        draft.payoutAmount,
      ],
      ...[draft.method, draft.destination, draft.destinationMasked, draft.destinationHash, draft.provider],
      ...[draft.mode, draft.payoutKey, draft.endToEndId, review?.reasonCode ?? null],
      review?.findings ?? null,
    ],
  )
  return rows[0] ? toWithdrawal(rows[0]) : null
}
