import type { DifferenceKind } from '../../domain/questions'
import { storableJson } from '../../domain/storable'
import type { Withdrawal, WithdrawalDraft } from '../../domain/withdrawal'
import type { Database } from '../connect/database'
import { CLOCK, COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'

/** What can be said of a withdrawal whose row was lost. */
export type LostDraft = Omit<WithdrawalDraft, 'idempotencyKey'> & Pick<Withdrawal, 'settledBurnId'>

export interface Adoption {
  readonly differenceId: string
  readonly actor: string
  readonly reason: string
  readonly detail: Readonly<Record<string, unknown>>
}

/**
 * Stores it, frozen for a person, and answers the question that it came from: both or neither. It may have been sent,
 * for all that is known.
 *
 * @returns null when there is such a row by now, or the question is answered; nothing was written.
 */
export const insertLost = (
  db: Database,
  draft: LostDraft,
  { differenceId, actor, reason, detail }: Adoption,
): Promise<StoredWithdrawal | null> =>
  db.transaction(async (tx) => {
    const answered = await tx.query(
      `update bank_withdrawal.differences
          set resolved_at = ${CLOCK}, resolved_by = $2, resolution = $3
        where id = $1::bigint and resolved_at is null
          and not exists (select from bank_withdrawal.withdrawals w where w.id = $4) returning id`,
      [differenceId, actor, reason, draft.id],
    )
    if (answered.length === 0) return null
    const rows = await tx.query<RawRow>(
      `with created as (
         insert into bank_withdrawal.withdrawals (
           id, user_id, request_hash, currency, amount, fee, payout_amount, method, destination, destination_masked,
           destination_hash, provider, mode, payout_key, end_to_end_id, settled_burn_id, state, version, reason_code,
           held_at, payout_started_at, payout_doubt_at, state_since, created_at, updated_at)
         values ($1, $2::bigint, $3, $4, $5::numeric, $6::numeric, $7::numeric, $8, $9, $10, $11, $12, $13, $14, $15,
           $16, 'conflict', 1, 'row_lost', ${CLOCK}, ${CLOCK}, ${CLOCK}, ${CLOCK}, ${CLOCK}, ${CLOCK})
         returning *
       ), journalled as (
         insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, to_state, actor, reason_code, detail)
         select id, version, created_at, 'withdrawal.taken_in', state, $17, reason_code, $18::jsonb from created
       ) select ${COLUMNS} from created`,
      [
        ...[draft.id, draft.userId, draft.requestHash, draft.currency, draft.amount, draft.fee],
        ...[draft.payoutAmount, draft.method, draft.destination, draft.destinationMasked],
        ...[draft.destinationHash, draft.provider, draft.mode, draft.payoutKey, draft.endToEndId],
        ...[draft.settledBurnId, actor, storableJson({ ...detail, reason })],
      ],
    )
    if (!rows[0]) throw new Error('The withdrawal was not stored.')
    return toWithdrawal(rows[0])
  })

export interface OpenQuestion {
  readonly id: string
  readonly kind: DifferenceKind
  readonly withdrawalId: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** @returns null when it is answered, or there is none of this number. */
export async function findOpenDifference(db: Database, id: string): Promise<OpenQuestion | null> {
  const [found] = await db.query<OpenQuestion>(
    `select id::text as id, kind, withdrawal_id as "withdrawalId", detail from bank_withdrawal.differences
      where id = $1::bigint and resolved_at is null`,
    [id],
  )
  return found ?? null
}
