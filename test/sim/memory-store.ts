import type { StateChange, Store, StoredWithdrawal } from '../../src/db/store'
import type { JournalEntry, Withdrawal, WithdrawalPatch } from '../../src/domain/withdrawal'
import { countIn, listIn } from './memory-lists'

/** The same functions without waiting: in the simulator the waiting, and what can go wrong in it, is elsewhere. */
export type Immediate<Functions> = {
  [Name in keyof Functions]: Functions[Name] extends (...given: infer Given) => Promise<infer Result>
    ? (...given: Given) => Result
    : Functions[Name]
}

export interface MemoryRow extends Withdrawal {
  readonly leaseOwner: string | null
  readonly leaseUntil: Date | null
}

export type MemoryStore = Omit<Immediate<Store>, 'providerDocuments'> & {
  readonly rows: ReadonlyMap<string, MemoryRow>
  /** Earliest time at which a worker's look would find something; Infinity when there is nothing to find. */
  nextDueMs(): number
  /** Somebody with access to the table changes a row behind the program's back. */
  tamper(id: string, columns: Partial<MemoryRow>): void
}

export interface MemoryStoreOptions {
  readonly nowMs: () => number
  /** Sees every journal entry as it is appended, with the row before and after the change. */
  readonly onAppend?: (
    entry: JournalEntry,
    before: MemoryRow | null,
    after: MemoryRow,
    change: StateChange | null,
  ) => void
  /** What a planted mistake leaves out. */
  readonly without?: ReadonlySet<'version' | 'lease' | 'idempotency' | 'hold_doubt' | 'journal_from'>
}

/** As a PostgreSQL driver raises it. */
export class RefusedError extends Error {
  constructor(
    readonly code: string,
    readonly constraint: string,
  ) {
    super(`refused by ${constraint}`)
  }
}
const unique = (constraint: string): never => {
  throw new RefusedError('23505', constraint)
}
const check = (holds: boolean, constraint: string): void => {
  if (!holds) throw new RefusedError('23514', constraint)
}

const WITH_PROVIDER: readonly string[] = [
  ...['submitting', 'submitted', 'in_doubt', 'settling', 'processed', 'returning', 'returned'],
]
const MAY_REST: readonly string[] = ['in_review', 'processed', 'canceled', 'returned', 'conflict']
const MUST_REST: readonly string[] = ['processed', 'canceled', 'returned', 'conflict']

/**
 * The database of the simulator: what the functions of src/db do, on maps. A test holds it equal to PostgreSQL and
 * PGlite, statement for statement.
 */
export function createMemoryStore({ nowMs, onAppend, without }: MemoryStoreOptions): MemoryStore {
  const rows = new Map<string, MemoryRow>()
  const journal = new Map<string, JournalEntry[]>()
  const isOff = (guard: 'version' | 'lease' | 'idempotency' | 'hold_doubt') => without?.has(guard) === true

  const at = (ms = 0): Date => new Date(nowMs() + ms)
  const isHeld = ({ leaseUntil }: MemoryRow): boolean => leaseUntil !== null && leaseUntil.getTime() > nowMs()
  const isDue = (row: MemoryRow): boolean =>
    row.nextRunAt !== null &&
    row.nextRunAt.getTime() <= nowMs() &&
    !(row.state === 'ready' && row.mode === 'batch')

  function view(row: MemoryRow): StoredWithdrawal {
    const { leaseOwner: _owner, leaseUntil: _until, ...withdrawal } = row
    const createdAtExact = withdrawal.createdAt.toISOString().replace('Z', '000Z')
    return { ...withdrawal, readAt: at(), createdAtExact, leased: isHeld(row) }
  }

  function put(row: MemoryRow): MemoryRow {
    const { id, state, heldAt, nextRunAt, provider, providerReference } = row
    // In the order of their names, as PostgreSQL does: a row that breaks two names the first.
    check(nextRunAt !== null || MAY_REST.includes(state), 'nothing_is_forgotten')
    check(!WITH_PROVIDER.includes(state) || heldAt !== null, 'nothing_is_paid_without_a_lock')
    check(nextRunAt === null || !MUST_REST.includes(state), 'the_end_is_the_end')
    if (providerReference !== null)
      for (const other of rows.values())
        if (other.id !== id && other.provider === provider && other.providerReference === providerReference)
          unique('withdrawals_provider_reference')
    rows.set(id, row)
    return row
  }

  function append(before: MemoryRow | null, after: MemoryRow, change: StateChange | null): void {
    const entry: JournalEntry = {
      withdrawalId: after.id,
      seq: after.version,
      at: after.updatedAt,
      event: change?.event ?? 'withdrawal.requested',
      from: change?.from ?? null,
      to: after.state,
      actor: change?.actor ?? 'user',
      reasonCode: change === null ? null : after.reasonCode,
      detail: JSON.parse(JSON.stringify(change?.detail ?? {})) as Record<string, unknown>,
    }
    const entries = journal.get(after.id) ?? []
    entries.push(entry)
    journal.set(after.id, entries)
    onAppend?.(entry, before, after, change)
  }

  function claim(row: MemoryRow, { owner, seconds }: { owner: string; seconds: number }): StoredWithdrawal {
    const until = at(seconds * 1_000)
    const claimed = { leaseOwner: owner, leaseUntil: until, nextRunAt: until, attempts: row.attempts + 1 }
    return view(put({ ...row, ...claimed }))
  }

  const holds = (row: MemoryRow, owner: string): boolean =>
    isOff('lease') || (row.leaseOwner === owner && isHeld(row))

  const idempotent = (userId: number, key: string | null): MemoryRow | undefined =>
    key === null || isOff('idempotency')
      ? undefined
      : [...rows.values()].find((row) => row.userId === userId && row.idempotencyKey === key)

  return {
    rows,

    nextDueMs() {
      let least = Infinity
      for (const row of rows.values())
        if (row.nextRunAt !== null && !(row.state === 'ready' && row.mode === 'batch'))
          least = Math.min(least, row.nextRunAt.getTime())
      return least
    },

    tamper(id, columns) {
      const row = rows.get(id)
      if (row) rows.set(id, { ...row, ...columns })
    },

    insertWithdrawal(draft, lease) {
      if (idempotent(draft.userId, draft.idempotencyKey)) return null
      if (rows.has(draft.id)) unique('withdrawals_pkey')
      if ([...rows.values()].some((row) => row.payoutKey === draft.payoutKey))
        unique('withdrawals_payout_key_key')
      const [now, until] = [at(), at(lease.seconds * 1_000)]
      const row: MemoryRow = put({
        ...draft,
        ...{ state: 'requested', version: 1, attempts: 1, reasonCode: null },
        ...{ leaseOwner: lease.owner, leaseUntil: until, nextRunAt: until },
        ...{
          providerReference: null,
          providerTransactionId: null,
          providerStatus: null,
          settledBurnId: null,
        },
        ...{ holdDoubtAt: isOff('hold_doubt') ? null : now, holdRepeated: false, heldAt: null },
        ...{ payoutStartedAt: null, payoutDoubtAt: null, stateSince: now, createdAt: now, updatedAt: now },
      })
      append(null, row, null)
      return view(row)
    },

    findWithdrawal(id) {
      const row = rows.get(id)
      return row ? view(row) : null
    },
    findByIdempotencyKey(userId, key) {
      const row = [...rows.values()].find((held) => held.userId === userId && held.idempotencyKey === key)
      return row ? view(row) : null
    },
    listWithdrawals: (query) => listIn([...rows.values()], query).map(view),
    countWithdrawals: (query) => countIn([...rows.values()], query),
    readJournal: (id) => [...(journal.get(id) ?? [])],

    claimDue(lease, limit) {
      const due = [...rows.values()].filter(isDue)
      due.sort((a, b) => Number(a.nextRunAt) - Number(b.nextRunAt))
      return due.slice(0, limit).map((row) => claim(row, lease))
    },
    claimOne(lease, id) {
      const row = rows.get(id)
      return row && isDue(row) ? claim(row, lease) : null
    },

    changeState(change) {
      const row = rows.get(change.id)
      if (!row) return null
      if (!isOff('version') && (row.state !== change.from || row.version !== change.version)) return null
      if (change.leaseOwner !== null && !holds(row, change.leaseOwner)) return null
      const moved = put({
        ...row,
        ...patched(change.patch, at()),
        ...scheduled(change, row, nowMs()),
        state: change.to,
        version: row.version + 1,
        updatedAt: at(),
        ...(change.from !== change.to && { stateSince: at() }),
      })
      append(row, moved, change)
      return view(moved)
    },

    postpone({ id, version, leaseOwner }, runInMs, reasonCode) {
      const row = rows.get(id)
      if (!row || (!isOff('version') && row.version !== version) || !holds(row, leaseOwner)) return false
      const free = { leaseOwner: null, leaseUntil: null, nextRunAt: at(runInMs) }
      put({ ...row, ...free, ...(reasonCode !== undefined && { reasonCode }) })
      return true
    },

    wake(id) {
      const row = rows.get(id)
      if (!row || row.nextRunAt === null || isHeld(row)) return false
      put({ ...row, nextRunAt: at() })
      return true
    },

    ping() {},
  }
}

function patched(patch: WithdrawalPatch, now: Date): Partial<MemoryRow> {
  const entries = Object.entries(patch) as [keyof WithdrawalPatch, unknown][]
  return Object.fromEntries(entries.map(([name, value]) => [name, value === 'now' ? now : (value ?? null)]))
}

function scheduled(
  { next, from, to, leaseOwner }: StateChange,
  row: MemoryRow,
  nowMs: number,
): Partial<MemoryRow> {
  const entered = from !== to
  if ('keepLeaseSeconds' in next) {
    const until = new Date(nowMs + next.keepLeaseSeconds * 1_000)
    return { leaseUntil: until, nextRunAt: until, ...(entered && { attempts: 1 }) }
  }
  const free = {
    leaseOwner: null,
    ...(leaseOwner !== null && { leaseUntil: null }),
    ...(entered && { attempts: 0 }),
  }
  if (next.runInMs === null) return { ...free, nextRunAt: null }
  const dueMs = nowMs + next.runInMs
  const busyUntilMs = leaseOwner === null ? (row.leaseUntil?.getTime() ?? 0) : 0
  return { ...free, nextRunAt: new Date(Math.max(dueMs, busyUntilMs)) }
}
