import {
  isPaid,
  isUnpaid,
  isUnscheduled,
  isWorking,
  mayBeMovedByPerson,
  mayMove,
  STATES,
  wasSent,
} from '../../domain/states'
import { STUCK_AFTER_MS } from '../../domain/stuck'
import { statesThat } from '../row'
import { BATCHES } from './batch-checks'
import type { Check } from './check'
import { GUARDS } from './guard-checks'
import { TALLIES } from './tally-checks'
import { TRAIL } from './trail-checks'

export interface CheckSettings {
  /** A row that has been due for longer than this is stuck; longer than any lease, or a busy worker is reported. */
  readonly stuckMinutes: number
}

/** The longest lease the settings allow, and some for a commit that was slow. */
const LEASE_MINUTES_MAX = 16

/** The watch runs every minute; this late, it does not run. */
const WATCH_LATE_MINUTES = 120

const WORKING = statesThat(isWorking)
const SENT = statesThat(wasSent)
const STUCK_AFTER = Object.entries(STUCK_AFTER_MS)
  .map(([state, ms]) => `('${state}', ${ms}::double precision)`)
  .join(', ')
const edges = (isLegal: typeof mayMove): string =>
  STATES.flatMap((from) => STATES.filter((to) => isLegal(from, to)).map((to) => `('${from}', '${to}')`)).join(
    ', ',
  )
const LEGAL_EDGES = edges(mayMove)
const PERSON_EDGES = edges(mayBeMovedByPerson)
/** A person who decided with a reason may know what no row can show. */
const NOT_BY_OPERATOR = `not exists (select 1 from bank_withdrawal.journal o
  where o.withdrawal_id = w.id and o.actor like 'operator:%')`

/** The invariants of one database, as reading SQL. What is guaranteed by a constraint is looked at all the same. */
export const checksOf = ({ stuckMinutes }: CheckSettings): readonly Check[] => [
  ...JOURNAL,
  ...TRAIL,
  ...MONEY,
  ...PAYOUTS,
  ...BATCHES,
  TALLIES,
  ...scheduleChecks(stuckMinutes),
  GUARDS,
]

const ENTRIES = `(select j.*, lag(j.to_state) over (partition by j.withdrawal_id order by j.seq) as before,
    row_number() over (partition by j.withdrawal_id order by j.seq) as nth,
    lead(j.seq) over (partition by j.withdrawal_id order by j.seq) is null as is_last
  from bank_withdrawal.journal j)`

const JOURNAL: readonly Check[] = [
  {
    name: 'journal_is_there',
    holds: 'every withdrawal has a journal',
    sql: `select w.id, w.state as detail from bank_withdrawal.withdrawals w
           where not exists (select 1 from bank_withdrawal.journal j where j.withdrawal_id = w.id)`,
  },
  {
    name: 'journal_is_dense',
    holds: 'the entries of a withdrawal are numbered 1, 2, 3 ...',
    sql: `select withdrawal_id as id, 'entry ' || min(seq) || ' where ' || min(nth) || ' belongs' as detail
            from ${ENTRIES} e where seq <> nth group by withdrawal_id`,
  },
  {
    name: 'journal_is_a_chain',
    holds: 'each entry starts where the one before it ended, and the first one nowhere',
    sql: `select withdrawal_id as id, 'entry ' || seq || ' starts at ' || coalesce(from_state, 'nothing') ||
                 ', the one before ended at ' || coalesce(before, 'nothing') as detail
            from ${ENTRIES} e where from_state is distinct from before`,
  },
  {
    name: 'journal_edges_are_legal',
    holds: 'every change of state is one that the table of states allows',
    sql: `select withdrawal_id as id, 'entry ' || seq || ': ' || coalesce(from_state, 'nothing') || ' to ' || to_state
                 as detail
            from bank_withdrawal.journal j
           where case when from_state is null then to_state <> 'requested'
                        and not (event = 'withdrawal.adopted' and to_state in ('ready', 'in_review'))
                        and not (event = 'withdrawal.taken_in' and to_state = 'conflict' and actor like 'operator:%')
                 else (from_state, to_state) not in (values ${LEGAL_EDGES})
                  and not (actor like 'operator:%' and (from_state, to_state) in (values ${PERSON_EDGES})) end`,
  },
  {
    name: 'journal_adds_up',
    holds: "the last entry is the withdrawal's state, and its number the withdrawal's version",
    sql: `select w.id, w.state || ' version ' || w.version || ', journal says ' || e.to_state || ' version ' || e.seq
                 as detail
            from ${ENTRIES} e join bank_withdrawal.withdrawals w on w.id = e.withdrawal_id
           where e.is_last and (e.to_state <> w.state or e.seq <> w.version)`,
  },
]

const MONEY: readonly Check[] = [
  {
    name: 'amounts_are_amounts',
    holds: 'amounts are positive numbers, fees are not negative',
    sql: `select id, 'amount ' || amount || ', fee ' || fee || ', payout ' || payout_amount as detail
            from bank_withdrawal.withdrawals
           where not (amount > 0 and amount < 'Infinity' and fee >= 0 and fee < 'Infinity'
                      and payout_amount > 0 and payout_amount < 'Infinity')`,
  },
  {
    name: 'payout_is_amount_or_less_the_fee',
    holds: 'what is paid is what was asked for, or that less the fee',
    sql: `select id, 'amount ' || amount || ', fee ' || fee || ', payout ' || payout_amount as detail
            from bank_withdrawal.withdrawals where payout_amount not in (amount, amount - fee)`,
  },
  {
    name: 'held_before_paid',
    holds: 'nothing is sent before its amount is locked',
    sql: `select id, state as detail from bank_withdrawal.withdrawals
           where state in (${SENT}) and held_at is null`,
  },
  {
    name: 'one_withdrawal_per_idempotency_key',
    holds: 'a key of one user stands for one withdrawal',
    sql: `select min(id) as id, count(*) || ' withdrawals of user ' || user_id as detail
            from bank_withdrawal.withdrawals where idempotency_key is not null
           group by user_id, idempotency_key having count(*) > 1`,
  },
]

const PAYOUTS: readonly Check[] = [
  {
    name: 'one_payout_key_per_withdrawal',
    holds: 'no two withdrawals have the same payout key',
    sql: `select min(id) as id, 'shared with ' || max(id) as detail from bank_withdrawal.withdrawals
           group by payout_key having count(*) > 1`,
  },
  {
    name: 'one_provider_reference_per_withdrawal',
    holds: "no two withdrawals have the same provider's reference",
    sql: `select min(id) as id, 'shared with ' || max(id) as detail from bank_withdrawal.withdrawals
           where provider_reference is not null group by provider, provider_reference having count(*) > 1`,
  },
  {
    name: 'intent_before_payout',
    holds: 'what was sent has the time of its intent, and an entry of it in the journal',
    sql: `select w.id, w.state as detail from bank_withdrawal.withdrawals w
           where w.state in (${SENT}) and ${NOT_BY_OPERATOR}
             and (w.payout_started_at is null or not exists (select 1 from bank_withdrawal.journal j
                   where j.withdrawal_id = w.id
                     -- Found with the provider, after a restore: the intent was forgotten with the rest.
                     and (j.to_state = 'submitting' or j.event in ('payout.found_before_sent', 'payout.marked_before'))))`,
  },
  {
    name: 'paid_has_proof',
    holds: 'what is settled has the reference and the transaction of the provider',
    sql: `select w.id, w.state as detail from bank_withdrawal.withdrawals w
           where w.state in (${statesThat(isPaid)}) and ${NOT_BY_OPERATOR}
             and (w.provider_reference is null or w.provider_transaction_id is null or w.settled_burn_id is null)`,
  },
  {
    name: 'canceled_was_not_paid',
    holds: "what is canceled has no provider's transaction",
    sql: `select w.id, 'transaction ' || w.provider_transaction_id as detail from bank_withdrawal.withdrawals w
           where w.state in (${statesThat(isUnpaid)}) and w.provider_transaction_id is not null
             and ${NOT_BY_OPERATOR}`,
  },
  {
    name: 'returned_at_most_what_was_paid',
    holds: 'no more comes back than was paid, and what is credited has come back',
    sql: `select id, 'returned ' || coalesce(returned_amount::text, 'nothing') || ' of ' || payout_amount as detail
            from bank_withdrawal.withdrawals
           where returned_amount > payout_amount or (state = 'returned' and returned_amount is null)`,
  },
  {
    name: 'paid_once',
    holds: 'a withdrawal becomes processed once',
    sql: `select w.id, count(*) || ' times' as detail
            from bank_withdrawal.journal j join bank_withdrawal.withdrawals w on w.id = j.withdrawal_id
           where j.to_state = 'processed' and j.from_state <> 'processed' and ${NOT_BY_OPERATOR}
           group by w.id having count(*) > 1`,
  },
]

const scheduleChecks = (stuckMinutes: number): readonly Check[] => [
  {
    name: 'states_are_known',
    holds: 'every withdrawal is in a state this program knows',
    sql: `select id, state as detail from bank_withdrawal.withdrawals where state not in (${statesThat(() => true)})`,
  },
  {
    name: 'nothing_is_forgotten',
    holds: 'whatever a worker has to act on has a time at which it will',
    sql: `select id, state as detail from bank_withdrawal.withdrawals
           where state in (${WORKING}) and next_run_at is null`,
  },
  {
    name: 'the_end_is_the_end',
    holds: 'what is over is not worked on',
    sql: `select id, state as detail from bank_withdrawal.withdrawals
           where state in (${statesThat(isUnscheduled)})
             and (next_run_at is not null or (lease_owner is not null and watch_at is null))`,
  },
  {
    name: 'nothing_is_stuck',
    holds: `nothing has been due for more than ${stuckMinutes} minutes, or in one state for longer than it should`,
    sql: `select id, state || ', due since ' || next_run_at as detail from bank_withdrawal.withdrawals
           where state in (${WORKING})
             and next_run_at < bank_withdrawal.clock() - make_interval(mins => ${Math.trunc(stuckMinutes)})
          union
          select w.id, w.state || ' since ' || w.state_since as detail
            from bank_withdrawal.withdrawals w join (values ${STUCK_AFTER}) as may (state, ms) on may.state = w.state
           where w.state_since < bank_withdrawal.clock() - make_interval(secs => may.ms / 1000.0)`,
  },
  {
    name: 'what_has_ended_is_watched',
    holds: 'a look at something that has ended is not hours late',
    sql: `select id, state || ', to be looked at since ' || watch_at as detail from bank_withdrawal.withdrawals
           where watch_at < bank_withdrawal.clock() - make_interval(mins => ${WATCH_LATE_MINUTES})`,
  },
  {
    name: 'leases_make_sense',
    holds: 'who holds a row holds it until a time not far away, at which it comes back',
    sql: `select id, 'held by ' || coalesce(lease_owner, 'nobody') || ' until ' || coalesce(lease_until::text, 'ever') ||
                 ', due ' || coalesce(next_run_at::text, 'never') as detail
            from bank_withdrawal.withdrawals
           where (lease_owner is not null and (lease_until is null
                   -- What is watched may be woken while somebody looks at it: it is due before that.
                   or case when next_run_at is null then coalesce(watch_at > lease_until, true)
                           else next_run_at <> lease_until end))
              or lease_until > bank_withdrawal.clock() + make_interval(mins => ${LEASE_MINUTES_MAX})`,
  },
]
