import { GIVE_UP_MS } from '../domain/outgoing'
import type { State } from '../domain/states'
import type { Queryable } from './connect/database'
import { type Endpoint, listOf } from './endpoints'
import { CLOCK } from './row'

/** A message that is to be sent to one endpoint. */
export interface NewDelivery {
  readonly endpointId: string
  /** The same at every endpoint. */
  readonly eventId: string
  readonly kind: string
  /** Of one subject the messages are sent in their order. */
  readonly subject: string
  readonly payload: string
}

/** An entry of the journal that is to be told, with what is told of its withdrawal. */
export interface ToldEntry {
  readonly withdrawalId: string
  readonly seq: number
  readonly at: Date
  readonly from: State | null
  readonly to: State
  readonly reasonCode: string | null
  readonly userId: string
  readonly currency: string
  readonly amount: string
  readonly fee: string
  readonly payoutAmount: string
  readonly method: string
  readonly destinationMasked: string
  readonly provider: string
  readonly createdAt: Date
}

/** So many milliseconds from now, in SQL. */
export const AFTER = (parameter: string): string =>
  `${CLOCK} + make_interval(secs => ${parameter}::double precision / 1000)`

/** Those that are stored already are so once. */
export async function insertDeliveries(tx: Queryable, deliveries: readonly NewDelivery[]): Promise<void> {
  if (deliveries.length === 0) return
  await tx.query(
    `insert into bank_withdrawal.deliveries
       (endpoint_id, event_id, kind, subject, payload, state, created_at, due_at, give_up_at)
     select g."endpointId", g."eventId", g.kind, g.subject, g.payload, 'waiting', ${CLOCK},
            greatest(${CLOCK}, (select max(d.due_at) from bank_withdrawal.deliveries d
              where d.endpoint_id = g."endpointId" and d.subject = g.subject and d.state = 'waiting')),
            ${AFTER('$2')}
       from rows from (jsonb_to_recordset($1::jsonb) as (
              "endpointId" text, "eventId" text, kind text, subject text, payload text)) with ordinality
              as g ("endpointId", "eventId", kind, subject, payload, place)
      order by g.place
     on conflict (endpoint_id, event_id) do nothing`,
    [JSON.stringify(deliveries), GIVE_UP_MS],
  )
}

/** The place up to which the journal was told is one of another server, which had come farther. */
export const IS_LOST = `feed = 'withdrawals' and tx > pg_snapshot_xmax(pg_current_snapshot())`

interface Place {
  readonly tx: string
  readonly withdrawalId: string
  readonly seq: number
  readonly isLost: boolean
}

type ReadEntry = ToldEntry & { readonly tx: string; readonly isLast: boolean }

const MOVED = 'tx is not null and from_state is distinct from to_state'

/**
 * Written by the transaction whose number it has. What a dump brought here was written by the restore, and its numbers
 * are another server's: no row is older than its own transaction. PostgreSQL keeps 32 bits of a row's.
 *
 * @param row The journal's name in the statement.
 */
export const wasWrittenHere = (row: string): string =>
  `(${row}.xmin::text::bigint - ${row}.tx::text::bigint % 4294967296 + 4294967296) % 4294967296 < 2147483648`

/**
 * What was committed and not yet told, by its transaction. A transaction may get its number before it waits for another
 * to write the entry before its own: those before are told first, and not again when it is their turn.
 */
const READ = `
  with page as (
    select tx, withdrawal_id, seq from bank_withdrawal.journal j
     where ${MOVED} and ${wasWrittenHere('j')} and tx >= $1::xid8 and tx < pg_snapshot_xmin(pg_current_snapshot())
       and (tx, withdrawal_id, seq) > ($1::xid8, $2::text, $3::integer)
     order by tx, withdrawal_id, seq limit $4
  ), last as (
    select * from page order by tx desc, withdrawal_id desc, seq desc limit 1
  ), told as (
    select tx, withdrawal_id, seq from page
    union
    select b.tx, b.withdrawal_id, b.seq from page p
      join bank_withdrawal.journal b on b.withdrawal_id = p.withdrawal_id and b.seq < p.seq and b.tx > p.tx
     where b.from_state is distinct from b.to_state and ${wasWrittenHere('b')}
  )
  select j.tx::text as tx, j.withdrawal_id as "withdrawalId", j.seq, j.at, j.from_state as "from", j.to_state as "to",
         j.reason_code as "reasonCode", w.user_id::text as "userId", w.currency, w.amount::text as amount,
         w.fee::text as fee, w.payout_amount::text as "payoutAmount", w.method,
         w.destination_masked as "destinationMasked", w.provider, w.created_at as "createdAt",
         (j.withdrawal_id, j.seq) = (select withdrawal_id, seq from last) as "isLast"
    from told t
    join bank_withdrawal.journal j on j.withdrawal_id = t.withdrawal_id and j.seq = t.seq
    join bank_withdrawal.withdrawals w on w.id = j.withdrawal_id
   order by j.seq, j.tx, j.withdrawal_id`

/** The messages for the systems that are told. */
export type DeliveriesOf = (
  entries: readonly ToldEntry[],
  systems: readonly Endpoint[],
) => readonly NewDelivery[]

/** See `DeliveryStore.tell`. */
export async function tellJournal(
  tx: Queryable,
  limit: number,
  deliveriesOf: DeliveriesOf,
): Promise<number | 'lost'> {
  const [place] = await tx.query<Place>(
    `select tx::text as tx, withdrawal_id as "withdrawalId", seq, ${IS_LOST} as "isLost"
       from bank_withdrawal.told where feed = 'withdrawals' for update skip locked`,
  )
  if (!place) return 0
  if (place.isLost) {
    await moveTo(tx, 'pg_snapshot_xmin(pg_current_snapshot())', ['', 0])
    return 'lost'
  }
  const read = await tx.query<ReadEntry>(READ, [place.tx, place.withdrawalId, place.seq, limit])
  const last = read.find(({ isLast }) => isLast)
  if (!last) return 0
  // Asked for behind the entries: who was made before one of them was written hears of it, however long this has been at it.
  const systems = (await listOf(tx)).filter(({ audience, isOn }) => audience === 'systems' && isOn)
  await insertDeliveries(tx, deliveriesOf(read, systems))
  await moveTo(tx, '$3::xid8', [last.withdrawalId, last.seq, last.tx])
  return read.length
}

const moveTo = (tx: Queryable, to: string, place: readonly unknown[]) =>
  tx.query(
    `update bank_withdrawal.told set tx = ${to}, withdrawal_id = $1, seq = $2 where feed = 'withdrawals'`,
    place,
  )
