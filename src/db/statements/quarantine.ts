import type { ReasonCode } from '../../domain/reasons'
import type { Queryable } from '../connect/database'

export async function isQuarantined(db: Queryable, destinationHash: string): Promise<boolean> {
  const rows = await db.query(
    `select 1 as one from bank_withdrawal.quarantined_destinations
      where destination_hash = $1 and lifted_at is null`,
    [destinationHash],
  )
  return rows.length > 0
}

/** Twice is once; an account that was let go and sends money back again is held again. */
export async function quarantine(
  db: Queryable,
  entry: { destinationHash: string; masked: string; reasonCode: ReasonCode; withdrawalId: string },
): Promise<void> {
  await db.query(
    `insert into bank_withdrawal.quarantined_destinations as q
       (destination_hash, masked, reason_code, withdrawal_id, since)
     values ($1, $2, $3, $4, bank_withdrawal.clock())
     on conflict (destination_hash) do update
       set reason_code = excluded.reason_code, withdrawal_id = excluded.withdrawal_id, since = excluded.since,
           lifted_at = null, lifted_by = null, lifted_reason = null
       where q.withdrawal_id <> excluded.withdrawal_id`,
    [entry.destinationHash, entry.masked, entry.reasonCode, entry.withdrawalId],
  )
}

export interface QuarantinedDestination {
  readonly destinationHash: string
  readonly masked: string
  readonly reasonCode: ReasonCode
  readonly withdrawalId: string
  readonly since: Date
}

export const listQuarantine = (db: Queryable): Promise<readonly QuarantinedDestination[]> =>
  db.query<QuarantinedDestination>(
    `select destination_hash as "destinationHash", masked, reason_code as "reasonCode",
            withdrawal_id as "withdrawalId", since
       from bank_withdrawal.quarantined_destinations where lifted_at is null order by since desc limit 1000`,
  )

/** Lets payouts go to an account again. @returns false when it is not held. */
export async function liftQuarantine(
  db: Queryable,
  { destinationHash, actor, reason }: { destinationHash: string; actor: string; reason: string },
): Promise<boolean> {
  const rows = await db.query(
    `update bank_withdrawal.quarantined_destinations
        set lifted_at = bank_withdrawal.clock(), lifted_by = $2, lifted_reason = $3
      where destination_hash = $1 and lifted_at is null returning destination_hash`,
    [destinationHash, actor, reason],
  )
  return rows.length > 0
}
