import type { JournalEntry, WithdrawalPatch } from '../domain/withdrawal'
import type { ProviderDocuments } from '../ports/payment-provider'
import { changeState, type StateChange } from './change-state'
import { claimDue, claimOne } from './claim-due'
import type { Database } from './database'
import {
  countWithdrawals,
  findByIdempotencyKey,
  findWithdrawal,
  type ListQuery,
  listWithdrawals,
  readJournal,
} from './find-withdrawals'
import { insertWithdrawal, type WithdrawalDraft } from './insert-withdrawal'
import { confirmWithdrawal, postpone, wake } from './leases'
import { providerDocuments } from './provider-documents'
import type { StoredWithdrawal } from './row'

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
  insertWithdrawal(draft: WithdrawalDraft, lease: LeaseRequest): Promise<StoredWithdrawal | null>
  findWithdrawal(id: string): Promise<StoredWithdrawal | null>
  confirmWithdrawal(id: string): Promise<StoredWithdrawal | null>
  findByIdempotencyKey(userId: number, key: string): Promise<StoredWithdrawal | null>
  listWithdrawals(query: ListQuery): Promise<readonly StoredWithdrawal[]>
  countWithdrawals(query: Omit<ListQuery, 'sort' | 'order' | 'offset' | 'limit'>): Promise<number>
  readJournal(withdrawalId: string): Promise<readonly JournalEntry[]>
  claimDue(lease: LeaseRequest, limit: number): Promise<readonly StoredWithdrawal[]>
  claimOne(lease: LeaseRequest, id: string): Promise<StoredWithdrawal | null>
  changeState(change: StateChange): Promise<StoredWithdrawal | null>
  postpone(
    claim: { id: string; version: number; leaseOwner: string },
    runInMs: number,
    reasonCode: WithdrawalPatch['reasonCode'] | undefined,
  ): Promise<boolean>
  wake(id: string): Promise<boolean>
  providerDocuments(provider: string): ProviderDocuments
  /** Resolves when the database answers. */
  ping(): Promise<void>
}

export const createStore = (db: Database): Store => ({
  insertWithdrawal: (draft, lease) => insertWithdrawal(db, draft, lease),
  findWithdrawal: (id) => findWithdrawal(db, id),
  confirmWithdrawal: (id) => confirmWithdrawal(db, id),
  findByIdempotencyKey: (userId, key) => findByIdempotencyKey(db, userId, key),
  listWithdrawals: (query) => listWithdrawals(db, query),
  countWithdrawals: (query) => countWithdrawals(db, query),
  readJournal: (id) => readJournal(db, id),
  claimDue: (lease, limit) => claimDue(db, lease, limit),
  claimOne: (lease, id) => claimOne(db, lease, id),
  changeState: (change) => changeState(db, change),
  postpone: (claim, runInMs, reasonCode) => postpone(db, claim, runInMs, reasonCode),
  wake: (id) => wake(db, id),
  providerDocuments: (provider) => providerDocuments(db, provider),
  ping: async () => {
    await db.query('select 1 as one')
  },
})

export type { ListQuery, StateChange, StoredWithdrawal, WithdrawalDraft }
