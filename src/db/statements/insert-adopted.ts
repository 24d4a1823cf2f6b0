import type { ReasonCode } from '../../domain/reasons'
import type { WithdrawalDraft } from '../../domain/withdrawal'
import type { Queryable } from '../connect/database'
import { CLOCK, COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'
import type { PolicyGuard } from './insert-withdrawal'
import { judgedBy, RULED } from './policy-sql'

/** Why a person is asked before it is paid, and what of the user they are asked about. */
export interface AdoptionReview {
  readonly reasonCode: ReasonCode
  readonly findings: string | null
}

/**
 * Stores a withdrawal whose pending burn is there already, made by the exchange itself under this very id. It is held
 * by nobody and due at once, or waits for a person where there is a reason to. The exchange has taken it already, so
 * what is over a limit of the policy is a question as well, and never refused.
 *
 * @returns null when the burn has its withdrawal already; nothing was written.
 */
export async function insertAdopted(
  db: Queryable,
  draft: Omit<WithdrawalDraft, 'idempotencyKey'>,
  review: AdoptionReview | null,
  policy: PolicyGuard | null = null,
): Promise<StoredWithdrawal | null> {
  const rows = await db.query<RawRow>(
    `with ruled as materialized (
       select *, coalesce($16::text, split_part(causes, ',', 1), case when cools then 'cooling_off' end) as why,
              $16::text is not null or causes is not null as asks
         from (select ruling, ${RULED.causes('ruling')} as causes, ${RULED.coolsUntil('ruling')} as cools_until,
                      coalesce(${RULED.coolsUntil('ruling')} > ${CLOCK}, false) as cools, ${CLOCK} as at
                 from (select case when $18::jsonb is not null and not exists (
                                select from bank_withdrawal.withdrawals w where w.id = $1)
                              then ${judgedBy('$2::bigint', '$11', '$4', '$5::numeric', '$18::jsonb')} end as ruling
                      ) judged) parts
     ), created as (
       insert into bank_withdrawal.withdrawals (
         id, user_id, request_hash, currency, amount, fee, payout_amount, method,
         destination, destination_masked, destination_hash, provider, mode, payout_key, end_to_end_id,
         state, version, reason_code, reviewed_findings, next_run_at, held_at, state_since, created_at, updated_at,
         review_causes, cools_until)
       select $1, $2::bigint, $3, $4, $5::numeric, $6::numeric, $7::numeric, $8, $9, $10, $11, $12, $13, $14, $15,
         case when why is null then 'ready' else 'in_review' end, 1, why, $17,
         case when why is null then at when not asks then cools_until end, at, at, at, at, causes, cools_until
       from ruled
       on conflict (id) do nothing
       returning *
     ), journalled as (
       insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, to_state, actor, reason_code, detail)
       select id, version, created_at, 'withdrawal.adopted', state, 'adoption', reason_code,
              jsonb_strip_nulls(jsonb_build_object('findings', string_to_array(reviewed_findings, ',')))
                || case when review_causes is null and cools_until is null then '{}'
                        else (select ${RULED.detail('ruling', '$18::jsonb')} from ruled) end
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
      policy && JSON.stringify(asked(policy)),
    ],
  )
  return rows[0] ? toWithdrawal(rows[0]) : null
}

const asked = (policy: PolicyGuard): PolicyGuard => ({
  ...policy,
  rules: policy.rules.map((rule) => ({ ...rule, then: 'review' })),
})
