import type { Queryable } from './connect/database'
import { CLOCK } from './row'

/** One thing that concerns operators: each is in one notice, while it is open. */
export interface Concern {
  readonly kind: string
  /** What makes it one outage with others. */
  readonly about: string
  readonly subject: string
  /** What a person needs to find it; no account data. */
  readonly facts: Readonly<Record<string, unknown>>
}

/** What of the tables concerns operators here. */
export interface Looked {
  /** A person credits what came back. */
  readonly withReturns: boolean
  /** The books are held against the others each day. */
  readonly withReconciliation: boolean
}

/** Of each notice, so that many mild ones never hide an urgent one; what is beyond comes up as these are answered. */
export const CONCERNS_MAX = 5_000

/** Everything that the tables tell, at most so much of each kind and what it is about. */
export const lookForConcerns = (
  db: Queryable,
  { withReturns, withReconciliation }: Looked,
  limit: number,
): Promise<readonly Concern[]> => db.query<Concern>(LOOK, [limit, withReturns, withReconciliation])

const RUNS = 'bank_withdrawal.reconciliation_runs'
const DAYS_UNHELD = `interval '2 days'`
/** Older ones are in the list of runs. */
const RUN_CONCERNS = `interval '31 days'`

/**
 * Ended without having seen everything, and nothing has been made good since: a later run has to have seen its end, and
 * complete ones, whenever they were, all the rest of it. Each day's run begins a day later than the one before.
 */
export const INCOMPLETE_RUNS = `${RUNS} r
  where r.state = 'incomplete' and r.ended_at > ${CLOCK} - ${RUN_CONCERNS}
    and (not exists (select from ${RUNS} c where c.state = 'complete' and c.id > r.id and c.until >= r.until)
      or exists (select from (select r.since as at union
                              select e.until from ${RUNS} e
                               where e.state = 'complete' and e.until > r.since and e.until < r.until) edge
                  where not exists (select from ${RUNS} c
                                     where c.state = 'complete' and c.since <= edge.at and edge.at < c.until)))`

/** When the last one was complete; before the first, when it was asked for, or could have been. */
const HELD_AT = `coalesce((select max(ended_at) from ${RUNS} where state = 'complete'),
  (select min(asked_at) from ${RUNS}), (select max(applied_at) from bank_withdrawal.migrations))`

/**
 * A message that tells of an endpoint that takes nothing, and was not taken: told of, it would be told of for ever.
 */
const TELLS_OF_ITSELF = `d.kind like 'notice.%' and d.payload::jsonb #>> '{data,kind}' = 'delivery_dead'`

const LOOK = `
  select kind, about, subject, facts from (
    select 'question' as kind, d.kind as about, 'difference:' || d.id as subject,
           jsonb_strip_nulls(jsonb_build_object('withdrawal_id', d.withdrawal_id, 'currency', w.currency,
             'amount', trim_scale(w.amount)::text, 'provider', w.provider, 'since', d.opened_at)) as facts
      from (select d.*, row_number() over (partition by d.kind order by d.opened_at, d.id) as place
              from bank_withdrawal.differences d where d.resolved_at is null) d
      -- What others have may be about something that has no row here.
      left join bank_withdrawal.withdrawals w on w.id = d.withdrawal_id
     where d.place <= $1) questions
  union all
  select kind, about, id,
         jsonb_build_object('withdrawal_id', id, 'currency', currency, 'amount', trim_scale(amount)::text,
                            'provider', provider, 'since', state_since)
    from (select w.*, row_number() over (partition by w.kind, w.about order by w.state_since, w.id) as place
            from (select w.id, w.currency, w.amount, w.provider, w.state_since,
                         case when w.state = 'in_review' then 'review' when w.state = 'returning' then 'return_to_allow'
                              else 'conflict' end as kind,
                         case when w.state = 'returning' then 'returns'
                              else coalesce(w.contradiction, split_part(w.review_causes, ',', 1), w.reason_code, 'unknown')
                         end as about
                    from bank_withdrawal.withdrawals w
                   where (w.state in ('in_review', 'conflict') or (w.state = 'returning' and w.return_approved_at is null))
                     and ($2 or w.state <> 'returning')
                     -- It goes on by itself when its time is over.
                     and not coalesce(w.state = 'in_review' and w.review_causes = 'cooling_off'
                                      and w.cools_until > ${CLOCK}, false)) w) asking
   where place <= $1
  union all
  (select 'batch_failed', b.provider, b.id,
          jsonb_build_object('batch_id', b.id, 'currency', b.currency, 'total', trim_scale(b.total)::text,
                             'payouts', b.item_count, 'state', b.state, 'since', b.updated_at)
     from bank_withdrawal.batches b
    where b.state in ('refused', 'in_doubt') and b.created_at > ${CLOCK} - interval '1 day'
      and b.updated_at > ${CLOCK} - interval '1 hour'
    order by b.created_at, b.id limit $1)
  union all
  select 'provider_paused', p.provider, p.provider, jsonb_build_object('provider', p.provider, 'since', p.updated_at)
    from bank_withdrawal.provider_states p where p.is_paused and p.actor not like 'operator:%'
  union all
  select 'stopped', 'everything', 'everything', jsonb_build_object('by', s.actor, 'since', s.updated_at)
    from bank_withdrawal.stop s where s.is_stopped
  union all
  select 'delivery_dead', d.endpoint_id, d.endpoint_id,
         jsonb_build_object('endpoint', d.endpoint_id, 'messages', count(*), 'since', min(d.ended_at))
    from bank_withdrawal.deliveries d where d.state = 'dead' and not (${TELLS_OF_ITSELF}) group by d.endpoint_id
  union all
  (select 'books_incomplete', 'reconciliation', 'run:' || r.id,
          jsonb_build_object('run', r.id::text, 'from', r.since, 'to', r.until, 'asked_by', r.asked_by, 'since', r.ended_at)
     from ${INCOMPLETE_RUNS} order by r.id limit $1)
  union all
  select 'books_overdue', 'reconciliation', 'reconciliation', jsonb_build_object('since', held.at)
    from (select ${HELD_AT} as at) held where $3::boolean and held.at < ${CLOCK} - ${DAYS_UNHELD}`
