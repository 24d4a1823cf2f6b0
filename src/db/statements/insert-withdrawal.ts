import { sha256 } from '../../domain/digest'
import type { Cause, LimitRule } from '../../domain/policy'
import type { WithdrawalDraft } from '../../domain/withdrawal'
import type { Queryable } from '../connect/database'
import type { StoredWithdrawal } from '../row'
import { FEW_NAME } from './given-sql'
import { insertFor } from './insert-sql'
import { type LeaseRequest } from './lease-sql'

/** What has to be true of the user's other withdrawals at the moment of the insert. */
export interface InsertGuards {
  /** How many the user may then have open; null for any number. */
  readonly openMax: number | null
  /** The one-time code the request was let in with; it lets in no other. */
  readonly otpCode: string | null
  /** What the policy says to it; null where it says nothing, and nothing is counted. */
  readonly policy?: PolicyGuard | null
}

/** The part of a policy that is judged where the withdrawal is stored. */
export interface PolicyGuard {
  readonly version: number
  /** Counted under a lock, so that of many at once no more are stored than fit. */
  readonly rules: readonly GuardRule[]
  /** How long an account that the user has not withdrawn to before is waited for. */
  readonly coolingOffHours: number
  /** Why a person looks at it whatever has been counted, and by which rules. */
  readonly causes: readonly Cause[]
  readonly known: readonly string[]
}

export interface GuardRule extends LimitRule {
  readonly name: string
}

/** What has been used of a limit that a withdrawal does not fit under. */
export interface UsedLimit {
  readonly name: string
  readonly count: number
  readonly amount: string
}

/** Nothing was written. */
export class NotInsertedError extends Error {
  override readonly name = 'NotInsertedError'

  constructor(
    readonly why: 'too_many_open' | 'quarantined' | 'code_used' | 'limited',
    /** With `limited`. */
    readonly limit: UsedLimit | null = null,
  ) {
    super(`The withdrawal was not stored: ${why}.`)
  }
}

/** A withdrawal that is to be stored, who goes on with it, and what has to be true. */
export interface NewWithdrawal {
  readonly draft: WithdrawalDraft
  readonly lease: LeaseRequest
  readonly guards: InsertGuards
}

/** What became of it; `key_taken`: the user's idempotency key stands for another one. */
export type Inserted =
  | StoredWithdrawal
  | 'key_taken'
  | 'too_many_open'
  | 'quarantined'
  | 'code_used'
  | { readonly limitedBy: UsedLimit }

/**
 * Stores a new withdrawal in `requested`, leased to the process that goes on to lock the amount, with its first
 * journal entry. The intent to lock is part of this commit (`hold_doubt_at`): after a crash, whoever claims the
 * row knows that a pending burn may already be on its way.
 *
 * @returns null when the user's idempotency key is taken; nothing was written.
 * @throws {NotInsertedError} A guard says no.
 */
export async function insertWithdrawal(
  db: Queryable,
  draft: WithdrawalDraft,
  lease: LeaseRequest,
  guards: InsertGuards = UNGUARDED,
): Promise<StoredWithdrawal | null> {
  const [inserted = 'key_taken'] = await insertWithdrawals(db, [{ draft, lease, guards }])
  return storedOrThrow(inserted)
}

export const UNGUARDED: InsertGuards = { openMax: null, otpCode: null, policy: null }

/** Whether it queues up behind those of other users: then it is written by itself, or two groups would wait for each other. */
export const countsOverOthers = ({ guards: { policy } }: NewWithdrawal): boolean =>
  policy?.rules.some(({ of }) => of !== 'user') ?? false

export function storedOrThrow(inserted: Inserted): StoredWithdrawal | null {
  if (inserted === 'key_taken') return null
  if (typeof inserted === 'string') throw new NotInsertedError(inserted)
  if ('limitedBy' in inserted) throw new NotInsertedError('limited', inserted.limitedBy)
  return inserted
}

/** Stores several, of as many users. @returns What became of each, in their order. */
export async function insertWithdrawals(
  db: Queryable,
  given: readonly NewWithdrawal[],
): Promise<readonly Inserted[]> {
  // Users queue up in one order everywhere: of two groups, neither waits for the other.
  const inOrder = given.map((one, place) => written(one, place)).sort((a, b) => a.userId - b.userId)
  const { text, name } = insertFor({
    codes: given.some(({ guards }) => guards.otpCode !== null),
    policy: given.some(({ guards }) => (guards.policy ?? null) !== null),
  })
  const rows = await db.query<Outcome>(text, [JSON.stringify(inOrder)], name)
  const results: Inserted[] = given.map(() => 'key_taken')
  for (const row of rows) {
    const draft = given[row.place]?.draft
    if (row.refused !== null) results[row.place] = { limitedBy: row.refused }
    else if (row.outcome !== null) results[row.place] = row.outcome
    else if (row.isStored && draft) results[row.place] = asStored(draft, row)
  }
  return results
}

/**
 * The row as it stands in the table; only what the database has decided comes from there. Every member is named: copied
 * together from parts, an object of so many members becomes a hash table, which takes a hundred times as long to make.
 */
const asStored = (draft: WithdrawalDraft, row: Outcome): StoredWithdrawal => ({
  id: draft.id,
  userId: draft.userId,
  idempotencyKey: draft.idempotencyKey,
  requestHash: draft.requestHash,
  currency: draft.currency,
  amount: draft.amount,
  fee: draft.fee,
  payoutAmount: draft.payoutAmount,
  method: draft.method,
  destination: draft.destination,
  destinationMasked: draft.destinationMasked,
  destinationHash: draft.destinationHash,
  provider: draft.provider,
  mode: draft.mode,
  payoutKey: draft.payoutKey,
  endToEndId: draft.endToEndId,
  providerReference: null,
  providerTransactionId: null,
  providerStatus: null,
  settledBurnId: null,
  state: 'requested',
  version: 1,
  reasonCode: null,
  contradiction: null,
  canceledBy: null,
  attempts: 1,
  nextRunAt: row.leasedUntil,
  holdDoubtAt: row.at,
  holdRepeated: false,
  reviewedFindings: null,
  reviewCauses: row.reviewCauses,
  coolsUntil: row.coolsUntil,
  heldAt: null,
  payoutStartedAt: null,
  payer: null,
  payoutDoubtAt: null,
  retiredPayouts: 0,
  payoutRefusal: null,
  payoutRetryAt: null,
  takenAt: null,
  strayUntil: null,
  batchId: null,
  orderReference: null,
  orderTaken: false,
  orderedBefore: false,
  batchSizeMax: null,
  watchAt: null,
  watchUntil: null,
  watchLooks: 0,
  returnedAmount: null,
  creditDoubtAt: null,
  creditRefused: false,
  returnApprovedAt: null,
  stateSince: row.at,
  createdAt: row.at,
  updatedAt: row.at,
  readAt: row.at,
  leased: row.leasedUntil > row.at,
  createdAtExact: row.atExactly,
})

interface Outcome {
  readonly place: number
  readonly outcome: Extract<Inserted, string> | null
  readonly refused: UsedLimit | null
  readonly isStored: boolean
  readonly at: Date
  readonly atExactly: string
  readonly leasedUntil: Date
  readonly reviewCauses: string | null
  readonly coolsUntil: Date | null
}

/** As the statement reads it. The draft comes last: an object that begins as a copy and then grows is slow to make, and to write. */
const written = ({ draft, lease, guards }: NewWithdrawal, place: number) => ({
  [FEW_NAME]: 1,
  place,
  leaseOwner: lease.owner,
  leaseSeconds: lease.seconds,
  openMax: guards.openMax,
  policy: guards.policy ?? null,
  code: guards.otpCode === null ? null : hashOfCode(draft.userId, guards.otpCode),
  ...draft,
})

const hashOfCode = (userId: number, code: string): string => sha256(`${userId}:${code}`)
