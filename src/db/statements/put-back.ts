import type { SealedFacts } from '../../domain/sealed-facts'
import type { Queryable } from '../connect/database'
import { COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'

/**
 * Writes what a withdrawal was accepted as over what somebody else has made of it. No journal entry: whoever puts it
 * back does it on the way to a change that has one. Twice is once.
 *
 * @returns null when the row has moved on; nothing was written.
 */
export async function putBack(
  db: Queryable,
  { id, version }: { id: string; version: number },
  facts: SealedFacts,
): Promise<StoredWithdrawal | null> {
  const rows = await db.query<RawRow>(
    `update bank_withdrawal.withdrawals
        set user_id = $3::bigint, idempotency_key = $4, currency = $5, amount = $6::numeric, fee = $7::numeric,
            payout_amount = $8::numeric, method = $9, provider = $10, payout_key = $11, end_to_end_id = $12,
            destination_masked = $13, returned_amount = $14::numeric
      where id = $1 and version = $2
      returning ${COLUMNS}`,
    [
      ...[id, version, facts.userId, facts.idempotencyKey, facts.currency, facts.amount, facts.fee],
      ...[facts.payoutAmount, facts.method, facts.provider, facts.payoutKey, facts.endToEndId],
      ...[facts.destinationMasked, facts.returnedAmount],
    ],
  )
  return rows[0] ? toWithdrawal(rows[0]) : null
}
