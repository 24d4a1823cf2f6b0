import type { Queryable } from '../connect/database'
import { CLOCK } from '../row'

/**
 * Pages deep in a user's own list are found by key. A row's place, counted from the oldest, never changes: later ones
 * come after it. So the places of a few are kept, and a page is read from the nearest.
 */
const EVERY = 500
/** Pages up to here are counted off from the beginning. */
export const DEEP_ROWS = 2 * EVERY
/** A row is given its time before it is committed; until then one that came later may be there already. */
const SETTLED_MINUTES = 5

interface Key {
  readonly createdAtExact: string
  readonly id: string
}

/** Where to begin, this row included, and how many to skip from there; without a row, from the list's own beginning. */
export interface Place {
  readonly from: Key | null
  readonly offset: number
}

/** @returns null when the list ends before. */
export async function findPlace(
  db: Queryable,
  { userId, order, offset }: { userId: number; order: 'asc' | 'desc'; offset: number },
): Promise<Place | null> {
  const { total, unmarked, last, nearest } = await lookUp(db, userId, { order, offset })
  if (unmarked > DEEP_ROWS) {
    await mark(db, userId, last)
    // Counted off this once; the next one has a short way.
    return { from: null, offset }
  }
  if (offset >= total) return null
  if (nearest) {
    const position = order === 'asc' ? offset : total - 1 - offset
    return { from: nearest, offset: Math.abs(position - nearest.position) }
  }
  return { from: null, offset }
}

interface Mark extends Key {
  readonly position: number
}

interface LookedUp {
  /** The newest mark there is. */
  readonly last: Mark | null
  /** How many come from it on. */
  readonly unmarked: number
  readonly total: number
  /** The last mark before the page, in the order of the list. */
  readonly nearest: Mark | null
}

const EXACT = (column: string): string =>
  `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

async function lookUp(
  db: Queryable,
  userId: number,
  { order, offset }: { order: 'asc' | 'desc'; offset: number },
): Promise<LookedUp> {
  const [found] = await db.query<Record<string, string | null>>(
    `select l.position::text as "lastPosition", l.at as "lastAt", l.id as "lastId", counted.unmarked::text,
            n.position::text as "nearestPosition", n.at as "nearestAt", n.id as "nearestId"
       from (select 1) one
       left join lateral (
         select position, created_at, id, ${EXACT('created_at')} as at from bank_withdrawal.list_marks
          where user_id = $1::bigint order by position desc limit 1) l on true
       cross join lateral (
         select count(*) as unmarked from bank_withdrawal.withdrawals
          where user_id = $1::bigint
            and (created_at, id) >= (coalesce(l.created_at, '-infinity'), coalesce(l.id, ''))) counted
       left join lateral (
         select position, ${EXACT('created_at')} as at, id from bank_withdrawal.list_marks
          where user_id = $1::bigint and ${
            order === 'asc'
              ? 'position <= $2::bigint order by position desc'
              : 'position >= coalesce(l.position, 0) + counted.unmarked - 1 - $2::bigint order by position'
          } limit 1) n on true`,
    [userId, offset],
  )
  const markOf = (name: string): Mark | null => {
    const [position, at, id] = ['Position', 'At', 'Id'].map((part) => found?.[`${name}${part}`] ?? null)
    return position == null || at == null || id == null
      ? null
      : { position: Number(position), createdAtExact: at, id }
  }
  const [last, unmarked] = [markOf('last'), Number(found?.unmarked ?? 0)]
  return { last, unmarked, total: (last?.position ?? 0) + unmarked, nearest: markOf('nearest') }
}

async function mark(db: Queryable, userId: number, last: Mark | null): Promise<void> {
  await db.query(
    `insert into bank_withdrawal.list_marks (user_id, position, created_at, id)
     select $1::bigint, $4::bigint + place, created_at, id from (
       select created_at, id, row_number() over (order by created_at, id) - 1 as place
         from bank_withdrawal.withdrawals
        where user_id = $1::bigint and (created_at, id) >= ($2::timestamptz, $3)
          and created_at < ${CLOCK} - make_interval(mins => ${SETTLED_MINUTES})) walked
      where place > 0 and place % ${EVERY} = 0
     on conflict do nothing`,
    [userId, last?.createdAtExact ?? '-infinity', last?.id ?? '', last?.position ?? 0],
  )
}
