import type { JournalEntry } from '../../domain/withdrawal'
import type { Queryable } from '../connect/database'

/** An entry with its place in the chain. */
export interface ChainedEntry extends JournalEntry {
  readonly hash: string | null
  /** Its hash is over what stands there and over the hash before. */
  readonly isIntact: boolean
}

/** The whole journal of one withdrawal, with each hash worked out anew. */
export const readChain = (db: Queryable, withdrawalId: string): Promise<readonly ChainedEntry[]> =>
  db.query<ChainedEntry>(
    `select withdrawal_id as "withdrawalId", seq, at, event, from_state as "from", to_state as "to", actor,
            reason_code as "reasonCode", detail, hash,
            coalesce(hash = bank_withdrawal.journal_digest(
              coalesce(lag(hash) over (order by seq), ''), withdrawal_id, seq, at, event, from_state, to_state, actor,
              reason_code, detail) and seq = row_number() over (order by seq), false) as "isIntact"
       from bank_withdrawal.journal where withdrawal_id = $1 order by seq`,
    [withdrawalId],
  )
