import { isFinal, isWorking, type State } from '../../domain/states'
import { ENDS_BY_ITSELF } from '../../domain/stuck'
import type { Queryable } from '../connect/database'
import { CLOCK, COLUMNS, type RawRow, statesThat, type StoredWithdrawal, toWithdrawal } from '../row'

export interface StuckQuery {
  /** Milliseconds by state. */
  readonly afterMs: Readonly<Partial<Record<State, number>>>
  /** The same for those of a provider that is not among these. */
  readonly providers: readonly string[]
  readonly withoutProviderAfterMs: number
  readonly limit: number
}

const OPEN = `from bank_withdrawal.withdrawals where state not in (${statesThat(isFinal)})`
/** As the index of the oldest has it. */
const KIND = `state || ' ' || currency`

/** Each kind of what is open, of a state and a currency, with one look into that index. */
const KINDS = `
  recursive kinds (kind) as (
    (select ${KIND} ${OPEN} order by ${KIND} limit 1)
    union all
    select (select ${KIND} ${OPEN} and ${KIND} > kinds.kind order by ${KIND} limit 1) from kinds where kind is not null
  ), working (kind, of_state) as (
    select kind, split_part(kind, ' ', 1) from kinds where split_part(kind, ' ', 1) in (${statesThat(isWorking)})
  )`

const LONG_AGO = (milliseconds: string): string =>
  `${CLOCK} - make_interval(secs => (${milliseconds}) / 1000)`

/** What has been in its state for too long, whatever is done about it: the longest first. */
export async function listStuck(
  db: Queryable,
  { afterMs, providers, withoutProviderAfterMs, limit }: StuckQuery,
): Promise<readonly StoredWithdrawal[]> {
  const rows = await db.query<RawRow>(
    `with ${KINDS}
     select ${COLUMNS} from working k cross join lateral (
       select * ${OPEN} and ${KIND} = k.kind
          and state_since < ${LONG_AGO('least(($1::jsonb ->> k.of_state)::double precision, $3)')}
          and state_since < ${LONG_AGO(`case
              when provider = any($2::text[]) then ($1::jsonb ->> k.of_state)::double precision
              else least(($1::jsonb ->> k.of_state)::double precision, $3) end`)}
        order by state_since, id limit $4) stuck
      order by state_since, id limit $4`,
    [JSON.stringify(afterMs), providers, withoutProviderAfterMs, limit],
  )
  return rows.map(toWithdrawal)
}

const ENDED = Object.entries(ENDS_BY_ITSELF)
  .map(([kind, states]) => `(d.kind = '${kind}' and w.state in ('${states.join(`', '`)}'))`)
  .join(' or ')

/** Closes the questions that have found their answer by themselves. @returns How many. */
export async function closeOvertaken(db: Queryable): Promise<number> {
  const rows = await db.query(
    `update bank_withdrawal.differences d
        set resolved_at = ${CLOCK}, resolved_by = 'worker', resolution = 'It went on by itself.'
       from bank_withdrawal.withdrawals w
      where d.resolved_at is null and w.id = d.withdrawal_id
        and ((d.kind = 'stuck' and w.state_since > d.opened_at) or ${ENDED})
      returning d.id`,
  )
  return rows.length
}
