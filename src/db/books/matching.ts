import { isPaid, isUnsent, wasSent } from '../../domain/states'
import { storableJson } from '../../domain/storable'
import type { Queryable } from '../connect/database'
import { statesThat } from '../row'

/**
 * Held against each other by joins, a slice at a time: each statement reads what one slice needs, so that a month of a
 * million grows as a day does. What does not match is a candidate, and looked at once more before anybody is asked.
 */

const ITEMS = 'bank_withdrawal.reconciliation_items'
const CANDIDATES = 'bank_withdrawal.reconciliation_candidates'

export interface Candidate {
  readonly kind: string
  readonly subject: string
  readonly facts: Readonly<Record<string, unknown>>
}

/** Whoever is here has its amount taken or locked. */
const TAKEN = statesThat((state) => wasSent(state) || (isUnsent(state) && state !== 'requested'))
const PAID = statesThat((state) => isPaid(state) && state !== 'settling')
const UNPAID = statesThat(
  (state) => (isUnsent(state) && state !== 'requested') || (wasSent(state) && !isPaid(state)),
)

const SIDE = (item: string): string => `jsonb_build_object('id', ${item}.id, 'state', ${item}.state,
  'amount', ${item}.amount::text, 'currency', ${item}.currency, 'userId', ${item}.user_id, 'at', ${item}.at)`
/** What the limit of one after it is for: one look by the index for each, and never the whole table beside a slice. */
const ONE_ROW = 'select id from bank_withdrawal.withdrawals where'
const BURNS_OF = (row: string): string =>
  `i.run_id = $1::bigint and i.kind = 'hold' and i.ref = any (${row}.burns)`
const PAYOUTS_OF = (row: string): string =>
  `i.run_id = $1::bigint and i.kind = 'payout' and i.ref = ${row}.payout_key and i.source = ${row}.provider`
const PAID_LIKE = (other: string, payout: string): string =>
  `${other}.run_id = $1::bigint and ${other}.kind = 'payout' and ${other}.ref = ${payout}.ref
     and ${other}.source = ${payout}.source and ${other}.state = 'paid'`

/** @returns Where the next slice ends; null when there is none. */
export async function lastOfSlice(
  db: Queryable,
  runId: string,
  afterItem: string,
  limit: number,
): Promise<string | null> {
  const rows = await db.query<{ last: string | null }>(
    `select max(nth)::text as last from (
       select nth from ${ITEMS} where run_id = $1::bigint and nth > $2::bigint order by nth limit $3::integer) slice`,
    [runId, afterItem, limit],
  )
  return rows[0]?.last ?? null
}

/** What of the lists has no row of ours, or is there more than once. Reads, and writes nothing. */
export const matchItems = (
  db: Queryable,
  { runId, since, afterItem, last }: { runId: string; since: Date; afterItem: string; last: string },
): Promise<readonly Candidate[]> =>
  db.query<Candidate>(
    `with slice as materialized (
       select * from ${ITEMS} where run_id = $1::bigint and nth > $2::bigint and nth <= $3::bigint
     )
     select 'burn_without_row' as kind, s.ref as subject,
            jsonb_build_object('burnId', s.id, 'burnState', s.state, 'fee', s.fee::text, 'exchange', ${SIDE('s')}) as facts
       from slice s left join lateral (${ONE_ROW} id = s.ref limit 1) w on true
      where s.kind = 'hold' and s.is_ours and s.state <> 'released' and s.at >= $4::timestamptz and w.id is null
     union all
     select 'payout_without_row', s.ref,
            jsonb_build_object('payoutProvider', s.source, 'reference', s.id, 'provider', ${SIDE('s')})
       from slice s left join lateral (${ONE_ROW} payout_key = s.ref limit 1) w on true
      where s.kind = 'payout' and s.state in ('open', 'paid') and s.at >= $4::timestamptz and w.id is null
        and not exists (select from bank_withdrawal.retired_payouts r where r.payout_key = s.ref)
     union all
     select 'paid_under_retired_key', r.withdrawal_id, jsonb_build_object('retiredKey', s.ref, 'reference', s.id,
              'provider', ${SIDE('s')})
       from slice s cross join lateral (
         select withdrawal_id from bank_withdrawal.retired_payouts where payout_key = s.ref and provider = s.source limit 1) r
      where s.kind = 'payout' and s.state in ('open', 'paid') and s.at >= $4::timestamptz
     union all
     select 'paid_twice', w.id, jsonb_build_object('payoutProvider', s.source, 'references',
              (select jsonb_agg(distinct o.id) from ${ITEMS} o where ${PAID_LIKE('o', 's')}))
       from (select s.ref, s.source from slice s
              where s.kind = 'payout' and s.state = 'paid'
                and exists (select from ${ITEMS} o where ${PAID_LIKE('o', 's')} and o.id <> s.id) offset 0) s
       cross join lateral (${ONE_ROW} payout_key = s.ref limit 1) w`,
    [runId, afterItem, last, since.toISOString()],
  )

export interface RowSlice {
  readonly runId: string
  readonly since: Date
  readonly until: Date
  /** What was read to its end; nothing is missing in a list that was not. */
  readonly currencies: readonly string[]
  readonly providers: readonly string[]
}

export interface MatchedRows {
  /** How many of ours there are in the slice. */
  readonly rows: number
  readonly candidates: readonly Candidate[]
}

/**
 * Our rows that moved last in this time, each once: the journal tells when, whenever they were created. Reads, and
 * writes nothing. What the others say of a row is put into words only where it does not agree: of a million rows that
 * was most of the work.
 */
export async function matchRows(
  db: Queryable,
  { runId, since, until, currencies, providers }: RowSlice,
): Promise<MatchedRows> {
  const [matched] = await db.query<MatchedRows>(
    `with moves as materialized (
       select withdrawal_id, max(at) as at from bank_withdrawal.journal
        where at >= $2::timestamptz and at < $3::timestamptz and from_state is distinct from to_state
        group by withdrawal_id
     ), rows as materialized (
       -- Each by its key: a slice never reads all rows there are, however few the planner thinks they are.
       select w.* from moves m cross join lateral (
         select id, state, user_id, currency, amount, payout_amount, provider, payout_key, held_at,
                array[id, coalesce(settled_burn_id, id)] as burns, state_since
           from bank_withdrawal.withdrawals where id = m.withdrawal_id limit 1) w
        where w.state_since = m.at
     ), judged as materialized (
       select r.id, r.burns, r.payout_key, r.provider, unnest(array[
         case when r.state in (${TAKEN}) and r.held_at is not null and r.currency = any ($4::text[])
                   and b.settled + b.pending = 0 then 'row_without_burn' end,
         case when r.state in (${PAID}) and b.settled = 0 and b.pending > 0
                or r.state in ('canceled', ${UNPAID}) and b.settled > 0 then 'burn_state_differs' end,
         case when b.settled + b.pending > 0 and (b.taken <> r.amount or b.is_foreign)
                or p.differs then 'amount_differs' end,
         case when r.state = 'processed' and r.provider = any ($5::text[]) and p.made = 0
              then 'payout_missing' end,
         case when r.state = 'canceled' and p.is_paid then 'paid_after_release' end]) as kind
         from rows r
         cross join lateral (
           select count(*) filter (where i.state = 'settled') as settled,
                  count(*) filter (where i.state = 'pending') as pending,
                  sum(i.amount) filter (where i.state <> 'released') as taken,
                  bool_or(i.state <> 'released' and (i.currency <> r.currency or i.user_id <> r.user_id)) as is_foreign
             from ${ITEMS} i where ${BURNS_OF('r')}) b
         cross join lateral (
           select count(*) filter (where i.state in ('open', 'paid', 'returned')) as made,
                  bool_or(i.state = 'paid') as is_paid,
                  bool_or(i.state = 'paid' and (i.currency <> r.currency or i.amount <> r.payout_amount)) as differs
             from ${ITEMS} i where ${PAYOUTS_OF('r')}) p
     )
     select (select count(*)::integer from rows) as rows,
            (select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'subject', id, 'facts', jsonb_strip_nulls(
               jsonb_build_object(
                 'exchange', (select jsonb_agg(${SIDE('i')} order by nth) from ${ITEMS} i where ${BURNS_OF('j')}),
                 'provider', (select jsonb_agg(${SIDE('i')} order by nth) from ${ITEMS} i where ${PAYOUTS_OF('j')}))
               ))), '[]'::jsonb)
               from judged j where kind is not null) as candidates`,
    [runId, since.toISOString(), until.toISOString(), currencies, providers],
  )
  if (!matched) throw new Error('The database did not answer.')
  return matched
}

/** Credits that are more than what came back. Reads, and writes nothing. */
export const matchCredits = (db: Queryable, runId: string): Promise<readonly Candidate[]> =>
  db.query<Candidate>(
    `with credits as (
       select ref, sum(amount) filter (where state = 'settled') as credited, count(*)::integer as n,
              max(currency) as currency, jsonb_agg(${SIDE('i')} order by nth) as seen
         from ${ITEMS} i where run_id = $1::bigint and kind = 'credit' and is_ours group by ref
     ) select 'credited_twice' as kind, c.ref as subject,
              jsonb_build_object('credited', c.credited::text, 'credits', c.n, 'currency', c.currency, 'exchange', c.seen)
                as facts
         from credits c left join bank_withdrawal.withdrawals w on w.id = c.ref
        where c.credited > coalesce(case when w.state in ('returning', 'returned') then w.returned_amount end, 0)`,
    [runId],
  )

/** Each once, whoever finds it again. */
export async function keepCandidates(
  db: Queryable,
  runId: string,
  candidates: readonly Candidate[],
): Promise<void> {
  await db.query(
    `insert into ${CANDIDATES} (run_id, kind, subject, facts)
     select $1::bigint, c.kind, c.subject, c.facts
       from jsonb_to_recordset($2::jsonb) as c(kind text, subject text, facts jsonb) on conflict do nothing`,
    [runId, storableJson(candidates)],
  )
}

export const countCandidates = async (db: Queryable, runId: string): Promise<number> =>
  (
    await db.query<{ n: number }>(
      `select count(*)::integer as n from ${CANDIDATES} where run_id = $1::bigint`,
      [runId],
    )
  )[0]?.n ?? 0

export const nextCandidates = (db: Queryable, runId: string, limit: number): Promise<readonly Candidate[]> =>
  db.query<Candidate>(
    `select kind, subject, facts from ${CANDIDATES}
      where run_id = $1::bigint and verdict is null order by kind, subject limit $2::integer`,
    [runId, limit],
  )

export async function judgeCandidate(
  db: Queryable,
  runId: string,
  { kind, subject }: Pick<Candidate, 'kind' | 'subject'>,
  verdict: 'difference' | 'agrees' | 'unknown',
): Promise<void> {
  await db.query(
    `update ${CANDIDATES} set verdict = $4 where run_id = $1::bigint and kind = $2 and subject = $3`,
    [runId, kind, subject, verdict],
  )
}

export const countVerdicts = (
  db: Queryable,
  runId: string,
): Promise<readonly { kind: string; verdict: string; count: number }[]> =>
  db.query(
    `select kind, verdict, count(*)::integer as count from ${CANDIDATES}
      where run_id = $1::bigint and verdict is not null group by 1, 2 order by 1, 2`,
    [runId],
  )

/** The planner has never seen what was just listed. Whoever does not own the table may not, and nothing is lost by it. */
export async function analyseItems(db: Queryable): Promise<void> {
  await db.query(`analyze ${ITEMS}`)
}
