import type { Database } from './connect/database'
import { createGrouping } from './grouping'
import * as statements from './statements'
import { changeEach } from './statements/change-state'
import { findByIdempotencyKeys, type UsersKey } from './statements/find-withdrawals'
import {
  countsOverOthers,
  insertWithdrawals,
  type NewWithdrawal,
  storedOrThrow,
  UNGUARDED,
} from './statements/insert-withdrawal'
import type { StateChange } from './statements/state-change'
import { whatStopsEach } from './statements/stop'

export type { Batch } from '../domain/batch'
export type { WithdrawalDraft } from '../domain/withdrawal'
export type { StoredWithdrawal } from './row'
export type { Approval, ApprovalWord, Proposal } from './statements/approvals'
export type { OpenDifference } from './statements/asking'
export type { AuditEntry, AuditPlace, AuditQuery } from './statements/audit-trail'
export type { BankReport } from './statements/bank-reports'
export type { BatchQuery, ReadyGroup } from './statements/batches'
export type { Difference, DifferenceWithHistory } from './statements/differences'
export type { BatchDraft } from './statements/freeze-batch'
export type { ReceivedEvent } from './statements/hints'
export type { AdoptionReview } from './statements/insert-adopted'
export type { GuardRule, InsertGuards, PolicyGuard, UsedLimit } from './statements/insert-withdrawal'
export type { LeaseRequest } from './statements/lease-sql'
export type { ListedWithdrawal, ListQuery } from './statements/list-withdrawals'
export type { OperatorAction, RecordedAction } from './statements/operator-actions'
export type { PastQuery, PastWithdrawal } from './statements/past-withdrawals'
export type { PolicyVersion } from './statements/policies'
export type { ProviderState } from './statements/provider-states'
export type { QuarantinedDestination } from './statements/quarantine'
export type { StateChange } from './statements/state-change'
export type { Stop } from './statements/stop'
export type { OutcomeTally, Standing } from './statements/tallies'

/** A statement without its first parameter, the database. */
type Bound<Statement> = Statement extends (db: Database, ...given: infer Given) => infer Result
  ? (...given: Given) => Result
  : never

/**
 * The statements, on one database. A new one is written in a file of statements/ and named in its index; it is part
 * of this type from then on, and of the simulator's store, which does not compile without it.
 */
export type Store = {
  readonly [Name in keyof typeof statements]: Bound<(typeof statements)[Name]>
}

export function createStore(db: Database): Store {
  const bound = Object.entries(statements).map(([name, statement]) => [
    name,
    (statement as (...given: unknown[]) => unknown).bind(null, db),
  ])
  return { ...(Object.fromEntries(bound) as Store), ...grouped(db) }
}

type Grouped = Pick<Store, 'insertWithdrawal' | 'changeState' | 'findByIdempotencyKey' | 'whatStops'>

/** What many requests and workers write or ask at the same moment, each for one withdrawal, goes together. */
function grouped(db: Database): Grouped {
  const insert = createGrouping({
    together: (given: readonly NewWithdrawal[]) => insertWithdrawals(db, given),
    // A user's requests count what the one before has stored.
    keyOf: ({ draft }) => String(draft.userId),
    isAlone: countsOverOthers,
  })
  const change = createGrouping({
    together: (changes: readonly StateChange[]) => changeEach(db, changes),
    keyOf: ({ id }) => id,
  })
  const find = createGrouping({
    together: (keys: readonly UsersKey[]) => findByIdempotencyKeys(db, keys),
  })
  const stops = createGrouping({
    together: (providers: readonly string[]) => whatStopsEach(db, providers),
  })
  return {
    findByIdempotencyKey: (userId, key) => find({ userId, key }),
    whatStops: stops,
    insertWithdrawal: async (draft, lease, guards = UNGUARDED) =>
      storedOrThrow(await insert({ draft, lease, guards })),
    changeState: change,
  }
}
