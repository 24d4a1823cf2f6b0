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
export function draftOf(
  { vault, modeOf }: DraftDeps,
  { destination, provider, ...decided }: Decided,
): WithdrawalDraft {
  const { id } = decided
  const facts = {
    ...decided,
    method: destination.method,
    destinationMasked: maskDestination(destination),
    provider: provider.name,
    payoutKey: payoutKeyOf(id),
    endToEndId: endToEndIdOf(id),
  }
  return {
    ...facts,
    destination: vault.seal({ ...facts, returnedAmount: null }, destination),
    destinationHash: vault.hash(destination),
    mode: modeOf(provider),
  }
}
