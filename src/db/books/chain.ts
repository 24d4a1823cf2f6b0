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
            reason_code as "reasonCode", detail, hash, hashed,
            coalesce(hash = encode(sha256(convert_to(hashed, 'UTF8')), 'hex') and seq = place, false) as "isIntact"
       from (select j.*,
                    -- As journal_digest has it, so that who has nothing of ours can hash it, too.
                    jsonb_build_array(coalesce(lag(hash) over chain, ''), withdrawal_id, seq,
                      to_char(at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US'),
                      event, from_state, to_state, actor, reason_code, detail)::text as hashed,
                    row_number() over chain as place
               from bank_withdrawal.journal j where withdrawal_id = $1
             window chain as (order by seq)) j
      order by seq`,
    [withdrawalId],
  )
