import type { StoredWithdrawal } from '../../db/store'
import { fingerprint } from '../../domain/identifiers'
import { sameAmount } from '../../domain/money'
import type { DifferenceKind } from '../../domain/questions'
import type { ReasonCode } from '../../domain/reasons'
import { type Backoff, backoffMs, LOOKUP_BACKOFF } from '../../domain/retry'
import type { StandingRules } from '../../domain/standing'
import type { RetiredPayout } from '../../domain/withdrawal'
import type { Clock, Randomness } from '../../ports/clock'
import type { Exchange, Hold } from '../../ports/exchange'
import type { PaymentProvider } from '../../ports/payment-provider'
import type { FloatGate } from '../payouts/float'
import type { Closed, Gate } from '../payouts/gate'
import type { ProviderCalls } from '../payouts/provider-calls'
import type { Raise } from '../raise'
import type { Move } from '../transition'
import type { Vault } from '../vault'
import type { Patience } from './patience'

/** What a step may use. */
export interface StepDeps {
  readonly exchange: Exchange
  readonly providerNamed: (name: string) => PaymentProvider | null
  readonly providerCalls: ProviderCalls
  readonly gate: Gate
  /** Holds what leaves against what its account can pay. */
  readonly float: FloatGate
  readonly vault: Vault
  /** Puts a question to a person that stops nothing. */
  readonly raise: Raise
  /** Closes a question that has answered itself. Nothing where it was not asked. */
  readonly answered: (row: StoredWithdrawal, kind: DifferenceKind, resolution: string) => Promise<void>
  /** Keeps a user's further payouts from a destination that sent their money back. Twice is once. */
  readonly quarantine: (entry: {
    userId: number
    destinationHash: string
    masked: string
    reasonCode: ReasonCode
    withdrawalId: string
  }) => Promise<void>
  /** Payouts of a withdrawal that were given up for another under a new key. */
  readonly retiredPayouts: (withdrawalId: string) => Promise<readonly RetiredPayout[]>
  readonly random: Pick<Randomness, 'fraction' | 'newId'>
  readonly patience: Patience
  /** This process's own wall clock: a witness beside the database's. */
  readonly now: Clock['now']
  readonly settings: StepSettings
}

export interface StepSettings {
  /** Longest time a request may still take effect after we gave up on it. Doubt only ends after this. */
  readonly quietMs: number
  readonly leaseSeconds: number
  /** What the beneficiary reads, before the withdrawal's own id. */
  readonly statementText: string
  /** After this long in doubt a person is asked. */
  readonly doubtReviewMs: number
  /** What follows from what the exchange says of the user, at the last look before money moves. */
  readonly standing: () => Promise<StandingRules>
  /** Whether an operator is asked before what came back is given to its user. */
  readonly returnsNeedApproval: boolean
}

/** One look of one worker at one withdrawal, which it holds. */
export interface Visit {
  readonly row: StoredWithdrawal
  /**
   * True when this worker has just brought the row here and nothing of this state's effect can have been sent.
   * False after a crash, or on a later visit: then the first question is what has already happened.
   */
  readonly entered: boolean
  /**
   * Whether what the step before has seen is of this moment, by this process's own clock: one that was frozen in between
   * knows what was true when it fell asleep.
   */
  isFresh(): boolean
  /**
   * Called right before an effect. @throws {LeaseLostError} There is too little of the lease left for the call
   * to end within it; nothing may be sent.
   */
  ensureLease(): void
  /** Stores an intent without leaving the state. @throws {LeaseLostError} Nothing was written. */
  record(move: Move): Promise<StoredWithdrawal>
}

/** Where the withdrawal goes, that it stays and is looked at again later, or that its batch is sent once more. */
export type Next =
  | { readonly kind: 'go'; readonly move: Move }
  | Stay
  | { readonly kind: 'resend_batch'; readonly batchId: string }

export interface Stay {
  readonly kind: 'stay'
  readonly forMs: number
  /** Why it waits, for people; left as it is when not given. */
  readonly reasonCode?: ReasonCode | null
  /** It waits for its provider to be resumed, and is due then. */
  readonly untilResumed?: boolean
  /** Something was asked for and is not known to be done: it is asked for again, and no repetition is silent. */
  readonly isRepetition?: true
}

export type Step = (visit: Visit, deps: StepDeps) => Promise<Next>

export const go = (move: Move): Next => ({ kind: 'go', move })

export const stay = (forMs: number, reasonCode?: ReasonCode | null): Stay => ({
  kind: 'stay',
  forMs: Math.max(0, Math.round(forMs)),
  ...(reasonCode !== undefined && { reasonCode }),
})

/** Waits until payouts may leave to its provider again. */
export const stayBehind = ({ waitMs, reasonCode, untilResumed }: Closed): Stay => ({
  ...stay(waitMs, reasonCode),
  untilResumed,
})

export const retryLater = (
  visit: Visit,
  deps: StepDeps,
  backoff: Backoff,
  reasonCode?: ReasonCode,
): Stay => ({
  ...stay(backoffMs(visit.row.attempts, backoff, deps.random.fraction()), reasonCode),
  isRepetition: true,
})

/** Asks the provider again, ever more slowly. */
export function lookAgain({ row }: Visit, deps: StepDeps, reasonCode?: ReasonCode): Stay {
  const backoff = { ...LOOKUP_BACKOFF, leastMs: leastLookMs(row) }
  return stay(backoffMs(row.attempts, backoff, spreadOf(row, deps)), reasonCode)
}

/** Of the time since a payout was first seen with its provider: what is looked at again within that learns little. */
const LITTLE = 1 / 16

/**
 * Before the next look at a payout, whatever its state: each change of state begins its looks anew, and a provider that
 * shows a payout and then does not would be asked every few seconds for as long as it does so.
 */
export function leastLookMs({ takenAt, readAt }: StoredWithdrawal): number {
  const { firstMs, capMs } = LOOKUP_BACKOFF
  const knownMs = takenAt === null ? 0 : readAt.getTime() - takenAt.getTime()
  return Math.round(Math.min(capMs, Math.max(firstMs, knownMs * LITTLE)))
}

/**
 * Chance, in [0, 1). The members of a batch that is looked up as a whole share theirs: they come back together, so
 * that one answer serves them all.
 */
export function spreadOf({ batchId, provider }: StoredWithdrawal, deps: StepDeps): number {
  if (batchId === null || !deps.providerNamed(provider)?.lookupOrder) return deps.random.fraction()
  return Number.parseInt(fingerprint(batchId).slice(0, 8), 16) / 2 ** 32
}

/**
 * Milliseconds until a request sent at `since` can no longer take effect; 0 when that time has passed. A worker that
 * was given up early may send until its lease is over, so from then on at the earliest.
 */
export function quietMsLeft(row: StoredWithdrawal, since: Date | null, quietMs: number): number {
  if (since === null) return 0
  const lastSentMs = Math.max(since.getTime(), row.strayUntil?.getTime() ?? 0)
  return Math.max(0, lastSentMs + quietMs - row.readAt.getTime())
}

/**
 * The same, when both clocks have to say that it is over: a "no" is where something is done again or given back.
 *
 * @param doubt Names what may be on its way; this process has to have known of it for `knownForMs`.
 */
export const doubtMsLeft = (
  row: StoredWithdrawal,
  { patience }: Pick<StepDeps, 'patience'>,
  doubt: { name: string; knownForMs: number; since: Date; quietMs: number },
): number =>
  Math.max(patience.msLeft(doubt.name, doubt.knownForMs), quietMsLeft(row, doubt.since, doubt.quietMs))

/** The burn is the one we asked for: nobody has changed what is locked. */
export const isOurHold = (row: StoredWithdrawal, hold: Hold): boolean =>
  hold.currency === row.currency &&
  sameAmount(hold.amount, row.amount) &&
  (hold.userId === null || hold.userId === row.userId)

/** Both names a burn may have: settling gives it the provider's. */
export const holdIds = (row: StoredWithdrawal): readonly string[] =>
  row.settledBurnId !== null && row.settledBurnId !== row.id ? [row.id, row.settledBurnId] : [row.id]

/** What we know of the burn cannot be squared with what we know of the money: a person decides. */
export const holdConflict = (reasonCode: ReasonCode, hold?: Hold): Next =>
  go({
    to: 'conflict',
    event: 'facts.contradict',
    reasonCode,
    detail: hold ? { burnId: hold.id, burnState: hold.state, burnAmount: hold.amount } : {},
    next: { runInMs: null },
  })

/**
 * The row has been here since we gave up on its request, and carries the time of the first one that was not answered;
 * a batch that is sent again from here moves that time on. So the earlier of the two is the age of the doubt, and the
 * later one the last moment at which something was sent.
 */
const doubtMoments = (row: StoredWithdrawal): [Date, Date] => {
  const doubtAt = row.payoutDoubtAt ?? row.stateSince
  return doubtAt < row.stateSince ? [doubtAt, row.stateSince] : [row.stateSince, doubtAt]
}
export const doubtedSince = (row: StoredWithdrawal): Date => doubtMoments(row)[0]
export const lastSentAt = (row: StoredWithdrawal): Date => doubtMoments(row)[1]
