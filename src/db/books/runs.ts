import { EMPTY_PLACE, type ReconciliationItem, type ReconciliationPlace } from '../../domain/reconciliation'
import { storableJson } from '../../domain/storable'
import type { Database, Queryable } from '../connect/database'
import { CLOCK } from '../row'
import { type Candidate, keepCandidates } from './matching'

/** One time at which the books were held against each other. */
export interface ReconciliationRun {
  readonly id: string
  readonly since: Date
  readonly until: Date
  readonly askedBy: string
  readonly reason: string
  readonly askedAt: Date
  readonly state: 'running' | 'complete' | 'incomplete'
  readonly place: ReconciliationPlace
  readonly version: number
  readonly endedAt: Date | null
}

export interface NewRun {
  /** null where a person asks. */
  readonly slot: string | null
  readonly since: Date
  readonly until: Date
  readonly askedBy: string
  readonly reason: string
}

/** What is written together with the place that a run has come to. */
export interface Progress {
  readonly place: ReconciliationPlace
  readonly items?: readonly ReconciliationItem[]
  readonly candidates?: readonly Candidate[]
  /** Who works goes on, and keeps the lease for so long. */
  readonly keepSeconds?: number
  /** Given back, and due again after so long. */
  readonly againInMs?: number
}

/** How far what ended runs have left was cleared. */
export interface Cleared {
  readonly runId: string
  readonly nth: string
}

const COLUMNS = `id::text as id, since, until, asked_by as "askedBy", reason, asked_at as "askedAt", state, place,
  version, ended_at as "endedAt"`
const RUNS = 'bank_withdrawal.reconciliation_runs'

/** @returns null when one is running, or this slot was asked for already. */
export async function askForRun(
  db: Queryable,
  { slot, since, until, askedBy, reason }: NewRun,
): Promise<ReconciliationRun | null> {
  const [run] = await db.query<ReconciliationRun>(
    `insert into ${RUNS} (slot, since, until, asked_by, reason, asked_at, state, place, version, next_run_at)
     values ($1, $2::timestamptz, $3::timestamptz, $4, $5, ${CLOCK}, 'running', $6::jsonb, 1, ${CLOCK})
     on conflict do nothing returning ${COLUMNS}`,
    [slot, since.toISOString(), until.toISOString(), askedBy, reason, JSON.stringify(EMPTY_PLACE)],
  )
  return run ?? null
}

/** The run that is due and in nobody's hands, now in these. */
export async function claimRun(
  db: Queryable,
  lease: { owner: string; seconds: number },
): Promise<ReconciliationRun | null> {
  const [run] = await db.query<ReconciliationRun>(
    `update ${RUNS} set lease_owner = $1, lease_until = ${CLOCK} + make_interval(secs => $2::integer),
            version = version + 1
      where id = (select id from ${RUNS}
                   where state = 'running' and next_run_at <= ${CLOCK} and coalesce(lease_until <= ${CLOCK}, true)
                   for update skip locked)
     returning ${COLUMNS}`,
    [lease.owner, lease.seconds],
  )
  return run ?? null
}

/** Nobody else may have it meanwhile. @returns null when somebody has; nothing was written. */
export const advanceRun = (
  db: Database,
  run: Pick<ReconciliationRun, 'id' | 'version'>,
  { place, items = [], candidates = [], keepSeconds, againInMs }: Progress,
): Promise<ReconciliationRun | null> =>
  db.transaction(async (tx) => {
    const [written] = await tx.query<ReconciliationRun>(
      `update ${RUNS} set place = $3::jsonb, version = version + 1,
              lease_owner = case when $4::integer is null then null else lease_owner end,
              lease_until = ${CLOCK} + make_interval(secs => $4::integer),
              next_run_at = ${CLOCK} + make_interval(secs => $5::float8 / 1000)
        where id = $1::bigint and version = $2 and state = 'running' returning ${COLUMNS}`,
      [run.id, run.version, storableJson(place), keepSeconds ?? null, againInMs ?? 0],
    )
    if (!written) return null
    if (items.length > 0) await stage(tx, run.id, items)
    if (candidates.length > 0) await keepCandidates(tx, run.id, candidates)
    return written
  })

async function stage(tx: Queryable, runId: string, items: readonly ReconciliationItem[]): Promise<void> {
  await tx.query(
    `insert into bank_withdrawal.reconciliation_items
       (run_id, kind, source, id, ref, is_ours, user_id, currency, amount, fee, state, at)
     select $1::bigint, g.* from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::bigint[],
       $8::text[], $9::numeric[], $10::numeric[], $11::text[], $12::timestamptz[]) g`,
    [
      runId,
      ...[items.map(({ kind }) => kind), items.map(({ source }) => source), items.map(({ id }) => id)],
      ...[items.map(({ ref }) => ref), items.map(({ isOurs }) => isOurs), items.map(({ userId }) => userId)],
      ...[items.map(({ currency }) => currency), items.map(({ amount }) => amount)],
      ...[items.map(({ fee }) => fee), items.map(({ state }) => state), items.map(({ at }) => at)],
    ],
  )
}

/** What was listed is of no use any more. @returns null when somebody else has it. */
export async function endRun(
  db: Queryable,
  run: Pick<ReconciliationRun, 'id' | 'version'>,
  { place, state }: { place: ReconciliationPlace; state: 'complete' | 'incomplete' },
): Promise<ReconciliationRun | null> {
  const [ended] = await db.query<ReconciliationRun>(
    `update ${RUNS} set place = $3::jsonb, state = $4, version = version + 1, next_run_at = null,
            lease_owner = null, lease_until = null, ended_at = ${CLOCK}
      where id = $1::bigint and version = $2 and state = 'running' returning ${COLUMNS}`,
    [run.id, run.version, storableJson(place), state],
  )
  return ended ?? null
}

/**
 * A piece of what runs that have ended have left, behind the piece before: what was deleted a moment ago is still in
 * the index, and is not passed over once more for each piece.
 *
 * @returns The last of it; null when nothing is left.
 */
export async function clearItems(db: Queryable, after: Cleared, limit: number): Promise<Cleared | null> {
  const [last] = await db.query<Cleared>(
    `with ended as (select id from ${RUNS} where state <> 'running'), gone as (
       delete from bank_withdrawal.reconciliation_items i using (
         select run_id, nth from bank_withdrawal.reconciliation_items
          where run_id in (select id from ended) and (run_id, nth) > ($1::bigint, $2::bigint)
          order by run_id, nth limit $3::integer) g
        where i.run_id = g.run_id and i.nth = g.nth returning i.run_id, i.nth
     ), judged as (
       delete from bank_withdrawal.reconciliation_candidates where run_id in (select id from ended) returning 1
     ) select run_id::text as "runId", nth::text as nth from gone order by gone.run_id desc, gone.nth desc limit 1`,
    [after.runId, after.nth, limit],
  )
  return last ?? null
}

export const listRuns = (db: Queryable, limit: number): Promise<readonly ReconciliationRun[]> =>
  db.query<ReconciliationRun>(`select ${COLUMNS} from ${RUNS} order by ${RUNS}.id desc limit $1`, [limit])

export async function findRun(db: Queryable, id: string): Promise<ReconciliationRun | null> {
  const [run] = await db.query<ReconciliationRun>(`select ${COLUMNS} from ${RUNS} where id = $1::bigint`, [
    id,
  ])
  return run ?? null
}
