import type { BooksStore, Candidate, ReconciliationRun } from '../../src/db/books'
import { EMPTY_PLACE, slotOf } from '../../src/domain/reconciliation'
import {
  creditsThatDoNotMatch,
  type FoundCandidate,
  itemsThatDoNotMatch,
  rowsOf,
  rowsThatDoNotMatch,
  type StagedItem,
} from './memory-matching'
import { fresh, type Immediate, type MemoryFunctions } from './memory-store'
import { type MemoryRow, type MemoryTables, RefusedError, type Writable } from './memory-tables'

/** A day's proof is a matter of reading alone. */
export type MemoryBooks = Omit<
  Immediate<BooksStore>,
  'readDay' | 'keepProof' | 'findProof' | 'listProofs' | 'readChain'
>

interface StoredRun extends ReconciliationRun {
  readonly slot: string | null
  readonly nextRunAt: Date | null
  readonly leaseOwner: string | null
  readonly leaseUntil: Date | null
}

type Judged = FoundCandidate & { verdict: 'difference' | 'agrees' | 'unknown' | null }

/** What src/db/books does of reconciliations and of lost rows, on maps; a test holds it equal to PostgreSQL and PGlite. */
export class Books {
  readonly runs: StoredRun[] = []
  private items: (StagedItem & { readonly runId: string })[] = []
  private readonly candidates = new Map<string, Map<string, Judged>>()
  private staged = 0

  constructor(
    private readonly tables: MemoryTables,
    private readonly questions: Pick<MemoryFunctions, 'listDifferences' | 'answerDifference'>,
    private readonly onEnded: (run: ReconciliationRun) => void = () => {},
  ) {}

  /** When there is work on a run next, on the database's clock; Infinity while there is none. */
  nextDueMs(): number {
    const running = this.runs.find(({ state }) => state === 'running')
    return Math.max(running?.nextRunAt?.getTime() ?? Infinity, running?.leaseUntil?.getTime() ?? 0)
  }

  hasAsked = (at: Date): boolean => this.runs.some(({ slot }) => slot === slotOf(at).slot)

  private ours = ({ id, version }: Pick<ReconciliationRun, 'id' | 'version'>): StoredRun | undefined =>
    this.runs.find((run) => run.id === id && run.version === version && run.state === 'running')

  private write(run: StoredRun, columns: Partial<StoredRun>): ReconciliationRun {
    const written = { ...run, ...columns, version: run.version + 1 }
    this.runs[this.runs.indexOf(run)] = written
    return shown(written)
  }

  private candidatesOf(runId: string): Map<string, Judged> {
    const held = this.candidates.get(runId) ?? new Map<string, Judged>()
    this.candidates.set(runId, held)
    return held
  }

  private keep(runId: string, found: Iterable<FoundCandidate>): void {
    const held = this.candidatesOf(runId)
    for (const one of found) {
      const name = nameOf(one)
      if (!held.has(name)) held.set(name, { ...one, verdict: null })
    }
  }

  private itemsOf = (runId: string): readonly StagedItem[] =>
    this.items.filter((item) => item.runId === runId)

  readonly functions: MemoryBooks = {
    now: () => this.tables.at(),
    ask: ({ slot, since, until, askedBy, reason }) => {
      if (since >= until) throw new RefusedError('23514', 'a_range_has_a_length')
      if (this.runs.some((run) => run.state === 'running' || (slot !== null && run.slot === slot)))
        return null
      const at = this.tables.at()
      const run: StoredRun = {
        ...{ id: String(this.runs.length + 1), slot, since, until, askedBy, reason, askedAt: at },
        ...{ state: 'running', place: EMPTY_PLACE, version: 1, endedAt: null },
        ...{ nextRunAt: at, leaseOwner: null, leaseUntil: null },
      }
      this.runs.push(run)
      return shown(run)
    },
    claim: ({ owner, seconds }) => {
      const nowMs = this.tables.nowMs()
      const isDue = ({ nextRunAt, leaseUntil }: StoredRun): boolean =>
        nextRunAt !== null && nextRunAt.getTime() <= nowMs && (leaseUntil?.getTime() ?? 0) <= nowMs
      const run = this.runs.find((one) => one.state === 'running' && isDue(one))
      return run ? this.write(run, { leaseOwner: owner, leaseUntil: this.tables.at(seconds * 1_000) }) : null
    },
    advance: (run, { place, items = [], candidates = [], keepSeconds, againInMs = 0 }) => {
      const ours = this.ours(run)
      if (!ours) return null
      if (items.some(({ id, ref }) => `${id}${ref}`.includes('\u0000')))
        throw new RefusedError('22021', 'no text of PostgreSQL holds NUL')
      const written = this.write(ours, {
        ...{ place, leaseOwner: keepSeconds === undefined ? null : ours.leaseOwner },
        leaseUntil: keepSeconds === undefined ? null : this.tables.at(keepSeconds * 1_000),
        nextRunAt: this.tables.at(againInMs),
      })
      for (const item of items) this.items.push({ ...item, runId: run.id, nth: ++this.staged })
      this.keep(run.id, candidates)
      return written
    },
    end: (run, { place, state }) => {
      const ours = this.ours(run)
      if (!ours) return null
      const none = { nextRunAt: null, leaseOwner: null, leaseUntil: null }
      const ended = this.write(ours, { ...none, place, state, endedAt: this.tables.at() })
      this.onEnded(ended)
      return ended
    },
    clear: (after, limit) => {
      const isOver = (id: string): boolean =>
        this.runs.some((run) => run.id === id && run.state !== 'running')
      for (const id of this.candidates.keys()) if (isOver(id)) this.candidates.delete(id)
      const isBehind = ({ runId, nth }: StagedItem & { runId: string }): boolean =>
        Number(runId) > Number(after.runId) || (runId === after.runId && nth > Number(after.nth))
      const gone = new Set(this.items.filter((one) => isOver(one.runId) && isBehind(one)).slice(0, limit))
      this.items = this.items.filter((item) => !gone.has(item))
      const last = [...gone].at(-1)
      return last ? { runId: last.runId, nth: String(last.nth) } : null
    },
    list: (limit) => [...this.runs].reverse().slice(0, limit).map(shown),
    find: (id) => this.runs.filter((run) => run.id === id).map(shown)[0] ?? null,
    lastOf: (runId, afterItem, limit) => {
      const after = this.items.filter((item) => item.runId === runId && item.nth > Number(afterItem))
      return after.slice(0, limit).at(-1)?.nth.toString() ?? null
    },
    matchItems: ({ runId, since, afterItem, last }) => {
      const all = this.itemsOf(runId)
      const slice = all.filter(({ nth }) => nth > Number(afterItem) && nth <= Number(last))
      return [...itemsThatDoNotMatch(this.tables, slice, all, since)]
    },
    matchRows: (slice) => {
      const found = rowsOf(this.tables, slice)
      const candidates = [...rowsThatDoNotMatch(found, this.itemsOf(slice.runId), slice)]
      return { rows: found.length, candidates }
    },
    matchCredits: (runId) => [...creditsThatDoNotMatch(this.tables, this.itemsOf(runId))],
    analyse: () => {},
    count: (runId) => this.candidatesOf(runId).size,
    next: (runId, limit) =>
      [...this.candidatesOf(runId).values()]
        .filter(({ verdict }) => verdict === null)
        .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
        .slice(0, limit)
        .map(({ verdict: _none, ...candidate }): Candidate => candidate),
    judge: (runId, { kind, subject }, verdict) => {
      const candidate = this.candidatesOf(runId).get(`${kind} ${subject}`)
      if (candidate) candidate.verdict = verdict
    },
    verdicts: (runId) => {
      const counted = new Map<string, { kind: string; verdict: string; count: number }>()
      for (const { kind, verdict } of this.candidatesOf(runId).values()) {
        if (verdict === null) continue
        const before = counted.get(`${kind} ${verdict}`)
        counted.set(`${kind} ${verdict}`, { kind, verdict, count: (before?.count ?? 0) + 1 })
      }
      return [...counted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
    },
    openDifference: (id) => {
      const found = this.questions
        .listDifferences({ isOpen: true, limit: 10_000 })
        .find((one) => one.id === id)
      if (!found) return null
      const { kind, withdrawalId, detail } = found
      return { id, kind, withdrawalId, detail: detail }
    },
    insertLost: (draft, { differenceId, actor, reason, detail }) => {
      if (this.tables.rows.has(draft.id)) return null
      if (!this.questions.answerDifference({ id: differenceId, by: actor, resolution: reason })) return null
      const { settledBurnId, ...given } = draft
      const now = this.tables.at()
      const row: Writable<MemoryRow> = fresh({ ...given, idempotencyKey: null }, now)
      Object.assign(row, { state: 'conflict', reasonCode: 'row_lost', settledBurnId, heldAt: now })
      Object.assign(row, { payoutStartedAt: now, payoutDoubtAt: now })
      if (this.tables.isOff('frozen')) Object.assign(row, { state: 'ready', nextRunAt: now })
      return this.tables.insert(row, 'withdrawal.taken_in', actor, { ...detail, reason })
    },
  }
}

const nameOf = ({ kind, subject }: FoundCandidate): string => `${kind} ${subject}`

const shown = ({
  id,
  since,
  until,
  askedBy,
  reason,
  askedAt,
  state,
  place,
  version,
  endedAt,
}: ReconciliationRun): ReconciliationRun => ({
  ...{ id, since, until, askedBy, reason, askedAt, state, place, version, endedAt },
})
