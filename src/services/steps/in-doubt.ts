import type { StoredWithdrawal } from '../../db/store'
import type { ReasonCode } from '../../domain/reasons'
import { ASKED_LOOK_MS, backoffMs, DEFERRED_BACKOFF, LOOKUP_BACKOFF } from '../../domain/retry'
import type { CanceledBy } from '../../domain/withdrawal'
import type { LookupOutcome, PaymentProvider } from '../../ports/payment-provider'
import { underNewKey } from '../payouts/send-again'
import { contradiction } from '../record-facts'
import type { Move } from '../transition'
import {
  cameBack,
  declined,
  isKeyTooOld,
  journalled,
  keyAgeMs,
  noteKey,
  paid,
  queryFor,
  withProvider,
} from './payout-facts'
import { canBeAsked, confirmed } from './refusals'
import {
  doubtedSince,
  doubtMsLeft,
  go,
  lastSentAt,
  leastLookMs,
  type Next,
  quietMsLeft,
  spreadOf,
  type Stay,
  stay,
  type Step,
  type StepDeps,
  type Visit,
} from './step'

/**
 * Finds out whether the provider has the payout. "No" only counts when the provider would know, and when the
 * request can no longer be on its way; only then may the same key be sent again. Where nobody can say, a person is
 * asked, and the looks go on: the answer may come by itself.
 */
export const inDoubt: Step = async (visit, deps) => {
  const { row } = visit
  // Facts that contradicted each other once do not stop doing so because a later answer says less.
  if (row.contradiction !== null) return go(contradiction('in_doubt', row.contradiction))
  const provider = deps.providerNamed(row.provider)
  if (!provider) return askPerson(visit, deps, 'unresolved', { why: 'its provider is not configured' })
  noteKey(row, deps)
  const doubt: Doubt = { visit, deps, provider, ...quietOf(row, provider, deps) }
  if (provider.capabilities.lookup === 'none') return withoutLookup(doubt)

  const { quietLeft } = doubt
  const outcome = await deps.providerCalls.lookup(provider, queryFor(row))
  switch (outcome.kind) {
    case 'settled':
      return go(paid(row, outcome, deps))
    case 'accepted':
      return go(withProvider(row, outcome, leastLookMs(row)))
    case 'declined':
      // What the only request was told, and the look-up says too, has been said twice.
      return quietLeft > 0 && row.payoutRefusal === null
        ? notYet(visit, quietLeft, deps)
        : go(declined(outcome, deps))
    case 'returned':
      return quietLeft > 0 ? notYet(visit, quietLeft, deps) : go(cameBack(row, outcome, deps))
    case 'not_found':
      return notFound(doubt, outcome.conclusive)
    case 'voided':
      return quietLeft > 0 ? notYet(visit, quietLeft, deps) : go(leaveAgain(row, outcome, provider, deps))
    case 'deferred':
    case 'unknown':
      return later(visit, deps, journalled(outcome))
  }
}

/**
 * Until the next look: a quarter of how long it has been in doubt. By the looks that were counted it would be asked ever
 * more slowly for those whose process was killed, and for those whose "no" could not count yet: after a bad quarter of an
 * hour the answer that is there by then would wait for another one.
 */
function nextLookMs(row: StoredWithdrawal, deps: StepDeps): number {
  const inDoubtMs = Math.max(0, row.readAt.getTime() - row.stateSince.getTime())
  const firstMs = Math.max(leastLookMs(row), inDoubtMs / 4)
  return backoffMs(1, { firstMs, capMs: LOOKUP_BACKOFF.capMs }, spreadOf(row, deps))
}

/** A "no" that does not count yet. It is looked for again before it does: what is on its way mostly arrives soon. */
const notYet = ({ row }: Visit, leftMs: number, deps: StepDeps): Stay =>
  stay(Math.min(leftMs, nextLookMs(row, deps)))

/** A payout in doubt at a provider that we can call. */
interface Doubt {
  readonly visit: Visit
  readonly deps: StepDeps
  readonly provider: PaymentProvider
  readonly quietMs: number
  /** Until the last request can no longer take effect. */
  readonly quietLeft: number
}

/** A request that landed as late as it can is shown that much later still. */
function quietOf(
  row: StoredWithdrawal,
  { capabilities }: PaymentProvider,
  deps: StepDeps,
): Pick<Doubt, 'quietMs' | 'quietLeft'> {
  const quietMs = deps.settings.quietMs + capabilities.notFoundConclusiveAfterMs
  const since = lastSentAt(row)
  const name = `payout ${row.id} ${since.getTime()}`
  return { quietMs, quietLeft: doubtMsLeft(row, deps, { name, knownForMs: quietMs, since, quietMs }) }
}

function notFound(doubt: Doubt, isConclusive: boolean): Next | Promise<Next> {
  const { visit, deps, provider, quietLeft } = doubt
  const { row } = visit
  if (isConclusive && row.payoutRefusal !== null) {
    const { notFoundConclusiveAfterMs: quietMs } = provider.capabilities
    const since = row.stateSince
    const name = `refused ${row.id} ${since.getTime()}`
    const shownIn = doubtMsLeft(row, deps, { name, knownForMs: quietMs, since, quietMs })
    return shownIn > 0 ? notYet(visit, shownIn, deps) : go(asRefused(row, row.payoutRefusal, deps))
  }
  if (isConclusive) return quietLeft > 0 ? notYet(visit, quietLeft, deps) : sendAgain(doubt, false)
  // It can only be found under an id that we were never told.
  return canBeAsked(row, provider) ? later(visit, deps) : withoutLookup(doubt)
}

/** Nobody can be asked what became of it. */
function withoutLookup(doubt: Doubt): Next | Promise<Next> {
  const { visit, deps, quietLeft } = doubt
  const refusal = visit.row.payoutRefusal
  if (refusal === null) return byResending(doubt)
  // It was sent once, and this is what was heard. That it was taken for a repetition is no answer to a first request.
  if (refusal === 'duplicate_business') return askPerson(visit, deps, 'unresolved', { refusal })
  return quietLeft > 0 ? stay(quietLeft) : go(asRefused(visit.row, refusal, deps))
}

/**
 * Without a look-up the keyed resend is the question: the provider refuses or replays a key it knows. It is asked ever
 * more slowly, the wait grows as the doubt does.
 */
async function byResending(doubt: Doubt): Promise<Next> {
  const { visit, deps, quietMs, quietLeft } = doubt
  const { row } = visit
  // Its batch was taken, and the worker died before it had written that down for everybody.
  if (row.orderTaken && row.takenAt === null)
    return go(withProvider(row, { kind: 'accepted' }, LOOKUP_BACKOFF.firstMs))
  const isOld = doubtAgeMs(row) > deps.settings.doubtReviewMs
  const doubtedForMs = lastSentAt(row).getTime() - doubtedSince(row).getTime()
  const waitMs = Math.max(quietMs, Math.min(doubtedForMs, isOld ? ASKED_LOOK_MS : LOOKUP_BACKOFF.capMs))
  const waitLeft = Math.max(quietLeft, quietMsLeft(row, lastSentAt(row), waitMs))
  // Asked at that age, and not only when the next resend is due: the waits grow as long as the doubt.
  if (isOld) await deps.raise(row, 'unresolved', { doubtedSince: doubtedSince(row).toISOString() })
  if (waitLeft > 0) return stay(waitLeft)
  return sendAgain(doubt, true)
}

function sendAgain({ visit, deps, provider }: Doubt, doubtRemains: boolean): Next | Promise<Next> {
  const { row } = visit
  // It was there once, or its batch is; that it is gone now is no proof that nobody was or will be paid.
  if (row.providerReference !== null || row.takenAt !== null || row.orderTaken)
    return askPerson(visit, deps, 'vanished')
  if (isKeyTooOld(row, provider, deps))
    return askPerson(visit, deps, 'unresolved', {
      why: 'its key may be forgotten',
      keyAgeMs: keyAgeMs(row, deps),
    })
  if (row.canceledBy !== null)
    return doubtRemains
      ? askPerson(visit, deps, 'unresolved', { why: 'it was canceled, and to ask by sending might pay it' })
      : go(stillCanceled(row.canceledBy, 'payout.proven_unsent'))
  // What was sent as a batch is asked for as that batch: a new one, with another key, would be another payment.
  if (doubtRemains && row.batchId !== null) return { kind: 'resend_batch', batchId: row.batchId }
  return go({
    to: 'ready',
    event: 'payout.proven_unsent',
    patch: { batchId: null, ...(!doubtRemains && { payoutDoubtAt: null }) },
    next: { runInMs: 0 },
  })
}

/** It is as the provider said: of a withdrawal that was canceled meanwhile, "not now" means never. */
const asRefused = (row: StoredWithdrawal, refusal: ReasonCode, deps: StepDeps): Move =>
  row.canceledBy === null
    ? confirmed(row, refusal, deps)
    : stillCanceled(row.canceledBy, 'payout.proven_unsent')

/** Whoever was told that it is canceled is not paid after all, whatever a person has had looked up meanwhile. */
const stillCanceled = (by: CanceledBy, event: string): Move => ({
  to: 'releasing',
  event,
  reasonCode: `canceled_by_${by}`,
  patch: { batchId: null, payoutDoubtAt: null, payoutRefusal: null, payoutRetryAt: null },
  next: { runInMs: 0 },
})

/** Under a new key; not before what dropped it can have passed, for every try is one more payment to be watched. */
function leaveAgain(
  row: StoredWithdrawal,
  outcome: Extract<LookupOutcome, { kind: 'voided' }>,
  provider: PaymentProvider,
  { random }: StepDeps,
): Move {
  if (row.canceledBy !== null) return stillCanceled(row.canceledBy, 'payout.voided')
  const move = underNewKey(row, 'voided', { newId: random.newId(), event: 'payout.voided', provider })
  const { why } = outcome
  if (why === undefined) return move
  const next = { runInMs: waitAfterVoidMs(row, random.fraction()) }
  return { ...move, reasonCode: why, detail: { ...move.detail, ...journalled(outcome) }, next }
}

/** As after a deferral, and ever more slowly: as long again as it has taken so far. */
function waitAfterVoidMs({ createdAt, readAt }: StoredWithdrawal, random: number): number {
  const ageMs = Math.max(0, readAt.getTime() - createdAt.getTime())
  return Math.max(
    backoffMs(1, DEFERRED_BACKOFF, random),
    backoffMs(1, { firstMs: ageMs, capMs: DEFERRED_BACKOFF.capMs }, random),
  )
}

function later(visit: Visit, deps: StepDeps, detail: Record<string, unknown> = {}): Next | Promise<Next> {
  const { row } = visit
  if (doubtAgeMs(row) <= deps.settings.doubtReviewMs) return stay(nextLookMs(row, deps), 'confirming')
  return askPerson(visit, deps, 'unresolved', detail)
}

/** A person is asked, and the looks go on: it ends alone when the provider can say. */
async function askPerson(
  visit: Visit,
  deps: StepDeps,
  kind: 'unresolved' | 'vanished',
  detail: Record<string, unknown> = {},
): Promise<Next> {
  const { row } = visit
  // One doubt is one question, whatever each look at it is told.
  const since = doubtedSince(row).toISOString()
  await deps.raise(row, kind, { ...detail, doubtedSince: since, reference: row.providerReference })
  return stay(ASKED_LOOK_MS * (0.75 + deps.random.fraction() / 2), kind satisfies ReasonCode)
}

const doubtAgeMs = (row: StoredWithdrawal): number => row.readAt.getTime() - doubtedSince(row).getTime()
