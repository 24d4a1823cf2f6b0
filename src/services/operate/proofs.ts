import type { Store, StoredWithdrawal } from '../../db/store'
import type { Proof } from '../../domain/action'
import { type ActionKey, actionOf } from '../../domain/actions'
import { isOverdue } from '../../domain/looks'
import { isLess } from '../../domain/money'
import type { JournalEntry } from '../../domain/withdrawal'
import { AppError } from '../../errors'
import type { Exchange } from '../../ports/exchange'
import type { LookupOutcome, PaymentProvider } from '../../ports/payment-provider'
import type { ProviderCalls } from '../payouts/provider-calls'
import { isWithProvider, queryForRetired } from '../steps/old-keys'
import { journalled, queryFor } from '../steps/payout-facts'
import { creditIdOf } from '../steps/returning'
import { holdIds, quietMsLeft } from '../steps/step'

export interface ProofDeps {
  readonly store: Pick<Store, 'readJournal' | 'listRetiredPayouts'>
  readonly exchange: Pick<Exchange, 'findHold' | 'findCredit'>
  readonly providerNamed: (name: string) => PaymentProvider | null
  readonly providerCalls: Pick<ProviderCalls, 'lookupAnyway'>
  readonly settings: {
    /** Longest time a request may still take effect after it was given up. */
    readonly quietMs: number
    readonly leaseSeconds: number
  }
}

/**
 * Asks those who know before a person is believed, as far as they can be asked: a person's word is taken where
 * nobody can say, never against what somebody has said.
 *
 * @returns What was found, for the journal.
 * @throws {AppError} `action_not_possible` against what was found; `changed_meanwhile` while something may still be on
 *   its way; `exchange_unavailable` when it did not answer. Nothing has had an effect.
 */
export type Prove = (key: ActionKey, row: StoredWithdrawal) => Promise<Readonly<Record<string, unknown>>>

type Check = (row: StoredWithdrawal, key: ActionKey) => Promise<Readonly<Record<string, unknown>>>

export function createProve(deps: ProofDeps): Prove {
  const checks: Readonly<Record<Proof, Check>> = {
    not_paid: (row) => notPaid(row, deps),
    proven_unpaid: (row) => provenUnpaid(row, deps),
    burn_not_pending: (row, key) => burnNotPending(row, key, deps),
    burn_final: (row) => burnFinal(row, deps),
    no_credit_on_its_way: (row) => noCreditOnItsWay(row, deps),
  }
  return async (key, row) => {
    const found = {}
    for (const proof of actionOf(key).proofs) Object.assign(found, await checks[proof](row, key))
    return found
  }
}

/**
 * Operators ask any instance, just started or not, which has not known of the doubt on a clock of its own as the one that
 * works on it has. So the database's clock alone is asked, and may have been set ahead meanwhile by so much: more than
 * failovers and corrections do, which are seconds.
 */
const STEP_UNSEEN_MS = 5 * 60_000

/** Nothing is being sent at this moment, nor can what was sent still arrive. @throws {AppError} */
async function requireQuiet(row: StoredWithdrawal, { store, settings }: ProofDeps, moreMs = 0) {
  // Whoever holds it may be sending it at this moment.
  if (row.leased) throw later('A worker is at it right now. Look again in a moment.', 5_000)
  const givenUpAt = lastGivenUpAt(await store.readJournal(row.id), settings.leaseSeconds * 1_000)
  const waitMs = quietMsLeft(row, givenUpAt, settings.quietMs + moreMs + STEP_UNSEEN_MS)
  if (waitMs > 0) throw later('A request to pay it may still be on its way. Answer after that.', waitMs)
}

async function notPaid(row: StoredWithdrawal, deps: ProofDeps) {
  await requireQuiet(row, deps)
  const provider = deps.providerNamed(row.provider)
  if (!provider || provider.capabilities.lookup === 'none') return { lookup: 'not possible' }
  await requireNoneUnderOldKeys(row, provider, deps)
  const outcome = await deps.providerCalls.lookupAnyway(provider, queryFor(row))
  const objection = objectionOf(outcome, row, provider)
  if (objection) throw new AppError('action_not_possible', objection)
  return { lookup: journalled(outcome) }
}

/** What was given up for another is not with the provider after all. @throws {AppError} */
async function requireNoneUnderOldKeys(row: StoredWithdrawal, provider: PaymentProvider, deps: ProofDeps) {
  for (const old of row.retiredPayouts === 0 ? [] : await deps.store.listRetiredPayouts(row.id)) {
    const outcome = await deps.providerCalls.lookupAnyway(provider, queryForRetired(row, old))
    if (isWithProvider(outcome))
      throw new AppError(
        'action_not_possible',
        `The provider has a payout of it after all that was given up for another (${old.payoutKey}).`,
      )
  }
}

/** Sent under another key the provider could not tell that it is the same: only its own word counts. */
async function provenUnpaid(row: StoredWithdrawal, deps: ProofDeps) {
  const provider = deps.providerNamed(row.provider)
  if (!provider) throw new AppError('action_not_possible', 'There is no provider to ask whether it was paid.')
  await requireQuiet(row, deps, provider.capabilities.notFoundConclusiveAfterMs)
  await requireNoneUnderOldKeys(row, provider, deps)
  const outcome = await deps.providerCalls.lookupAnyway(provider, queryFor(row))
  const isProven =
    outcome.kind === 'voided' ||
    outcome.kind === 'declined' ||
    (outcome.kind === 'not_found' && outcome.conclusive)
  if (!isProven)
    throw new AppError(
      'action_not_possible',
      `The provider does not prove that it was not paid (it says: ${outcome.kind}). Where it cannot, answer where the money is.`,
    )
  return { lookup: journalled(outcome) }
}

/**
 * When the last request to pay it was given up at the latest: by whoever took it out of `submitting`, or with the lease
 * that it was sent under. null when none was made.
 */
function lastGivenUpAt(journal: readonly JournalEntry[], leaseMs: number): Date | null {
  const times = journal.flatMap(({ at, from, to, event }) => {
    if (from === 'submitting' && to !== 'submitting') return [at.getTime()]
    return event === 'payout.sent_again' ? [at.getTime() + leaseMs] : []
  })
  return times.length === 0 ? null : new Date(Math.max(...times))
}

/** What speaks against that it was not paid; null where nothing does. */
function objectionOf(
  outcome: LookupOutcome,
  row: StoredWithdrawal,
  provider: PaymentProvider,
): string | null {
  switch (outcome.kind) {
    case 'settled':
      return `The provider says that it was paid (${outcome.transactionId}).`
    case 'returned':
      return isLess(outcome.amount, row.payoutAmount)
        ? `The provider says that it was paid, and that ${outcome.amount} of it came back.`
        : null
    case 'accepted': {
      // Longer than any payout needs: what a person has found out counts for more than a word that never changes.
      const ageMs = row.readAt.getTime() - (row.payoutStartedAt ?? row.createdAt).getTime()
      return isOverdue(ageMs, provider.capabilities)
        ? null
        : 'The provider says that it has it and may still pay it. Have it stopped there first.'
    }
    case 'declined':
    case 'deferred':
    case 'not_found':
    case 'voided':
    case 'unknown':
      return null
  }
}

async function burnNotPending(row: StoredWithdrawal, key: ActionKey, { exchange }: ProofDeps) {
  const search = await exchange.findHold({ userId: row.userId, ids: holdIds(row) })
  if (search.kind === 'unknown') throw unanswered('The exchange did not say what has become of the burn.')
  if (search.kind === 'absent') return { burn: 'absent' }
  if (search.hold.state === 'pending')
    throw new AppError(
      'action_not_possible',
      key === 'resolve:canceled' || (key === 'resolve:returned' && isWholeBack(row))
        ? 'The burn is still pending: the balance is locked. Answer releasing, which gives it back.'
        : 'The burn is still pending: the balance is locked. Answer settling, which makes it final.',
    )
  return { burn: search.hold.state }
}

/** Somebody whose balance was never taken, or was given back, would have the amount twice. */
async function burnFinal(row: StoredWithdrawal, { exchange }: ProofDeps) {
  const search = await exchange.findHold({ userId: row.userId, ids: holdIds(row) })
  if (search.kind === 'unknown') throw unanswered('The exchange did not say what has become of the burn.')
  const state = search.kind === 'absent' ? 'absent' : search.hold.state
  if (state === 'settled') return { burn: state }
  if (state !== 'pending')
    throw new AppError(
      'action_not_possible',
      `The burn is not final (${state}): the user has the balance. Answer what is true instead.`,
    )
  throw new AppError(
    'action_not_possible',
    isWholeBack(row)
      ? 'The burn is still pending: the balance is locked. Answer releasing, which gives it back.'
      : 'The burn is still pending: the balance is locked. Answer settling, which makes it final.',
  )
}

const isWholeBack = ({ returnedAmount, payoutAmount }: StoredWithdrawal): boolean =>
  returnedAmount !== null && !isLess(returnedAmount, payoutAmount)

async function noCreditOnItsWay(row: StoredWithdrawal, { exchange, settings }: ProofDeps) {
  if (row.creditDoubtAt === null) return {}
  const search = await exchange.findCredit({ userId: row.userId, id: creditIdOf(row) })
  if (search.kind === 'unknown') throw unanswered('The exchange did not say what has become of the credit.')
  if (search.kind === 'found') return { credit: { amount: search.amount, settled: search.settled } }
  const waitMs = quietMsLeft(row, row.creditDoubtAt, settings.quietMs + STEP_UNSEEN_MS)
  if (waitMs > 0) throw later('A credit may still be on its way. Answer after that.', waitMs)
  return { credit: 'absent' }
}

const later = (message: string, waitMs: number): AppError =>
  new AppError('changed_meanwhile', message, { retryAfterSeconds: Math.ceil(waitMs / 1_000) })

const unanswered = (message: string): AppError =>
  new AppError('exchange_unavailable', `${message} Nothing was changed; try again.`, {
    retryAfterSeconds: 30,
  })
