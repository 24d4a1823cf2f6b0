import type { Method } from '../domain/destination'
import { type DayOfDemand, type FloatFacts, type FloatReading, hasLeft } from '../domain/float'
import type { Queryable } from './connect/database'
import { CLOCK, statesThat } from './row'

/** Whose account, in which currency. */
export interface FloatPlace {
  readonly provider: string
  readonly currency: string
}

/** An account as it is known now. */
export interface StoredFloat extends FloatPlace, FloatFacts {
  /** All that is ready to leave. */
  readonly queued: string
  readonly queuedCount: number
  /** Of that, what was left behind for want of float. */
  readonly waitingCount: number
  readonly entry: FloatEntry | null
}

export interface FloatEntry extends FloatReading {
  readonly version: number
  readonly actor: string
  readonly reason: string
}

/** Left behind for want of float, and still ready to leave. */
export interface WaitingForFloat {
  readonly id: string
  readonly amount: string
  readonly method: Method
  readonly createdAt: Date
  readonly waitsSince: Date
}

export interface FundingCall extends FloatPlace {
  readonly id: string
  /** What the account is called, masked; null where the provider does not say. */
  readonly account: string | null
  readonly amount: string
  readonly neededBy: Date
  readonly available: string
  readonly queued: string
  readonly expected: string
  readonly openedAt: Date
  readonly updatedAt: Date
  readonly closedAt: Date | null
  readonly closedAs: 'funded' | 'unknown' | null
}

export type NewFundingCall = Omit<FundingCall, 'id' | 'openedAt' | 'updatedAt' | 'closedAt' | 'closedAs'>

/** What payout accounts hold, who waits for it, and who is asked to fill them. Beside `Store`: nothing of it moves a withdrawal. */
export interface FloatStore {
  /** Every account that is known or that something waits for; of one provider alone where it is named. */
  readFloats(of?: FloatPlace): Promise<readonly StoredFloat[]>
  /** The longest first. */
  listWaiting(of: FloatPlace, limit: number): Promise<readonly WaitingForFloat[]>
  /** Those that were noted before keep their time. */
  noteWaiting(of: FloatPlace, ids: readonly string[]): Promise<void>
  /** Takes out what waits no more. @returns How many. */
  forgetMoved(): Promise<number>
  /** @returns false when somebody has asked this provider a moment ago. */
  takeTurn(provider: string, everySeconds: number): Promise<boolean>
  /** How much has left until now, to be kept with what the provider says next. */
  leftTo(provider: string): Promise<Readonly<Record<string, string>>>
  keepWord(of: FloatPlace, word: { available: string; leftThen: string }): Promise<void>
  /** @param version What the operator saw; 0 where nothing had been entered. @returns null when somebody was faster. */
  enter(
    of: FloatPlace,
    entry: { available: string; actor: string; reason: string; version: number },
  ): Promise<FloatEntry | null>
  /** Of the last five weeks. */
  readDemand(of: FloatPlace): Promise<readonly DayOfDemand[]>
  /** Opens a call, or brings the open one up to date. @returns `isNew` where it was opened. */
  callForFunds(call: NewFundingCall): Promise<{ readonly isNew: boolean }>
  /** @returns false when none is open. */
  closeCall(of: FloatPlace, as: 'funded' | 'unknown'): Promise<boolean>
  /** Open ones first, then those that were closed last. */
  listCalls(limit: number): Promise<readonly FundingCall[]>
}

const LEFT = statesThat(hasLeft)

/** Counted as it happens: a sum over the counters, not over withdrawals. */
const COUNTED = `
  select provider, currency, state, count, payout_amount from bank_withdrawal.tally_standing
  union all
  select provider, currency, from_state, -count, -payout_amount from bank_withdrawal.tally_moves
   where from_state is not null
  union all
  select provider, currency, to_state, count, payout_amount from bank_withdrawal.tally_moves
   where to_state is not null`

const leftOf = (provider: string, currency: string): string =>
  `coalesce((select sum(payout_amount) from (${COUNTED}) c
              where c.provider = ${provider} and c.currency = ${currency} and c.state in (${LEFT})), 0)`

interface RawFloat extends FloatPlace {
  readonly leftNow: string
  readonly queued: string
  readonly queuedCount: number
  readonly waitingCount: number
  readonly now: Date
  readonly word: Raw<FloatReading> | null
  readonly entry: Raw<FloatEntry> | null
}
type Raw<Reading> = Omit<Reading, 'at'> & { readonly at: string }

const FLOATS = `
  with counted as (
    select provider, currency,
           sum(payout_amount) filter (where state in (${LEFT})) as left_now,
           sum(payout_amount) filter (where state = 'ready') as queued,
           sum(count) filter (where state = 'ready') as queued_count
      from (${COUNTED}) c where ($1::text is null or (provider = $1 and currency = $2))
     group by provider, currency
  ), entered as (
    select distinct on (provider, currency) * from bank_withdrawal.float_entries
     where ($1::text is null or (provider = $1 and currency = $2))
     order by provider, currency, version desc
  ), places as (
    select provider, currency from counted where queued_count > 0
    union select provider, currency from entered
    union select provider, currency from bank_withdrawal.float_words
           where ($1::text is null or (provider = $1 and currency = $2))
  )
  select provider, currency, ${CLOCK} as now,
         trim_scale(coalesce(c.left_now, 0))::text as "leftNow",
         trim_scale(coalesce(c.queued, 0))::text as queued,
         coalesce(c.queued_count, 0)::float8 as "queuedCount",
         (select count(*)::int from bank_withdrawal.float_waits f
            join bank_withdrawal.withdrawals r on r.id = f.withdrawal_id
           where f.provider = p.provider and f.currency = p.currency and r.state = 'ready') as "waitingCount",
         case when w.provider is not null then jsonb_build_object(
           'available', trim_scale(w.available)::text, 'at', w.told_at,
           'leftThen', trim_scale(w.left_then)::text) end as word,
         case when e.provider is not null then jsonb_build_object(
           'available', trim_scale(e.available)::text, 'at', e.at, 'leftThen', trim_scale(e.left_then)::text,
           'version', e.version, 'actor', e.actor, 'reason', e.reason) end as entry
    from places p
    left join counted c using (provider, currency)
    left join bank_withdrawal.float_words w using (provider, currency)
    left join entered e using (provider, currency)
   order by provider, currency`

const CALL_COLUMNS = `id::text as id, provider, currency, account, trim_scale(amount)::text as amount,
  needed_by as "neededBy", trim_scale(available)::text as available, trim_scale(queued)::text as queued,
  trim_scale(expected)::text as expected, opened_at as "openedAt", updated_at as "updatedAt",
  closed_at as "closedAt", closed_as as "closedAs"`

const timed = <Reading extends { readonly at: string }>(raw: Reading | null) =>
  raw && { ...raw, at: new Date(raw.at) }

export const createFloatStore = (db: Queryable): FloatStore => ({
  ...known(db),
  ...calls(db),

  async listWaiting({ provider, currency }, limit) {
    return db.query<WaitingForFloat>(
      `select w.id, w.payout_amount::text as amount, w.method, w.created_at as "createdAt", f.since as "waitsSince"
         from bank_withdrawal.float_waits f join bank_withdrawal.withdrawals w on w.id = f.withdrawal_id
        where f.provider = $1 and f.currency = $2 and w.state = 'ready' and w.provider = $1
        order by f.since, f.withdrawal_id limit $3`,
      [provider, currency, limit],
      'float_waiting',
    )
  },

  async noteWaiting({ provider, currency }, ids) {
    await db.query(
      `insert into bank_withdrawal.float_waits (withdrawal_id, provider, currency, since)
       select id, $2, $3, ${CLOCK} from unnest($1::text[]) id order by id
       on conflict (withdrawal_id) do update set provider = excluded.provider, since = excluded.since
         where float_waits.provider <> excluded.provider`,
      [ids, provider, currency],
    )
  },

  async forgetMoved() {
    const gone = await db.query(
      `delete from bank_withdrawal.float_waits f using bank_withdrawal.withdrawals w
        where w.id = f.withdrawal_id and w.state not in ('ready', 'submitting', 'in_doubt', 'in_review')
       returning f.withdrawal_id`,
    )
    return gone.length
  },
})

type KnownPart = 'readFloats' | 'takeTurn' | 'leftTo' | 'keepWord' | 'enter' | 'readDemand'

const known = (db: Queryable): Pick<FloatStore, KnownPart> => ({
  async readFloats(of) {
    const rows = await db.query<RawFloat>(FLOATS, [of?.provider ?? null, of?.currency ?? null], 'floats')
    return rows.map((row) => ({ ...row, word: timed(row.word), entry: timed(row.entry) }))
  },

  async takeTurn(provider, everySeconds) {
    const taken = await db.query(
      `insert into bank_withdrawal.float_asks as a (provider, asked_at) values ($1, ${CLOCK})
       on conflict (provider) do update set asked_at = excluded.asked_at
         where a.asked_at <= excluded.asked_at - make_interval(secs => $2)
       returning provider`,
      [provider, everySeconds],
    )
    return taken.length > 0
  },

  async leftTo(provider) {
    const rows = await db.query<{ currency: string; amount: string }>(
      `select currency, trim_scale(sum(payout_amount))::text as amount from (${COUNTED}) c
        where provider = $1 and state in (${LEFT}) group by currency`,
      [provider],
    )
    return Object.fromEntries(rows.map(({ currency, amount }) => [currency, amount]))
  },

  async keepWord({ provider, currency }, { available, leftThen }) {
    await db.query(
      `insert into bank_withdrawal.float_words (provider, currency, available, told_at, left_then)
       values ($1, $2, $3::numeric, ${CLOCK}, $4::numeric)
       on conflict (provider, currency) do update
         set available = excluded.available, told_at = excluded.told_at, left_then = excluded.left_then`,
      [provider, currency, available, leftThen],
    )
  },

  async enter({ provider, currency }, { available, actor, reason, version }) {
    const rows = await db.query<Raw<FloatEntry>>(
      `with entered as (
         insert into bank_withdrawal.float_entries
           (provider, currency, version, available, left_then, actor, reason, at)
         select $1, $2, $6::integer + 1, $3::numeric, ${leftOf('$1', '$2')}, $4, $5, ${CLOCK}
          where $6 = coalesce((select max(version) from bank_withdrawal.float_entries
                                where provider = $1 and currency = $2), 0)
         on conflict (provider, currency, version) do nothing
         returning *
       ), recorded as (
         insert into bank_withdrawal.operator_actions (at, actor, action, subject, reason, detail)
         select at, actor, 'float.entered', provider || ' ' || currency, reason,
                jsonb_build_object('available', trim_scale(available)::text, 'version', version)
           from entered
       ), woken as (
         update bank_withdrawal.withdrawals w set next_run_at = ${CLOCK}
           from bank_withdrawal.float_waits f, entered
          where f.provider = entered.provider and f.currency = entered.currency and w.id = f.withdrawal_id
            and w.state = 'ready' and w.next_run_at is not null and coalesce(w.lease_until <= ${CLOCK}, true)
       )
       select trim_scale(available)::text as available, at, trim_scale(left_then)::text as "leftThen", version,
              actor, reason from entered`,
      [provider, currency, available, actor, reason, version],
    )
    return timed(rows[0] ?? null)
  },

  readDemand: ({ provider, currency }) =>
    db.query<DayOfDemand>(
      `select to_char(day, 'YYYY-MM-DD') as day, trim_scale(amount)::text as amount
         from bank_withdrawal.tally_demand
        where provider = $1 and currency = $2 and day >= (${CLOCK} at time zone 'UTC')::date - 35 order by day`,
      [provider, currency],
    ),
})

const calls = (db: Queryable): Pick<FloatStore, 'callForFunds' | 'closeCall' | 'listCalls'> => ({
  async callForFunds({ provider, currency, account, amount, neededBy, available, queued, expected }) {
    const [row] = await db.query<{ isNew: boolean }>(
      `insert into bank_withdrawal.funding_calls as c
         (provider, currency, account, amount, needed_by, available, queued, expected, opened_at, updated_at)
       select $1, $2, $3, $4::numeric, $5::timestamptz, $6::numeric, $7::numeric, $8::numeric, at, at from ${CLOCK} at
       on conflict (provider, currency) where closed_at is null do update
         set account = excluded.account, amount = excluded.amount, needed_by = excluded.needed_by,
             available = excluded.available, queued = excluded.queued, expected = excluded.expected,
             updated_at = excluded.updated_at
       returning opened_at = updated_at and xmax = 0 as "isNew"`,
      [provider, currency, account, amount, neededBy, available, queued, expected],
    )
    return { isNew: row?.isNew ?? false }
  },

  async closeCall({ provider, currency }, as) {
    const rows = await db.query(
      `update bank_withdrawal.funding_calls set closed_at = ${CLOCK}, closed_as = $3
        where provider = $1 and currency = $2 and closed_at is null returning id`,
      [provider, currency, as],
    )
    return rows.length > 0
  },

  listCalls: (limit) =>
    db.query<FundingCall>(
      `select ${CALL_COLUMNS} from bank_withdrawal.funding_calls
        order by (closed_at is null) desc, coalesce(closed_at, opened_at) desc, id desc limit $1`,
      [limit],
    ),
})
