import type { Database } from './connect/database'
import { CLOCK } from './row'
import {
  AFTER,
  type DeliveriesOf,
  IS_LOST,
  type NewDelivery,
  tellJournal,
  type ToldEntry,
  wasWrittenHere,
} from './told-journal'

export type { NewDelivery, ToldEntry }

/** One message on its way to one endpoint. */
export interface Delivery {
  /** As text: a bigint. */
  readonly id: string
  readonly endpointId: string
  /** The same at every try, and at every endpoint. */
  readonly eventId: string
  readonly kind: string
  readonly subject: string
  readonly state: 'waiting' | 'delivered' | 'dead'
  readonly attempts: number
  readonly createdAt: Date
  readonly dueAt: Date | null
  readonly giveUpAt: Date
  readonly lastAt: Date | null
  readonly lastStatus: number | null
  readonly lastError: string | null
  readonly endedAt: Date | null
}

export interface ClaimedDelivery extends Pick<
  Delivery,
  'id' | 'endpointId' | 'eventId' | 'kind' | 'attempts'
> {
  readonly payload: string
  readonly leaseOwner: string
}

/** What came of a try. */
export interface TryResult {
  readonly status: number | null
  readonly error: string | null
}

export interface DeliveryQuery {
  readonly state?: Delivery['state']
  readonly endpointId?: string
  readonly subject?: string
  readonly before?: string
  readonly limit: number
}

/** Beside `Store`: nothing of it moves a withdrawal. All times are the database's. */
export interface DeliveryStore {
  /** For which endpoints something is due now, and whether there is something in the journal that can be told. */
  due(): Promise<{ readonly endpoints: readonly string[]; readonly isJournalAhead: boolean }>
  /** Leases the next of an endpoint: of each subject the first one only. */
  claim(
    endpointId: string,
    lease: { owner: string; seconds: number },
    limit: number,
  ): Promise<readonly ClaimedDelivery[]>
  /** It was taken; the next of its subject is due. @returns false when somebody else has it by now. */
  delivered(claim: ClaimedDelivery, status: number): Promise<boolean>
  /** It was not: it is tried again after `waitMs`, and those behind it wait as long; or its time is over. */
  failed(claim: ClaimedDelivery, result: TryResult, waitMs: number): Promise<'waiting' | 'dead' | null>
  /** It was not tried after all. */
  putBack(claim: ClaimedDelivery, waitMs: number): Promise<void>
  /**
   * Tells the journal from where it was told last, in one transaction, one instance at a time.
   *
   * @param limit Entries at once.
   * @returns How many entries it read; `lost` where the place is one of another database: it begins anew from here.
   */
  tell(limit: number, deliveriesOf: DeliveriesOf): Promise<number | 'lost'>
  list(query: DeliveryQuery): Promise<readonly Delivery[]>
  find(id: string): Promise<(Delivery & { readonly payload: string }) | null>
  /** Once more, for as long as a new one, with the record of who wanted it. @returns false when it is not dead. */
  sendAgain(id: string, by: { actor: string; reason: string; forMs: number }): Promise<boolean>
  /**
   * Those that ended longer ago than that; for so long after they would have been given up also those that wait for an
   * endpoint that is off, or gone: nobody tries them. @returns How many.
   */
  forget(days: { delivered: number; dead: number }, limit: number): Promise<number>
}

const LISTED = `id::text as id, endpoint_id as "endpointId", event_id as "eventId", kind, subject, state, attempts,
  created_at as "createdAt", due_at as "dueAt", give_up_at as "giveUpAt", last_at as "lastAt",
  last_status as "lastStatus", last_error as "lastError", ended_at as "endedAt"`

export const createDeliveryStore = (db: Database): DeliveryStore => ({
  async due() {
    const [found] = await db.query<{ endpoints: string[] | null; isJournalAhead: boolean }>(
      DUE,
      [],
      'deliveries_due',
    )
    return { endpoints: found?.endpoints ?? [], isJournalAhead: found?.isJournalAhead ?? false }
  },
  claim: (endpointId, lease, limit) =>
    db.query<ClaimedDelivery>(CLAIM, [endpointId, limit, lease.owner, lease.seconds], 'claim_deliveries'),
  async delivered({ id, leaseOwner }, status) {
    return (await db.query(DELIVERED, [id, leaseOwner, status], 'delivered')).length > 0
  },
  async failed({ id, leaseOwner }, { status, error }, waitMs) {
    const [ended] = await db.query<{ state: 'waiting' | 'dead' }>(
      FAILED,
      [id, leaseOwner, status, error, waitMs],
      'delivery_failed',
    )
    return ended?.state ?? null
  },
  async putBack({ id, leaseOwner }, waitMs) {
    await db.query(
      `update bank_withdrawal.deliveries
          set lease_owner = null, lease_until = null, attempts = attempts - 1, due_at = ${AFTER('$3')}
        where id = $1::bigint and lease_owner = $2`,
      [id, leaseOwner, waitMs],
    )
  },
  tell: (limit, deliveriesOf) => db.transaction((tx) => tellJournal(tx, limit, deliveriesOf)),
  list: (query) =>
    db.query<Delivery>(
      `select ${LISTED} from bank_withdrawal.deliveries
        where ($1::text is null or state = $1) and ($2::text is null or endpoint_id = $2)
          and ($3::text is null or subject = $3) and ($4::bigint is null or id < $4::bigint)
        order by deliveries.id desc limit $5`,
      [
        query.state ?? null,
        query.endpointId ?? null,
        query.subject ?? null,
        query.before ?? null,
        query.limit,
      ],
    ),
  async find(id) {
    const [found] = await db.query<Delivery & { payload: string }>(
      `select ${LISTED}, payload from bank_withdrawal.deliveries where id = $1::bigint`,
      [id],
    )
    return found ?? null
  },
  async sendAgain(id, { actor, reason, forMs }) {
    const rows = await db.query(
      `with again as (
         update bank_withdrawal.deliveries
            set state = 'waiting', due_at = ${CLOCK}, give_up_at = ${AFTER('$2')}, ended_at = null
          where id = $1::bigint and state = 'dead'
         returning id, endpoint_id, event_id
       )
       insert into bank_withdrawal.operator_actions (at, actor, action, subject, reason, detail)
       select ${CLOCK}, $3, 'delivery.sent_again', 'endpoint:' || endpoint_id, $4,
              jsonb_build_object('delivery', id::text, 'event', event_id)
         from again returning id`,
      [id, forMs, actor, reason],
    )
    return rows.length > 0
  },
  forget: (days, limit) => forget(db, days, limit),
})

async function forget(
  db: Database,
  { delivered, dead }: { delivered: number; dead: number },
  limit: number,
): Promise<number> {
  const ended = await db.query(
    `delete from bank_withdrawal.deliveries where id in (
       select id from bank_withdrawal.deliveries
        where state <> 'waiting'
          and ended_at < ${CLOCK} - make_interval(days => case state when 'dead' then $2::integer else $1::integer end)
        order by ended_at limit $3) returning id`,
    [delivered, dead, limit],
  )
  const untried = await db.query(
    `delete from bank_withdrawal.deliveries where id in (
       select d.id from (
         select distinct on (endpoint_id) endpoint_id, is_on from bank_withdrawal.endpoints
          order by endpoint_id, version desc) e
         join bank_withdrawal.deliveries d on d.endpoint_id = e.endpoint_id and d.state = 'waiting'
        where not e.is_on and d.give_up_at < ${CLOCK} - make_interval(days => $1::integer)
        limit $2) returning id`,
    [dead, limit],
  )
  return ended.length + untried.length
}

/** Looks into indexes that are empty when nothing is to be done. A place that is lost is ahead of whatever comes. */
const DUE = `
  select (select array_agg(distinct endpoint_id) from bank_withdrawal.deliveries
           where state = 'waiting' and due_at <= ${CLOCK}) as endpoints,
         exists (select from bank_withdrawal.told where ${IS_LOST})
         or exists (select from bank_withdrawal.told t
                      join bank_withdrawal.journal j on j.tx >= t.tx
                     where t.feed = 'withdrawals' and j.tx is not null and j.from_state is distinct from j.to_state
                       and j.tx < pg_snapshot_xmin(pg_current_snapshot()) and ${wasWrittenHere('j')}
                       and (j.tx, j.withdrawal_id, j.seq) > (t.tx, t.withdrawal_id, t.seq)) as "isJournalAhead"`

/** A crashed sender's come back when its lease ends; until then the ones behind them wait. */
const CLAIM = `
  with due as materialized (
    select d.id from bank_withdrawal.deliveries d
     where d.endpoint_id = $1 and d.state = 'waiting' and d.due_at <= ${CLOCK}
       and not exists (select from bank_withdrawal.deliveries e
                        where e.endpoint_id = d.endpoint_id and e.subject = d.subject and e.state = 'waiting'
                          and e.id < d.id)
     order by d.due_at, d.id limit $2 for update of d skip locked
  )
  update bank_withdrawal.deliveries d
     set lease_owner = $3, lease_until = ${CLOCK} + make_interval(secs => $4), attempts = attempts + 1,
         due_at = ${CLOCK} + make_interval(secs => $4)
    from due where d.id = due.id
  returning d.id::text as id, d.endpoint_id as "endpointId", d.event_id as "eventId", d.kind, d.payload, d.attempts,
            d.lease_owner as "leaseOwner"`

/** A lease that is over and that nobody took is as good as one: what was heard is written down. */
const IS_OURS = `id = $1::bigint and lease_owner = $2 and state = 'waiting'`
const TRIED = `lease_owner = null, lease_until = null, last_at = ${CLOCK}, last_status = $3::integer`
const BEHIND = (
  first: string,
): string => `d.endpoint_id = ${first}.endpoint_id and d.subject = ${first}.subject
  and d.state = 'waiting' and d.id > ${first}.id`

const DELIVERED = `
  with ended as (
    update bank_withdrawal.deliveries
       set ${TRIED}, last_error = null, state = 'delivered', due_at = null, ended_at = ${CLOCK}
     where ${IS_OURS} returning id, endpoint_id, subject
  ), next as (
    update bank_withdrawal.deliveries d set due_at = ${CLOCK}
      from ended where ${BEHIND('ended')} and d.due_at > ${CLOCK}
  )
  select id from ended`

const FAILED = `
  with tried as (
    update bank_withdrawal.deliveries
       set ${TRIED}, last_error = $4,
           state = case when ${AFTER('$5')} > give_up_at then 'dead' else 'waiting' end,
           due_at = case when ${AFTER('$5')} > give_up_at then null else ${AFTER('$5')} end,
           ended_at = case when ${AFTER('$5')} > give_up_at then ${CLOCK} end
     where ${IS_OURS} returning id, endpoint_id, subject, state, due_at
  ), waiting as (
    -- They are not looked at in vain meanwhile; those behind a dead one are due.
    update bank_withdrawal.deliveries d set due_at = coalesce(tried.due_at, ${CLOCK})
      from tried where ${BEHIND('tried')} and d.due_at is distinct from coalesce(tried.due_at, ${CLOCK})
  )
  select state from tried`
