import type { Queryable } from '../connect/database'
import { COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'
import type { Difference } from './differences'

/** The same words as those of the index. */
const ASKS = `(state in ('in_review', 'conflict') or (state = 'returning' and return_approved_at is null))`

/** Withdrawals that wait for a person, the longest first. @param withReturns Also those to be credited by one. */
export async function listAsking(
  db: Queryable,
  { limit, withReturns }: { limit: number; withReturns: boolean },
): Promise<readonly StoredWithdrawal[]> {
  const rows = await db.query<RawRow>(
    `select ${COLUMNS} from bank_withdrawal.withdrawals
      where ${ASKS} and ($2 or state <> 'returning') order by state_since, id limit $1`,
    [limit, withReturns],
  )
  return rows.map(toWithdrawal)
}

/** A question that is open, with the withdrawal it is about. */
export interface OpenDifference extends Pick<
  Difference,
  'id' | 'kind' | 'withdrawalId' | 'detail' | 'openedAt'
> {
  /** null where there is no row: it is about a burn or a payout that nobody has. */
  readonly about: Pick<StoredWithdrawal, 'userId' | 'currency' | 'amount' | 'state' | 'provider'> | null
}

/** The oldest first, with how many there are in all. */
export async function listOpenDifferences(
  db: Queryable,
  limit: number,
): Promise<{ readonly count: number; readonly oldest: readonly OpenDifference[] }> {
  const [counted, oldest] = await Promise.all([
    db.query<{ count: number }>(
      'select count(*)::int as count from bank_withdrawal.differences where resolved_at is null',
    ),
    db.query<OpenDifference>(
      `select d.id::text as id, d.kind, d.withdrawal_id as "withdrawalId", d.detail, d.opened_at as "openedAt",
              case when w.id is not null then jsonb_build_object('userId', w.user_id, 'currency', w.currency,
                'amount', w.amount::text, 'state', w.state, 'provider', w.provider) end as about
         from bank_withdrawal.differences d left join bank_withdrawal.withdrawals w on w.id = d.withdrawal_id
        where d.resolved_at is null order by d.opened_at, d.id limit $1`,
      [limit],
    ),
  ])
  return { count: counted[0]?.count ?? 0, oldest }
}
