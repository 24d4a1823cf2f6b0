import type { Batch, QuarantinedDestination, StateChange, StoredWithdrawal } from '../../src/db/store'
import type { JournalEntry, RetiredPayout, Withdrawal } from '../../src/domain/withdrawal'

export interface MemoryRow extends Withdrawal {
  readonly leaseOwner: string | null
  readonly leaseUntil: Date | null
  readonly wokenAt: Date | null
  readonly takenFrom: string | null
  readonly waitsForResume: boolean
  readonly createdAtExact: string
}

/**
 * A row, while it is copied: what changes is assigned to a copy, for to spread one object behind another takes many times
 * as long, and a history copies some hundreds.
 */
export type Writable<Row> = { -readonly [Name in keyof Row]: Row[Name] }

export interface MemoryBatch extends Batch {
  /** Ids of the members, in their order. */
  readonly members: readonly string[]
}

export interface MemoryRetired extends Omit<RetiredPayout, 'readAt'> {
  readonly watchAt: Date | null
}

/** A protection of the database that a planted mistake leaves out. */
export type Guard = 'version' | 'lease' | 'idempotency' | 'hold_doubt' | 'claim' | 'stray' | 'turn' | 'frozen'

export interface MemoryStoreOptions {
  readonly nowMs: () => number
  /** Sees every journal entry as it is committed, with the row before and after the change. */
  readonly onAppend?: (
    entry: JournalEntry,
    before: MemoryRow | null,
    after: MemoryRow,
    change: StateChange | null,
  ) => void
  readonly without?: ReadonlySet<Guard>
  /** Whether a crash of the database undoes it, which waited for no disk, before anything else was written. */
  readonly isLost?: (change: StateChange) => boolean
  /**
   * Whether nothing but repetition is left of what has been as it is since then: nothing wakes for another look in doubt,
   * and what is watched is looked at again at the end of its watch.
   */
  readonly isRepetition?: (of: 'doubt' | 'watch', since: Date) => boolean
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
export const unique = (constraint: string): never => {
  throw new RefusedError('23505', constraint)
}
const check = (holds: boolean, constraint: string): void => {
  if (!holds) throw new RefusedError('23514', constraint)
}

const WITH_PROVIDER: readonly string[] = [
  ...['submitting', 'submitted', 'in_doubt', 'settling', 'processed', 'returning', 'returned'],
]
const CAME_BACK: readonly string[] = ['returning', 'returned']
const ENDED: readonly string[] = ['processed', 'canceled', 'returned']
const WAITS: readonly string[] = ['requested', 'in_review', 'ready']
/** States in which nothing is left to do for a worker. */
export const MAY_REST: readonly string[] = ['in_review', 'processed', 'canceled', 'returned', 'conflict']
const MUST_REST: readonly string[] = ['processed', 'canceled', 'returned', 'conflict']

type QueueColumn = 'leaseOwner' | 'leaseUntil' | 'wokenAt' | 'takenFrom' | 'waitsForResume'
type Hidden = { [Column in QueueColumn]?: MemoryRow[Column] | undefined }

/** As a column of JSON gives it back. */
function asStored(detail: StateChange['detail']): Record<string, unknown> {
  for (const _name in detail) return JSON.parse(JSON.stringify(detail)) as Record<string, unknown>
  return {}
}

/** The tables with their constraints, their clock and their transactions. */
export class MemoryTables {
  rows = new Map<string, MemoryRow>()
  batches = new Map<string, MemoryBatch>()
  retired = new Map<string, MemoryRetired>()
  readonly journal = new Map<string, JournalEntry[]>()
  /** By the account and its user. */
  readonly quarantined = new Map<string, QuarantinedDestination & { isLifted: boolean }>()
  isStopped = false
  /** Locked by somebody else at this moment: who claims what is free passes over these, and so does who releases. */
  passedOver: ReadonlySet<string> = new Set()
  /** When rows were due before others moved them at this moment: who claims takes them in the order it has seen. */
  seenDueAt: ReadonlyMap<string, Date | null> = new Map()
  /** Counts changes of rows: who has looked at this count has seen them all. */
  changes = 0
  private pending: (() => void)[] = []

  constructor(private readonly options: MemoryStoreOptions) {}

  nowMs = (): number => this.options.nowMs()
  at = (ms = 0): Date => new Date(this.nowMs() + ms)
  isOff = (guard: Guard): boolean => this.options.without?.has(guard) === true

  isHeld = ({ leaseUntil }: MemoryRow): boolean => leaseUntil !== null && leaseUntil.getTime() > this.nowMs()
  holds = (row: MemoryRow, owner: string): boolean =>
    this.isOff('lease') || (row.leaseOwner === owner && this.isHeld(row))

  accountOf = ({ userId, destinationHash }: { userId: number; destinationHash: string }): string =>
    `${destinationHash} ${userId}`
  isQuarantined = (account: { userId: number; destinationHash: string }): boolean =>
    this.quarantined.get(this.accountOf(account))?.isLifted === false

  view = (row: MemoryRow): StoredWithdrawal => {
    const batch = row.batchId === null ? undefined : this.batches.get(row.batchId)
    const seen: Writable<StoredWithdrawal & Hidden> = { ...row, readAt: this.at(), leased: false }
    // The columns of the queue are nobody's business; to copy all others one by one would be slow.
    seen.leaseOwner = undefined
    seen.leaseUntil = undefined
    seen.wokenAt = undefined
    seen.takenFrom = undefined
    seen.waitsForResume = undefined
    seen.orderReference = batch?.providerReference ?? null
    seen.orderTaken = batch?.state === 'sent'
    seen.orderedBefore = row.batchId !== null && this.ordersOf(row.id) > 1
    seen.leased = this.isHeld(row)
    return seen
  }

  private ordersOf(id: string): number {
    let count = 0
    for (const { members } of this.batches.values()) if (members.includes(id)) count++
    return count
  }

  put(row: MemoryRow): MemoryRow {
    const { id, state, heldAt, nextRunAt, provider, providerReference } = row
    // In the order of their names, as PostgreSQL does: a row that breaks two names the first.
    check(nextRunAt !== null || MAY_REST.includes(state), 'nothing_is_forgotten')
    check(!WITH_PROVIDER.includes(state) || heldAt !== null, 'nothing_is_paid_without_a_lock')
    check(!CAME_BACK.includes(state) || row.returnedAmount !== null, 'only_what_came_back_is_credited')
    check(row.watchAt === null || ENDED.includes(state), 'only_what_has_ended_is_watched')
    check(nextRunAt === null || !MUST_REST.includes(state), 'the_end_is_the_end')
    check(row.batchId === null || !WAITS.includes(state), 'what_waits_is_in_no_batch')
    for (const other of this.rows.values())
      if (other.id !== id && other.payoutKey === row.payoutKey) unique('withdrawals_payout_key_key')
    if (providerReference !== null)
      for (const other of this.rows.values())
        if (other.id !== id && other.provider === provider && other.providerReference === providerReference)
          unique('withdrawals_provider_reference')
    this.rows.set(id, row)
    this.changes++
    return row
  }

  lease(
    row: MemoryRow,
    { owner, seconds }: { owner: string; seconds: number },
    more: Partial<MemoryRow> = {},
  ) {
    const until = this.at(seconds * 1_000)
    const leased: Writable<MemoryRow> = { ...row }
    leased.leaseOwner = owner
    leased.leaseUntil = until
    leased.nextRunAt = until
    return this.view(this.put(Object.assign(leased, more)))
  }

  /** Its holder is dead: what it may have begun to send is remembered. */
  release(row: MemoryRow): void {
    const { leaseUntil, strayUntil, nextRunAt, watchAt, batchId } = row
    const untilMs = Math.max(leaseUntil?.getTime() ?? 0, strayUntil?.getTime() ?? 0)
    this.put({
      ...row,
      ...{
        strayUntil: this.isOff('stray') ? strayUntil : new Date(untilMs),
        leaseOwner: null,
        leaseUntil: null,
        wokenAt: null,
      },
      ...{ nextRunAt: nextRunAt && this.at(), watchAt: watchAt && this.at() },
    })
    const batch = batchId === null ? undefined : this.batches.get(batchId)
    if (batch?.state === 'sending' && !this.passedOver.has(batch.id))
      this.batches.set(batch.id, { ...batch, state: 'in_doubt', updatedAt: this.at() })
  }

  /** The order in which due rows come up. */
  byDueTime = (a: MemoryRow, b: MemoryRow): number => this.seenDueMs(a) - this.seenDueMs(b)
  private seenDueMs = ({ id, nextRunAt }: MemoryRow): number => Number(this.seenDueAt.get(id) ?? nextRunAt)

  insert(
    row: MemoryRow,
    event: string,
    actor: string,
    detail: Record<string, unknown> = {},
  ): StoredWithdrawal {
    return this.atomically(() => {
      this.put(row)
      const { id: withdrawalId, version: seq, createdAt: at, state: to, reasonCode } = row
      this.write({ withdrawalId, seq, at, event, from: null, to, actor, reasonCode, detail }, null, row, null)
      return this.view(row)
    })
  }

  append(before: MemoryRow, after: MemoryRow, change: StateChange): void {
    const entry: JournalEntry = {
      ...{ withdrawalId: after.id, seq: after.version, at: after.updatedAt, event: change.event },
      ...{ from: change.from, to: after.state, actor: change.actor, reasonCode: after.reasonCode },
      detail: asStored(change.detail),
    }
    this.write(entry, before, after, change)
  }

  private write(
    entry: JournalEntry,
    before: MemoryRow | null,
    after: MemoryRow,
    change: StateChange | null,
  ): void {
    this.pending.push(() => {
      const entries = this.journal.get(after.id) ?? []
      entries.push(entry)
      this.journal.set(after.id, entries)
      this.options.onAppend?.(entry, before, after, change)
    })
  }

  /** All of it or nothing; null counts as nothing. */
  atomically<Result>(work: () => Result): Result {
    const [rows, batches, retired] = [new Map(this.rows), new Map(this.batches), new Map(this.retired)]
    this.pending = []
    let result: Result
    try {
      result = work()
      for (const { batchId } of this.rows.values())
        if (batchId !== null && !this.batches.has(batchId))
          throw new RefusedError('23503', 'withdrawals_batch_id_fkey')
    } catch (error) {
      this.restore(rows, batches, retired)
      throw error
    }
    if (result === null) this.restore(rows, batches, retired)
    else for (const write of this.pending) write()
    return result
  }

  /** Answered as done, and then it was not. */
  lost<Result>(work: () => Result): Result {
    const putBack = this.saved()
    this.pending = []
    const result = work()
    this.pending = []
    putBack()
    return result
  }

  isLost = (change: StateChange): boolean =>
    change.isFoundAgain === true && this.options.isLost?.(change) === true

  /** @returns Puts everything back as it is now, as often as it is called. */
  saved(): () => void {
    const [rows, batches, retired] = [new Map(this.rows), new Map(this.batches), new Map(this.retired)]
    const journal = [...this.journal].map(([id, entries]) => [id, [...entries]] as const)
    return () => {
      this.restore(new Map(rows), new Map(batches), new Map(retired))
      this.journal.clear()
      for (const [id, entries] of journal) this.journal.set(id, [...entries])
    }
  }

  private restore(
    rows: Map<string, MemoryRow>,
    batches: Map<string, MemoryBatch>,
    retired: Map<string, MemoryRetired>,
  ): void {
    Object.assign(this, { rows, batches, retired })
    this.changes++
  }
}
