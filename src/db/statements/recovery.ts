import type { Database, Queryable } from '../connect/database'
import { CLOCK, IS_HELD } from '../row'
import { WAITS_FOR_BATCH } from './lease-sql'

/** What the advisory lock of a process is on; any number, as long as no other lock has it. */
const LOCK_SEED = 5_620_148

/** The lock of the process whose id is in `place`. */
export const lockOf = (place: string): string => `hashtextextended(${place}, ${LOCK_SEED})`

/** The longest lease the settings allow, and some: a leased row is due within this. */
const LEASE_MINUTES_MAX = 16
const withinALease = (column: string): string =>
  `${column} > ${CLOCK} and ${column} <= ${CLOCK} + interval '${LEASE_MINUTES_MAX} minutes'`

/** `$1` the ids of processes, null for every one there was. */
const IS_THEIRS = `${IS_HELD} and ($1::text[] is null or split_part(lease_owner, '.', 1) = any($1))`

/** By the indexes there are: one on leases would have to be written with every claim. */
const HELD_BY_THEM = `
  select id from bank_withdrawal.withdrawals
   where next_run_at is not null and not (${WAITS_FOR_BATCH}) and ${withinALease('next_run_at')} and ${IS_THEIRS}
  union all
  select id from bank_withdrawal.withdrawals
   where ${WAITS_FOR_BATCH} and ${withinALease('next_run_at')} and ${IS_THEIRS}
  union all
  select id from bank_withdrawal.withdrawals
   where watch_at is not null and ${withinALease('watch_at')} and ${IS_THEIRS}`

/**
 * Takes what dead processes held out of their hands: it is looked at at once, and the batches they were sending are
 * in doubt. Should one of them live after all, it writes nothing more to these rows; what it had begun to send may
 * leave until its lease would have been over, which is written down as `stray_until`.
 *
 * @param processes Ids that lease owners begin with; null for all.
 * @returns How many withdrawals it was.
 */
export async function releaseLeases(db: Queryable, processes: readonly string[] | null): Promise<number> {
  const rows = await db.query<{ id: string }>(
    `with held as (${HELD_BY_THEM}
     ), locked as (
       -- A list and no join: of a row that somebody moved while this waited for it, PostgreSQL asks again whether it is
       -- meant, and by some ways of joining it is not found again.
       select id from bank_withdrawal.withdrawals where id = any(array(select id from held))
        order by id for update
     ), released as (
       update bank_withdrawal.withdrawals w
          set stray_until = greatest(w.stray_until, w.lease_until), lease_owner = null, lease_until = null,
              woken_at = null,
              next_run_at = case when w.next_run_at is not null then ${CLOCK} end,
              watch_at = case when w.watch_at is not null then ${CLOCK} end
         from locked
        where w.id = locked.id and ${IS_THEIRS}
       returning w.id, w.batch_id
     ), doubted as (
       update bank_withdrawal.batches b set state = 'in_doubt', updated_at = ${CLOCK}
        where b.state = 'sending' and b.id in (select batch_id from released)
     )
     select id from released`,
    [processes],
  )
  return rows.length
}

/** Dead ones are remembered for longer than any lease of theirs may last. */
const REMEMBERED = `interval '1 hour'`

/**
 * Finds processes whose lock has been free for `graceSeconds`, and releases what they held. A connection that breaks
 * while its process lives has that long to come back before it is taken for a death.
 *
 * @returns How many processes have died, how many withdrawals were in their hands, and when the grace of the next one
 *   that is missed will be over, in ms; null where none is.
 */
export const releaseLeasesOfDead = (
  db: Database,
  graceSeconds: number,
): Promise<{ processes: number; withdrawals: number; graceLeftMs: number | null }> =>
  db.transaction(async (tx) => {
    // The locks that were free are held to the end of the transaction: nobody comes back to life in between.
    const missed = await tx.query<{ id: string }>(
      `select id from (select id from bank_withdrawal.workers where gone_at is null offset 0) known
        where pg_try_advisory_xact_lock(${lockOf('id')})`,
    )
    // As nearly always, every few seconds.
    if (missed.length === 0) return { processes: 0, withdrawals: 0, graceLeftMs: null }
    const gone = await tx.query<{ id: string; isGone: boolean; graceLeftMs: number }>(
      `update bank_withdrawal.workers
          set missed_at = coalesce(missed_at, ${CLOCK}),
              gone_at = case when missed_at <= ${CLOCK} - make_interval(secs => $2) then ${CLOCK} end
        where id = any($1::text[]) and gone_at is null
       returning id, gone_at is not null as "isGone",
                 (extract(epoch from missed_at + make_interval(secs => $2) - ${CLOCK}) * 1000)::float8 as "graceLeftMs"`,
      [missed.map(({ id }) => id), graceSeconds],
    )
    const dead = gone.filter(({ isGone }) => isGone).map(({ id }) => id)
    const waiting = gone.flatMap((one) => (one.isGone ? [] : [one.graceLeftMs]))
    const graceLeftMs = waiting.length === 0 ? null : Math.min(...waiting)
    if (dead.length === 0) return { processes: 0, withdrawals: 0, graceLeftMs }
    await tx.query(`delete from bank_withdrawal.workers where gone_at < ${CLOCK} - ${REMEMBERED}`)
    return { processes: dead.length, withdrawals: await releaseLeases(tx, dead), graceLeftMs }
  })
