import type { StoredWithdrawal } from '../../db/store'
import { returnLookMs } from '../../domain/looks'
import { isLess, sameAmount } from '../../domain/money'
import type { LookupOutcome } from '../../ports/payment-provider'
import type { StepDeps } from '../steps'
import { journalled, queryFor } from '../steps/payout-facts'
import { mayGoOn, raiseForged } from '../steps/seal-guard'
import type { Transition } from '../transition'
import { createLockLook } from './late-locks'
import { earliest, mayBeLockedAgain } from './plan'

export interface WatchDeps {
  readonly transition: Transition
  readonly stepDeps: StepDeps
}

/**
 * Looks again at a withdrawal that has ended, for as long as its end can turn out to be another one: whether a lock has
 * landed late, whether what was given back was paid after all, whether what was paid came back. What nothing can be
 * done about any more becomes a question to a person.
 *
 * @returns Milliseconds until the next look, or null when there is none; `moved` when it has left its end.
 */
export type WatchStep = (row: StoredWithdrawal, leaseOwner: string) => Promise<number | null | 'moved'>

/** Whoever put it right does not tell; nothing is done by what it says now. */
const FORGED_LOOK_MS = 3_600_000

export const createWatchStep = ({ transition, stepDeps }: WatchDeps): WatchStep => {
  const lookAtLocks = createLockLook(stepDeps)
  const lookAtPayout = createPayoutLook({ transition, stepDeps })
  return async (row, leaseOwner) => {
    const verdict = stepDeps.vault.judge(row)
    if (!mayGoOn(verdict, row.state)) {
      await raiseForged(row, verdict, stepDeps.raise)
      return FORGED_LOOK_MS
    }
    const nextLock = mayBeLockedAgain(row) ? await lookAtLocks(row) : null
    const nextPayout = row.payoutStartedAt === null ? null : await lookAtPayout(row, leaseOwner)
    return nextPayout === 'moved' ? nextPayout : earliest([nextLock, nextPayout])
  }
}

function createPayoutLook({ transition, stepDeps }: WatchDeps) {
  const { raise } = stepDeps
  return async (row: StoredWithdrawal, leaseOwner: string): Promise<number | null | 'moved'> => {
    const isOver = row.watchUntil === null || row.watchUntil <= row.readAt
    const next = isOver ? null : returnLookMs(row.readAt.getTime() - row.stateSince.getTime())
    const provider = stepDeps.providerNamed(row.provider)
    if (!provider || provider.capabilities.lookup === 'none') return next
    const { lookup, lookupByItself } = stepDeps.providerCalls
    const outcome = await (row.orderedBefore ? lookupByItself : lookup)(provider, queryFor(row))
    const question = lateFact(row, outcome)
    if (question) await raise(row, question, journalled(outcome))
    if (row.state !== 'processed' || outcome.kind !== 'returned') return next
    const moved = await transition(
      row,
      {
        to: 'returning',
        event: 'payout.returned',
        reasonCode: outcome.code,
        patch: { returnedAmount: outcome.amount, watchAt: null },
        detail: journalled(outcome),
        next: { runInMs: 0 },
      },
      { actor: 'worker', leaseOwner },
    )
    return moved ? 'moved' : null
  }
}

type LateFact = 'declined_after_paid' | 'another_payout' | 'paid_after_release' | LateReturn
type LateReturn = 'returned_again' | 'returned_after_release'

/** What contradicts the end; null where it agrees with it, says nothing, or can still be acted on. */
function lateFact(row: StoredWithdrawal, outcome: LookupOutcome): LateFact | null {
  const isPaid = row.state === 'processed'
  switch (outcome.kind) {
    case 'settled':
    case 'accepted':
      if (!isPaid) return 'paid_after_release'
      return isAnother(row, outcome) ? 'another_payout' : null
    case 'declined':
    case 'voided':
      return isPaid ? 'declined_after_paid' : null
    case 'returned':
      if (isPaid || !isLess(row.returnedAmount ?? '0', outcome.amount)) return null
      return row.state === 'returned' ? 'returned_again' : 'returned_after_release'
    case 'not_found':
    case 'deferred':
    case 'unknown':
      return null
  }
}

/** Under one key of ours there is one payment; another name or another amount is another payment. */
function isAnother(
  row: StoredWithdrawal,
  outcome: Extract<LookupOutcome, { kind: 'settled' | 'accepted' }>,
): boolean {
  const { reference } = outcome
  const amount = outcome.kind === 'settled' ? outcome.amount : undefined
  return (
    (reference !== undefined && row.providerReference !== null && reference !== row.providerReference) ||
    (amount !== undefined && !sameAmount(amount, row.payoutAmount))
  )
}
