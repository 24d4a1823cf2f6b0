import type { State } from '../../domain/states'
import type { Outcome } from '../../domain/tallies'
import type { Queryable } from '../connect/database'
import { CLOCK } from '../row'

/** How much there is of one kind, now. */
export interface Standing {
  readonly state: State
  readonly currency: string
  readonly provider: string
  readonly mode: 'immediate' | 'batch'
  readonly count: number
  /** Decimal strings: sums may have more digits than a number keeps. */
  readonly amount: string
  readonly payoutAmount: string
}

/** What became of withdrawals within one span of time. */
export interface OutcomeTally {
  /** When the span begins. */
  readonly at: Date
  readonly outcome: Outcome
  readonly currency: string
  /** Which of the steps of domain/tallies.ts it took; -1 for what was not paid. */
  readonly took: number
  readonly count: number
  readonly amount: string
}

/** What has been counted and not been added up yet, from the side of what it was and from that of what it is. */
const MOVES = `
  select from_state as state, currency, provider, mode, -count as count, -amount as amount,
         -payout_amount as payout_amount
    from bank_withdrawal.tally_moves where from_state is not null
  union all
  select to_state, currency, provider, mode, count, amount, payout_amount
    from bank_withdrawal.tally_moves where to_state is not null`

/** Of everything that there is, by state; reads as many rows as there are kinds, however many withdrawals. */
export const readStanding = (db: Queryable): Promise<readonly Standing[]> =>
  db.query<Standing>(
    `select state, currency, provider, mode, sum(count)::float8 as count,
            trim_scale(sum(amount))::text as amount, trim_scale(sum(payout_amount))::text as "payoutAmount"
       from (select state, currency, provider, mode, count, amount, payout_amount
               from bank_withdrawal.tally_standing union all ${MOVES}) counted
      group by state, currency, provider, mode having sum(count) <> 0
      order by state, currency, provider, mode`,
  )

const HOUR_OF_MOVE = `date_trunc('hour', at, 'UTC')`
const TOOK_OF_MOVE = `coalesce(bank_withdrawal.took_class(took_seconds), -1)`

/** Of the last so many hours, in spans of an hour or of a day in UTC. */
export const readOutcomes = (
  db: Queryable,
  { hours, span }: { hours: number; span: 'hour' | 'day' },
): Promise<readonly OutcomeTally[]> =>
  db.query<OutcomeTally>(
    `select date_trunc($2, hour, 'UTC') as at, outcome, currency, took, sum(count)::float8 as count,
            trim_scale(sum(amount))::text as amount
       from (select hour, outcome, currency, took, count, amount from bank_withdrawal.tally_outcomes
              where outcome <> 'void' and hour >= date_trunc($2, ${CLOCK} - make_interval(hours => $1), 'UTC')
             union all
             select ${HOUR_OF_MOVE}, outcome, currency, ${TOOK_OF_MOVE}, count, amount
               from bank_withdrawal.tally_moves
              where outcome <> 'void' and at >= date_trunc($2, ${CLOCK} - make_interval(hours => $1), 'UTC')
            ) counted
      group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    [hours, span],
  )

/** So many at a time, so that one run neither takes long nor holds much. */
const FOLDED_MAX = 50_000

/**
 * Adds up what was counted since the last time, so that reading stays cheap. Several processes may do it at once: each
 * takes what no other has in hand.
 *
 * @returns How many were added up.
 */
export async function foldTallies(db: Queryable): Promise<number> {
  const [folded] = await db.query<{ count: number }>(
    `with folded as (
       delete from bank_withdrawal.tally_moves m
        using (select ctid as place from bank_withdrawal.tally_moves limit ${FOLDED_MAX} for update skip locked) taken
        where m.ctid = taken.place returning m.*
     ), sides as (
       ${MOVES.replaceAll('bank_withdrawal.tally_moves', 'folded')}
     ), standing as (
       insert into bank_withdrawal.tally_standing as t (state, currency, provider, mode, count, amount, payout_amount)
       select state, currency, provider, mode, sum(count), sum(amount), sum(payout_amount) from sides
        group by state, currency, provider, mode order by state, currency, provider, mode
       on conflict (state, currency, provider, mode) do update
          set count = t.count + excluded.count, amount = t.amount + excluded.amount,
              payout_amount = t.payout_amount + excluded.payout_amount
     ), outcomes as (
       insert into bank_withdrawal.tally_outcomes as t (hour, outcome, currency, took, count, amount)
       select ${HOUR_OF_MOVE}, outcome, currency, ${TOOK_OF_MOVE}, sum(count), sum(amount) from folded
        where outcome is not null group by 1, 2, 3, 4 order by 1, 2, 3, 4
       on conflict (hour, outcome, currency, took) do update
          set count = t.count + excluded.count, amount = t.amount + excluded.amount
     ), demand as (
       insert into bank_withdrawal.tally_demand as t (day, provider, currency, count, amount)
       select (at at time zone 'UTC')::date, provider, currency, sum(count), sum(payout_amount) from folded
        where outcome = 'asked' group by 1, 2, 3 order by 2, 3, 1
       on conflict (provider, currency, day) do update
          set count = t.count + excluded.count, amount = t.amount + excluded.amount
     )
     select count(*)::int as count from folded`,
  )
  return folded?.count ?? 0
}
