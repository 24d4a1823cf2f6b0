import type { Queryable } from '../connect/database'
import { CLOCK } from '../row'

/** One version of the policy, as it was saved. */
export interface PolicyVersion {
  readonly version: number
  /** As written in JSON; whoever reads it checks it. */
  readonly content: unknown
  /** The earlier version that it brings back. */
  readonly restores: number | null
  readonly actor: string
  readonly reason: string
  readonly at: Date
}

const SELECTED = 'version, content, restores, actor, reason, at'

/** @returns null where nobody has ever changed it. */
export async function latestPolicy(db: Queryable): Promise<PolicyVersion | null> {
  const [latest] = await db.query<PolicyVersion>(
    `select ${SELECTED} from bank_withdrawal.policies order by version desc limit 1`,
    [],
    'latest_policy',
  )
  return latest ?? null
}

/** The latest first. @param before Only older ones than this version. */
export const listPolicies = (
  db: Queryable,
  { limit, before }: { limit: number; before?: number },
): Promise<readonly PolicyVersion[]> =>
  db.query<PolicyVersion>(
    `select ${SELECTED} from bank_withdrawal.policies
      where $2::integer is null or version < $2 order by version desc limit $1`,
    [limit, before ?? null],
  )

export async function findPolicy(db: Queryable, version: number): Promise<PolicyVersion | null> {
  const [found] = await db.query<PolicyVersion>(
    `select ${SELECTED} from bank_withdrawal.policies where version = $1`,
    [version],
  )
  return found ?? null
}

/**
 * Saves the next version, and the record of who did it: both or neither.
 *
 * @param seen The version that it was made from; 0 where there was none.
 * @returns null when somebody has saved another one since; nothing was written.
 */
export async function savePolicy(
  db: Queryable,
  given: {
    seen: number
    content: object
    restores: number | null
    actor: string
    reason: string
    /** For the record: what changed, in words. */
    changes: readonly object[]
  },
): Promise<PolicyVersion | null> {
  const [saved] = await db.query<PolicyVersion>(
    `with saved as (
       insert into bank_withdrawal.policies (version, content, restores, actor, reason, at)
       select $1::integer + 1, $2::jsonb, $3::integer, $4, $5, ${CLOCK}
        where (select coalesce(max(version), 0) from bank_withdrawal.policies) = $1::integer
       on conflict (version) do nothing
       returning *
     ), recorded as (
       insert into bank_withdrawal.operator_actions (at, actor, action, subject, reason, detail)
       select at, actor, 'policy.changed', 'policy', reason,
              jsonb_strip_nulls(jsonb_build_object(
                'version', version, 'restores', restores, 'changes', $6::jsonb,
                -- What the record vouches for: it is chained, and the policy has to be the same.
                'digest', encode(sha256(convert_to(content::text, 'UTF8')), 'hex')))
         from saved
     )
     select ${SELECTED} from saved`,
    [
      ...[given.seen, JSON.stringify(given.content), given.restores, given.actor, given.reason],
      JSON.stringify(given.changes),
    ],
  )
  return saved ?? null
}
