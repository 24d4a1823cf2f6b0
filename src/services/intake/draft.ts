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
  'id' | 'userId' | 'requestHash' | 'currency' | 'amount' | 'fee' | 'payoutAmount'
> {
  readonly destination: Destination
  readonly provider: PaymentProvider
}

export type Draft = Omit<WithdrawalDraft, 'idempotencyKey'>

/** A withdrawal as it is stored: account data sealed, and every id at the provider fixed before its first use. */
export function draftOf({ vault, modeOf }: DraftDeps, { destination, provider, ...facts }: Decided): Draft {
  const { id } = facts
  return {
    ...facts,
    method: destination.method,
    destination: vault.seal(id, destination),
    destinationMasked: maskDestination(destination),
    destinationHash: vault.hash(destination),
    provider: provider.name,
    mode: modeOf(provider),
    payoutKey: payoutKeyOf(id),
    endToEndId: endToEndIdOf(id),
  }
}
