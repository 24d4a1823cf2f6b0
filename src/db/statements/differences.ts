import type { Queryable } from '../connect/database'

/**
 * `overdue`: a provider has it for longer than any bank needs. `orphan_hold`: a burn landed after its withdrawal had ended unpaid. `declined_after_paid`: the
 * provider says so of a payout that it had called paid.
 * `returned_again`: more came back after what had come back was credited. `unresolved`: nobody could say for long
 * whether the provider has it. `vanished`: the provider had it, and does not know it any more.
 * `paid_after_release`: the provider pays, or has paid, what was given back. `paid_under_retired_key`: it has one
 * that was given up for another. `stuck`: it has been where it is for longer than it ever should.
 * `held_by_exchange`: somebody at the exchange stopped the burn, and it waits for them.
 * `returned_after_release`: money came back of a payout that was called not made.
 * `another_payout`: the provider names another payment, or another amount, than the one that was settled.
 */
export type DifferenceKind =
  | ('overdue' | 'orphan_hold' | 'declined_after_paid' | 'returned_again' | 'held_by_exchange')
  | ('unresolved' | 'vanished' | 'paid_after_release' | 'paid_under_retired_key' | 'stuck')
  | ('returned_after_release' | 'another_payout')

export interface Difference {
  /** As text: a bigint. */
  readonly id: string
  readonly kind: DifferenceKind
  readonly withdrawalId: string
  readonly detail: Readonly<Record<string, unknown>>
  readonly openedAt: Date
  readonly resolvedAt: Date | null
  readonly resolvedBy: string | null
  readonly resolution: string | null
}

/** @returns false when the same question is on record already. */
export async function openDifference(
  db: Queryable,
  difference: Pick<Difference, 'kind' | 'withdrawalId' | 'detail'>,
): Promise<boolean> {
  const rows = await db.query(
    `insert into bank_withdrawal.differences (kind, withdrawal_id, detail, opened_at)
     values ($1, $2, $3::jsonb, bank_withdrawal.clock()) on conflict do nothing returning id`,
    [difference.kind, difference.withdrawalId, JSON.stringify(difference.detail)],
  )
  return rows.length > 0
}

/** @returns false when it is answered already, or was never asked. */
export async function resolveDifference(
  db: Queryable,
  {
    withdrawalId,
    kind,
    by,
    resolution,
  }: { withdrawalId: string; kind: string; by: string; resolution: string },
): Promise<boolean> {
  const rows = await db.query(
    `update bank_withdrawal.differences
        set resolved_at = bank_withdrawal.clock(), resolved_by = $3, resolution = $4
      where withdrawal_id = $1 and kind = $2 and resolved_at is null returning id`,
    [withdrawalId, kind, by, resolution],
  )
  return rows.length > 0
}

export const listDifferences = (
  db: Queryable,
  { isOpen, limit }: { isOpen: boolean; limit: number },
): Promise<readonly Difference[]> =>
  db.query<Difference>(
    `select id::text as id, kind, withdrawal_id as "withdrawalId", detail, opened_at as "openedAt",
            resolved_at as "resolvedAt", resolved_by as "resolvedBy", resolution
       from bank_withdrawal.differences
      where (resolved_at is null) = $1 order by opened_at desc limit $2`,
    [isOpen, limit],
  )
