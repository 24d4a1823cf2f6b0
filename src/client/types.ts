import type { components, operations } from './schema.generated'

export type Withdrawal = components['schemas']['Withdrawal']
/** With each stage it went through. */
export type WithdrawalDetail = components['schemas']['WithdrawalWithTimeline']
export type Quote = components['schemas']['Quote']
export type CurrencyOptions = components['schemas']['CurrencyOptions']
/** Amounts may be decimal strings, and should: no double rounds them. */
export type CreateBody = operations['createWithdrawal']['requestBody']['content']['application/json']
type Answer<Name extends keyof operations> = operations[Name] extends {
  responses: { 200: { content: { 'application/json': infer Body } } }
}
  ? Body
  : never
export type Query<Name extends keyof operations> = NonNullable<operations[Name]['parameters']['query']>
export type WithdrawalTable = Answer<'listWithdrawals'>
export type WithdrawalPage = Answer<'findWithdrawals'>
export type QuoteQuery = Query<'getQuote'>
export type PageQuery = Omit<Query<'findWithdrawals'>, 'format'>

export interface CallOptions {
  readonly signal?: AbortSignal
}

export interface CreateOptions extends CallOptions {
  /**
   * Of this one attempt to withdraw, kept wherever the attempt is kept: with it a double click, a reload and a lost
   * answer stay one withdrawal. A new one each time when left out; then an abort leaves nobody who knows it.
   */
  readonly idempotencyKey?: string
}
