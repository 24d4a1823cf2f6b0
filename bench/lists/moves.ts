import type { PolicyGuard } from '../../src/db/statements/insert-withdrawal'
import type { StateChange, StoredWithdrawal, WithdrawalDraft } from '../../src/db/store'
import type { WithdrawalPatch } from '../../src/domain/withdrawal'
import { accountOf, bankIdOf, endToEndIdOf, idOf, keyOf, referenceOf, userOf } from './fill'

export const draftOf = (n: number, userId = userOf(n)): WithdrawalDraft => ({
  id: idOf(n),
  userId,
  idempotencyKey: keyOf(n),
  requestHash: '0'.repeat(64),
  currency: 'eur',
  amount: '10',
  fee: '0',
  payoutAmount: '10',
  method: 'BANK',
  destination: 'x'.repeat(200),
  destinationMasked: 'DE89…0042',
  destinationHash: accountOf(n),
  provider: 'sandbox',
  mode: 'batch',
  payoutKey: `BW-${idOf(n)}`,
  endToEndId: endToEndIdOf(n),
})

const PER_PERIOD = { of: 'user', currency: 'eur', amount: '1000000000', count: null, then: 'refuse' } as const
/** What is counted for it is as much at any size of the table: the same number of withdrawals a day, for longer. */
export const POLICY: PolicyGuard = {
  version: 1,
  rules: [
    { name: 'day', per: 'day', ...PER_PERIOD },
    { name: 'month', per: 'month', ...PER_PERIOD },
  ],
  coolingOffHours: 24,
  causes: [],
  known: [],
}

/** A move as the services make it. */
export interface Step {
  readonly from: StateChange['from']
  readonly to: StateChange['to']
  readonly event: string
  readonly next: StateChange['next']
  readonly patch?: (n: number) => WithdrawalPatch
  readonly isFoundAgain?: true
  readonly leaves?: true
}

export const LOCKED: Step = {
  from: 'requested',
  to: 'ready',
  event: 'hold.confirmed',
  next: { runInMs: 0 },
  patch: () => ({ heldAt: 'now', holdDoubtAt: null, reasonCode: null }),
  isFoundAgain: true,
}
export const FROZEN: Step = {
  from: 'ready',
  to: 'submitting',
  event: 'payout.submitting',
  next: { keepLeaseSeconds: 600 },
  patch: () => ({ payoutStartedAt: 'now', payoutDoubtAt: { inMs: 600_000 }, reasonCode: null }),
  leaves: true,
}
export const ANSWERED: Step = {
  from: 'submitting',
  to: 'settling',
  event: 'payout.settled',
  next: { runInMs: 0 },
  patch: (n) => ({
    ...{ providerReference: referenceOf(n), providerTransactionId: bankIdOf(n), providerStatus: null },
    ...{ settledBurnId: bankIdOf(n), payoutDoubtAt: null, payoutRefusal: null, reasonCode: null },
  }),
}
export const SETTLED: Step = {
  from: 'settling',
  to: 'processed',
  event: 'hold.settled',
  next: { runInMs: null },
  patch: () => ({
    watchAt: { inMs: 3_600_000 },
    watchUntil: { inMs: 30 * 24 * 3_600_000 },
    reasonCode: null,
  }),
}

export const numberOf = (id: string): number => Number(id.slice(-8))

export const changesOf = (
  seen: readonly Pick<StoredWithdrawal, 'id' | 'version'>[],
  { patch, ...step }: Step,
  leaseOwner: string,
): StateChange[] =>
  seen.map(({ id, version }) => ({
    id,
    version,
    leaseOwner,
    ...step,
    actor: 'worker',
    patch: patch?.(numberOf(id)) ?? {},
    detail: { burnId: id },
  }))
