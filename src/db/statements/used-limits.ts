import type { Queryable } from '../connect/database'
import { CLOCK } from '../row'

/** What of a user's limits is counted: all in a currency, or in any of them, since the day or month began in UTC. */
export interface CountedSpan {
  readonly per: 'day' | 'month'
  readonly currency: string | null
}

export interface UsedSpan {
  readonly count: number
  /** Decimal; of all currencies together it says nothing. */
  readonly amount: string
  /** When the next day or month begins. */
  readonly resetsAt: Date
}

/** How much a user has asked for within each span so far, as the policy counts it when one more is stored. */
export async function usedByUser(
  db: Queryable,
  userId: number,
  spans: readonly CountedSpan[],
): Promise<readonly UsedSpan[]> {
  if (spans.length === 0) return []
  return db.query<UsedSpan & Record<string, unknown>>(
    `select u.count::float8 as count, trim_scale(u.amount)::text as amount,
            (date_trunc(g.per, ${CLOCK} at time zone 'UTC') + ('1 ' || g.per)::interval) at time zone 'UTC' as "resetsAt"
       from json_to_recordset($2::json) as g (place integer, per text, currency text)
       cross join lateral bank_withdrawal.used_of(
              'user', $1::bigint, '', g.currency, date_trunc(g.per, ${CLOCK}, 'UTC')) u
      order by g.place`,
    [userId, JSON.stringify(spans.map((span, place) => ({ ...span, place })))],
  )
}
