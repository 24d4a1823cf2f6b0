import type { WithdrawalDraft } from '../../db/store'
import { type Destination, maskDestination } from '../../domain/destination'
import { endToEndIdOf, payoutKeyOf } from '../../domain/identifiers'
import type { PayoutMode } from '../../domain/withdrawal'
import type { PaymentProvider } from '../../ports/payment-provider'
import type { Vault } from '../vault'

export interface DraftDeps {
  readonly vault: Vault
  readonly modeOf: (provider: PaymentProvider) => PayoutMode
}

/** What has been decided when a withdrawal is about to be stored. */
export interface Decided extends Pick<
  WithdrawalDraft,
  'id' | 'userId' | 'idempotencyKey' | 'requestHash' | 'currency' | 'amount' | 'fee' | 'payoutAmount'
> {
  readonly destination: Destination
  readonly provider: PaymentProvider
}

/**
 * A withdrawal as it is stored: account data sealed with what it was accepted as, and every id at the provider fixed
 * before its first use.
 */
export function draftOf({ vault, modeOf }: DraftDeps, decided: Decided): WithdrawalDraft {
  const { id, destination, provider } = decided
  const facts = {
    id,
    userId: decided.userId,
    idempotencyKey: decided.idempotencyKey,
    currency: decided.currency,
    amount: decided.amount,
    fee: decided.fee,
    payoutAmount: decided.payoutAmount,
    method: destination.method,
    destinationMasked: maskDestination(destination),
    provider: provider.name,
    payoutKey: payoutKeyOf(id),
    endToEndId: endToEndIdOf(id),
    returnedAmount: null,
  }
  return {
    id,
    userId: facts.userId,
    idempotencyKey: facts.idempotencyKey,
    requestHash: decided.requestHash,
    currency: facts.currency,
    amount: facts.amount,
    fee: facts.fee,
    payoutAmount: facts.payoutAmount,
    method: facts.method,
    destination: vault.seal(facts, destination),
    destinationMasked: facts.destinationMasked,
    destinationHash: vault.hash(destination),
    provider: facts.provider,
    mode: modeOf(provider),
    payoutKey: facts.payoutKey,
    endToEndId: facts.endToEndId,
  }
}
