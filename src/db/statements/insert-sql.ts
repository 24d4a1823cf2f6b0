import { isOpen, isUnscheduled } from '../../domain/states'
import { CLOCK, statesThat } from '../row'
import { ARE_FEW, FEW_COLUMN } from './given-sql'
import { judgedBy, RULED } from './policy-sql'

/** What is frozen for a person is not the user's to end: it may not keep them from their money as well. */
const NOT_COUNTED = statesThat((state) => !isOpen(state) || isUnscheduled(state))

/** A kit takes a code for 90 seconds, half a minute before and after its own; the rest is for clocks that differ. */
const CODE_COUNTS_SECONDS = 300

/** What a group asks of the statement: what none of its withdrawals needs is not in it, since each part costs all of them. */
interface Parts {
  readonly codes: boolean
  readonly policy: boolean
}

/**
 * What is checked is checked in the statement that writes, in this order: a key that is taken is an answer and no
 * refusal, so it uses up no code; too many open ones use up none either, nor does an account that sent money back, nor a
 * limit of the policy. Then the code, and the row itself.
 */
const insertOf = ({ codes, policy }: Parts): string => `
  with given as materialized (
    select * from json_to_recordset($1::json) as g (
      place integer, id text, "userId" bigint, "idempotencyKey" text, "requestHash" text, currency text, amount numeric,
      fee numeric, "payoutAmount" numeric, method text, destination text, "destinationMasked" text,
      "destinationHash" text, provider text, mode text, "payoutKey" text, "endToEndId" text,
      "leaseOwner" text, "leaseSeconds" double precision, "openMax" integer, code text, policy jsonb, ${FEW_COLUMN})
     where ${ARE_FEW}
  ), judged as materialized (
    select g.*,
           case when g."openMax" is not null and bank_withdrawal.open_withdrawals_of(g."userId", array[${NOT_COUNTED}]) >= g."openMax"
                then 'too_many_open'
                when g."idempotencyKey" is not null and exists (
                  select from bank_withdrawal.withdrawals w
                   where w.user_id = g."userId" and w.idempotency_key = g."idempotencyKey")
                then 'key_taken'
                when exists (
                  select from bank_withdrawal.quarantined_destinations q
                   where q.destination_hash = g."destinationHash" and q.user_id = g."userId" and q.lifted_at is null)
                then 'quarantined' end as early
      from given g
  ), ${policy ? RULED_BY_POLICY : RULED_BY_NOBODY}${codes ? USED_CODES : ''}, fit as materialized (
    select j.*, ${CLOCK} as at, ${CLOCK} + make_interval(secs => j."leaseSeconds") as leased_until,
           ${codes ? WITH_CODE : 'j.verdict'} as outcome
      from ruled j
  ), created as (
    insert into bank_withdrawal.withdrawals (
      id, user_id, idempotency_key, request_hash, currency, amount, fee, payout_amount, method,
      destination, destination_masked, destination_hash, provider, mode, payout_key, end_to_end_id,
      state, version, attempts, next_run_at, lease_owner, lease_until, hold_doubt_at,
      state_since, created_at, updated_at${policy ? ', review_causes, cools_until' : ''})
    select id, "userId", "idempotencyKey", "requestHash", currency, amount, fee, "payoutAmount", method,
      destination, "destinationMasked", "destinationHash", provider, mode, "payoutKey", "endToEndId",
      'requested', 1, 1, leased_until, "leaseOwner", leased_until, at, at, at, at${
        policy ? `,\n      ${RULED.causes('ruling')}, ${RULED.coolsUntil('ruling')}` : ''
      }
      from fit where outcome is null order by place
    on conflict (user_id, idempotency_key) do nothing
    returning id, version, created_at, state, review_causes, cools_until
  ), journalled as (
    insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, to_state, actor, detail)
    select id, version, created_at, 'withdrawal.requested', state, 'user', ${policy ? DETAIL_OF_POLICY : `'{}'`}
      from created
  )
  select f.place, f.outcome, f.ruling -> 'refused' as refused, c.id is not null as "isStored", f.at,
         to_char(f.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "atExactly",
         f.leased_until as "leasedUntil", c.review_causes as "reviewCauses", c.cools_until as "coolsUntil"
    from fit f left join created c on c.id = f.id`

const RULED_BY_NOBODY = `ruled as (
    select j.*, null::jsonb as ruling, j.early as verdict from judged j
  )`
const RULED_BY_POLICY = `ruled as materialized (
    select r.*, coalesce(r.early, case when r.ruling -> 'refused' is not null then 'limited' end) as verdict
      from (select j.*, case when j.early is null and j.policy is not null
                             then ${judgedBy('j."userId"', 'j."destinationHash"', 'j.currency', 'j.amount', 'j.policy')}
                        end as ruling
              from judged j) r
  )`
const DETAIL_OF_POLICY = `
           case when review_causes is null and cools_until is null then '{}'
                else (select ${RULED.detail('f.ruling', 'f.policy')} from fit f where f.id = created.id) end`

const USED_CODES = `, coded as (
    insert into bank_withdrawal.used_codes as known (user_id, code, used_at)
    select "userId", code, ${CLOCK} from ruled where code is not null and verdict is null
    on conflict (user_id, code) do update set used_at = excluded.used_at
      where known.used_at < ${CLOCK} - make_interval(secs => ${CODE_COUNTS_SECONDS})
    returning user_id, code
  ), forgotten as (
    delete from bank_withdrawal.used_codes
     using ruled j
     where used_codes.user_id = j."userId" and j.code is not null and j.verdict is null and used_codes.code <> j.code
       and used_codes.used_at < ${CLOCK} - make_interval(secs => ${2 * CODE_COUNTS_SECONDS})
  )`
const WITH_CODE = `coalesce(j.verdict, case when j.code is not null and not exists (
             select from coded c where c.user_id = j."userId" and c.code = j.code) then 'code_used' end)`

/** Each kept by its name, parsed and planned once by a connection. */
const STATEMENTS = new Map<string, string>()

/** The statement for a group, and the name it goes by. */
export function insertFor(parts: Parts): { readonly text: string; readonly name: string } {
  const name = ['insert', ...(parts.codes ? ['codes'] : []), ...(parts.policy ? ['policy'] : [])].join('_')
  const text = STATEMENTS.get(name) ?? insertOf(parts)
  STATEMENTS.set(name, text)
  return { text, name }
}
