import type { Method } from '../../domain/destination'
import { type Database, studiesOf } from '../connect/database'

/** What a policy is held against afterwards. */
export interface PastWithdrawal {
  readonly id: string
  readonly userId: number
  readonly destinationHash: string
  readonly currency: string
  readonly method: Method
  readonly amount: string
  readonly createdAt: Date
  /** To the microsecond, for the next page. */
  readonly createdAtExact: string
  readonly isCanceled: boolean
  /** When its user first withdrew to this account; null where nobody asked. */
  readonly firstSeenAt: Date | null
}

export interface PastQuery {
  readonly from: Date
  /** The last one of the page before. */
  readonly after: { readonly at: string; readonly id: string } | null
  readonly limit: number
  readonly withFirstSeen: boolean
}

/** In the order in which they were accepted. */
export async function pastWithdrawals(
  db: Database,
  { from, after, limit, withFirstSeen }: PastQuery,
): Promise<readonly PastWithdrawal[]> {
  const rows = await studiesOf(db).query<Omit<PastWithdrawal, 'userId'> & { userId: string }>(
    `select id, user_id::text as "userId", destination_hash as "destinationHash", currency, method,
            amount::text as amount, created_at as "createdAt", state = 'canceled' as "isCanceled",
            to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "createdAtExact",
            case when $5 then bank_withdrawal.first_seen_of(w.user_id, w.destination_hash) end as "firstSeenAt"
       from (select * from bank_withdrawal.withdrawals
              where (created_at, id) > ($1::timestamptz, $2::text) and created_at >= $3::timestamptz
              order by created_at, id limit $4) w
      order by created_at, id`,
    [after?.at ?? from.toISOString(), after?.id ?? '', from.toISOString(), limit, withFirstSeen],
  )
  return rows.map((row) => ({ ...row, userId: Number(row.userId) }))
}
