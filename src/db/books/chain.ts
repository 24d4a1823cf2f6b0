import type { JournalEntry } from '../../domain/withdrawal'
import type { Queryable } from '../connect/database'

/** An entry with its place in the chain. */
export interface ChainedEntry extends JournalEntry {
  readonly hash: string | null
  /** What the hash is over, to the letter: a JSON list of the hash before and of what the entry says. */
  readonly hashed: string
  /** Its hash is over what stands there and over the hash before. */
  readonly isIntact: boolean
}

/** The whole journal of one withdrawal, with each hash worked out anew. */
export const readChain = (db: Queryable, withdrawalId: string): Promise<readonly ChainedEntry[]> =>
  db.query<ChainedEntry>(
    `select withdrawal_id as "withdrawalId", seq, at, event, from_state as "from", to_state as "to", actor,
            reason_code as "reasonCode", detail, hash,
            -- As journal_digest has it, so that who has nothing of ours can hash it, too.
            jsonb_build_array(before, withdrawal_id, seq, to_char(at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US'),
              event, from_state, to_state, actor, reason_code, detail)::text as hashed,
            coalesce(hash = bank_withdrawal.journal_digest(
              before, withdrawal_id, seq, at, event, from_state, to_state, actor, reason_code, detail)
              and seq = place, false) as "isIntact"
       from (select j.*, coalesce(lag(hash) over (order by seq), '') as before, row_number() over (order by seq) as place
               from bank_withdrawal.journal j where withdrawal_id = $1) j
      order by seq`,
    [withdrawalId],
  )
