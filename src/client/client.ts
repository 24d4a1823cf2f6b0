import createFetchClient, { type Client } from 'openapi-fetch'

import { type ClientClock, systemClock } from './clock'
import { BankWithdrawalError, errorOf } from './errors'
import { createSafeFetch, type Patience } from './safe-fetch'
import type { paths } from './schema.generated'
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

export interface ClientOptions extends Partial<Patience> {
  /** Where the plugin is: `https://exchange.example/plugins/bank/withdrawal`. */
  readonly baseUrl: string
  /** The exchange's own token, or where to get one; asked for before each request. */
  readonly token: string | (() => string | Promise<string>)
  /** In place of the platform's. */
  readonly fetch?: typeof fetch
  /** In place of the platform's, for tests. */
  readonly clock?: ClientClock
}

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
  readonly api: Client<paths, 'application/json'>
}

const TIMEOUT_MS = 30_000
const RETRY_FOR_MS = 30_000

export function createWithdrawalsClient(options: ClientOptions): WithdrawalsClient {
  const { baseUrl, clock = systemClock, timeoutMs = TIMEOUT_MS, retryForMs = RETRY_FOR_MS } = options
  const send = options.fetch ?? ((input, init) => fetch(input, init))
  const ask = createSafeFetch(send, clock, { timeoutMs, retryForMs })
  const api = createFetchClient<paths, 'application/json'>({
    baseUrl,
    // A redirected request to pay is one that somebody else receives, or a list that looks like an answer.
    ...{ redirect: 'error', credentials: 'omit', cache: 'no-store' },
    async fetch(request) {
      const token = typeof options.token === 'string' ? options.token : await options.token()
      request.headers.set('Authorization', `Bearer ${token}`)
      return ask(request)
    },
  })
  const get = (id: string, call: CallOptions = {}) =>
    answered(api.GET('/{id}', { ...call, params: { path: { id } } }))

  return {
    api,
    get,
    create: (body, { idempotencyKey = newIdempotencyKey(), ...call } = {}) => {
      const params = { header: { 'Idempotency-Key': idempotencyKey } }
      return answered(api.POST('/', { ...call, body, params }), idempotencyKey)
    },
    cancel: (id, call = {}) => answered(api.POST('/{id}/cancel', { ...call, params: { path: { id } } })),
    waitFor: (id, wishes = {}) => waitForOutcome((call) => get(id, call), clock, wishes),
    options: (call = {}) => answered(api.GET('/options', { ...call })),
    quote: (query, call = {}) => answered(api.GET('/quote', { ...call, params: { query } })),
    find: (query = {}, call = {}) => answered(api.GET('/', { ...call, params: { query } })),
    list: (query = {}, call = {}) => answered(api.GET('/list', { ...call, params: { query } })),
    csv: (query = {}, call = {}) =>
      answered(api.GET('/', { ...call, params: { query: { ...query, format: 'csv' } }, parseAs: 'blob' })),
  }
}

interface Fetched {
  readonly data?: unknown
  readonly error?: unknown
  readonly response: Response
}

/** What a call of `api` was answered with. @throws {WithdrawalError} Where it was refused, or not answered. */
export async function answered<Result extends Fetched>(
  call: Promise<Result>,
  idempotencyKey?: string,
): Promise<Exclude<Result['data'], undefined>> {
  try {
    const { data, error, response } = await call
    if (!response.ok || data === undefined) throw errorOf(response, error, idempotencyKey)
    return data as Exclude<Result['data'], undefined>
  } catch (error) {
    // What was to be JSON is none.
    if (!(error instanceof SyntaxError)) throw error
    throw new BankWithdrawalError('strange_answer', 200, 'The answer could not be read.', {
      ...{ idempotencyKey, cause: error },
    })
  }
}

/** A key for one attempt to withdraw. */
export function newIdempotencyKey(): string {
  // `randomUUID` is only there in pages that came over TLS.
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
