import type { Method } from './destination'
import type { ReasonCode } from './reasons'
import type { State } from './states'

/** `immediate`: the request drives the payout. `batch`: it waits for the schedule. Fixed at creation. */
export type PayoutMode = 'immediate' | 'batch'

/** One user's request to take fiat off the exchange, as stored. Amounts are canonical decimal strings. */
export interface Withdrawal {
  readonly id: string
  readonly userId: number
  readonly idempotencyKey: string | null
  readonly requestHash: string
  readonly currency: string
  /** What the user asked for, and what the pending burn locks. */
  readonly amount: string
  readonly fee: string
  /** What the beneficiary gets: the amount, less the fee where the fee is deducted. */
  readonly payoutAmount: string
  readonly method: Method
  /** Sealed by the destination vault; never logged, never shown as it is. */
  readonly destination: string
  readonly destinationMasked: string
  /** Keyed hash of the account identity: the same account has the same hash, nobody can read it back. */
  readonly destinationHash: string
  readonly provider: string
  readonly mode: PayoutMode
  /** Our key at the provider: one for life, unless the payout was proven not to be made and left again. */
  readonly payoutKey: string
  readonly endToEndId: string
  /** The provider's own id of the payout, once it has told us. */
  readonly providerReference: string | null
  /** The bank's reference of the executed payment, shown to the user. */
  readonly providerTransactionId: string | null
  /** The provider's last status word, for operators. */
  readonly providerStatus: string | null
  /** The id the burn gets when it is settled; stored before the settle is sent, so both ids can be looked up. */
  readonly settledBurnId: string | null
  readonly state: State
  /** +1 with each journal entry; equals the last entry's `seq`. */
  readonly version: number
  /** For people; what decides has a column of its own. */
  readonly reasonCode: ReasonCode | null
  /** Facts that cannot both be true were seen; no later answer takes that back, a person does. */
  readonly contradiction: Contradiction | null
  /** Who asked to give the balance back before anything was sent. */
  readonly canceledBy: CanceledBy | null
  /** Visits of a worker since the state was entered. */
  readonly attempts: number
  /** When a worker looks again; null where nothing is left to do or a person decides. */
  readonly nextRunAt: Date | null
  /** Since when a pending burn may be on its way without an answer we believe. */
  readonly holdDoubtAt: Date | null
  /** The burn was asked for more than once: an earlier request may land as long as the id is free. */
  readonly holdRepeated: boolean
  /** What of the user a person has been asked about; who let it pass is not asked the same again. */
  readonly reviewedFindings: string | null
  /** Why the policy lets a person look at it, as codes with commas; null where it does not. */
  readonly reviewCauses: string | null
  /** Until then its account is new to its user, and nothing leaves by itself. */
  readonly coolsUntil: Date | null
  /** When the pending burn was confirmed. */
  readonly heldAt: Date | null
  /** When the payout key was used first: its lifetime at the provider counts from here. */
  readonly payoutStartedAt: Date | null
  /** Names the account it was last sent through, as a hash; null where its provider tells none from another. */
  readonly payer: string | null
  /** Since when a payout may be on its way without an answer we believe. */
  readonly payoutDoubtAt: Date | null
  /** How many payouts of it were given up for another under a new key. */
  readonly retiredPayouts: number
  /** What the provider said to the first and only request for this payout, until a look-up has confirmed it. */
  readonly payoutRefusal: ReasonCode | null
  /** Not before then, where it said "not now". */
  readonly payoutRetryAt: Date | null
  /** Since when the provider has said that it has it. */
  readonly takenAt: Date | null
  /** Until when a call may still leave whose worker was given up before its lease was over. */
  readonly strayUntil: Date | null
  /** The batch it is in now. */
  readonly batchId: string | null
  /** What the provider calls that batch, once it has told us. */
  readonly orderReference: string | null
  /** Whether the provider has taken that batch, whatever it said of its members. */
  readonly orderTaken: boolean
  /** Whether it was in another batch before: what a call that was held up makes of that one, no look at this one shows. */
  readonly orderedBefore: boolean
  /** The largest batch it may be in, after one with it was refused without a reason; 0: it was refused alone. */
  readonly batchSizeMax: number | null
  /** After the end: when somebody looks whether it holds. */
  readonly watchAt: Date | null
  readonly watchUntil: Date | null
  readonly watchLooks: number
  /** What the bank has sent back of a paid payout. */
  readonly returnedAmount: string | null
  /** Since when a credit to the user may be on its way without an answer we believe. */
  readonly creditDoubtAt: Date | null
  /** The last request for that credit was refused; an earlier one may still land. */
  readonly creditRefused: boolean
  /** When an operator allowed to give what came back to the user. */
  readonly returnApprovedAt: Date | null
  readonly stateSince: Date
  readonly createdAt: Date
  readonly updatedAt: Date
}

export const CONTRADICTIONS = [
  'amount_mismatch',
  'duplicate_reference',
  'hold_changed',
  'hold_missing',
] as const satisfies readonly ReasonCode[]
export type Contradiction = (typeof CONTRADICTIONS)[number]
export type CanceledBy = 'user' | 'operator'

/** A time to store; `now` and `inMs` count on the database's clock at the moment of the write. */
export type Moment = Date | 'now' | { readonly inMs: number } | null

/** What a change of state may write besides the state itself. */
export interface WithdrawalPatch {
  /** Sealed anew with what the patch changes. */
  readonly destination?: string
  readonly payoutKey?: string
  readonly endToEndId?: string
  readonly providerReference?: string | null
  readonly providerTransactionId?: string | null
  readonly providerStatus?: string | null
  readonly settledBurnId?: string | null
  readonly reasonCode?: ReasonCode | null
  readonly contradiction?: Contradiction | null
  readonly canceledBy?: CanceledBy | null
  readonly holdDoubtAt?: Moment
  readonly holdRepeated?: true
  readonly reviewedFindings?: string | null
  readonly heldAt?: Moment
  readonly payoutStartedAt?: Moment
  readonly payer?: string | null
  readonly payoutDoubtAt?: Moment
  readonly payoutRefusal?: ReasonCode | null
  readonly payoutRetryAt?: Moment
  readonly takenAt?: Moment
  readonly batchId?: string | null
  readonly batchSizeMax?: number | null
  readonly watchAt?: Moment
  readonly watchUntil?: Moment
  readonly returnedAmount?: string | null
  readonly creditDoubtAt?: Moment
  readonly creditRefused?: boolean
  readonly returnApprovedAt?: Moment
}

/** `voided`: the provider says that it was never handed in. `proven_unpaid`: a person has proof of it. */
/** What is known of one when its row is written. */
export type WithdrawalDraft = Pick<
  Withdrawal,
  | 'id'
  | 'userId'
  | 'idempotencyKey'
  | 'requestHash'
  | 'currency'
  | 'amount'
  | 'fee'
  | 'payoutAmount'
  | 'method'
  | 'destination'
  | 'destinationMasked'
  | 'destinationHash'
  | 'provider'
  | 'mode'
  | 'payoutKey'
  | 'endToEndId'
>

export type RetiredWhy = 'voided' | 'proven_unpaid'

/** A payout that was given up for another under a new key, as the provider knew it. */
export interface RetiredPayout {
  readonly payoutKey: string
  readonly withdrawalId: string
  readonly provider: string
  readonly endToEndId: string
  /** What it was sent in: its own key, or its batch's. */
  readonly orderKey: string
  readonly providerReference: string | null
  readonly orderReference: string | null
  /** As of a withdrawal. */
  readonly payer: string | null
  readonly why: RetiredWhy
  readonly retiredAt: Date
  /** It is looked up until then, and afterwards when something hints at it. */
  readonly watchUntil: Date
  readonly readAt: Date
}

/** One line of the append-only journal. */
export interface JournalEntry {
  readonly withdrawalId: string
  readonly seq: number
  readonly at: Date
  readonly event: string
  readonly from: State | null
  readonly to: State
  /** `worker`, `user`, or `operator:<id>`. */
  readonly actor: string
  readonly reasonCode: ReasonCode | null
  /** Redacted facts: status words, references, error codes; never account data. */
  readonly detail: Readonly<Record<string, unknown>>
}

/** While nothing was sent, and no earlier attempt can still be on its way. */
export const isCancelable = (row: Pick<Withdrawal, 'state' | 'payoutDoubtAt' | 'retiredPayouts'>): boolean =>
  (row.state === 'requested' || row.state === 'in_review' || row.state === 'ready') &&
  row.payoutDoubtAt === null &&
  // What it left under before might be paid after all.
  row.retiredPayouts === 0
