import { type Database, listsOf } from '../connect/database'

/** What a person did, or the program in a person's name, whatever it was about. */
export interface AuditEntry {
  readonly at: Date
  readonly actor: string
  /** An event of a journal, or an action beside them. */
  readonly action: string
  /** null where it was about no single withdrawal. */
  readonly withdrawalId: string | null
  readonly subject: string
  readonly from: string | null
  readonly to: string | null
  readonly detail: Readonly<Record<string, unknown>>
}

/** Where a page ended: in the journals, and in what was done beside them. */
export interface AuditPlace {
  readonly journal: { readonly at: string; readonly withdrawalId: string; readonly seq: number } | null
  /** As text: a bigint. */
  readonly action: string | null
}

export interface AuditQuery {
  readonly actor: string | null
  readonly after: AuditPlace | null
  readonly limit: number
}

interface Entry extends AuditEntry {
  readonly place: Partial<AuditPlace>
}

const NOWHERE: AuditPlace = { journal: null, action: null }

/**
 * What operators did, in all journals and beside them, the latest first.
 *
 * @returns `next` where there is more.
 */
export async function auditTrail(
  db: Database,
  { actor, after, limit }: AuditQuery,
): Promise<{ entries: readonly AuditEntry[]; next: AuditPlace | null }> {
  const from = after ?? NOWHERE
  // One more than is shown tells whether there is more; both by an index of their own.
  const [journal, actions] = await Promise.all([
    ofJournals(db, actor, from, limit + 1),
    besideJournals(db, actor, from, limit + 1),
  ])
  const all = latestFirst(journal, actions)
  const page = all.slice(0, limit)
  const end = page.reduce<AuditPlace>((place, entry) => ({ ...place, ...entry.place }), from)
  return {
    entries: page.map(({ place: _place, ...entry }) => entry),
    next: all.length > limit ? end : null,
  }
}

/**
 * Each keeps its own order, which its place is counted by: an action has the time at which its transaction began, and the
 * number of when it was written.
 */
function latestFirst(journal: readonly Entry[], actions: readonly Entry[]): readonly Entry[] {
  const all: Entry[] = []
  let taken = 0
  for (const action of actions) {
    for (let entry = journal[taken]; entry && entry.at >= action.at; entry = journal[taken]) {
      all.push(entry)
      taken++
    }
    all.push(action)
  }
  return [...all, ...journal.slice(taken)]
}

async function ofJournals(db: Database, actor: string | null, { journal }: AuditPlace, limit: number) {
  const rows = await listsOf(db).query<Entry & { exact: string; seq: number }>(
    `select at, actor, event as action, withdrawal_id as "withdrawalId", withdrawal_id as subject, seq,
            from_state as "from", to_state as "to", detail,
            to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as exact
       from bank_withdrawal.journal
      where actor like 'operator:%' and ($1::text is null or actor = $1)
        and ($2::timestamptz is null or (at, withdrawal_id, seq) < ($2::timestamptz, $3::text, $4::integer))
      order by at desc, withdrawal_id desc, seq desc limit $5`,
    [actor, journal?.at ?? null, journal?.withdrawalId ?? null, journal?.seq ?? null, limit],
  )
  return rows.map(({ exact, seq, ...row }): Entry => {
    const { withdrawalId } = row
    return { ...row, place: { journal: { at: exact, withdrawalId: String(withdrawalId), seq } } }
  })
}

async function besideJournals(db: Database, actor: string | null, { action }: AuditPlace, limit: number) {
  const rows = await listsOf(db).query<Entry & { id: string; reason: string }>(
    `select a.id::text as id, at, actor, action, subject, reason, detail, null as "from", null as "to",
            (select w.id from bank_withdrawal.withdrawals w where w.id = a.subject) as "withdrawalId"
       from bank_withdrawal.operator_actions a
      where ($1::text is null or actor = $1) and ($2::bigint is null or a.id < $2::bigint)
      order by a.id desc limit $3`,
    [actor, action, limit],
  )
  return rows.map(({ id, reason, ...row }): Entry => ({
    ...row,
    detail: { reason, ...row.detail },
    place: { action: id },
  }))
}
