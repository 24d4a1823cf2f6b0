import type { Audience } from '../domain/outgoing'
import { INCOMPLETE_RUNS } from './concerns'
import type { Queryable } from './connect/database'
import { CLOCK } from './row'

/** What is on its way to endpoints of one audience. */
export interface DeliveryFigures {
  readonly audience: Audience
  /** To those that are on; of each at most `COUNTED_MAX` are counted. */
  readonly waiting: number
  /** Since the oldest of those counted was made; null where none waits. */
  readonly oldestSeconds: number | null
  readonly dead: number
}

/** How the books stand. */
export interface BookFigures {
  /** null where no reconciliation was complete yet. */
  readonly completedAt: Date | null
  /** Runs that ended without having seen everything, and what they have not seen nobody has since. */
  readonly incomplete: number
  /** Days that are over and could not be closed. */
  readonly openProofs: number
}

/** So that looking costs the same however long an endpoint has been deaf. */
export const COUNTED_MAX = 5_000

export const readDeliveryFigures = (db: Queryable): Promise<readonly DeliveryFigures[]> =>
  db.query<DeliveryFigures>(
    `select e.audience, sum(waits.n)::integer as waiting, sum(dead.n)::integer as dead,
            extract(epoch from ${CLOCK} - min(waits.oldest))::float8 as "oldestSeconds"
       from (select distinct on (endpoint_id) endpoint_id, audience, is_on, is_removed
               from bank_withdrawal.endpoints order by endpoint_id, version desc) e
      cross join lateral (
        select count(*) as n, min(created_at) as oldest from (
          select created_at from bank_withdrawal.deliveries d
           where d.endpoint_id = e.endpoint_id and d.state = 'waiting' and e.is_on
           order by d.due_at, d.id limit ${COUNTED_MAX}) first) waits
      cross join lateral (
        select count(*) as n from (
          select from bank_withdrawal.deliveries d where d.endpoint_id = e.endpoint_id and d.state = 'dead'
           limit ${COUNTED_MAX}) first) dead
      where not e.is_removed group by e.audience order by e.audience`,
    [],
    'delivery_figures',
  )

export async function readBookFigures(db: Queryable): Promise<BookFigures> {
  const [figures] = await db.query<BookFigures>(
    `select (select max(ended_at) from bank_withdrawal.reconciliation_runs where state = 'complete') as "completedAt",
            (select count(*)::integer from ${INCOMPLETE_RUNS}) as incomplete,
            (select count(*)::integer from bank_withdrawal.notices n
               join bank_withdrawal.notice_items i on i.notice_id = n.id and i.cleared_at is null
              where n.kind = 'proof_open' and n.cleared_at is null) as "openProofs"`,
    [],
    'book_figures',
  )
  if (!figures) throw new Error('The database did not answer.')
  return figures
}
