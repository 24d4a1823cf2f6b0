import { storableJson } from '../../domain/storable'
import type { WithdrawalPatch } from '../../domain/withdrawal'
import type { Queryable } from '../connect/database'
import { CLOCK, COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'
import { changeAlike, moveAlike, shapeOfAll } from './change-alike'
import { ARE_FEW, FEW_COLUMN, FEW_NAME } from './given-sql'
import { isHeldBy } from './lease-sql'
import { PATCH_COLUMNS, PATCH_NAMES, type StateChange } from './state-change'

const PATCH_KINDS = { text: 'text', integer: 'integer', numeric: 'numeric', boolean: 'boolean', time: 'text' }

/** A patch names what it writes: a member that is absent leaves its column alone, one that is null empties it. */
const bitOf = (index: number): number => 2 ** index

const GIVEN = PATCH_NAMES.map((name) => `"${name}" ${PATCH_KINDS[PATCH_COLUMNS[name][1]]}`).join(', ')

const PATCHED = PATCH_NAMES.map((name, index) => {
  const [column, kind] = PATCH_COLUMNS[name]
  const given = `c."${name}"`
  const value =
    kind === 'time'
      ? `case when ${given} = 'now' then ${CLOCK} when ${given} like '+%' then ${CLOCK} + ${given}::interval
           else ${given}::timestamptz end`
      : given
  return `${column} = case when (c.writes & ${bitOf(index)}) <> 0 then ${value} else w.${column} end`
}).join(',\n         ')

/** The first look at a payout that was just retired. */
const RETIRED_LOOK_SECONDS = 3_600

/** Changes come in as one JSON array, so that one statement serves a single withdrawal and a batch of thousands. */
const CHANGE = `
  with change as (
    select * from json_to_recordset($1::json) as c (
      id text, "from" text, "to" text, version integer, "leaseOwner" text, event text, actor text,
      writes bigint, ${GIVEN}, detail jsonb, retires jsonb, leaves boolean,
      "keepLeaseSeconds" double precision, "runInMs" double precision, ${FEW_COLUMN})
     where ${ARE_FEW}
  ), moved as (
    update bank_withdrawal.withdrawals w
       set state = c."to", version = w.version + 1, updated_at = ${CLOCK},
         state_since = case when c."from" = c."to" then w.state_since else ${CLOCK} end,
         attempts = case when c."from" = c."to" then w.attempts
                         when c."keepLeaseSeconds" is null then 0 else 1 end,
         lease_owner = case when c."keepLeaseSeconds" is not null then w.lease_owner end,
         taken_from = case when c."leaseOwner" is null then coalesce(w.lease_owner, w.taken_from) end,
         -- A worker that a person took the row from may still be in the middle of a call: its time stays written
         -- down, so that nobody acts before it is up, not after a wake or another person's change either.
         lease_until = case when c."keepLeaseSeconds" is not null
                            then ${CLOCK} + make_interval(secs => c."keepLeaseSeconds")
                            when c."leaseOwner" is null then w.lease_until end,
         next_run_at = case when c."keepLeaseSeconds" is not null
                            then ${CLOCK} + make_interval(secs => c."keepLeaseSeconds")
                            when c."runInMs" is null then null
                            when w.woken_at is not null and c."leaseOwner" is not null then ${CLOCK}
                            when c."leaseOwner" is not null
                            then ${CLOCK} + make_interval(secs => c."runInMs" / 1000)
                            else greatest(${CLOCK} + make_interval(secs => c."runInMs" / 1000),
                                          coalesce(greatest(w.lease_until, w.stray_until), ${CLOCK})) end,
         woken_at = case when c."keepLeaseSeconds" is not null then w.woken_at end,
         waits_for_resume = false,
         retired_payouts = w.retired_payouts + case when c.retires is null then 0 else 1 end,
         ${PATCHED}
      from change c
     where w.id = c.id and w.state is not distinct from c."from" and w.version = c.version
       and (c."leaseOwner" is null or (${isHeldBy('c."leaseOwner"')}))
       -- Asked once for all of them, and only where one of them leaves.
       and (c.leaves is not true or (select bank_withdrawal.may_leave()))
    returning w.*, c.event as change_event, c."from" as change_from, c.actor as change_actor,
              c.detail as change_detail, c.retires as change_retires
  ), journalled as (
    insert into bank_withdrawal.journal
      (withdrawal_id, seq, at, event, from_state, to_state, actor, reason_code, detail)
    select id, version, updated_at, change_event, change_from, state, change_actor, reason_code, change_detail
      from moved
  ), retired as (
    -- The row as it was: what one statement writes, it does not see.
    insert into bank_withdrawal.retired_payouts
      (payout_key, withdrawal_id, provider, end_to_end_id, order_key, provider_reference, order_reference, why,
       retired_at, watch_at, watch_until, payer)
    select w.payout_key, w.id, w.provider, w.end_to_end_id, coalesce(b.batch_key, w.payout_key),
           w.provider_reference, b.provider_reference, m.change_retires ->> 'why', m.updated_at,
           m.updated_at + make_interval(secs => ${RETIRED_LOOK_SECONDS}),
           m.updated_at + make_interval(secs => (m.change_retires ->> 'watchForMs')::double precision / 1000), w.payer
      from moved m join bank_withdrawal.withdrawals w on w.id = m.id
      left join bank_withdrawal.batches b on b.id = w.batch_id
     where m.change_retires is not null
  )
  select ${COLUMNS} from moved`

/** Rows are locked in the order in which they are given: of two statements that mean the same ones, neither waits for the other. */
const inOneOrder = (changes: readonly StateChange[]): readonly StateChange[] =>
  [...changes].sort((a, b) => (a.id < b.id ? -1 : 1))

/**
 * Writes changes, each with its journal entry, in one statement. Only services/transition.ts calls it.
 *
 * @returns The rows that moved. One that has moved on, or whose lease is no longer ours, is not among them: nothing
 *   was written to it.
 */
export async function changeRows(
  db: Queryable,
  changes: readonly StateChange[],
): Promise<readonly StoredWithdrawal[]> {
  const [first, ...others] = inOneOrder(changes)
  if (!first) return []
  return shapeOfAll(changes) === null
    ? changeMixed(db, [first, ...others])
    : changeAlike(db, [first, ...others])
}

async function changeMixed(
  db: Queryable,
  changes: readonly StateChange[],
): Promise<readonly StoredWithdrawal[]> {
  const rows = await db.query<RawRow>(CHANGE, [storableJson(changes.map(written))], 'change')
  return rows.map(toWithdrawal)
}

/**
 * The same for who does not read what is written: fetching thousands of rows costs as much as changing them.
 *
 * @returns The ids of those that moved, in no order.
 */
export async function changeStates(
  db: Queryable,
  changes: readonly StateChange[],
): Promise<readonly string[]> {
  const [first, ...others] = inOneOrder(changes)
  if (!first) return []
  if (shapeOfAll(changes) !== null) return moveAlike(db, [first, ...others])
  return (await changeMixed(db, [first, ...others])).map(({ id }) => id)
}

/** As the statement reads it. Named one by one: copied together from parts it would take ten times as long to make. */
function written(change: StateChange): Readonly<Record<string, unknown>> {
  const { next, patch } = change
  const names = PATCH_NAMES.filter((name) => patch[name] !== undefined)
  const given: Record<string, unknown> = {
    id: change.id,
    from: change.from,
    to: change.to,
    version: change.version,
    leaseOwner: change.leaseOwner,
    event: change.event,
    actor: change.actor,
    detail: change.detail,
    retires: change.retires,
    leaves: change.leaves,
    keepLeaseSeconds: 'keepLeaseSeconds' in next ? next.keepLeaseSeconds : undefined,
    runInMs: 'runInMs' in next ? next.runInMs : undefined,
    [FEW_NAME]: 1,
    writes: names.reduce((sum, name) => sum + bitOf(PATCH_NAMES.indexOf(name)), 0),
  }
  for (const name of names) given[name] = asText(patch[name])
  return given
}

const asText = (value: WithdrawalPatch[keyof WithdrawalPatch]) =>
  typeof value === 'object' && value !== null && 'inMs' in value ? `+${value.inMs} milliseconds` : value

/** Changes of as many withdrawals. @returns What became of each, in their order. */
export async function changeEach(
  db: Queryable,
  changes: readonly StateChange[],
): Promise<readonly (StoredWithdrawal | null)[]> {
  const moved = new Map((await changeRows(db, changes)).map((row) => [row.id, row]))
  return changes.map(({ id }) => moved.get(id) ?? null)
}

/** @returns null when the row has moved on, or its lease is no longer ours: nothing was written. */
export async function changeState(db: Queryable, change: StateChange): Promise<StoredWithdrawal | null> {
  return (await changeRows(db, [change]))[0] ?? null
}
