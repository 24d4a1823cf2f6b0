import type { StoredWithdrawal } from '../../db/store'
import { batchKeyOf } from '../../domain/batch'
import { givenOutAtMs, isKitSafeId } from '../../domain/identifiers'
import { isLess, sameAmount } from '../../domain/money'
import type { LookupOutcome, PaymentProvider, PayoutOutcome } from '../../ports/payment-provider'
import type { PayoutAsked } from '../payouts/provider-calls'
import { contradiction } from '../record-facts'
import type { Move } from '../transition'
import type { StepDeps } from './step'

/** How a provider is asked about this payout. */
export const queryFor = (row: StoredWithdrawal): PayoutAsked => ({
  key: row.payoutKey,
  orderKey: row.batchId === null ? row.payoutKey : batchKeyOf(row.batchId),
  reference: row.providerReference,
  endToEndId: row.endToEndId,
  orderReference: row.orderReference,
  currency: row.currency,
  amount: row.payoutAmount,
  payer: row.payer,
})

type Of<Kind extends LookupOutcome['kind']> = Extract<LookupOutcome, { kind: Kind }>

/** The payout is paid: the burn is to be settled. A paid amount that is not ours is never settled. */
export function paid(row: StoredWithdrawal, outcome: Of<'settled'>, deps: StepDeps): Move {
  const conflict = contradicts(row, outcome)
  if (conflict) return conflict
  return {
    to: 'settling',
    event: 'payout.settled',
    patch: {
      providerReference: outcome.reference,
      providerTransactionId: outcome.transactionId,
      providerStatus: outcome.status ?? null,
      // Stored before the settle is sent: the burn is looked up under both ids from now on. It may have been settled under
      // the one that is there already, whatever the bank calls the payment now.
      settledBurnId: row.settledBurnId ?? settledIdFor(row, outcome.transactionId),
      payoutDoubtAt: null,
      payoutRefusal: null,
    },
    detail: journalled(outcome),
    next: { keepLeaseSeconds: deps.settings.leaseSeconds },
  }
}

/**
 * The burn gets the bank's reference as its id, so that the user finds it in both places. Not where it was asked
 * for more than once: an id that is freed would let an earlier request, still on its way, lock a second time.
 */
const settledIdFor = (row: StoredWithdrawal, transactionId: string): string =>
  isKitSafeId(transactionId) && !row.holdRepeated ? transactionId : row.id

/** Proven not paid: the burn is to be rejected. */
export const declined = (outcome: Of<'declined'>, deps: StepDeps): Move => ({
  to: 'releasing',
  event: 'payout.declined',
  reasonCode: outcome.code,
  patch: {
    providerStatus: outcome.status ?? null,
    payoutDoubtAt: null,
    payoutRefusal: null,
    ...(outcome.reference !== undefined && { providerReference: outcome.reference }),
  },
  detail: journalled(outcome),
  next: { keepLeaseSeconds: deps.settings.leaseSeconds },
})

/**
 * The money came back before we called it paid. All of it: as if it had been declined. A part of it: the payout
 * did happen, and the part is given back after the burn is settled.
 */
export function cameBack(row: StoredWithdrawal, outcome: Of<'returned'>, deps: StepDeps): Move {
  if (isLess(outcome.amount, row.payoutAmount))
    return paid(
      row,
      {
        kind: 'settled',
        reference: outcome.reference,
        transactionId: outcome.transactionId ?? outcome.reference,
      },
      deps,
    )
  const move = declined({ ...outcome, kind: 'declined' }, deps)
  // Said again later it is nothing new.
  const patch = { ...move.patch, returnedAmount: outcome.amount }
  return { ...move, event: 'payout.returned', patch }
}

/** Accepted, not final: it is asked for again after `runInMs`. */
export function withProvider(row: StoredWithdrawal, outcome: Of<'accepted'>, runInMs: number): Move {
  const conflict = contradicts(row, outcome)
  if (conflict) return conflict
  return {
    to: 'submitted',
    event: 'payout.accepted',
    patch: {
      providerStatus: outcome.status ?? null,
      payoutDoubtAt: null,
      payoutRefusal: null,
      takenAt: row.takenAt ?? 'now',
      ...(outcome.reference !== undefined && { providerReference: outcome.reference }),
    },
    detail: journalled(outcome),
    next: { runInMs },
  }
}

/** Two references for one key, or another amount: facts that cannot both be true. */
function contradicts(row: StoredWithdrawal, outcome: Of<'accepted'> | Of<'settled'>): Move | null {
  const { reference } = outcome
  if (row.providerReference !== null && reference !== undefined && row.providerReference !== reference)
    return contradiction(row.state, 'duplicate_reference', journalled(outcome))
  const amount = outcome.kind === 'settled' ? outcome.amount : undefined
  if (amount !== undefined && !sameAmount(amount, row.payoutAmount))
    return contradiction(row.state, 'amount_mismatch', journalled(outcome))
  return null
}

/** Keys are not used up to the last minute of their life at the provider. */
const KEY_LIFETIME_USED = 0.8
/**
 * Nor by as much as the database's clock may have been set back without a living process that noticed: more than
 * failovers and corrections do, which are seconds. What it was set back by more is read from the withdrawal's id.
 */
const SET_BACK_UNSEEN_MS = 5 * 60_000

/**
 * Whether a request sent now might land when the provider has forgotten the key: it leaves within the lease, and takes
 * effect within the quiet time after that. Where the clock of the database was set back, an old key would look young: it is
 * at least as old as this process has known it, whatever the clocks say.
 */
export function isKeyTooOld(
  row: StoredWithdrawal,
  { capabilities }: PaymentProvider,
  deps: Pick<StepDeps, 'settings' | 'patience' | 'now'>,
): boolean {
  const { leaseSeconds, quietMs } = deps.settings
  const lastingMs = capabilities.keyLifetimeMs * KEY_LIFETIME_USED
  const usableMs = lastingMs - leaseSeconds * 1_000 - quietMs - SET_BACK_UNSEEN_MS
  return keyAgeMs(row, deps) > usableMs || deps.patience.msLeft(keyName(row), usableMs) <= 0
}

const keyName = ({ payoutKey }: StoredWithdrawal): string => `key ${payoutKey}`

/** From now on, if not before, this process knows of a key that may have been used. */
export const noteKey = (row: StoredWithdrawal, { patience }: Pick<StepDeps, 'patience'>): void => {
  patience.msLeft(keyName(row), 0)
}

/** At the most; 0 for one that was not used. */
export const keyAgeMs = (row: StoredWithdrawal, deps: Pick<StepDeps, 'now'>): number =>
  row.payoutStartedAt === null
    ? 0
    : row.readAt.getTime() - row.payoutStartedAt.getTime() + setBackMs(row, deps)

/** Clocks that were further apart when a withdrawal came in tell nothing about each other. */
const APART_MS_MAX = 86_400_000

/**
 * How far the database's clock was set back since the withdrawal came in, as a process can tell that was started
 * afterwards: its id carries the time of the process that took it, beside which the database wrote its own. Not where
 * both have one clock.
 */
function setBackMs({ id, createdAt, readAt }: StoredWithdrawal, { now }: Pick<StepDeps, 'now'>): number {
  const givenOut = givenOutAtMs(id)
  if (givenOut === null) return 0
  const aheadAtFirstMs = createdAt.getTime() - givenOut
  const aheadNowMs = readAt.getTime() - now().getTime()
  return Math.abs(aheadAtFirstMs) > APART_MS_MAX ? 0 : Math.max(0, aheadAtFirstMs - aheadNowMs)
}

/**
 * Whether an earlier request than the one in hand may have been taken: a first doubt begins in the very moment in which the
 * row begins to be sent, one that remains was there before, and in `in_doubt` there is nothing but doubt. Not by which of
 * the two is older: where the database's clock was set back in between, the earlier one is.
 */
export const isDoubtedBefore = ({ state, payoutDoubtAt, stateSince }: StoredWithdrawal): boolean =>
  state === 'in_doubt' || (payoutDoubtAt !== null && payoutDoubtAt.getTime() !== stateSince.getTime())

/** What of an outcome goes into the journal: status words and references, nothing a provider said about people. */
export function journalled(outcome: PayoutOutcome | LookupOutcome): Record<string, unknown> {
  const { kind, reference, transactionId, amount, status, code, why } = outcome as unknown as Record<
    string,
    unknown
  >
  return Object.fromEntries(
    Object.entries({ kind, reference, transactionId, amount, status, code, why }).filter(
      ([, value]) => value !== undefined,
    ),
  )
}
