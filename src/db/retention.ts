import { ERASED } from '../domain/destination'
import type { FileAge } from '../ports/payment-provider'
import { type Database, studiesOf, type Transaction } from './connect/database'
import { CLOCK, IS_HELD } from './row'
import { unhurried } from './unhurried'

/** What is erased by itself when its time is over. */
export const RETAINED_KINDS = ['details', 'accounts', 'reports', 'events'] as const
export type RetainedKind = (typeof RETAINED_KINDS)[number]

/** Names one record; of two parts where its table's key has two. */
export type RetainedKey = readonly [string, string]

/**
 * What is kept for a time only. Beside `Store`: nothing of it moves a withdrawal. Days are counted by the database's
 * clock, and whatever is erased twice is erased once.
 */
export interface RetentionStore {
  /** Those whose time is over, the oldest first where there is an order; what has to be kept is not among them. */
  find(kind: RetainedKind, days: number, limit: number): Promise<readonly RetainedKey[]>
  /**
   * Erases those of them that are still to be erased, and puts on record how many: both or neither.
   *
   * @returns How many; null while another instance does the same.
   */
  erase(kind: RetainedKind, days: number, keys: readonly RetainedKey[]): Promise<number | null>
  /** For the files of one provider, whose content only that provider knows. */
  filesOf(provider: string, days: number): FileAge
}

/** Ended, and nothing that comes late is waited for any more; of `withdrawals w`. */
export const AT_REST = `w.state in ('processed', 'canceled', 'returned')
  and w.watch_at is null and w.next_run_at is null and not ${IS_HELD}
  and not exists (select from bank_withdrawal.differences d where d.withdrawal_id = w.id and d.resolved_at is null)
  and not exists (select from bank_withdrawal.retired_payouts r where r.withdrawal_id = w.id and r.watch_at is not null)
  and not exists (select from bank_withdrawal.approvals a
                   where a.subject_kind = 'withdrawal' and a.subject = w.id and a.closed_at is null)`

/** What was asked for in this month counts for the limits of its account until the month ends; of `withdrawals w`. */
export const COUNTS_NO_MORE = `w.created_at < date_trunc('month', ${CLOCK}, 'UTC')`

/** What is left of a withdrawal adds up as before, and names nobody but by number. */
export const ERASE_DETAILS = `destination = '${ERASED}', destination_masked = '${ERASED}',
  destination_hash = '${ERASED}', idempotency_key = null, request_hash = '${ERASED}'`

/** Any number; it only has to be another one than that of other locks in this database. */
const TRY_LOCK = 'select pg_try_advisory_xact_lock(480726, 0) as "isOurs"'

/** `$1` days. */
const OVER = `${CLOCK} - make_interval(days => $1::integer)`

interface Kind {
  readonly table: string
  readonly key: readonly [string, string]
  readonly isOver: string
  readonly order?: string
  /** What is done to those of `given g`. */
  readonly erase: string
}

const KINDS: Readonly<Record<RetainedKind, Kind>> = {
  details: {
    table: 'bank_withdrawal.withdrawals w',
    key: ['w.id', `''`],
    // By an index: nothing is younger than it was when it was stored.
    isOver: `w.created_at < ${OVER} and ${COUNTS_NO_MORE} and w.updated_at < ${OVER} and w.destination <> '${ERASED}' and ${AT_REST}`,
    order: 'w.created_at, w.id',
    erase: `update bank_withdrawal.withdrawals w set ${ERASE_DETAILS} from given g where w.id = g.a`,
  },
  // One that was not let go is held: without it money would leave for it again.
  accounts: {
    table: 'bank_withdrawal.quarantined_destinations q',
    key: ['q.destination_hash', 'q.user_id::text'],
    isOver: `q.lifted_at < ${OVER}`,
    erase: `delete from bank_withdrawal.quarantined_destinations q using given g
             where q.destination_hash = g.a and q.user_id = g.b::bigint`,
  },
  // Until another person has said their word about it the bytes are what it is said about.
  reports: {
    table: 'bank_withdrawal.bank_reports b',
    key: ['b.provider', 'b.document_id'],
    isOver: `b.handed_in_at < ${OVER} and b.content <> '${ERASED}'
      and not exists (select from bank_withdrawal.approvals a
                       where a.subject_kind = 'file' and a.subject = b.provider || '/' || b.document_id
                         and a.closed_at is null)`,
    order: 'b.handed_in_at',
    erase: `update bank_withdrawal.bank_reports b set content = '${ERASED}' from given g
             where b.provider = g.a and b.document_id = g.b`,
  },
  // Each has done what it does when it was stored.
  events: {
    table: 'bank_withdrawal.webhook_events e',
    key: ['e.provider', 'e.event_id'],
    isOver: `e.received_at < ${OVER}`,
    erase: `delete from bank_withdrawal.webhook_events e using given g
             where e.provider = g.a and e.event_id = g.b`,
  },
}

export const createRetentionStore = (db: Database): RetentionStore => ({
  async find(kind, days, limit) {
    const { table, key, isOver, order } = KINDS[kind]
    // What was erased in all the years before is read past again each night.
    const rows = await unhurried<{ a: string; b: string }>(
      db,
      `select ${key[0]} as a, ${key[1]} as b from ${table} where ${isOver}
        ${order ? `order by ${order}` : ''} limit $2`,
      [days, limit],
    )
    return rows.map(({ a, b }): RetainedKey => [a, b])
  },

  erase: (kind, days, keys) =>
    db.transaction(async (tx) => {
      const [lock] = await tx.query<{ isOurs: boolean }>(TRY_LOCK)
      if (!lock?.isOurs) return null
      const { erase, isOver } = KINDS[kind]
      // Asked once more: a late event may have woken one since it was found.
      const rows = await tx.query(
        `with given as (select g ->> 0 as a, g ->> 1 as b from jsonb_array_elements($2::jsonb) g)
         ${erase} and ${isOver} returning 1 as one`,
        [days, JSON.stringify(keys)],
      )
      if (rows.length > 0) await record(tx, kind, days, rows.length)
      return rows.length
    }),

  filesOf: (provider, days) => fileAge(db, provider, days),
})

const fileAge = (db: Database, provider: string, days: number): FileAge => ({
  async old(prefix) {
    const rows = await studiesOf(db).query<{ id: string }>(
      `select id from bank_withdrawal.provider_documents
        where provider = $2 and starts_with(id, $3) and updated_at < ${OVER} order by updated_at, id`,
      [days, provider, prefix],
    )
    return rows.map(({ id }) => id)
  },
  // One that no row knows of may be what a restore has lost: its file is all that is left of it.
  async areOver(payoutKeys) {
    const [found] = await studiesOf(db).query<{ areOver: boolean }>(
      `with paid as (
         select coalesce(w.id, r.withdrawal_id) as withdrawal_id from jsonb_array_elements_text($2::jsonb) as given(key)
           left join bank_withdrawal.withdrawals w on w.payout_key = given.key
           left join bank_withdrawal.retired_payouts r on r.payout_key = given.key)
       select not exists (
         select from paid left join bank_withdrawal.withdrawals w on w.id = paid.withdrawal_id
          where w.id is null or not (w.updated_at < ${OVER} and ${AT_REST})) as "areOver"`,
      [days, JSON.stringify(payoutKeys)],
    )
    return found?.areOver === true
  },
  remove: (file, documentIds) =>
    db.transaction(async (tx) => {
      const rows = await tx.query(
        `delete from bank_withdrawal.provider_documents
          where provider = $2 and id = any($3::text[]) and updated_at < ${OVER} returning 1 as one`,
        [days, provider, documentIds],
      )
      if (rows.length > 0) await record(tx, 'files', days, 1, { provider, file })
    }),
})

const record = (
  tx: Transaction,
  kind: RetainedKind | 'files',
  days: number,
  erased: number,
  more: Readonly<Record<string, string>> = {},
): Promise<unknown> =>
  tx.query(
    `insert into bank_withdrawal.operator_actions (at, actor, action, subject, reason, detail)
     values (${CLOCK}, 'retention', 'retention.' || $2::text, 'retention', 'The time for which it is kept is over.',
             jsonb_build_object('erased', $3::integer, 'olderThanDays', $1::integer, 'before', ${OVER}) || $4::jsonb)`,
    [days, kind, erased, JSON.stringify(more)],
  )
