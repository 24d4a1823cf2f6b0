/**
 * The client of this API, for browsers and Node: `hollaex-bank-withdrawal/client`. It knows the server by its description
 * alone, and imports nothing of it.
 */
export { answered, type Api } from './api'
export { createWithdrawalsClient, type WithdrawalsClient } from './client'
export type { ClientClock } from './clock'
export type { ClientOptions } from './core'
export {
  BankWithdrawalError,
  type ErrorCode,
  type FieldProblem,
  isWithdrawalError,
  type WithdrawalError,
} from './errors'
export { newIdempotencyKey } from './key'
export type { components, operations, paths } from './schema.generated'
export type {
  CallOptions,
  CreateBody,
  CreateOptions,
  CurrencyOptions,
  PageQuery,
  Quote,
  QuoteQuery,
  Withdrawal,
  WithdrawalDetail,
  WithdrawalPage,
  WithdrawalTable,
} from './types'
export type { WaitOptions } from './wait'
