import { type Database, type Queryable, sqlState } from '../connect/database'
import { CLOCK, IS_HELD } from '../row'

/** Whether anything is accepted or may leave. */
export interface Stop {
  readonly isStopped: boolean
  /** What users read while it is. */
  readonly message: string
  readonly reason: string
  readonly actor: string
  /** 0 where nobody has ever stopped it. */
  readonly version: number
  readonly updatedAt: Date | null
  /** Payouts that had been started before, and whose request may be under way at this moment. */
  readonly underWay: number
}

/** What a new withdrawal is refused with while everything is stopped. */
const STOPPED = 'BW001'
export const isStoppedError = (error: unknown): boolean => sqlState(error) === STOPPED

const NEVER = { isStopped: false, message: '', reason: '', actor: '', version: 0, updatedAt: null }

/** In the hands of a worker that is sending them. The second condition is that of an index. */
const UNDER_WAY = `
  select count(*)::int as "underWay" from bank_withdrawal.withdrawals
   where state = 'submitting' and ${IS_HELD}
     and state not in ('in_review', 'processed', 'canceled', 'returned', 'conflict')`

export async function readStop(db: Queryable): Promise<Stop> {
  const [stop] = await db.query<Omit<Stop, 'underWay'>>(
    `select is_stopped as "isStopped", message, reason, actor, version, updated_at as "updatedAt"
       from bank_withdrawal.stop`,
  )
  const [sending] = stop?.isStopped ? await db.query<{ underWay: number }>(UNDER_WAY) : []
  return { ...(stop ?? NEVER), underWay: sending?.underWay ?? 0 }
}

/** @returns What keeps payouts from leaving to this provider; null where nothing does. */
export async function whatStops(db: Queryable, provider: string): Promise<Stopper> {
  const [stopped = null] = await whatStopsEach(db, [provider])
  return stopped
}

export type Stopper = 'stop' | 'pause' | null

/** The same for several, in their order; of one provider as often as it is named. */
export async function whatStopsEach(
  db: Queryable,
  providers: readonly string[],
): Promise<readonly Stopper[]> {
  const names = [...new Set(providers)]
  const [found] = await db.query<{ isStopped: boolean; paused: readonly string[] }>(
    `select exists (select from bank_withdrawal.stop where is_stopped) as "isStopped",
            array(select provider from bank_withdrawal.provider_states
                   where provider = any($1::text[]) and is_paused) as paused`,
    [names],
    'what_stops',
  )
  return providers.map((provider) =>
    found?.isStopped ? 'stop' : found?.paused.includes(provider) ? 'pause' : null,
  )
}

/** Whoever was told that something may leave has stored it before this goes on. */
const LOCK = 'select pg_advisory_xact_lock(480722, 0)'

/**
 * Stops everything, or lets it go on; what waited for that becomes due. Once this has returned no intent to pay, to
 * credit or to accept is stored any more.
 *
 * @param version What the operator saw.
 * @returns null when somebody has decided since; nothing was written.
 */
export const setStopped = (
  database: Database,
  decision: { isStopped: boolean; message: string; reason: string; actor: string; version: number },
): Promise<Stop | null> =>
  database.transaction(async (tx) => {
    await tx.query(LOCK)
    const decided = await tx.query(
      `with decided as (
         insert into bank_withdrawal.stop (is_stopped, message, reason, actor, version, updated_at)
         select $1, $2, $3, $4, 1, ${CLOCK}
          where $5::integer = 0 or exists (select from bank_withdrawal.stop)
         on conflict (is_only) do update
           set is_stopped = excluded.is_stopped, message = excluded.message, reason = excluded.reason,
               actor = excluded.actor, version = stop.version + 1, updated_at = excluded.updated_at
           where stop.version = $5::integer
         returning *
       ), recorded as (
         insert into bank_withdrawal.operator_actions (at, actor, action, subject, reason, detail)
         select updated_at, actor, case when is_stopped then 'everything.stopped' else 'everything.started' end,
                'everything', reason, jsonb_build_object('message', message)
           from decided
       ), woken as (
         update bank_withdrawal.withdrawals w
            set next_run_at = ${CLOCK}, reason_code = case when w.state = 'ready' then null else w.reason_code end,
                waits_for_resume = false
           from decided d
          where not d.is_stopped and w.waits_for_resume and w.next_run_at is not null and not ${IS_HELD}
       )
       select version from decided`,
      [decision.isStopped, decision.message, decision.reason, decision.actor, decision.version],
    )
    return decided.length > 0 ? readStop(tx) : null
  })
