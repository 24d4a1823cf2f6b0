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

type Order = 'asc' | 'desc'

export interface DeepPage {
  readonly userId: number
  readonly order: Order
  readonly offset: number
  readonly limit: number
}

/**
 * A page of a user's own list in the order of `created_at`, from wherever a mark is nearest: looked for and read in one
 * statement, so that what is counted is what is read. Leaves marks behind where they had become few.
 *
 * @param columns Of `bank_withdrawal.withdrawals`, one of them `id`.
 */
export async function deepPage<Row extends { readonly id: string }>(
  db: Queryable,
  { userId, order, offset, limit }: DeepPage,
  columns: string,
): Promise<readonly Row[]> {
  const found = await db.query<Row & { unmarked: number }>(
    textOf(order, limit, columns),
    [userId, offset],
    `list_deep_${order}`,
  )
  if ((found[0]?.unmarked ?? 0) > DEEP_ROWS) await mark(db, userId)
  // An empty page is one row without a withdrawal.
  return found
    .filter(({ id }) => (id as string | null) !== null)
    .map(({ unmarked: _, ...row }) => row as unknown as Row)
}

const LAST = `last as materialized (
    select position, created_at, id from bank_withdrawal.list_marks
     where user_id = $1::bigint order by position desc limit 1)`
/** The newest mark, or what comes before everything. */
const FROM_LAST = `(coalesce((select created_at from last), '-infinity'), coalesce((select id from last), ''))`

/** By the order: the place of the page's first row, the last mark before that, and what follows a mark. */
const WAYS = {
  asc: {
    position: '$2::bigint',
    nearest: (wanted: string) => `position <= ${wanted} order by position desc`,
    following: `>= (coalesce((select created_at from nearest), '-infinity'), coalesce((select id from nearest), ''))`,
  },
  desc: {
    position: `(select unmarked from counted) - 1 - $2::bigint + coalesce((select position from last), 0)`,
    nearest: (wanted: string) => `position >= ${wanted} order by position`,
    following: `<= (coalesce((select created_at from nearest), 'infinity'), coalesce((select id from nearest), ''))`,
  },
} as const satisfies Record<Order, unknown>

function textOf(order: Order, limit: number, columns: string): string {
  const { position, nearest, following } = WAYS[order]
  return `
    with ${LAST}, counted as materialized (
      select count(*)::int as unmarked from bank_withdrawal.withdrawals
       where user_id = $1::bigint and (created_at, id) >= ${FROM_LAST}
    ), nearest as materialized (
      select created_at, id, abs(position - (${position})) as skipped from bank_withdrawal.list_marks
       where user_id = $1::bigint and ${nearest(`(${position})`)} limit 1
    ), page (page_id, at) as (
      select id, created_at from bank_withdrawal.withdrawals
       where user_id = $1::bigint and (created_at, id) ${following}
       order by created_at ${order}, id ${order}
       offset coalesce((select skipped from nearest), $2::bigint) limit ${limit})
    select unmarked, ${columns}
      from counted left join page on true left join bank_withdrawal.withdrawals on id = page_id
     order by at ${order}, page_id ${order}`
}

async function mark(db: Queryable, userId: number): Promise<void> {
  await db.query(
    `with ${LAST}
     insert into bank_withdrawal.list_marks (user_id, position, created_at, id)
     select $1::bigint, coalesce((select position from last), 0) + place, created_at, id from (
       select created_at, id, row_number() over (order by created_at, id) - 1 as place
         from bank_withdrawal.withdrawals
        where user_id = $1::bigint and (created_at, id) >= ${FROM_LAST}
          and created_at < ${CLOCK} - make_interval(mins => ${SETTLED_MINUTES})) walked
      where place > 0 and place % ${EVERY} = 0
     on conflict do nothing`,
    [userId],
  )
}
