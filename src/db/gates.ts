import type { Database } from './connect/database'
import { createGrouping } from './grouping'
import { CLOCK } from './row'
import { ARE_FEW, FEW, FEW_COLUMN } from './statements/given-sql'

/** What one instance has counted since it last said so. */
export interface CountedRequests {
  readonly key: string
  readonly count: number
  readonly perMinute: number
}

/** A user whose codes are not looked at for a while. */
export interface CodeLock {
  readonly userId: number
  readonly wrong: number
  /** Null while there are few wrong ones. */
  readonly lockedUntil: Date | null
  /** Seconds left; 0 when it is over. */
  readonly lockedSeconds: number
  readonly lastAt: Date
}

export interface LockRule {
  /** The first so many wrong codes cost nothing. */
  readonly free: number
  readonly firstSeconds: number
  readonly longestSeconds: number
  /** After so long without a wrong code all are forgotten. */
  readonly forgottenAfterHours: number
}

/**
 * What instances tell each other about who asks too often. Beside `Store`: nothing of it moves a withdrawal, and a
 * request is served without it.
 */
export interface GateStore {
  /** Adds up. @returns The level of each key over all instances. */
  addLevels(counted: readonly CountedRequests[]): Promise<ReadonlyMap<string, number>>
  /** Drops what has leaked away long ago. */
  dropOldLevels(): Promise<void>
  findCodeLock(userId: number, rule: LockRule): Promise<CodeLock | null>
  /** One more wrong code, and the lock that follows from it. */
  addWrongCode(userId: number, rule: LockRule): Promise<CodeLock>
  forgetWrongCodes(userId: number): Promise<void>
  /**
   * An operator lets a user try again; this and the record of it: both or neither.
   *
   * @returns false when there was nothing to forget.
   */
  liftCodeLock(lift: { userId: number; actor: string; reason: string }): Promise<boolean>
  /** Who is locked now, the longest first. */
  listCodeLocks(limit: number): Promise<readonly CodeLock[]>
}

interface RawLock extends Omit<CodeLock, 'userId'> {
  readonly userId: string
}

const LOCK = `user_id::text as "userId", count as wrong, locked_until as "lockedUntil", last_at as "lastAt",
  greatest(0, ceil(extract(epoch from coalesce(locked_until, ${CLOCK}) - ${CLOCK})))::int as "lockedSeconds"`
const toLock = (raw: RawLock): CodeLock => ({ ...raw, userId: Number(raw.userId) })

interface AskedLock {
  readonly userId: number
  readonly forgottenAfterHours: number
}

/** In their order; null for whom nothing is counted. */
async function findLocks(db: Database, asked: readonly AskedLock[]): Promise<readonly (CodeLock | null)[]> {
  const rows = await db.query<RawLock & { place: number }>(
    `with given as (
       select * from json_to_recordset($1::json) as g (
         place integer, "userId" bigint, "forgottenAfterHours" integer, ${FEW_COLUMN})
        where ${ARE_FEW})
     select g.place, ${LOCK} from given g
       join bank_withdrawal.wrong_codes c
         on c.user_id = g."userId" and c.last_at > ${CLOCK} - make_interval(hours => g."forgottenAfterHours")`,
    [JSON.stringify(asked.map((one, place) => ({ ...one, ...FEW, place })))],
    'find_code_locks',
  )
  const found: (CodeLock | null)[] = asked.map(() => null)
  for (const { place, ...raw } of rows) found[place] = toLock(raw)
  return found
}

/** Asked about each request with a code: those of one moment are asked about together. */
function lockStore(db: Database): Pick<GateStore, 'findCodeLock'> {
  const find = createGrouping({ together: (asked: readonly AskedLock[]) => findLocks(db, asked) })
  return { findCodeLock: (userId, { forgottenAfterHours }) => find({ userId, forgottenAfterHours }) }
}

export const createGateStore = (db: Database): GateStore => ({
  ...lockStore(db),
  async addLevels(counted) {
    const rows = await db.query<{ key: string; level: number }>(
      `insert into bank_withdrawal.request_levels as known (key, level, per_minute, at)
       select key, count, "perMinute", ${CLOCK}
         from jsonb_to_recordset($1::jsonb) as given(key text, count double precision, "perMinute" double precision)
        order by key
       on conflict (key) do update
         set level = excluded.level + greatest(0, known.level
               - greatest(0, extract(epoch from ${CLOCK} - known.at)) * excluded.per_minute / 60),
             per_minute = excluded.per_minute, at = excluded.at
       returning key, level`,
      [JSON.stringify(counted)],
    )
    return new Map(rows.map(({ key, level }) => [key, Number(level)]))
  },
  async dropOldLevels() {
    await db.query(`delete from bank_withdrawal.request_levels where at < ${CLOCK} - interval '10 minutes'`)
  },
  async addWrongCode(userId, { free, firstSeconds, longestSeconds, forgottenAfterHours }) {
    const [locked] = await db.query<RawLock>(
      `insert into bank_withdrawal.wrong_codes as known (user_id, count, locked_until, last_at)
       values ($1, 1, case when 1 > $2 then ${CLOCK} + make_interval(secs => $3) end, ${CLOCK})
       on conflict (user_id) do update set (count, locked_until, last_at) = (
         select wrong, case when wrong > $2 then ${CLOCK} + make_interval(
                  secs => least($4, $3 * power(2, least(30, wrong - $2 - 1)))) end, ${CLOCK}
           from (select case when known.last_at > ${CLOCK} - make_interval(hours => $5) then known.count else 0 end + 1
                   as wrong) as counted)
       returning ${LOCK}`,
      [userId, free, firstSeconds, longestSeconds, forgottenAfterHours],
    )
    if (!locked) throw new Error('A wrong code was not counted.')
    return toLock(locked)
  },
  async forgetWrongCodes(userId) {
    await db.query('delete from bank_withdrawal.wrong_codes where user_id = $1', [userId])
  },
  async liftCodeLock({ userId, actor, reason }) {
    const rows = await db.query(
      `with lifted as (delete from bank_withdrawal.wrong_codes where user_id = $1 returning user_id, count)
       insert into bank_withdrawal.operator_actions (at, actor, action, subject, reason, detail)
       select ${CLOCK}, $2, 'codes.lifted', 'user:' || user_id, $3, jsonb_build_object('wrong', count) from lifted
       returning id`,
      [userId, actor, reason],
    )
    return rows.length > 0
  },
  async listCodeLocks(limit) {
    const rows = await db.query<RawLock>(
      `select ${LOCK} from bank_withdrawal.wrong_codes where locked_until > ${CLOCK}
        order by locked_until desc, user_id limit $1`,
      [limit],
    )
    return rows.map(toLock)
  },
})
