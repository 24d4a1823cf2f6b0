import {
  hashOfHead,
  readHead,
  SETTLED_AFTER_MS,
  type SignedHead,
  type TrailHead,
} from '../../domain/trail-head'
import type { Queryable } from '../connect/database'
import { CLOCK } from '../row'
import { DIGEST } from '../trail'

export interface HeadSettings {
  /** Left out where the key is not known. */
  readonly isSigned?: (head: SignedHead) => boolean
  /** Heads that were kept outside the database. */
  readonly copies?: readonly SignedHead[]
}

interface Finding {
  readonly id: string
  readonly detail: string
}

/** A day that is over is signed within the hour; after a stop of the program, as soon as it runs. */
const LATE_MS = 2 * 86_400_000 + SETTLED_AFTER_MS

/** Holds the trail against what was signed of it: those heads that are stored, and those that were kept elsewhere. */
export async function checkHeads(db: Queryable, { isSigned, copies = [] }: HeadSettings, namedMax: number) {
  const stored = await db.query<SignedHead>(
    'select nth::float8 as nth, content, signature from bank_withdrawal.trail_heads order by nth',
  )
  const found: Finding[] = [...copyFindings(stored, copies)]
  const kept = new Map([...stored, ...copies].map((head) => [head.nth, head]))
  const heads = [...kept.values()].sort((a, b) => a.nth - b.nth)
  let before: Kept | null = null
  for (const signed of heads) {
    const head: TrailHead | null = readHead(signed.content)
    const why = head ? await problemsOf(db, { signed, head }, before, isSigned) : ['is none']
    found.push(...why.map((detail) => ({ id: `head ${signed.nth}`, detail })))
    before = head ? { signed, head } : before
  }
  if (isSigned) found.push(...(await lateFindings(db, before?.head ?? null)))
  return {
    name: 'trail_is_what_was_signed',
    holds: 'each day of all journals, and what operators did, is what its signed head says',
    count: found.length,
    findings: found.slice(0, namedMax),
  }
}

function copyFindings(stored: readonly SignedHead[], copies: readonly SignedHead[]): Finding[] {
  const byNumber = new Map(stored.map((head) => [head.nth, head]))
  return copies.flatMap((copy) => {
    const there = byNumber.get(copy.nth)
    if (there?.content === copy.content && there.signature === copy.signature) return []
    return [
      { id: `head ${copy.nth}`, detail: there ? 'is another one than the copy' : 'is gone: there is a copy' },
    ]
  })
}

interface Kept {
  readonly signed: SignedHead
  readonly head: TrailHead
}

async function problemsOf(
  db: Queryable,
  { signed, head }: Kept,
  before: Kept | null,
  isSigned: HeadSettings['isSigned'],
): Promise<string[]> {
  const problems: string[] = []
  if (isSigned && !isSigned(signed)) problems.push('is not signed with our key')
  if (!follows({ signed, head }, before))
    problems.push('does not follow the one before: one was taken out, put in or changed')
  const [now] = await db.query<{ entries: number; digest: string }>(DIGEST, [head.since, head.until])
  if (now?.digest !== head.digest || now.entries !== head.entries)
    problems.push(
      `${head.entries} entries until ${head.until} were signed; the ${now?.entries ?? 0} that are there are not those`,
    )
  const actions = await db.query(
    `select from bank_withdrawal.operator_actions where nth = $1 and hash = $2 union all select where $1 = 0`,
    [head.actions, head.actionHash],
  )
  if (actions.length === 0) problems.push(`operator's action ${head.actions} is not the one that was signed`)
  return problems
}

function follows({ signed, head }: Kept, before: Kept | null): boolean {
  if (head.nth !== signed.nth) return false
  if (!before) return head.nth === 1 && head.since === null && head.before === ''
  return (
    head.nth === before.head.nth + 1 &&
    head.since === before.head.until &&
    head.before === hashOfHead(before.signed)
  )
}

/** Without new heads nobody would notice what is cut off. */
async function lateFindings(db: Queryable, last: TrailHead | null): Promise<Finding[]> {
  const [seen] = await db.query<{ now: Date; firstAt: Date | null }>(
    `select ${CLOCK} as now, (select min(at) from bank_withdrawal.journal) as "firstAt"`,
  )
  const since = last ? new Date(last.until) : (seen?.firstAt ?? null)
  if (!seen || !since || seen.now.getTime() - since.getTime() < LATE_MS) return []
  return [{ id: 'heads', detail: `nothing has been signed since ${since.toISOString()}` }]
}
