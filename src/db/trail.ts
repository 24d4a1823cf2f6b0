import type { SignedHead } from '../domain/trail-head'
import type { Database } from './connect/database'
import { CLOCK } from './row'
import { unhurried } from './unhurried'

/** The heads over all chains. Beside `Store`: nothing of it moves a withdrawal. */
export interface TrailStore {
  lastHead(): Promise<SignedHead | null>
  listHeads(): Promise<readonly SignedHead[]>
  /** What the database's clock says. */
  now(): Promise<Date>
  /** When the trail begins; null where there is none yet. Reads all of it. */
  beginning(): Promise<Date | null>
  /** Over the entries of all journals from `since` (null: from the beginning) to `until`, exclusive. */
  digestOf(since: string | null, until: string): Promise<{ entries: number; digest: string }>
  lastAction(): Promise<{ nth: number; hash: string }>
  /** @returns false when there is one of that number: another instance was faster. */
  addHead(head: SignedHead): Promise<boolean>
}

export const DIGEST = `select entries::float8 as entries, digest
  from bank_withdrawal.trail_digest(coalesce($1::timestamptz, '-infinity'), $2::timestamptz)`
const HEAD = 'select nth::float8 as nth, content, signature from bank_withdrawal.trail_heads order by nth'

export const createTrailStore = (db: Database): TrailStore => ({
  lastHead: async () => (await db.query<SignedHead>(`${HEAD} desc limit 1`))[0] ?? null,

  listHeads: () => db.query<SignedHead>(HEAD),

  async now() {
    const [clock] = await db.query<{ now: Date }>(`select ${CLOCK} as now`)
    if (!clock) throw new Error('The database did not tell its time.')
    return clock.now
  },

  async beginning() {
    const [first] = await unhurried<{ at: Date | null }>(
      db,
      `select least((select min(at) from bank_withdrawal.journal),
                    (select min(at) from bank_withdrawal.operator_actions)) as at`,
    )
    return first?.at ?? null
  },

  async digestOf(since, until) {
    const [found] = await unhurried<{ entries: number; digest: string }>(db, DIGEST, [since, until])
    if (!found) throw new Error('The database did not answer.')
    return found
  },

  async lastAction() {
    const [last] = await db.query<{ nth: number; hash: string }>(
      `select nth::float8 as nth, coalesce(hash, '') as hash from bank_withdrawal.operator_actions
        order by operator_actions.nth desc nulls last limit 1`,
    )
    return last ?? { nth: 0, hash: '' }
  },

  async addHead({ nth, content, signature }) {
    const rows = await db.query(
      `insert into bank_withdrawal.trail_heads (nth, content, signature) values ($1, $2, $3)
       on conflict do nothing returning nth`,
      [nth, content, signature],
    )
    return rows.length > 0
  },
})
