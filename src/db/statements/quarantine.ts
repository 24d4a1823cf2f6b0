import type { ReasonCode } from '../../domain/reasons'
import type { Queryable } from '../connect/database'

/** Whose account it is as well as which: what came back to one user says nothing about another's. */
export interface UserAccount {
  readonly userId: number
  readonly destinationHash: string
}

export interface QuarantinedDestination extends UserAccount {
  readonly masked: string
  readonly reasonCode: ReasonCode
  readonly withdrawalId: string
  readonly since: Date
}

export async function isQuarantined(
  db: Queryable,
  { userId, destinationHash }: UserAccount,
): Promise<boolean> {
  const rows = await db.query(
    `select 1 as one from bank_withdrawal.quarantined_destinations
      where destination_hash = $1 and user_id = $2 and lifted_at is null`,
    [destinationHash, userId],
    'is_quarantined',
  )
  return rows.length > 0
}

/**
 * Twice is once; an account that was let go and sends money back again is held again. What came back before it was held
 * last is nothing new, however often its withdrawal is looked at: an operator has let it go, or may, with all of them.
 */
export async function quarantine(db: Queryable, entry: Omit<QuarantinedDestination, 'since'>): Promise<void> {
  await db.query(
    `insert into bank_withdrawal.quarantined_destinations as q
       (destination_hash, user_id, masked, reason_code, withdrawal_id, since)
     values ($1, $2, $3, $4, $5, bank_withdrawal.clock())
     on conflict (destination_hash, user_id) do update
       set reason_code = excluded.reason_code, withdrawal_id = excluded.withdrawal_id, since = excluded.since,
           lifted_at = null, lifted_by = null, lifted_reason = null
       where q.withdrawal_id <> excluded.withdrawal_id
         and coalesce(q.since < (select w.state_since from bank_withdrawal.withdrawals w
                                  where w.id = excluded.withdrawal_id), true)`,
    [entry.destinationHash, entry.userId, entry.masked, entry.reasonCode, entry.withdrawalId],
  )
}

export async function listQuarantine(db: Queryable): Promise<readonly QuarantinedDestination[]> {
  const rows = await db.query<Omit<QuarantinedDestination, 'userId'> & { userId: string }>(
    `select destination_hash as "destinationHash", user_id::text as "userId", masked, reason_code as "reasonCode",
            withdrawal_id as "withdrawalId", since
       from bank_withdrawal.quarantined_destinations where lifted_at is null
      order by since desc, destination_hash, user_id limit 1000`,
  )
  return rows.map((row) => ({ ...row, userId: Number(row.userId) }))
}

/**
 * Lets payouts go to an account again: those of one user, or, with null, of all.
 *
 * @returns false when it is not held.
 */
export async function liftQuarantine(
  db: Queryable,
  {
    destinationHash,
    userId,
    actor,
    reason,
  }: { destinationHash: string; userId: number | null; actor: string; reason: string },
): Promise<boolean> {
  const rows = await db.query(
    `update bank_withdrawal.quarantined_destinations
        set lifted_at = bank_withdrawal.clock(), lifted_by = $3, lifted_reason = $4
      where destination_hash = $1 and ($2::bigint is null or user_id = $2) and lifted_at is null
      returning destination_hash`,
    [destinationHash, userId, actor, reason],
  )
  return rows.length > 0
}
