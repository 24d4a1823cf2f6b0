import { storableJson } from '../../domain/storable'
import type { PayoutHint } from '../../ports/payment-provider'
import type { Queryable } from '../connect/database'
import { COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'
import { WAKE } from './leases'

export interface ReceivedEvent {
  readonly provider: string
  readonly eventId: string
  readonly type: string
  readonly isVerified: boolean
  readonly payouts: readonly PayoutHint[]
}

const HINTS = `jsonb_to_recordset($2::jsonb) as h (key text, "endToEndId" text, reference text)`

/** Retired payouts that hints name: they are looked at in their own right. */
const RETIRED = `
  select r.payout_key, r.withdrawal_id from ${HINTS}
    join bank_withdrawal.retired_payouts r on r.payout_key = h.key and r.provider = $1
  union
  select r.payout_key, r.withdrawal_id from ${HINTS}
    join bank_withdrawal.retired_payouts r on r.end_to_end_id = h."endToEndId" and r.provider = $1
  union
  select r.payout_key, r.withdrawal_id from ${HINTS}
    join bank_withdrawal.retired_payouts r on r.provider_reference = h.reference and r.provider = $1`

const WAKE_RETIRED = `update bank_withdrawal.retired_payouts r set watch_at = bank_withdrawal.clock()`

/** Withdrawals that hints name, by whatever the provider knows them by; `$1` the provider, `$2` the hints. */
const HINTED = `
  select withdrawal_id as id from retired
  union
  select w.id from ${HINTS}
    join bank_withdrawal.withdrawals w on w.payout_key = h.key and w.provider = $1
  union
  select w.id from ${HINTS}
    join bank_withdrawal.withdrawals w on w.end_to_end_id = h."endToEndId" and w.provider = $1
  union
  select w.id from ${HINTS}
    join bank_withdrawal.withdrawals w on w.provider_reference = h.reference and w.provider = $1
  union
  -- What comes back names the payment by the bank's own reference.
  select w.id from ${HINTS}
    join bank_withdrawal.withdrawals w on w.provider_transaction_id = h.reference and w.provider = $1`

/**
 * Stores an event and wakes what it hints at, both or neither: an event that was answered with 2xx is never lost, and
 * one that comes twice has no second effect.
 *
 * @returns How many withdrawals it hints at; null when it was here before.
 */
export async function receiveEvent(db: Queryable, event: ReceivedEvent): Promise<number | null> {
  const rows = await db.query<{ matched: number }>(
    `with retired as (${RETIRED}
     ), hinted as (${HINTED}
     ), stored as (
       insert into bank_withdrawal.webhook_events
         (provider, event_id, type, is_verified, payouts, matched, received_at)
       select $1, $3, $4, $5, $2::jsonb, (select count(*) from hinted), bank_withdrawal.clock()
       on conflict do nothing
       returning matched
     ), woken as (
       ${WAKE} from hinted, stored where w.id = hinted.id
     ), woken_retired as (
       ${WAKE_RETIRED} from retired, stored where r.payout_key = retired.payout_key
     )
     select matched from stored`,
    [event.provider, storableJson(event.payouts), event.eventId, event.type, event.isVerified],
  )
  return rows[0]?.matched ?? null
}

/** The withdrawals that hints name. */
export async function findHinted(
  db: Queryable,
  provider: string,
  payouts: readonly PayoutHint[],
): Promise<readonly StoredWithdrawal[]> {
  const rows = await db.query<RawRow>(
    `with retired as (${RETIRED}), hinted as (${HINTED})
     select ${COLUMNS} from bank_withdrawal.withdrawals where id in (select id from hinted) order by id`,
    [provider, storableJson(payouts)],
  )
  return rows.map(toWithdrawal)
}

/** Wakes what a document hints at. @returns How many withdrawals. */
export async function wakeHinted(
  db: Queryable,
  provider: string,
  payouts: readonly PayoutHint[],
): Promise<number> {
  const rows = await db.query<{ id: string }>(
    `with retired as (${RETIRED}
     ), hinted as (${HINTED}
     ), woken_retired as (
       ${WAKE_RETIRED} from retired where r.payout_key = retired.payout_key
     )
     ${WAKE} from hinted where w.id = hinted.id returning w.id`,
    [provider, storableJson(payouts)],
  )
  return rows.length
}
