import { NotInsertedError } from '../../src/db/statements/insert-withdrawal'
import type {
  AdoptionReview,
  PolicyGuard,
  StateChange,
  Store,
  StoredWithdrawal,
  WithdrawalDraft,
} from '../../src/db/store'
import { isFinal } from '../../src/domain/states'
import type { WithdrawalPatch } from '../../src/domain/withdrawal'
import { memoryBatches } from './memory-batches'
import { countIn, listedOf, listIn } from './memory-lists'
import { judgeInMemory, memoryPolicies } from './memory-policy'
import { memoryQuestions } from './memory-questions'
import { memoryStop } from './memory-stop'
import {
  type MemoryRow,
  type MemoryStoreOptions,
  MemoryTables,
  RefusedError,
  unique,
  type Writable,
} from './memory-tables'
import { memoryWatch } from './memory-watch'

/** The same functions without waiting: in the simulator the waiting, and what can go wrong in it, is elsewhere. */
export type Immediate<Functions> = {
  [Name in keyof Functions]: Functions[Name] extends (...given: infer Given) => Promise<infer Result>
    ? (...given: Given) => Result
    : Functions[Name]
}
/**
 * Searching and counting are the operators'; nothing that moves money does it. So is proposing and confirming, and what a
 * bank's report is kept for: what comes of it are operators' actions and a provider's facts. The simulator knows itself
 * which of its processes is dead.
 */
export type MemoryFunctions = Omit<
  Immediate<Store>,
  | 'providerDocuments'
  | 'searchWithdrawals'
  | 'listAsking'
  | 'listOpenDifferences'
  | 'readStanding'
  | 'readOutcomes'
  | 'foldTallies'
  | ('pastWithdrawals' | 'auditTrail')
  | 'releaseLeasesOfDead'
  | ('keepBankReport' | 'findBankReport')
  | ('proposeApproval' | 'sayToApproval' | 'concludeApproval' | 'findApproval' | 'listApprovals')
>

export interface MemoryStore {
  readonly tables: MemoryTables
  readonly functions: MemoryFunctions
  /** Earliest times at which a look would find something; Infinity when there is nothing (new) to find. */
  nextDueMs(): number
  nextBatchMs(): number
  nextWatchMs(): number
  /** Somebody with access to the table changes a row behind the program's back. */
  tamper(id: string, columns: Partial<MemoryRow>): void
}

type Retires = NonNullable<StateChange['retires']>

const NOT_OPEN: readonly string[] = ['processed', 'canceled', 'returning', 'returned', 'conflict']

const waitsForBatch = ({ state, mode }: MemoryRow): boolean => state === 'ready' && mode === 'batch'

/**
 * The database of the simulator: what the functions of src/db do, on maps. A test holds it equal to PostgreSQL and
 * PGlite, statement for statement.
 */
export function createMemoryStore(options: MemoryStoreOptions): MemoryStore {
  const tables = new MemoryTables(options)
  const watch = memoryWatch(tables)
  const questions = memoryQuestions(tables, watch.wake)
  const batches = memoryBatches(tables, (changes) => changeAll(tables, changes))
  /** Asked at every event, and only then worked out when a row has changed since. */
  const earliest = (of: (row: MemoryRow) => Date | null) => {
    let [seen, least] = [-1, Infinity]
    return (): number => {
      if (seen === tables.changes) return least
      ;[seen, least] = [tables.changes, Infinity]
      for (const row of tables.rows.values()) {
        const at = of(row)
        if (at !== null) least = Math.min(least, at.getTime())
      }
      return least
    }
  }
  const isRepetition: NonNullable<MemoryStoreOptions['isRepetition']> = (of, since) =>
    options.isRepetition?.(of, since) === true
  const nextLook = (row: MemoryRow): Date | null =>
    row.state === 'in_doubt' && isRepetition('doubt', row.updatedAt) ? null : row.nextRunAt
  const nextWatch = (watchAt: Date | null, watchUntil: Date | null, since: Date): Date | null =>
    watchAt !== null && watchUntil !== null && watchAt < watchUntil && isRepetition('watch', since)
      ? watchUntil
      : watchAt
  const rowWatchMs = earliest((row) => nextWatch(row.watchAt, row.watchUntil, row.updatedAt))
  const watchMs = (): number => {
    let least = rowWatchMs()
    for (const { watchAt, watchUntil, retiredAt } of tables.retired.values())
      least = Math.min(least, nextWatch(watchAt, watchUntil, retiredAt)?.getTime() ?? Infinity)
    return least
  }
  return {
    tables,
    functions: {
      ...withdrawals(tables),
      ...batches,
      ...watch,
      ...questions,
      ...memoryPolicies(tables, questions.recordOperatorAction),
      ...memoryStop(tables, batches.readProviderStates),
    },
    nextDueMs: earliest((row) => (waitsForBatch(row) ? null : nextLook(row))),
    nextBatchMs: earliest((row) => (waitsForBatch(row) ? row.nextRunAt : null)),
    nextWatchMs: watchMs,
    tamper(id, columns) {
      const row = tables.rows.get(id)
      if (!row) return
      tables.rows.set(id, { ...row, ...columns })
      tables.changes++
    },
  }
}

const withdrawals = (tables: MemoryTables) => {
  const { at, view, isOff, nowMs } = tables
  const all = (): MemoryRow[] => [...tables.rows.values()]
  const viewed = (row: MemoryRow | undefined): StoredWithdrawal | null => (row ? view(row) : null)
  const isDue = (row: MemoryRow): boolean =>
    !waitsForBatch(row) && row.nextRunAt !== null && row.nextRunAt.getTime() <= nowMs()
  const claim = (row: MemoryRow, lease: { owner: string; seconds: number }) =>
    tables.lease(row, lease, { attempts: row.attempts + 1, wokenAt: null })
  const withKey = (userId: number, key: string | null): MemoryRow | undefined =>
    key === null ? undefined : all().find((row) => row.userId === userId && row.idempotencyKey === key)

  const usedCodes = new Map<string, number>()
  const isUsed = (code: string): boolean => nowMs() - (usedCodes.get(code) ?? -Infinity) <= 300_000
  /** Asked when all else is there: what fails of the statement itself fails first. */
  const refuseWhileStopped = (): void => {
    if (tables.isStopped) throw new RefusedError('BW001', 'stop')
  }

  return {
    insertWithdrawal: ((draft, lease, guards) => {
      const isOpen = ({ userId, state }: MemoryRow) => userId === draft.userId && !NOT_OPEN.includes(state)
      if (guards && guards.openMax !== null && all().filter(isOpen).length >= guards.openMax)
        throw new NotInsertedError('too_many_open')
      if (!isOff('idempotency') && withKey(draft.userId, draft.idempotencyKey)) return null
      if (tables.isQuarantined(draft)) throw new NotInsertedError('quarantined')
      const { detail, ...ruled } = judgeInMemory(tables, draft, guards?.policy)
      if (tables.rows.has(draft.id)) unique('withdrawals_pkey')
      if (all().some((row) => row.payoutKey === draft.payoutKey)) unique('withdrawals_payout_key_key')
      const code = guards && guards.otpCode !== null ? `${draft.userId}:${guards.otpCode}` : null
      if (code !== null && isUsed(code)) throw new NotInsertedError('code_used')
      refuseWhileStopped()
      if (code !== null) usedCodes.set(code, nowMs())
      const until = at(lease.seconds * 1_000)
      const leased = { leaseOwner: lease.owner, leaseUntil: until, nextRunAt: until, attempts: 1 }
      const holdDoubtAt = isOff('hold_doubt') ? null : at()
      const row: MemoryRow = { ...fresh(draft, at()), ...ruled, ...leased, holdDoubtAt }
      return tables.insert(row, 'withdrawal.requested', 'user', detail)
    }) satisfies MemoryFunctions['insertWithdrawal'],

    insertAdopted: ((draft, review, policy) => {
      if (tables.rows.has(draft.id)) return null
      if (all().some((row) => row.payoutKey === draft.payoutKey)) unique('withdrawals_payout_key_key')
      refuseWhileStopped()
      const { row, detail } = adoptedIn(tables, { ...draft, idempotencyKey: null }, review, policy ?? null)
      return tables.insert(row, 'withdrawal.adopted', 'adoption', detail)
    }) satisfies MemoryFunctions['insertAdopted'],

    findWithdrawal: (id: string) => viewed(tables.rows.get(id)),
    confirmWithdrawal: (id: string) => viewed(tables.rows.get(id)),
    findEnded: ((ids) =>
      all()
        .filter(({ id, state }) => ids.includes(id) && isFinal(state))
        .map(view)) satisfies MemoryFunctions['findEnded'],
    findByIdempotencyKey: (userId: number, key: string) => viewed(withKey(userId, key)),
    listWithdrawals: ((query) =>
      listIn(all(), query).map((row) => listedOf(view(row)))) satisfies MemoryFunctions['listWithdrawals'],
    countWithdrawals: ((query) => countIn(all(), query)) satisfies MemoryFunctions['countWithdrawals'],
    readJournal: (id: string) => [...(tables.journal.get(id) ?? [])],

    claimDue: ((lease, limit) => {
      const due = all().filter((row) => isDue(row) && !tables.passedOver.has(row.id))
      due.sort(tables.byDueTime)
      return due.slice(0, limit).map((row) => claim(row, lease))
    }) satisfies MemoryFunctions['claimDue'],
    claimOne: ((lease, id) => {
      const row = tables.rows.get(id)
      return row && isDue(row) ? claim(row, lease) : null
    }) satisfies MemoryFunctions['claimOne'],

    changeState(change: StateChange) {
      const work = () => changeAll(tables, [change])
      return (tables.isLost(change) ? tables.lost(work) : tables.atomically(work))[0] ?? null
    },
    changeStates: (changes: readonly StateChange[]) =>
      tables.atomically(() => changeAll(tables, changes)).map(({ id }) => id),

    postpone: (({ id, version, leaseOwner }, runInMs, reasonCode, waitsForResume = false) => {
      const row = tables.rows.get(id)
      if (!row || (!isOff('version') && row.version !== version)) return false
      if (!tables.holds(row, leaseOwner)) return false
      const free: Writable<MemoryRow> = { ...row }
      free.leaseOwner = free.leaseUntil = free.wokenAt = null
      free.waitsForResume = waitsForResume
      free.nextRunAt = at(row.wokenAt === null ? runInMs : 0)
      if (reasonCode !== undefined) free.reasonCode = reasonCode
      tables.put(free)
      return true
    }) satisfies MemoryFunctions['postpone'],

    letGo: (({ id, leaseOwner }) => {
      const row = tables.rows.get(id)
      if (!row || row.takenFrom !== leaseOwner || row.leaseOwner !== null) return false
      const { leaseUntil, nextRunAt } = row
      if (leaseUntil === null || !tables.isHeld(row)) return false
      const waits = nextRunAt !== null && nextRunAt <= leaseUntil
      tables.put({ ...row, leaseUntil: null, takenFrom: null, nextRunAt: waits ? at() : nextRunAt })
      return true
    }) satisfies MemoryFunctions['letGo'],
    putBack: (({ id, version }, facts) => {
      const row = tables.rows.get(id)
      return row?.version === version ? view(tables.put({ ...row, ...facts })) : null
    }) satisfies MemoryFunctions['putBack'],
    releaseLeases: ((processes) => {
      const isTheirs = ({ leaseOwner }: MemoryRow): boolean =>
        processes === null || processes.includes(leaseOwner?.split('.')[0] ?? '')
      // By when it is due next, as the indexes have it: what was woken to be watched while it was held is due already, and anybody's.
      const isAhead = (at: Date | null): boolean => at !== null && at.getTime() > tables.nowMs()
      const held = all().filter(
        (row) =>
          tables.isHeld(row) &&
          isTheirs(row) &&
          (isAhead(row.nextRunAt) || isAhead(row.watchAt)) &&
          !tables.passedOver.has(row.id),
      )
      for (const row of held) tables.release(row)
      return held.length
    }) satisfies MemoryFunctions['releaseLeases'],

    ping() {},
  }
}

/** A row as it is stored first, held by nobody. */
/** The exchange has taken it already: what is over a limit is a question. */
const neverRefusing = (policy: PolicyGuard): PolicyGuard => ({
  ...policy,
  rules: policy.rules.map((rule) => ({ ...rule, then: 'review' })),
})

function adoptedIn(
  tables: MemoryTables,
  draft: WithdrawalDraft,
  review: AdoptionReview | null,
  policy: PolicyGuard | null,
) {
  const ruled = judgeInMemory(tables, draft, policy && neverRefusing(policy))
  const { reviewCauses, coolsUntil } = ruled
  const isAsked = review !== null || reviewCauses !== null
  const why = review?.reasonCode ?? reviewCauses?.split(',')[0] ?? (coolsUntil && 'cooling_off')
  const now = tables.at()
  const row: MemoryRow = {
    ...fresh(draft, now),
    ...{ reviewCauses, coolsUntil, heldAt: now, state: why === null ? 'ready' : 'in_review' },
    ...{ reasonCode: why as MemoryRow['reasonCode'], reviewedFindings: review?.findings ?? null },
    nextRunAt: why === null ? now : isAsked ? null : coolsUntil,
  }
  const findings = review?.findings?.split(',')
  return { row, detail: { ...(findings && { findings }), ...ruled.detail } }
}

export const fresh = (draft: WithdrawalDraft, now: Date): MemoryRow => ({
  ...draft,
  ...{ state: 'requested', version: 1, attempts: 0, reasonCode: null, nextRunAt: null },
  ...{ leaseOwner: null, leaseUntil: null, wokenAt: null, takenFrom: null, waitsForResume: false },
  ...{ contradiction: null, canceledBy: null, retiredPayouts: 0, payoutRefusal: null, payoutRetryAt: null },
  ...{ takenAt: null, orderTaken: false, orderedBefore: false, providerReference: null },
  providerTransactionId: null,
  ...{ providerStatus: null, settledBurnId: null, batchId: null, orderReference: null, batchSizeMax: null },
  ...{ watchAt: null, watchUntil: null, watchLooks: 0, returnedAmount: null },
  ...{ creditDoubtAt: null, creditRefused: false, returnApprovedAt: null, reviewedFindings: null },
  ...{ holdDoubtAt: null, holdRepeated: false, heldAt: null, strayUntil: null },
  ...{ reviewCauses: null, coolsUntil: null },
  ...{
    payoutStartedAt: null,
    payer: null,
    payoutDoubtAt: null,
    stateSince: now,
    createdAt: now,
    updatedAt: now,
  },
  createdAtExact: now.toISOString().replace('Z', '000Z'),
})

/** The rows that moved; one that has moved on is left out. */
function changeAll(tables: MemoryTables, changes: readonly StateChange[]): StoredWithdrawal[] {
  return changes.flatMap((change) => {
    const row = tables.rows.get(change.id)
    if (!row) return []
    if (!tables.isOff('version') && (row.state !== change.from || row.version !== change.version)) return []
    if (change.leaseOwner !== null && !tables.holds(row, change.leaseOwner)) return []
    if (change.leaves && tables.isStopped) return []
    if (change.retires) retire(tables, row, change.retires)
    const written = patched(row, change, tables.at())
    Object.assign(written, scheduled(change, row, tables.nowMs()))
    written.state = change.to
    written.version = row.version + 1
    written.updatedAt = tables.at()
    written.waitsForResume = false
    if (change.from !== change.to) written.stateSince = tables.at()
    const moved = tables.put(written)
    tables.append(row, moved, change)
    return [tables.view(moved)]
  })
}

function retire(tables: MemoryTables, row: MemoryRow, { why, watchForMs }: Retires): void {
  if (tables.retired.has(row.payoutKey)) unique('retired_payouts_pkey')
  const batch = row.batchId === null ? undefined : tables.batches.get(row.batchId)
  tables.retired.set(row.payoutKey, {
    ...{ payoutKey: row.payoutKey, withdrawalId: row.id, provider: row.provider, why },
    ...{ endToEndId: row.endToEndId, orderKey: batch?.batchKey ?? row.payoutKey },
    ...{ providerReference: row.providerReference, orderReference: batch?.providerReference ?? null },
    payer: row.payer,
    ...{ retiredAt: tables.at(), watchAt: tables.at(3_600_000), watchUntil: tables.at(watchForMs) },
  })
}

function patched(row: MemoryRow, { patch, retires }: StateChange, now: Date): Writable<MemoryRow> {
  const written = { ...row } as Writable<MemoryRow> & Record<string, unknown>
  if (retires) written.retiredPayouts = row.retiredPayouts + 1
  for (const name in patch) written[name] = momentOf(patch[name as keyof WithdrawalPatch], now)
  return written
}

function momentOf(value: unknown, now: Date): unknown {
  if (value === 'now') return now
  const inMs = (value as { inMs?: number } | null)?.inMs
  return inMs === undefined ? (value ?? null) : new Date(now.getTime() + inMs)
}

function scheduled(
  { next, from, to, leaseOwner }: StateChange,
  row: MemoryRow,
  nowMs: number,
): Partial<MemoryRow> {
  const entered = from !== to
  const takenFrom = leaseOwner === null ? (row.leaseOwner ?? row.takenFrom) : null
  if ('keepLeaseSeconds' in next) {
    const until = new Date(nowMs + next.keepLeaseSeconds * 1_000)
    return { leaseUntil: until, nextRunAt: until, takenFrom, ...(entered && { attempts: 1 }) }
  }
  const free = {
    leaseOwner: null,
    takenFrom,
    wokenAt: null,
    ...(leaseOwner !== null && { leaseUntil: null }),
    ...(entered && { attempts: 0 }),
  }
  if (next.runInMs === null) return { ...free, nextRunAt: null }
  if (row.wokenAt !== null && leaseOwner !== null) return { ...free, nextRunAt: new Date(nowMs) }
  const dueMs = nowMs + next.runInMs
  const busyUntilMs =
    leaseOwner === null ? Math.max(row.leaseUntil?.getTime() ?? 0, row.strayUntil?.getTime() ?? 0) : 0
  return { ...free, nextRunAt: new Date(Math.max(dueMs, busyUntilMs)) }
}
