import type { ReasonCode } from './reasons'
import type { State } from './states'
import type { Withdrawal, WithdrawalPatch } from './withdrawal'

/** What an entry of the table of actions says; the table is `actions.ts`. */
export interface Action {
  readonly title: string
  readonly from: readonly State[]
  /** Further facts that it depends on, in words; empty where the state alone decides. */
  readonly when: string
  /** Asked only of rows in one of the states. */
  readonly isPossible: (row: ActionRow) => boolean
  /** What it does to the money that is locked, in a sentence. */
  readonly burn: string
  /** What it does to the money at the bank, in a sentence. */
  readonly payout: string
  /** `note`: in words. `transaction`: the bank's reference, unless we have it already. */
  readonly evidence: 'none' | 'note' | 'transaction'
  /** Whether another operator has to confirm it, above the ceiling. */
  readonly needsSecond: boolean
  /** States from which another has to confirm it all the same: there it lets go of what waits for a second person. */
  readonly needsSecondFrom?: readonly State[]
  /** What is asked of others before a person is believed; what they say can refuse the action. */
  readonly proofs: readonly Proof[]
  readonly does: Effect
}

/** A withdrawal as it was just read. */
export type ActionRow = Withdrawal & {
  readonly readAt: Date
  /** A worker holds it. */
  readonly leased: boolean
}

/** What a person says beside the reason. */
export interface Given {
  /** What proves it: a page of a statement, a ticket of the bank's. */
  readonly evidence: string | null
  /** The bank's reference of the executed payment. */
  readonly transactionId: string | null
}

export type Proof =
  /** The provider does not say that it has it, and no request is on its way any more. */
  | 'not_paid'
  /** The provider says that under its key it was not paid and will not be: no person's word stands in for that. */
  | 'proven_unpaid'
  /** The exchange does not hold the burn as pending any more. */
  | 'burn_not_pending'
  /** The exchange has the burn as final: who has the balance, or still has it locked, is credited nothing beside it. */
  | 'burn_final'
  /** No mint of ours can still arrive. */
  | 'no_credit_on_its_way'

export type Effect =
  | { readonly kind: 'move'; readonly move: (row: ActionRow, given: Given) => ActionMove }
  /** It is looked at now. */
  | { readonly kind: 'wake' }
  /** The provider is asked to stop it, and then what has become of it. */
  | { readonly kind: 'stop' }
  /** It leaves once more, as another payment. */
  | { readonly kind: 'send_again' }

export interface ActionMove {
  readonly to: State
  readonly event: string
  readonly reasonCode?: ReasonCode | null
  readonly patch?: WithdrawalPatch
  /** null where nothing is left to do for a worker. */
  readonly runInMs: number | null
}

export const always = (): boolean => true
