import type { Batch, BatchState } from '../../domain/batch'
import type { ReasonCode } from '../../domain/reasons'
import type { Queryable } from '../connect/database'
import { CLOCK, COLUMNS, IS_HELD, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'
import { CLAIMED, claimOf, IS_DUE, isHeldBy, LEASED, type LeaseRequest, WAITS_FOR_BATCH } from './lease-sql'

const BATCH_COLUMNS = `id, provider, currency, batch_key as "batchKey", state, item_count as "itemCount",
  total::text as total, payload_hash as "payloadHash", attempts, provider_reference as "providerReference",
  reason_code as "reasonCode", created_at as "createdAt", sent_at as "sentAt", updated_at as "updatedAt"`

/** Payouts of one provider and currency that the next batch run would take. */
export interface ReadyGroup {
  readonly provider: string
  readonly currency: string
  readonly count: number
  readonly total: string
  readonly oldestSince: Date
}

export async function readyGroups(db: Queryable, provider?: string): Promise<readonly ReadyGroup[]> {
  return db.query<ReadyGroup>(
    `select provider, currency, count(*)::int as count, trim_scale(sum(payout_amount))::text as total,
            min(state_since) as "oldestSince"
       from bank_withdrawal.withdrawals
      where ${WAITS_FOR_BATCH} and ${IS_DUE}
        and ($1::text is null or provider = $1)
      group by provider, currency order by provider, currency`,
    [provider ?? null],
  )
}

/** Writes down why what is due of a group is not sent, for the people who wait. Nothing else changes. */
export async function noteWaiting(
  db: Queryable,
  { provider, currency }: { provider: string; currency: string },
  { reasonCode, untilResumed }: { reasonCode: ReasonCode; untilResumed: boolean },
): Promise<void> {
  await db.query(
    `update bank_withdrawal.withdrawals set reason_code = $3, waits_for_resume = $4
      where ${WAITS_FOR_BATCH} and provider = $1 and currency = $2
        and ${IS_DUE} and (reason_code is distinct from $3 or waits_for_resume <> $4)`,
    [provider, currency, reasonCode, untilResumed],
  )
}

const claim = claimOf({
  name: 'claim_ready',
  isDue: `${WAITS_FOR_BATCH} and provider = $4 and currency = $5 and ${IS_DUE}`,
  order: 'next_run_at, id',
  writes: CLAIMED,
  handedOut: 'created_at, id',
})

/** Leases up to `limit` payouts that are due for a batch of this provider and currency. */
export const claimReady = (
  db: Queryable,
  { provider, currency }: { provider: string; currency: string },
  lease: LeaseRequest,
  limit: number,
): Promise<readonly StoredWithdrawal[]> => claim(db, lease, limit, provider, currency)

/**
 * Leases all of a batch whose members are still in doubt, to send it again as it was.
 *
 * @param from The worker's lease, and the member it came by. Its neighbours in the batch may have been claimed with the
 *   same one: the new lease takes them out of their hands. The member itself has to be in them still: where a neighbour
 *   has come first, the batch has been sent again meanwhile, and what is known of the member is older than that.
 * @returns Its members in their order; null when one of them has moved on or is held by somebody else.
 */
export async function claimBatch(
  db: Queryable,
  batchId: string,
  lease: LeaseRequest,
  from: { owner: string; id: string },
): Promise<readonly StoredWithdrawal[] | null> {
  const rows = await db.query<RawRow>(
    // One at a time gets to its members: of two that each lock a few, neither would have all.
    `with batch as materialized (
       select id, item_count from bank_withdrawal.batches where id = $3 for update skip locked
     ), members as (
       select w.id, i.position from batch b
         join bank_withdrawal.batch_items i on i.batch_id = b.id
         join bank_withdrawal.withdrawals w on w.id = i.withdrawal_id
        where w.batch_id = b.id and w.state = 'in_doubt'
          and (w.lease_owner = $4 and ${IS_HELD} or w.id <> $5 and not ${IS_HELD})
        for update of w skip locked
     ), all_of_them as (
       select 1 where (select count(*) from members) = (select item_count from batch)
     ), claimed as (
       update bank_withdrawal.withdrawals w
          set ${LEASED}
         from members m, all_of_them where w.id = m.id
       returning w.*, m.position
     )
     select ${COLUMNS} from claimed order by position`,
    [lease.owner, lease.seconds, batchId, from.owner, from.id],
  )
  return rows.length === 0 ? null : rows.map(toWithdrawal)
}

/** Keeps what `owner` holds for another while. @returns The ids it still holds. */
export async function renewLeases(
  db: Queryable,
  lease: LeaseRequest,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ id: string }>(
    `update bank_withdrawal.withdrawals
        set ${LEASED}
      where id = any($3::text[]) and ${isHeldBy('$1')}
      returning id`,
    [lease.owner, lease.seconds, ids],
    'renew_leases',
  )
  return new Set(rows.map(({ id }) => id))
}

/** Stores a batch with its members; the caller moves them to it in the same transaction. */
export async function insertBatch(
  db: Queryable,
  batch: Pick<Batch, 'id' | 'provider' | 'currency' | 'batchKey' | 'total' | 'payloadHash'>,
  members: readonly { id: string; payoutAmount: string }[],
): Promise<void> {
  await db.query(
    `insert into bank_withdrawal.batches
       (id, provider, currency, batch_key, state, item_count, total, payload_hash, created_at, sent_at, updated_at)
     select $1, $2, $3, $4, 'sending', $5, $6::numeric, $7, at, at, at from ${CLOCK} at`,
    [
      batch.id,
      batch.provider,
      batch.currency,
      batch.batchKey,
      members.length,
      batch.total,
      batch.payloadHash,
    ],
  )
  await db.query(
    `insert into bank_withdrawal.batch_items (batch_id, withdrawal_id, position, amount)
     select $1, id, place - 1, amount
       from unnest($2::text[], $3::numeric[]) with ordinality as given (id, amount, place)`,
    [batch.id, members.map(({ id }) => id), members.map(({ payoutAmount }) => payoutAmount)],
  )
}

/** @returns false when it was sent again meanwhile: this answer is not the last word. */
export async function concludeBatch(
  db: Queryable,
  { id, attempts }: { id: string; attempts: number },
  result: { state: BatchState; providerReference: string | null; reasonCode: ReasonCode | null },
): Promise<boolean> {
  const rows = await db.query<{ id: string }>(
    `update bank_withdrawal.batches
        set state = $3, provider_reference = coalesce($4, provider_reference), reason_code = $5,
            updated_at = ${CLOCK}
      where id = $1 and attempts = $2 returning id`,
    [id, attempts, result.state, result.providerReference, result.reasonCode],
  )
  return rows.length > 0
}

/** Counts one more sending. @returns false when somebody else was first. */
export async function countSending(
  db: Queryable,
  { id, attempts }: { id: string; attempts: number },
): Promise<boolean> {
  const rows = await db.query<{ id: string }>(
    `update bank_withdrawal.batches
        set state = 'sending', attempts = attempts + 1, sent_at = ${CLOCK},
            updated_at = ${CLOCK}
      where id = $1 and attempts = $2 and provider_reference is null returning id`,
    [id, attempts],
  )
  return rows.length > 0
}

/** A batch whose sender has died is in doubt: its members have said so each on their own. */
export async function doubtAbandonedBatches(db: Queryable, afterSeconds: number): Promise<void> {
  await db.query(
    `update bank_withdrawal.batches set state = 'in_doubt', updated_at = ${CLOCK}
      where state = 'sending' and sent_at < ${CLOCK} - make_interval(secs => $1)`,
    [afterSeconds],
  )
}

export async function findBatch(db: Queryable, id: string): Promise<Batch | null> {
  const rows = await db.query<Batch>(`select ${BATCH_COLUMNS} from bank_withdrawal.batches where id = $1`, [
    id,
  ])
  return rows[0] ?? null
}

export interface BatchQuery {
  readonly provider?: string
  readonly state?: BatchState
  readonly offset: number
  readonly limit: number
}

/** Newest first. */
export async function listBatches(db: Queryable, query: BatchQuery): Promise<readonly Batch[]> {
  return db.query<Batch>(
    `select ${BATCH_COLUMNS} from bank_withdrawal.batches
      where ($1::text is null or provider = $1) and ($2::text is null or state = $2)
      order by created_at desc, id desc offset $3 limit $4`,
    [query.provider ?? null, query.state ?? null, query.offset, query.limit],
  )
}

/** The members of a batch in their order, as they stand now. */
export async function listBatchMembers(db: Queryable, batchId: string): Promise<readonly StoredWithdrawal[]> {
  const rows = await db.query<RawRow>(
    `select ${COLUMNS} from (
       select w.*, i.position from bank_withdrawal.batch_items i
         join bank_withdrawal.withdrawals w on w.id = i.withdrawal_id
        where i.batch_id = $1) members
      order by position`,
    [batchId],
  )
  return rows.map(toWithdrawal)
}
