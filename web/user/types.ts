import type { components } from '../../src/client/schema.generated'

/** What the API answers a user, as its description says it. */
type Schemas = components['schemas']

export type Method = Schemas['MethodOptions']['method']
export type Account = Schemas['StoredAccount']
export type Limit = Schemas['LimitLeft']
export type MethodOptions = Schemas['MethodOptions']
export type Options = Schemas['CurrencyOptions']
export type Quote = Schemas['Quote']
export type Step = Schemas['TimelineStep']
/** With each stage where one alone was asked for. */
export type Withdrawal = Schemas['Withdrawal'] & { readonly timeline?: readonly Step[] }

/** Where the money goes, as the body of the request says it. */
export type Destination =
  | { readonly bank_id: string }
  | { readonly bank_account: Readonly<Record<string, string>> }
  | { readonly paypal_id: string }

/** What a quote has shown, as a request repeats it. */
export type Expected = Readonly<Record<'expected_payout_amount' | 'expected_leaves_balance', number>>

/** A request as it is sent, but for the figures expected and the one-time code, which is kept nowhere. */
export type Body = { readonly currency: string; readonly amount: string } & Destination
