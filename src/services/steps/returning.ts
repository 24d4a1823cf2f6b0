import type { StoredWithdrawal } from '../../db/store'
import { isLess, sameAmount } from '../../domain/money'
import type { ReasonCode } from '../../domain/reasons'
import { WALLET_BACKOFF } from '../../domain/retry'
import { lookWithin } from './hold-facts'
import { doubtMsLeft, go, type Next, retryLater, stay, type Step, type StepDeps, type Visit } from './step'

/** The mint's transaction id: one for the life of the withdrawal. */
export const creditIdOf = (row: StoredWithdrawal): string => `${row.id}-return`

/** An operator's word wakes it; this look is for the word that came in that very moment. */
const APPROVAL_LOOK_MS = 3_600_000

/**
 * Gives back to the user what the bank has sent back, by a mint. Like a burn, a mint that timed out may still land:
 * it is looked for first, and asked for again only once the earlier one can no longer take effect.
 */
export const returning: Step = async (visit, deps) => {
  const { row } = visit
  const amount = row.returnedAmount
  if (amount === null || isLess(row.payoutAmount, amount)) return conflict('amount_mismatch', { amount })
  await quarantine(row, deps)
  if (deps.settings.returnsNeedApproval && row.returnApprovedAt === null) return stay(APPROVAL_LOOK_MS)
  if (row.creditDoubtAt === null) return credit(visit, amount, deps)

  const search = await deps.exchange.findCredit({ userId: row.userId, id: creditIdOf(row) })
  switch (search.kind) {
    case 'found':
      if (search.currency !== row.currency || !sameAmount(search.amount, amount) || !search.settled)
        return conflict('credit_mismatch', { creditAmount: search.amount, creditSettled: search.settled })
      return credited(row)
    case 'unknown':
      return retryLater(visit, deps, WALLET_BACKOFF)
    case 'absent': {
      const quietLeft = creditDoubtMsLeft(row, deps)
      if (quietLeft > 0) return lookWithin(visit, quietLeft, deps)
      return row.creditRefused ? conflict('credit_refused', {}) : credit(visit, amount, deps)
    }
  }
}

async function credit(visit: Visit, amount: string, deps: StepDeps): Promise<Next> {
  const { leaseSeconds } = deps.settings
  const closed = await deps.gate.closedForCredits()
  // A credit makes money out of a bank's word: what is stopped in an emergency makes none.
  if (closed) return { ...stay(closed.waitMs), untilResumed: closed.untilResumed }
  const isFirst = visit.row.creditDoubtAt === null
  const row = await visit.record({
    to: 'returning',
    event: isFirst ? 'credit.requested' : 'credit.requested_again',
    reasonCode: visit.row.reasonCode,
    // The mint may leave as late as the lease allows.
    patch: { creditDoubtAt: { inMs: leaseSeconds * 1_000 }, creditRefused: false },
    leaves: true,
    next: { keepLeaseSeconds: leaseSeconds },
  })
  // This process counts the time of the doubt from here on.
  creditDoubtMsLeft(row, deps)
  visit.ensureLease()
  const outcome = await deps.exchange.placeCredit({
    id: creditIdOf(row),
    userId: row.userId,
    currency: row.currency,
    amount,
    description: `Withdrawal ${row.id} came back`,
  })
  if (outcome.kind === 'done') return credited(row)
  if (outcome.kind === 'unknown') return retryLater(visit, deps, WALLET_BACKOFF)
  // No proof that nobody was credited: a mint that is delivered twice is refused the second time. It is looked for
  // until it cannot land any more, and only then a person is asked.
  return go({
    to: 'returning',
    event: 'credit.refused',
    reasonCode: row.reasonCode,
    patch: { creditRefused: true },
    detail: { message: outcome.message },
    next: { runInMs: CREDIT_LOOK_MS },
  })
}

/** A mint that the refusal hid shows as soon as look-ups do. */
const CREDIT_LOOK_MS = 1_000

/** Milliseconds until a credit whose intent is stored can no longer take effect. */
const creditDoubtMsLeft = (row: StoredWithdrawal, deps: StepDeps): number => {
  const since = row.creditDoubtAt
  if (since === null) return 0
  const { leaseSeconds, quietMs } = deps.settings
  return doubtMsLeft(row, deps, {
    ...{ name: `credit ${row.id} ${since.getTime()}`, knownForMs: leaseSeconds * 1_000 + quietMs },
    ...{ since, quietMs },
  })
}

/** It sent the money back: nothing goes there again before an operator has looked. */
const quarantine = (row: StoredWithdrawal, deps: StepDeps): Promise<void> =>
  deps.quarantine({
    userId: row.userId,
    destinationHash: row.destinationHash,
    masked: row.destinationMasked,
    reasonCode: row.reasonCode ?? 'provider_declined',
    withdrawalId: row.id,
  })

const credited = (row: StoredWithdrawal): Next =>
  go({
    to: 'returned',
    event: 'credit.confirmed',
    reasonCode: row.reasonCode,
    patch: { creditDoubtAt: null, creditRefused: false },
    detail: { creditId: creditIdOf(row), amount: row.returnedAmount },
    next: { runInMs: null },
  })

const conflict = (reasonCode: ReasonCode, detail: Record<string, unknown>): Next =>
  go({
    to: 'conflict',
    event: 'facts.contradict',
    reasonCode,
    detail,
    next: { runInMs: null },
  })
