import { type ClientClock, systemClock } from './clock'
import { createSafeFetch, type Heard, type Patience } from './safe-fetch'

export interface ClientOptions extends Partial<Patience> {
  /** Where the plugin is: `https://exchange.example/plugins/bank/withdrawal`. */
  readonly baseUrl: string
  /**
   * The exchange's own token, or where to get one; asked for before each request. Left out where the app around the plugin
   * knows its users otherwise, by a cookie for instance.
   */
  readonly token?: string | (() => string | Promise<string>)
  /** Whether cookies go along; `omit` when left out. */
  readonly credentials?: 'omit' | 'same-origin' | 'include'
  /** With each request: a token against forged ones, for instance. */
  readonly headers?: Readonly<Record<string, string>>
  /** In place of the platform's. */
  readonly fetch?: typeof fetch
  /** In place of the platform's, for tests. */
  readonly clock?: ClientClock
}

export interface Sending {
  /** Sent as JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** In place of the client's own: for what is long. */
  readonly timeoutMs?: number
}

/** Refused or not, an answer that has come to its end. @throws {WithdrawalError} `no_answer`. The signal's reason. */
export type Core = (method: 'GET' | 'POST', path: string, sending?: Sending) => Promise<Heard>

const TIMEOUT_MS = 30_000
const RETRY_FOR_MS = 30_000

/** What is below every function of a client: who asks, how long, and what is asked again. */
export function createCore(options: ClientOptions): Core {
  const {
    token,
    credentials = 'omit',
    clock = systemClock,
    timeoutMs = TIMEOUT_MS,
    retryForMs = RETRY_FOR_MS,
  } = options
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  const ask = createSafeFetch(options.fetch ?? ((request) => fetch(request)), clock)
  return async (method, path, { body, headers, signal, timeoutMs: own } = {}) => {
    const request = new Request(baseUrl + path, {
      ...{ method, headers: { ...options.headers, ...headers }, signal: signal ?? null },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // A redirected request to pay is one that somebody else receives, or a list that looks like an answer.
      ...{ redirect: 'error', credentials, cache: 'no-store' },
    })
    if (body !== undefined) request.headers.set('Content-Type', 'application/json')
    if (token !== undefined) authorize(request, typeof token === 'string' ? token : await token())
    // What only reads, and a create, the one route that looks at a key: no other can be asked twice.
    const isHarmless = method === 'GET' || (path === '/' && request.headers.has('Idempotency-Key'))
    return ask(request, { timeoutMs: own ?? timeoutMs, retryForMs: isHarmless ? retryForMs : 0 })
  }
}

function authorize({ headers }: Request, token: string): void {
  try {
    headers.set('Authorization', `Bearer ${token}`)
  } catch {
    // What the platform throws has the token in it.
    throw new TypeError('The token has characters that no header may have.')
  }
}
