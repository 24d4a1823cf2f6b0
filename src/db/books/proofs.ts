import type { OpenItem, PayoutProof, Sum } from '../../domain/payout-proof'
import { isFinal } from '../../domain/states'
import { type Database, studiesOf } from '../connect/database'
import { CLOCK, statesThat } from '../row'

/** A day as it was said once it was over. */
export interface KeptProof {
  readonly day: string
  readonly content: string
  readonly hash: string
  readonly signature: string | null
  readonly closedAt: Date
}

const JOURNAL = 'bank_withdrawal.journal'
const ITEMS_MAX = 1_000
const SUMS = `count(*)::integer as count, trim_scale(sum(w.amount))::text as amount,
  trim_scale(sum(w.payout_amount))::text as "payoutAmount"`

/**
 * Every withdrawal that had not ended at `$1`, with its state at that moment: those that have not ended now, and those
 * that have moved since. The journal tells, so that it is the same whenever it is asked for.
 */
const OPEN_AT = `(
  select w.id, w.currency, w.amount, w.payout_amount, w.provider, w.created_at, last.to_state as state
    from (select id from bank_withdrawal.withdrawals where state not in (${statesThat(isFinal)})
          union select withdrawal_id from ${JOURNAL} where at >= $1::timestamptz) moving
    join bank_withdrawal.withdrawals w on w.id = moving.id
    cross join lateral (select to_state from ${JOURNAL} j
                         where j.withdrawal_id = w.id and j.at < $1::timestamptz order by j.seq desc limit 1) last
   where last.to_state not in (${statesThat(isFinal)}))`

/** By the journal, from `since` to `until`, exclusive. */
export async function readDay(
  db: Database,
  { since, until }: { since: Date; until: Date },
): Promise<Omit<PayoutProof, 'day' | 'until'>> {
  const reader = studiesOf(db)
  const [from, to] = [since.toISOString(), until.toISOString()]
  const moved = await reader.query<Sum>(
    `select w.currency, m.to_state as state, ${SUMS}
       from (select distinct withdrawal_id, to_state from ${JOURNAL}
              where at >= $1::timestamptz and at < $2::timestamptz and from_state is distinct from to_state) m
       join bank_withdrawal.withdrawals w on w.id = m.withdrawal_id group by 1, 2 order by 1, 2`,
    [from, to],
  )
  const open = await reader.query<Sum>(
    `select w.currency, w.state, ${SUMS} from ${OPEN_AT} w group by 1, 2 order by 1, 2`,
    [to],
  )
  const openItems = await reader.query<Omit<OpenItem, 'askedAt'> & { askedAt: Date }>(
    `select id, currency, trim_scale(amount)::text as amount, state, provider, created_at as "askedAt"
       from ${OPEN_AT} w order by created_at, id limit ${ITEMS_MAX}`,
    [to],
  )
  const [rest] = await reader.query<{ entries: number; journalDigest: string; openDifferences: number }>(
    `select entries::float8 as entries, digest as "journalDigest",
            (select count(*)::integer from bank_withdrawal.differences
              where opened_at < $2::timestamptz and coalesce(resolved_at >= $2::timestamptz, true)) as "openDifferences"
       from bank_withdrawal.trail_digest($1::timestamptz, $2::timestamptz)`,
    [from, to],
  )
  if (!rest) throw new Error('The database did not answer.')
  const openCount = open.reduce((sum, { count }) => sum + count, 0)
  return {
    ...{ moved, open, ...rest },
    openItems: openItems.map((item) => ({ ...item, askedAt: item.askedAt.toISOString() })),
    openItemsLeftOut: openCount - openItems.length,
  }
}

const KEPT = `to_char(day, 'YYYY-MM-DD') as day, content, hash, signature, closed_at as "closedAt"`

/** Said once: whoever is later hears what the first has said. */
export async function keepProof(
  db: Database,
  { day, content, hash, signature }: Omit<KeptProof, 'closedAt'>,
): Promise<KeptProof> {
  await db.query(
    `insert into bank_withdrawal.payout_proofs (day, content, hash, signature, closed_at)
     values ($1::date, $2, $3, $4, ${CLOCK}) on conflict do nothing`,
    [day, content, hash, signature],
  )
  const kept = await findProof(db, day)
  if (!kept) throw new Error('The proof was not stored.')
  return kept
}

export async function findProof(db: Database, day: string): Promise<KeptProof | null> {
  const [kept] = await db.query<KeptProof>(
    `select ${KEPT} from bank_withdrawal.payout_proofs where day = $1::date`,
    [day],
  )
  return kept ?? null
}

export const listProofs = (db: Database, limit: number): Promise<readonly KeptProof[]> =>
  db.query<KeptProof>(
    `select ${KEPT} from bank_withdrawal.payout_proofs order by payout_proofs.day desc limit $1`,
    [limit],
  )
