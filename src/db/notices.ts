import { storableJson } from '../domain/storable'
import { type Concern, CONCERNS_MAX, type Looked, lookForConcerns } from './concerns'
import type { Database, Queryable } from './connect/database'
import { CLOCK } from './row'
import { insertDeliveries, type NewDelivery } from './told-journal'

export type { Concern }

export interface NoticeItem {
  readonly subject: string
  readonly facts: Readonly<Record<string, unknown>>
  readonly openedAt: Date
}

export interface Notice {
  /** As text: a bigint. */
  readonly id: string
  readonly kind: string
  readonly about: string
  readonly openedAt: Date
  readonly clearedAt: Date | null
  /** How many messages were made of it. */
  readonly told: number
  readonly toldAt: Date | null
  /** How many are open in it, and some of them. */
  readonly count: number
  readonly examples: readonly NoticeItem[]
}

/** A notice that is to be told now. */
export interface ToldNotice extends Notice {
  /** How many of those that are open were told before. */
  readonly known: number
  readonly isOver: boolean
}

export interface Sweep {
  /** What only this process knows: it is open, or, by its subject, not any more. */
  readonly own: {
    readonly kind: string
    readonly open: readonly Concern[]
    readonly closed: readonly string[]
  }
  /** Kinds of which what is no longer there is over. */
  readonly kinds: readonly string[]
  readonly looked: Looked
  /** Null where nobody would hear: it is told when somebody does. */
  readonly messagesOf: ((notices: readonly ToldNotice[]) => readonly NewDelivery[]) | null
}

/** Its messages are one behind the other. */
export const noticeSubject = (id: string): string => `notice:${id}`

/** Beside `Store`: nothing of it moves a withdrawal. */
export interface NoticeStore {
  /**
   * Looks what concerns operators now, puts it into notices, and makes the messages: all in one transaction, one instance at
   * a time. @returns How many messages it made notices into.
   */
  sweep(sweep: Sweep): Promise<number>
  /** Once while it is open. */
  raise(concern: Concern): Promise<void>
  clear(kind: string, subject: string): Promise<void>
  list(query: { isOpen: boolean; limit: number }): Promise<readonly Notice[]>
  /** @returns Those that are open in it, the oldest first; null where there is no such notice. */
  items(id: string, limit: number): Promise<readonly NoticeItem[] | null>
  /** Those that were over so long ago. */
  forget(days: number, limit: number): Promise<number>
}

const EXAMPLES = 5
/** An outage that grows is told again this seldom. */
const AGAIN = `interval '15 minutes'`
/** What comes and goes is one notice and not many. */
const QUIET = `interval '5 minutes'`
/** A process says so every few seconds; one that does not any more is gone. */
const UNSEEN = `interval '3 minutes'`
/** Any number; it only has to be another one than that of other locks in this database. */
const LOCK = 'select pg_advisory_xact_lock(480725, 0)'

const OPEN_ITEMS = 'bank_withdrawal.notice_items i where i.notice_id = n.id and i.cleared_at is null'
const LISTED = `n.id::text as id, n.kind, n.about, n.opened_at as "openedAt", n.cleared_at as "clearedAt", n.told,
  n.told_at as "toldAt", (select count(*)::int from ${OPEN_ITEMS}) as count,
  coalesce((select jsonb_agg(e.example) from (
    select jsonb_build_object('subject', i.subject, 'facts', i.facts, 'openedAt', i.opened_at) as example
      from ${OPEN_ITEMS} order by i.opened_at, i.subject limit ${EXAMPLES}) e), '[]') as examples`

export const createNoticeStore = (db: Database): NoticeStore => ({
  async sweep(sweep) {
    // As on most days: two short questions, and nobody is waited for.
    const [{ isAny } = { isAny: true }] = await db.query<{ isAny: boolean }>(IS_ANY_OPEN, [], 'notices_open')
    if (!isAny && sweep.own.open.length === 0) {
      const found = await lookForConcerns(db, sweep.looked, 1)
      if (found.length === 0) return 0
    }
    return db.transaction((tx) => sweepOnce(tx, sweep))
  },
  raise: (concern) =>
    db.transaction(async (tx) => {
      await tx.query(LOCK)
      await open(tx, [concern])
    }),
  async clear(kind, subject) {
    await db.query(
      `update bank_withdrawal.notice_items i set cleared_at = ${CLOCK} from bank_withdrawal.notices n
        where n.id = i.notice_id and n.kind = $1 and i.subject = $2 and i.cleared_at is null`,
      [kind, subject],
    )
  },
  async list({ isOpen, limit }) {
    const rows = await db.query<Notice>(
      `select ${LISTED} from bank_withdrawal.notices n where (n.cleared_at is null) = $1
        order by n.opened_at desc, n.id desc limit $2`,
      [isOpen, limit],
    )
    return rows.map(withTimes)
  },
  async items(id, limit) {
    const [notice] = await db.query('select 1 from bank_withdrawal.notices where id = $1::bigint', [id])
    if (!notice) return null
    return db.query<NoticeItem>(
      `select i.subject, i.facts, i.opened_at as "openedAt" from bank_withdrawal.notice_items i
        where i.notice_id = $1::bigint and i.cleared_at is null order by i.opened_at, i.subject limit $2`,
      [id, limit],
    )
  },
  async forget(days, limit) {
    const rows = await db.query(
      `delete from bank_withdrawal.notices where id in (
         select id from bank_withdrawal.notices
          where cleared_at < ${CLOCK} - make_interval(days => $1::integer) order by opened_at limit $2) returning id`,
      [days, limit],
    )
    return rows.length
  },
})

const IS_ANY_OPEN = `
  select exists (select from bank_withdrawal.notices where cleared_at is null) as "isAny"`

/** Inside JSON a time is a text. */
const withTimes = <Listed extends Notice>(notice: Listed): Listed => ({
  ...notice,
  examples: notice.examples.map((example) => ({ ...example, openedAt: new Date(example.openedAt) })),
})

async function sweepOnce(tx: Queryable, { own, kinds, looked, messagesOf }: Sweep): Promise<number> {
  await tx.query(LOCK)
  const found = await lookForConcerns(tx, looked, CONCERNS_MAX)
  await open(tx, [...found, ...own.open])
  await tx.query(
    `update bank_withdrawal.notice_items i set seen_at = ${CLOCK} from bank_withdrawal.notices n
      where n.id = i.notice_id and n.cleared_at is null and i.cleared_at is null
        and n.kind = $1 and i.subject = any($2::text[])`,
    [own.kind, own.open.map(({ subject }) => subject)],
  )
  const whole = kinds.filter((kind) => found.filter((each) => each.kind === kind).length < CONCERNS_MAX)
  await close(tx, found, whole, own)
  const over = await tx.query<ToldNotice>(OVER)
  if (!messagesOf) return 0
  const grown = await tx.query<ToldNotice>(GROWN)
  const told = [...over.filter((notice) => notice.told > 0), ...grown].map(withTimes)
  const messages = messagesOf(told)
  await insertDeliveries(tx, messages)
  // What nobody hears of is not told yet: it is when somebody wants to.
  const subjects = new Set(messages.map(({ subject }) => subject))
  const ids = told.map(({ id }) => id).filter((id) => subjects.has(noticeSubject(id)))
  if (ids.length === 0) return 0
  await tx.query(
    `update bank_withdrawal.notices set told = told + 1, told_at = ${CLOCK} where id = any($1::bigint[])`,
    [ids],
  )
  await tx.query(
    `update bank_withdrawal.notice_items set is_told = true
      where notice_id = any($1::bigint[]) and cleared_at is null and not is_told`,
    [ids],
  )
  return ids.length
}

const GIVEN = `jsonb_to_recordset($1::jsonb) as g (kind text, about text, subject text, facts jsonb)`

async function open(tx: Queryable, concerns: readonly Concern[]): Promise<void> {
  if (concerns.length === 0) return
  const given = [storableJson(concerns)]
  await tx.query(
    `insert into bank_withdrawal.notices (kind, about, opened_at) select distinct g.kind, g.about, ${CLOCK} from ${GIVEN}
     on conflict (kind, about) where cleared_at is null do nothing`,
    given,
  )
  await tx.query(
    `insert into bank_withdrawal.notice_items as i (notice_id, subject, facts, opened_at, seen_at)
     select n.id, g.subject, g.facts, ${CLOCK}, ${CLOCK} from ${GIVEN}
       join bank_withdrawal.notices n on n.kind = g.kind and n.about = g.about and n.cleared_at is null
     on conflict (notice_id, subject) do update
        set facts = excluded.facts, opened_at = excluded.opened_at, seen_at = excluded.seen_at, cleared_at = null,
            is_told = false
      where i.cleared_at is not null`,
    given,
  )
}

async function close(
  tx: Queryable,
  found: readonly Concern[],
  kinds: readonly string[],
  own: Sweep['own'],
): Promise<void> {
  const known = found.map(({ kind, about, subject }) => ({ kind, about, subject }))
  await tx.query(
    `update bank_withdrawal.notice_items i set cleared_at = ${CLOCK} from bank_withdrawal.notices n
      where n.id = i.notice_id and n.cleared_at is null and i.cleared_at is null
        and (n.kind = any($2::text[]) and not exists (select from ${GIVEN}
               where g.kind = n.kind and g.about = n.about and g.subject = i.subject)
          or n.kind = $3 and (i.subject = any($4::text[]) or i.seen_at < ${CLOCK} - ${UNSEEN}))`,
    [JSON.stringify(known), kinds, own.kind, own.closed],
  )
  await tx.query(
    `update bank_withdrawal.notices n set quiet_since = case when quiet_since is null then ${CLOCK} end
      where n.cleared_at is null and (n.quiet_since is null) = (not exists (select from ${OPEN_ITEMS}))`,
  )
}

const OVER = `
  with over as (
    update bank_withdrawal.notices set cleared_at = ${CLOCK}
     where cleared_at is null and quiet_since <= ${CLOCK} - ${QUIET} returning *
  )
  select ${LISTED}, 0 as known, true as "isOver" from over n order by n.id`

const GROWN = `
  select ${LISTED}, (select count(*)::int from ${OPEN_ITEMS} and i.is_told) as known, false as "isOver"
    from bank_withdrawal.notices n
   where n.cleared_at is null and (n.told_at is null or n.told_at <= ${CLOCK} - ${AGAIN})
     and exists (select from ${OPEN_ITEMS} and not i.is_told)
   order by n.id`
