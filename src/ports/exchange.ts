import type { Destination } from '../domain/destination'
import type { UserStanding } from '../domain/standing'

/**
 * What we need of the exchange: who its users are, and a wallet that locks, settles and releases.
 *
 * Reads throw when the exchange does not answer. Effects never throw: their outcome is data, and anything that
 * is not known to be definite is `unknown`.
 */
export interface Exchange {
  /**
   * True only when a second burn with the same transaction id is refused or answered with the first. Decides
   * whether a lock may be asked for again before the quiet time has passed.
   */
  readonly holdIdsAreUnique: boolean

  findUser(userId: number): Promise<ExchangeUser | null>
  findCurrency(symbol: string): Promise<ExchangeCurrency | null>
  listCurrencies(): Promise<readonly ExchangeCurrency[]>
  /** What the user can spend of `currency`, as a decimal; "0" when there is no such wallet. */
  availableBalance(userId: number, currency: string): Promise<string>
  /** The exchange's own rules (tier limits, blocks, balance) and its fee. */
  quote(user: ExchangeUser, amount: string, currency: string): Promise<Quote>
  verifyOtp(user: ExchangeUser, code: string | null): Promise<'ok' | 'missing' | 'invalid'>

  /** Locks the amount with a pending burn whose transaction id is `hold.id`. */
  placeHold(hold: HoldRequest): Promise<HoldOutcome>
  /** Looks for the burn under each id in turn; the first one found answers. */
  findHold(query: HoldQuery): Promise<HoldSearch>
  /** Every burn there is under these ids: a request that landed twice has made two of one name. */
  findAllHolds(query: HoldQuery): Promise<HoldList>
  /** Marks the pending burn as being sent, so that neither user nor operator cancels it meanwhile. */
  markProcessing(id: string): Promise<HoldOutcome>
  /** Makes the burn final under `newId`. */
  settleHold(id: string, newId: string): Promise<HoldOutcome>
  /** Rejects the burn: the user has the money back. */
  releaseHold(id: string): Promise<HoldOutcome>

  /**
   * Every burn of a currency that is pending now, oldest first: to find locks that no open withdrawal accounts for,
   * and withdrawals that were asked for elsewhere in the exchange. @throws When the exchange does not answer.
   */
  listPendingHolds(currency: string): Promise<readonly PendingHold[]>

  /**
   * Every burn of a currency made in this time (half-open), whatever became of it, in any order.
   *
   * @throws When the exchange does not answer, or with less than all of them.
   */
  listHolds(range: ListRange): Promise<readonly ListedHold[]>
  /** The same of credits. */
  listCredits(range: ListRange): Promise<readonly ListedCredit[]>

  /** Gives a user money that came back from the bank, by a mint whose transaction id is `credit.id`. */
  placeCredit(credit: CreditRequest): Promise<CreditOutcome>
  /** Looks for that mint. Never has an effect. */
  findCredit(query: { userId: number; id: string }): Promise<CreditSearch>

  /** Hands a mail to the exchange's own server, where it offers that. @throws When it was not taken, or nobody knows. */
  readonly mail?: (to: string, mail: { subject: string; text: string; html: string }) => Promise<void>
}

export interface PendingHold extends Hold {
  readonly createdAt: Date | null
  /** For a fiat burn that the kit itself made: the id of the user's bank account. */
  readonly address: string | null
  readonly description: string | null
  readonly fee: string
  /** What kind of transaction the exchange says it is (`withdrawal`, `burn` ...). */
  readonly type: string | null
}

export interface ListRange {
  readonly currency: string
  readonly since: Date
  readonly until: Date
}

export interface ListedHold extends PendingHold {
  readonly createdAt: Date
}

export interface ListedCredit {
  readonly id: string
  readonly userId: number | null
  readonly currency: string
  readonly amount: string
  readonly settled: boolean
  readonly description: string | null
  readonly createdAt: Date
}

export interface CreditRequest {
  readonly id: string
  readonly userId: number
  readonly currency: string
  readonly amount: string
  readonly description: string
}

export type CreditOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unknown'; readonly why: string }

export type CreditSearch =
  | { readonly kind: 'found'; readonly amount: string; readonly currency: string; readonly settled: boolean }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly why: string }

export interface ExchangeUser {
  readonly id: number
  readonly email: string | null
  readonly fullName: string | null
  readonly otpEnabled: boolean
  readonly standing: UserStanding
  readonly bankAccounts: readonly StoredBankAccount[]
  /** The exchange's own record, for its own checks. Holds secrets: never log it, never return it. */
  readonly raw: unknown
}

export interface StoredBankAccount {
  readonly id: string
  readonly verified: boolean
  /** The exchange's name for this kind of account; null for accounts from before there were kinds. */
  readonly type: string | null
  readonly destination: Destination | null
}

export interface ExchangeCurrency {
  readonly symbol: string
  readonly fullName: string
  readonly isFiat: boolean
  readonly withdrawalsAllowed: boolean
  readonly min: string | null
  readonly max: string | null
  /** The smallest step of an amount. */
  readonly increment: string | null
  readonly fee: string
  /** The types of stored account that this currency is paid out to; null where the exchange does not say: to none. */
  readonly accountTypes: readonly string[] | null
}

export type Quote =
  | { readonly kind: 'ok'; readonly fee: string }
  | { readonly kind: 'refused'; readonly why: 'balance' | 'rule'; readonly message: string }

export interface HoldRequest {
  readonly id: string
  readonly userId: number
  readonly currency: string
  readonly amount: string
  readonly fee: string
  /** Free text in the user's history. Never holds account data: operators and exports see it. */
  readonly description: string
}

/** A burn as the exchange reports it. */
export interface Hold {
  readonly id: string
  readonly userId: number | null
  readonly currency: string
  readonly amount: string
  readonly state: 'pending' | 'settled' | 'released'
  readonly processing: boolean
  /** Somebody at the exchange has begun to deal with it, or has stopped it: it is theirs until they let it go. */
  readonly waiting: boolean
  readonly onHold: boolean
}

export interface HoldQuery {
  readonly userId: number
  readonly ids: readonly string[]
}

export type HoldOutcome =
  | { readonly kind: 'done'; readonly hold: Hold }
  /** Proven: the exchange answered that it did nothing. */
  | { readonly kind: 'refused'; readonly why: 'balance' | 'other'; readonly message: string }
  | { readonly kind: 'unknown'; readonly why: string }

export type HoldSearch =
  | { readonly kind: 'found'; readonly hold: Hold }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly why: string }

export type HoldList =
  | { readonly kind: 'all'; readonly holds: readonly Hold[] }
  | { readonly kind: 'unknown'; readonly why: string }
