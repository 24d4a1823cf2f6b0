/** What the API answers a user; see docs/api.md. */

export type Method = 'BANK' | 'PAYPAL'

export interface Account {
  readonly id: string
  readonly method: Method
  readonly account: string
  readonly bank?: string
  readonly account_holder?: string
  readonly country?: string
  readonly verified: boolean
}

export interface Limit {
  readonly per: 'day' | 'month'
  readonly amount: number | null
  readonly amount_left: number | null
  readonly count: number | null
  readonly count_left: number | null
  readonly resets_at: string
}

export interface MethodOptions {
  readonly method: Method
  readonly required_fields: readonly string[]
  readonly decimals: number
  readonly increment: number | null
  readonly min: number | null
  readonly max: number | null
  readonly fee: number
  readonly fee_mode: 'on_top' | 'deducted'
  readonly arrives_by: string
  readonly arrives_by_if_new?: string
}

export interface Options {
  readonly currency: string
  readonly name: string
  readonly available: number
  readonly otp_required: boolean
  readonly destinations: 'any' | 'stored'
  readonly accounts: readonly Account[]
  readonly limits: readonly Limit[]
  readonly methods: readonly MethodOptions[]
  readonly new_account_waits_hours?: number
  readonly stopped?: string
}

export interface Quote {
  readonly currency: string
  readonly method: Method
  readonly amount: number
  readonly fee: number
  readonly payout_amount: number
  readonly leaves_balance: number
  readonly arrives_by: string
  readonly arrives_by_if_new?: string
}

export interface Step {
  readonly stage: string
  readonly at: string
  readonly reason_code?: string
}

export interface Withdrawal {
  readonly id: string
  readonly currency: string
  readonly amount: number
  readonly fee: number
  readonly payout_amount?: number
  readonly method: Method
  readonly bank?: string
  readonly iban?: string
  readonly paypal_id?: string
  readonly account_holder?: string
  readonly status: 'pending' | 'processed' | 'canceled'
  readonly stage: string
  readonly reason_code?: string
  readonly reason?: string
  readonly provider: string
  readonly provider_transaction_id?: string
  readonly cancelable: boolean
  readonly eta?: string
  readonly created_at: string
  readonly updated_at: string
  /** Where one alone was asked for. */
  readonly timeline?: readonly Step[]
}

/** Where the money goes, as the body of the request says it. */
export type Destination =
  | { readonly bank_id: string }
  | { readonly bank_account: Readonly<Record<string, string>> }
  | { readonly paypal_id: string }

/** A request as it is sent, but for the one-time code, which is kept nowhere. */
export type Body = { readonly currency: string; readonly amount: string } & Destination
