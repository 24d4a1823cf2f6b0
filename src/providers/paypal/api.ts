import type { Clock } from '../../ports/clock'
import { type HttpAnswer, type HttpClient, NoAnswerError } from '../shared/http-client'
import { type BatchPage, type ItemAnswer, readBatchPage, readItem } from './answers'
import type { Tokens } from './tokens'

/** Items on one page of a batch: the most PayPal gives, so that 15,000 are 15 pages. */
export const PAGE_SIZE = 1_000

/** The moment until which an operation may make calls, of the clock that does not jump. */
export type Deadline = number

export interface PaypalApi {
  deadline(): Deadline
  /**
   * Any answer, whatever its status. After a 401 it is asked once more, with a new token: PayPal did nothing yet.
   *
   * @throws {NoTokenError} Nothing was sent.
   * @throws {NoAnswerError} It may have been received.
   */
  call(request: ApiRequest, until: Deadline): Promise<HttpAnswer>
  /** @returns null for 404. @throws {UnexpectedAnswerError} */
  batchPage(batchId: string, page: number, until: Deadline): Promise<BatchPage | null>
  /** @returns null for 404. @throws {UnexpectedAnswerError} */
  item(itemId: string, until: Deadline): Promise<ItemAnswer | null>
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A question that PayPal answered with something else: it says nothing about any payout. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError'
}

export interface ApiDeps {
  readonly http: HttpClient
  readonly tokens: Tokens
  readonly clock: Pick<Clock, 'monotonicMs'>
  /** Of one operation, all its calls together. */
  readonly budgetMs: number
}

/** A token is small; whoever waits longer for it has lost the time for the payout itself. */
const TOKEN_TIMEOUT_MS = 8_000

export function createPaypalApi({ http, tokens, clock, budgetMs }: ApiDeps): PaypalApi {
  const left = (until: Deadline): number => Math.floor(until - clock.monotonicMs())

  async function once(request: ApiRequest, until: Deadline): Promise<{ answer: HttpAnswer; token: string }> {
    if (left(until) < 1) throw new NoAnswerError('No time was left to ask PayPal', 'no', 'DEADLINE')
    const token = await tokens.get(Math.min(TOKEN_TIMEOUT_MS, left(until)))
    if (left(until) < 1) throw new NoAnswerError('No time was left to ask PayPal', 'no', 'DEADLINE')
    const headers = { authorization: `Bearer ${token}` }
    return { answer: await http.request({ ...request, headers, timeoutMs: left(until) }), token }
  }

  async function call(request: ApiRequest, until: Deadline): Promise<HttpAnswer> {
    const { answer, token } = await once(request, until)
    if (answer.status !== 401) return answer
    tokens.drop(token)
    return (await once(request, until)).answer
  }

  async function read(request: ApiRequest, until: Deadline): Promise<unknown> {
    const answer = await call(request, until)
    if (answer.status === 404) return null
    const body = answer.status === 200 ? answer.json() : null
    // `null` is an answer as well, and not the one to "there is no such batch".
    if (body !== null) return body
    throw new UnexpectedAnswerError(`PayPal answered ${answer.status} to a question`)
  }

  return {
    deadline: () => clock.monotonicMs() + budgetMs,
    call,
    async batchPage(batchId, page, until) {
      const body = await read(
        {
          method: 'GET',
          path: `/v1/payments/payouts/${encodeURIComponent(batchId)}`,
          query: { page: String(page), page_size: String(PAGE_SIZE), total_required: 'true' },
        },
        until,
      )
      if (body === null) return null
      const batch = readBatchPage(body)
      if (batch.header.batchId !== batchId)
        throw new UnexpectedAnswerError('PayPal showed another batch than the one it was asked for')
      return batch
    },
    async item(itemId, until) {
      const path = `/v1/payments/payouts-item/${encodeURIComponent(itemId)}`
      const body = await read({ method: 'GET', path }, until)
      if (body === null) return null
      const item = readItem(body)
      if (item?.itemId !== itemId)
        throw new UnexpectedAnswerError('PayPal showed another payout than the one it was asked for')
      return item
    },
  }
}
