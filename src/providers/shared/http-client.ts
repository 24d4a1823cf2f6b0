import http from 'node:http'
import https from 'node:https'

import { Axios, type AxiosResponse } from 'axios'

import { ConfigError, DeadlineError } from '../../errors'
import type { Clock } from '../../ports/clock'
import { withDeadline } from '../../runtime/deadline'
import { addressOf, checkHeaders, isThisMachine, readBaseUrl, templateOf } from './http-address'
import { InvalidRequestError, NoAnswerError, reachOf, UnreadableAnswerError } from './http-errors'
import { publicLookup } from './public-lookup'

export { InvalidRequestError, NoAnswerError, UnreadableAnswerError }

export interface HttpClientOptions {
  /** https; plain http on loopback only. Calls go below its path. */
  readonly baseUrl: string
  /** Hosts the base URL may be on, `api.bank.example` or `api.bank.example:8443`. */
  readonly allowedHosts?: readonly string[]
  /** From the first look at the address to the last byte of the answer. */
  readonly timeoutMs: number
  /** Whether the host's name may stand for an address in a private network, as over a bank's own line. */
  readonly allowPrivateAddresses?: boolean
  /** After decompression. 1 MiB when left out. */
  readonly maxAnswerBytes?: number
  /** PEM: a bank's own authority, and our certificate where the bank asks for one. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
  readonly clock?: Pick<Clock, 'setTimer'>
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Begins with "/", parts escaped with `encodeURIComponent`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it is; `application/json` unless the headers say otherwise. */
  readonly body?: string
  readonly timeoutMs?: number
}

export interface HttpAnswer {
  readonly status: number
  /** Names in lower case; several of one name are joined with ", ". */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** @throws {UnreadableAnswerError} The text is not JSON. */
  json(): unknown
}

export interface HttpClient {
  /**
   * One request, one answer, whatever its status: a 500 is an answer, and so is a redirect, which nobody follows.
   *
   * @throws {NoAnswerError} No answer, half an answer, or too much of one.
   * @throws {InvalidRequestError} It must not be sent. Nothing was.
   */
  request(request: HttpRequest): Promise<HttpAnswer>
  /** Cuts every connection. Calls under way end with a `NoAnswerError`; it can be used again afterwards. */
  close(): void
}

const MAX_ANSWER_BYTES = 1_048_576
/** Longer than any provider's promise; past 2^31 ms a timer would fire at once. */
const TIMEOUT_MS_MAX = 600_000

const timers: Pick<Clock, 'setTimer'> = {
  setTimer(ms, wake) {
    const timer = setTimeout(wake, ms)
    return () => clearTimeout(timer)
  },
}

/** @throws {ConfigError} The address or a limit cannot work. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const base = readBaseUrl(options.baseUrl, options.allowedHosts)
  const { timeoutMs, maxAnswerBytes = MAX_ANSWER_BYTES, clock = timers } = options
  if (!isTimeout(timeoutMs)) throw new ConfigError([`timeoutMs must be from 1 to ${TIMEOUT_MS_MAX}`])
  // A loopback address is written out in the settings; it is how a stand-in is tested.
  const isGuarded = !options.allowPrivateAddresses && !isThisMachine(options.baseUrl)
  const agents = createAgents(options.tls, isGuarded)
  const client = createAxios(agents, maxAnswerBytes)

  return {
    async request({ method, path, query, headers = {}, body, timeoutMs: ownTimeoutMs = timeoutMs }) {
      const url = addressOf(base, path, query)
      checkHeaders(headers)
      if (!isTimeout(ownTimeoutMs)) throw new InvalidRequestError('timeoutMs is out of range')
      const what = `${method} ${base.host}${templateOf(path)}`
      const aborting = new AbortController()
      const send = () =>
        client.request<Uint8Array>({
          ...{ method, url, signal: aborting.signal },
          headers: { ...defaultHeaders(body), ...lowerCased(headers) },
          ...(body !== undefined && { data: body }),
        })
      try {
        return toAnswer(await withDeadline(clock, ownTimeoutMs, what, send), what)
      } catch (error) {
        throw noAnswer(error, what)
      } finally {
        // After a deadline the request is still under way, and nobody listens to it any more.
        aborting.abort()
      }
    },
    close() {
      agents.httpAgent.destroy()
      agents.httpsAgent.destroy()
    },
  }
}

const isTimeout = (ms: number): boolean => Number.isInteger(ms) && ms >= 1 && ms <= TIMEOUT_MS_MAX

function createAgents(tls: HttpClientOptions['tls'] = {}, isGuarded: boolean) {
  const limits = {
    keepAlive: true,
    // A provider that hangs must not use up the exchange's file descriptors.
    maxSockets: 16,
    maxFreeSockets: 4,
    // Shorter than the 5 s after which many servers hang up: a request on a connection that is being closed is lost
    // in the middle, and each such payout would be in doubt.
    timeout: 4_000,
    ...(isGuarded && { lookup: publicLookup() }),
  }
  return {
    httpAgent: new http.Agent(limits),
    httpsAgent: new https.Agent({ ...limits, ...tls, minVersion: 'TLSv1.2' }),
  }
}

/** Of the class, not `axios.create`: the host's own defaults (headers, proxies, interceptors) must not reach a bank. */
const createAxios = (agents: ReturnType<typeof createAgents>, maxAnswerBytes: number) =>
  new Axios({
    ...agents,
    adapter: 'http',
    proxy: false,
    maxRedirects: 0,
    responseType: 'arraybuffer',
    decompress: true,
    // Counted by axios behind the decompression.
    maxContentLength: maxAnswerBytes,
    validateStatus: () => true,
  })

const defaultHeaders = (body: string | undefined): Record<string, string | false> => ({
  accept: 'application/json',
  'user-agent': 'hollaex-bank-withdrawal',
  // Said outright: left out, axios calls the body of a POST that has none a form.
  'content-type': body !== undefined && 'application/json',
})

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

function toAnswer({ status, headers, data }: AxiosResponse<Uint8Array>, what: string): HttpAnswer {
  const text = new TextDecoder().decode(data)
  return {
    status,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name.toLowerCase(),
        Array.isArray(value) ? value.join(', ') : String(value),
      ]),
    ),
    text,
    json() {
      try {
        return JSON.parse(text) as unknown
      } catch {
        // The parser's own error repeats a piece of the text.
        throw new UnreadableAnswerError(`${what} answered ${status} with a text that is not JSON`, status)
      }
    },
  }
}

/** The error of axios holds the whole request, with its token: only the network's word leaves this function. */
function noAnswer(error: unknown, what: string): NoAnswerError {
  if (error instanceof DeadlineError) return new NoAnswerError(error.message, 'maybe', error.code)
  const { code, cause, message } = error as { code?: unknown; cause?: unknown; message?: unknown }
  if (typeof message === 'string' && message.startsWith('maxContentLength'))
    return new NoAnswerError(`${what} answered more than it may`, 'maybe', 'ANSWER_TOO_LARGE')
  const word = typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : undefined
  const reached = reachOf(cause ?? error)
  const effect = reached === 'no' ? 'nothing was sent' : 'it may have been received'
  return new NoAnswerError(`${what} failed (${word ?? 'no code'}): ${effect}`, reached, word)
}
