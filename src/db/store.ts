import type { Batch, BatchState } from '../domain/batch'
import type { ReasonCode } from '../domain/reasons'
import type { JournalEntry, WithdrawalPatch } from '../domain/withdrawal'
import type { PayoutHint, ProviderDocuments } from '../ports/payment-provider'
import type { Database } from './connect/database'
import type { StoredWithdrawal } from './row'
import {
  type BatchQuery,
  claimBatch,
  claimReady,
  concludeBatch,
  doubtAbandonedBatches,
  findBatch,
  listBatches,
  listBatchMembers,
  noteWaiting,
  type ReadyGroup,
  readyGroups,
  renewLeases,
} from './statements/batches'
import { changeStates, type StateChange } from './statements/change-state'
import { claimDue, claimOne } from './statements/claim-due'
import { claimWatched, watchAgain } from './statements/claim-watched'
import {
  type Difference,
  type DifferenceKind,
  listDifferences,
  openDifference,
  resolveDifference,
} from './statements/differences'
import {
  countWithdrawals,
  findByIdempotencyKey,
  findWithdrawal,
  type ListQuery,
  listWithdrawals,
  readJournal,
} from './statements/find-withdrawals'
import { type BatchDraft, freezeBatch, freezeResend } from './statements/freeze-batch'
import { type ReceivedEvent, receiveEvent, wakeHinted } from './statements/hints'
import { insertAdopted } from './statements/insert-adopted'
import { type InsertGuards, insertWithdrawal, type WithdrawalDraft } from './statements/insert-withdrawal'
import { confirmWithdrawal, postpone, wake } from './statements/leases'
import { type OperatorAction, recordOperatorAction } from './statements/operator-actions'
import { providerDocuments } from './statements/provider-documents'
import {
  isProviderPaused,
  type ProviderState,
  readProviderStates,
  setProviderPaused,
} from './statements/provider-states'
import {
  isQuarantined,
  liftQuarantine,
  listQuarantine,
  quarantine,
  type QuarantinedDestination,
} from './statements/quarantine'
import { type SearchQuery, searchWithdrawals } from './statements/search-withdrawals'

export interface LeaseRequest {
  /** Unique per claim, so that a process that lost a row cannot be mistaken for itself. */
  readonly owner: string
  readonly seconds: number
}

/**
 * Everything the services ask of the database, one statement each, each atomic. The functions document
 * themselves in their files.
 */
export interface Store {
  insertWithdrawal(
    draft: WithdrawalDraft,
    lease: LeaseRequest,
    guards?: InsertGuards,
  ): Promise<StoredWithdrawal | null>
  insertAdopted(
    draft: Omit<WithdrawalDraft, 'idempotencyKey'>,
    reviewReason: ReasonCode | null,
  ): Promise<StoredWithdrawal | null>
  findWithdrawal(id: string): Promise<StoredWithdrawal | null>
  searchWithdrawals(query: SearchQuery): Promise<readonly StoredWithdrawal[]>
  confirmWithdrawal(id: string): Promise<StoredWithdrawal | null>
  findByIdempotencyKey(userId: number, key: string): Promise<StoredWithdrawal | null>
  listWithdrawals(query: ListQuery): Promise<readonly StoredWithdrawal[]>
  countWithdrawals(query: Omit<ListQuery, 'sort' | 'order' | 'offset' | 'limit'>): Promise<number>
  readJournal(withdrawalId: string): Promise<readonly JournalEntry[]>
  claimDue(lease: LeaseRequest, limit: number): Promise<readonly StoredWithdrawal[]>
  claimOne(lease: LeaseRequest, id: string): Promise<StoredWithdrawal | null>
  changeState(change: StateChange): Promise<StoredWithdrawal | null>
  changeStates(changes: readonly StateChange[]): Promise<readonly StoredWithdrawal[]>
  postpone(
    claim: { id: string; version: number; leaseOwner: string },
    runInMs: number,
    reasonCode: WithdrawalPatch['reasonCode'] | undefined,
  ): Promise<boolean>
  wake(id: string): Promise<boolean>
  readyGroups(provider?: string): Promise<readonly ReadyGroup[]>
  noteWaiting(group: { provider: string; currency: string }, reasonCode: ReasonCode): Promise<void>
  claimReady(
    group: { provider: string; currency: string },
    lease: LeaseRequest,
    limit: number,
  ): Promise<readonly StoredWithdrawal[]>
  renewLeases(lease: LeaseRequest, ids: readonly string[]): Promise<ReadonlySet<string>>
  freezeBatch(draft: BatchDraft, changes: readonly StateChange[]): Promise<readonly StoredWithdrawal[]>
  claimBatch(
    batchId: string,
    lease: LeaseRequest,
    from: { owner: string },
  ): Promise<readonly StoredWithdrawal[] | null>
  freezeResend(
    batch: { id: string; attempts: number },
    changes: readonly StateChange[],
  ): Promise<readonly StoredWithdrawal[] | null>
  concludeBatch(
    batch: { id: string; attempts: number },
    result: { state: BatchState; providerReference: string | null; reasonCode: ReasonCode | null },
  ): Promise<boolean>
  doubtAbandonedBatches(afterSeconds: number): Promise<void>
  findBatch(id: string): Promise<Batch | null>
  listBatches(query: BatchQuery): Promise<readonly Batch[]>
  listBatchMembers(batchId: string): Promise<readonly StoredWithdrawal[]>
  readProviderStates(): Promise<readonly ProviderState[]>
  isProviderPaused(provider: string): Promise<boolean>
  setProviderPaused(decision: Omit<ProviderState, 'updatedAt'>): Promise<ProviderState | null>
  recordOperatorAction(action: OperatorAction): Promise<void>
  claimWatched(lease: LeaseRequest, limit: number): Promise<readonly StoredWithdrawal[]>
  watchAgain(
    claim: { id: string; version: number; leaseOwner: string },
    inMs: number | null,
  ): Promise<boolean>
  receiveEvent(event: ReceivedEvent): Promise<number | null>
  wakeHinted(provider: string, payouts: readonly PayoutHint[]): Promise<number>
  isQuarantined(destinationHash: string): Promise<boolean>
  quarantine(entry: Omit<QuarantinedDestination, 'since'>): Promise<void>
  listQuarantine(): Promise<readonly QuarantinedDestination[]>
  liftQuarantine(decision: { destinationHash: string; actor: string; reason: string }): Promise<boolean>
  openDifference(difference: Pick<Difference, 'kind' | 'withdrawalId' | 'detail'>): Promise<boolean>
  resolveDifference(answer: {
    withdrawalId: string
    kind: string
    by: string
    resolution: string
  }): Promise<boolean>
  listDifferences(query: { isOpen: boolean; limit: number }): Promise<readonly Difference[]>
  providerDocuments(provider: string): ProviderDocuments
  /** Resolves when the database answers. */
  ping(): Promise<void>
}

export const createStore = (db: Database): Store => ({
  insertWithdrawal: (draft, lease, guards) => insertWithdrawal(db, draft, lease, guards),
  insertAdopted: (draft, reviewReason) => insertAdopted(db, draft, reviewReason),
  findWithdrawal: (id) => findWithdrawal(db, id),
  searchWithdrawals: (query) => searchWithdrawals(db, query),
  confirmWithdrawal: (id) => confirmWithdrawal(db, id),
  findByIdempotencyKey: (userId, key) => findByIdempotencyKey(db, userId, key),
  listWithdrawals: (query) => listWithdrawals(db, query),
  countWithdrawals: (query) => countWithdrawals(db, query),
  readJournal: (id) => readJournal(db, id),
  claimDue: (lease, limit) => claimDue(db, lease, limit),
  claimOne: (lease, id) => claimOne(db, lease, id),
  changeState: async (change) => (await changeStates(db, [change]))[0] ?? null,
  changeStates: (changes) => changeStates(db, changes),
  postpone: (claim, runInMs, reasonCode) => postpone(db, claim, runInMs, reasonCode),
  wake: (id) => wake(db, id),
  readyGroups: (provider) => readyGroups(db, provider),
  noteWaiting: (group, reasonCode) => noteWaiting(db, group, reasonCode),
  claimReady: (group, lease, limit) => claimReady(db, group, lease, limit),
  renewLeases: (lease, ids) => renewLeases(db, lease, ids),
  freezeBatch: (draft, changes) => freezeBatch(db, draft, changes),
  claimBatch: (batchId, lease, from) => claimBatch(db, batchId, lease, from),
  freezeResend: (batch, changes) => freezeResend(db, batch, changes),
  concludeBatch: (batch, result) => concludeBatch(db, batch, result),
  doubtAbandonedBatches: (afterSeconds) => doubtAbandonedBatches(db, afterSeconds),
  findBatch: (id) => findBatch(db, id),
  listBatches: (query) => listBatches(db, query),
  listBatchMembers: (batchId) => listBatchMembers(db, batchId),
  readProviderStates: () => readProviderStates(db),
  isProviderPaused: (provider) => isProviderPaused(db, provider),
  setProviderPaused: (decision) => setProviderPaused(db, decision),
  recordOperatorAction: (action) => recordOperatorAction(db, action),
  claimWatched: (lease, limit) => claimWatched(db, lease, limit),
  watchAgain: (claim, inMs) => watchAgain(db, claim, inMs),
  receiveEvent: (event) => receiveEvent(db, event),
  wakeHinted: (provider, payouts) => wakeHinted(db, provider, payouts),
  isQuarantined: (destinationHash) => isQuarantined(db, destinationHash),
  quarantine: (entry) => quarantine(db, entry),
  listQuarantine: () => listQuarantine(db),
  liftQuarantine: (decision) => liftQuarantine(db, decision),
  openDifference: (difference) => openDifference(db, difference),
  resolveDifference: (answer) => resolveDifference(db, answer),
  listDifferences: (query) => listDifferences(db, query),
  providerDocuments: (provider) => providerDocuments(db, provider),
  ping: async () => {
    await db.query('select 1 as one')
  },
})

export type {
  Batch,
  BatchDraft,
  BatchQuery,
  Difference,
  DifferenceKind,
  InsertGuards,
  ListQuery,
  ProviderState,
  QuarantinedDestination,
  ReadyGroup,
  ReceivedEvent,
  StateChange,
  StoredWithdrawal,
  WithdrawalDraft,
}
