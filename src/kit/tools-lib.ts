/**
 * The part of a kit's `toolsLib` that we use, as kit 2.17 has it (server/utils/hollaex-tools-lib). Answers are
 * `unknown`: the library hands through whatever the network said, an HTML page included.
 */
export interface ToolsLib {
  readonly wallet: {
    /** Without `status: false` the burn would be final at once, so the type cannot say anything else. */
    burnAssetByKitId(kitId: number, currency: string, amount: number, opts: PendingBurnOptions): unknown
    updatePendingBurn(transactionId: string, opts: BurnUpdate): unknown
    getUserWithdrawalsByKitId(...query: UserTransactionsQuery): unknown
    getUserDepositsByKitId(...query: UserTransactionsQuery): unknown
    getExchangeWithdrawals(...query: ExchangeTransactionsQuery): unknown
    /** The same of deposits, which is what mints are listed as. */
    getExchangeDeposits?(...query: ExchangeTransactionsQuery): unknown
    /** Without a `status` a mint is final too, but only by omission: whoever writes one has to say so. */
    mintAssetByKitId(kitId: number, currency: string, amount: number, opts: FinalMintOptions): unknown
    getUserBalanceByKitId(kitId: number): unknown
    validateWithdrawal(
      user: unknown,
      address: string,
      amount: number,
      currency: string,
      network: 'fiat',
    ): unknown
  }
  readonly security: {
    verifyBearerTokenExpressMiddleware(
      scopes: string[],
    ): (req: object, res: object, next: (error?: unknown) => void) => unknown
    verifyOtpBeforeAction(userId: number, otpCode: string): unknown
  }
  readonly user: {
    getUserByKitId(kitId: number, rawData: boolean, networkData: boolean): unknown
  }
  /** Through the exchange's own mail server. Not every kit has it. */
  sendCustomEmail?(to: string, subject: string, html: string, opts: { text: string }): unknown
  /** The operator's settings of the exchange; `{}` until the kit has loaded them. */
  getKitConfig(): unknown
  getKitCoins(): unknown
  /** All of them by symbol, as `getKitCoin` has each. A host that only stands in for a kit may have none. */
  getKitCoinsConfig?(): unknown
  getKitCoin(symbol: string): unknown
}

export interface PendingBurnOptions {
  readonly status: false
  readonly transactionId: string
  readonly description: string
  readonly address?: string
  readonly fee?: number
  readonly email: boolean
}

export interface FinalMintOptions {
  readonly status: true
  readonly transactionId: string
  readonly description: string
  readonly email: boolean
}

/**
 * Updates are absolute: a flag left out becomes false. So each of ours names the whole state it wants, and never
 * changes a description alone.
 */
export type BurnUpdate =
  | { readonly processing: true; readonly email: false }
  | { readonly status: true; readonly updatedTransactionId?: string; readonly email: boolean }
  | { readonly rejected: true; readonly email: boolean }

/** Positional: the transaction id is the 14th argument. */
export type UserTransactionsQuery = [
  kitId: number,
  ...filters: TransactionFilters,
  description: string | null,
  format: 'all' | null,
  opts: Record<string, never>,
]

/** Positional, without a user and without a description: the transaction id is the 13th argument. */
export type ExchangeTransactionsQuery = [
  ...filters: TransactionFilters,
  format: 'all' | null,
  opts: Record<string, never>,
]

type TransactionFilters = [
  currency: string | null,
  status: boolean | null,
  dismissed: boolean | null,
  rejected: boolean | null,
  processing: boolean | null,
  waiting: boolean | null,
  limit: number | null,
  page: number | null,
  orderBy: string | null,
  order: string | null,
  startDate: string | null,
  endDate: string | null,
  transactionId: string | null,
  address: string | null,
]
