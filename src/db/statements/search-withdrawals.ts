import type { State } from '../../domain/states'
import type { Queryable } from '../connect/database'
import { COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'

/** What an operator looks for, over all users. */
export interface SearchQuery {
  readonly states?: readonly State[]
  readonly provider?: string
  readonly currency?: string
  readonly userId?: number
  /** An id that a user, a provider or a bank names it by; whole, not a part. */
  readonly text?: string
  readonly offset: number
  readonly limit: number
}

/** Newest first. */
export async function searchWithdrawals(
  db: Queryable,
  query: SearchQuery,
): Promise<readonly StoredWithdrawal[]> {
  const rows = await db.query<RawRow>(
    `select ${COLUMNS} from bank_withdrawal.withdrawals
      where ($1::text[] is null or state = any($1::text[]))
        and ($2::text is null or provider = $2)
        and ($3::text is null or currency = $3)
        and ($4::bigint is null or user_id = $4::bigint)
        and ($5::text is null or $5 in (id, payout_key, end_to_end_id, provider_reference,
                                        provider_transaction_id, settled_burn_id, batch_id, destination_hash))
      order by created_at desc, id desc offset $6 limit $7`,
    [
      query.states ?? null,
      query.provider ?? null,
      query.currency ?? null,
      query.userId ?? null,
      query.text ?? null,
      query.offset,
      query.limit,
    ],
  )
  return rows.map(toWithdrawal)
}
