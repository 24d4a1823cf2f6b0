import type { StoredWithdrawal } from '../../db/store'
import { WALLET_BACKOFF } from '../../domain/retry'
import { judgeStanding, writeFindings } from '../../domain/standing'
import type { Hold } from '../../ports/exchange'
import { payerOf } from '../payouts/payer'
import { canceledAtExchange, isKept, leaveKept, noteLetGo } from './hold-facts'
import { markedBefore } from './marked-before'
import { underOldKey } from './old-keys'
import {
  go,
  isOurHold,
  type Next,
  retryLater,
  stay,
  stayBehind,
  type Step,
  type StepDeps,
  type Visit,
} from './step'

/**
 * Takes the last look before money moves. The user may still be paid; the burn is still the one we made, and nobody
 * at the exchange has stopped it; it is marked as being sent, so that nobody cancels it meanwhile. Then the intent to
 * pay is stored.
 */
export const ready: Step = async (visit, deps) => {
  const { row } = visit
  if (!deps.providerNamed(row.provider))
    return retryLater(visit, deps, WALLET_BACKOFF, 'provider_unavailable')

  const closed = await deps.gate.closedFor(row.provider)
  if (closed) return stayBehind(closed)
  // Every batch it was in was refused, at last one with nothing but it: no machine can tell what is wrong with it.
  if (row.batchSizeMax === 0)
    return go({
      to: 'in_review',
      event: 'payout.refused_alone',
      reasonCode: 'refused_alone',
      next: { runInMs: null },
    })
  return (await lookAtFloat(visit, deps)) ?? (await lookAtUser(visit, deps)) ?? lookAtBurn(visit, deps)
}

/** Nobody is asked about a payout that its account cannot pay. @returns null where it can, or nobody knows. */
async function lookAtFloat({ row }: Visit, deps: StepDeps): Promise<Next | null> {
  const { provider, currency, id, payoutAmount: amount, method, createdAt } = row
  const { leaves, waitMs } = await deps.float.admit({ provider, currency }, [
    { id, amount, method, createdAt },
  ])
  return leaves.has(id) ? null : stay(waitMs, 'insufficient_float')
}

/** A user may have been frozen since they asked, in a batch for hours. @returns null where nothing is in the way. */
async function lookAtUser(visit: Visit, deps: StepDeps): Promise<Next | null> {
  const { row } = visit
  const answer = await deps.exchange.findUser(row.userId).then(
    (user) => ({ standing: user?.standing ?? null }),
    () => null,
  )
  if (!answer) return retryLater(visit, deps, WALLET_BACKOFF, 'exchange_unavailable')
  const { follows, findings } = judgeStanding(
    answer.standing,
    await deps.settings.standing(),
    row.reviewedFindings,
  )
  if (follows === 'pay') return null
  // What may have been sent before is not ours to give back.
  if (follows === 'refuse' && row.payoutDoubtAt === null)
    return go({
      to: 'releasing',
      event: 'user.refused',
      reasonCode: 'refused_by_exchange',
      detail: { findings },
      next: { keepLeaseSeconds: deps.settings.leaseSeconds },
    })
  return go({
    to: 'in_review',
    event: 'user.questioned',
    reasonCode: 'under_review',
    patch: { reviewedFindings: writeFindings(row.reviewedFindings, findings) },
    detail: { findings },
    next: { runInMs: null },
  })
}

async function lookAtBurn(visit: Visit, deps: StepDeps): Promise<Next> {
  const { row } = visit
  const paidBefore = await underOldKey(visit, deps)
  if (paidBefore) return paidBefore

  // Who has just locked the amount has seen the burn in the same moment.
  if (!visit.entered || !visit.isFresh()) {
    const seen = await deps.exchange.findHold({ userId: row.userId, ids: [row.id] })
    if (seen.kind === 'unknown') return retryLater(visit, deps, WALLET_BACKOFF, 'exchange_unavailable')
    if (seen.kind === 'found') {
      const inTheWay = await standsInTheWay(visit, seen.hold, deps)
      if (inTheWay) return inTheWay
      await noteLetGo(visit, deps)
      // Marking it again would wipe what somebody puts on it in this very moment.
      if (seen.hold.processing) return (await markedBefore(visit, deps)) ?? afterMark(visit, seen.hold, deps)
    }
    // A look-up may lag behind: then the mark finds what is there.
  }

  visit.ensureLease()
  const marked = await deps.exchange.markProcessing(row.id)
  if (marked.kind === 'done') return afterMark(visit, marked.hold, deps)

  // Not marked, or not known to be: what the burn is now decides.
  const search = await deps.exchange.findHold({ userId: row.userId, ids: [row.id] })
  const inTheWay = search.kind === 'found' ? await standsInTheWay(visit, search.hold, deps) : null
  if (inTheWay) return inTheWay
  if (search.kind === 'absent' && row.attempts > MISSING_LOOKS) return missing(deps)
  return retryLater(visit, deps, WALLET_BACKOFF, 'exchange_unavailable')
}

async function standsInTheWay(visit: Visit, hold: Hold, deps: StepDeps): Promise<Next | null> {
  if (hold.state !== 'pending') return decidedElsewhere(visit.row, hold, deps)
  if (isKept(hold)) return leaveKept(visit, hold, deps, 'held_by_exchange')
  return isOurHold(visit.row, hold) ? null : foreignChange(hold, deps)
}

async function afterMark(visit: Visit, hold: Hold, deps: StepDeps): Promise<Next> {
  const { row } = visit
  const inTheWay = await standsInTheWay(visit, hold, deps)
  if (inTheWay) return inTheWay
  if (!hold.processing) return foreignChange(hold, deps)
  return go({
    to: 'submitting',
    event: 'payout.started',
    // Sent before and never answered: what is said of this sending alone does not end that doubt.
    ...(row.payoutDoubtAt !== null && { reasonCode: 'confirming' as const }),
    patch: {
      payoutStartedAt: row.payoutStartedAt ?? 'now',
      ...leavesThrough(row, deps),
      // From here on the provider may be hearing it; cleared by an answer that proves what became of it. Doubt that
      // stands already, of an earlier attempt, is as old as that attempt.
      payoutDoubtAt: row.payoutDoubtAt ?? 'now',
      payoutRefusal: null,
      payoutRetryAt: null,
    },
    detail: { payoutKey: row.payoutKey },
    next: { keepLeaseSeconds: deps.settings.leaseSeconds },
  })
}

/** In the write that stores the intent. What may have left before keeps what was kept then, if only that nobody knows. */
function leavesThrough(row: StoredWithdrawal, { providerNamed }: StepDeps): { payer?: string | null } {
  const provider = providerNamed(row.provider)
  return row.payoutDoubtAt === null && provider ? { payer: payerOf(provider, row.currency) } : {}
}

/** A look-up may lag behind; a burn that is not there after this many looks, half a minute apart at the end, is gone. */
const MISSING_LOOKS = 6

const missing = (deps: StepDeps): Next =>
  go({
    to: 'releasing',
    event: 'hold.missing',
    reasonCode: 'hold_missing',
    patch: { contradiction: 'hold_missing' },
    next: { keepLeaseSeconds: deps.settings.leaseSeconds },
  })

/** Given back while nothing can be on its way is an end like any other; all else is a question. */
const decidedElsewhere = (row: StoredWithdrawal, hold: Hold, deps: StepDeps): Next =>
  hold.state === 'released' && row.payoutDoubtAt === null
    ? canceledAtExchange('releasing', hold, { keepLeaseSeconds: deps.settings.leaseSeconds })
    : foreignChange(hold, deps)

/** Somebody else decided over our burn. Nothing is paid; a person is asked. */
const foreignChange = (hold: Hold, deps: StepDeps): Next =>
  go({
    to: 'releasing',
    event: 'hold.changed',
    reasonCode: 'hold_changed',
    patch: { contradiction: 'hold_changed' },
    detail: { burnState: hold.state, burnAmount: hold.amount, processing: hold.processing },
    next: { keepLeaseSeconds: deps.settings.leaseSeconds },
  })
