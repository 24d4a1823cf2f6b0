import { answered, type Api, createApi } from './api'
import { systemClock } from './clock'
import { type ClientOptions, createCore } from './core'
import { newIdempotencyKey } from './key'
import type {
  CallOptions,
  CreateBody,
  CreateOptions,
  CurrencyOptions,
  PageQuery,
  Query,
  Quote,
  QuoteQuery,
  Withdrawal,
  WithdrawalDetail,
  WithdrawalPage,
  WithdrawalTable,
} from './types'
import { waitForOutcome, type WaitOptions } from './wait'

/** The API in functions. Whatever goes wrong is thrown as a `WithdrawalError`, an abort as the signal's reason. */
export interface WithdrawalsClient {
  /** Stored, and on its way to an outcome; `status` says whether it has one. Repeats itself, with the same key. */
  create(body: CreateBody, options?: CreateOptions): Promise<Withdrawal>
  get(id: string, options?: CallOptions): Promise<WithdrawalDetail>
  /** Gives the balance back while nothing was sent. Not repeated by itself. */
  cancel(id: string, options?: CallOptions): Promise<Withdrawal>
  /** Looks until it has ended, more and more seldom. @throws `still_pending`. */
  waitFor(id: string, options?: WaitOptions): Promise<WithdrawalDetail>
  options(options?: CallOptions): Promise<readonly CurrencyOptions[]>
  /** What it would cost and bring, as it would be accepted now; nothing is stored. */
  quote(query: QuoteQuery, options?: CallOptions): Promise<Quote>
  find(query?: PageQuery, options?: CallOptions): Promise<WithdrawalPage>
  list(query?: Query<'listWithdrawals'>, options?: CallOptions): Promise<WithdrawalTable>
  /** All pages of `find`, as a file. */
  csv(query?: PageQuery, options?: CallOptions): Promise<Blob>
  /** Every route there is, operators' too, with the same care; `answered` throws where it failed. */
  readonly api: Api
}

/** A file may be long. */
const FILE_TIMEOUT_MS = 10 * 60_000

export function createWithdrawalsClient(options: ClientOptions): WithdrawalsClient {
  const api = createApi(createCore(options))
  const get = (id: string, call: CallOptions = {}) =>
    answered(api.GET('/{id}', { ...call, params: { path: { id } } }))

  return {
    api,
    get,
    create: (body, { idempotencyKey = newIdempotencyKey(), ...call } = {}) => {
      const params = { header: { 'Idempotency-Key': idempotencyKey } }
      return answered(api.POST('/', { ...call, body, params }))
    },
    cancel: (id, call = {}) => answered(api.POST('/{id}/cancel', { ...call, params: { path: { id } } })),
    waitFor: (id, wishes = {}) =>
      waitForOutcome((call) => get(id, call), options.clock ?? systemClock, wishes),
    options: (call = {}) => answered(api.GET('/options', call)),
    quote: (query, call = {}) => answered(api.GET('/quote', { ...call, params: { query } })),
    find: (query = {}, call = {}) => answered(api.GET('/', { ...call, params: { query } })),
    list: (query = {}, call = {}) => answered(api.GET('/list', { ...call, params: { query } })),
    csv: (query = {}, call = {}) => {
      const params = { query: { ...query, format: 'csv' as const } }
      return answered(api.GET('/', { timeoutMs: FILE_TIMEOUT_MS, ...call, params, parseAs: 'blob' }))
    },
  }
}
