import { readDecimal } from '../../domain/money'
import type { Clock, Randomness } from '../../ports/clock'
import type { HttpAnswer, HttpClient } from '../shared/http-client'
import { type Credentials, signedHeaders } from './signature'

/** A payment as Modulr shows it. */
export interface Payment {
  readonly id: string
  readonly status: string
  readonly approvalStatus: string | null
  readonly externalReference: string
  /** The payment scheme's id of it: a return names it as its `OriginalSchemeId`. */
  readonly schemeId: string | null
  readonly amount: string | null
  /** Why it is as it is. It may repeat names and account numbers: never told or logged. */
  readonly message: string | null
  /** As it came: the details of a payment are not described. */
  readonly details: unknown
  /** As it came. */
  readonly createdDate: string | null
}

export interface ModulrApi {
  /** Asks for an effect. @throws {NoAnswerError} */
  post(path: string, body: string, nonce: string): Promise<HttpAnswer>
  /** @throws {UnexpectedAnswerError | NoAnswerError | UnreadableAnswerError} Nothing is known. */
  get(path: string, query?: Readonly<Record<string, string>>): Promise<unknown>
  /** All pages of a list. @throws As `get`. */
  list(path: string, query: Readonly<Record<string, string>>): Promise<readonly Fields[]>
  payments(query: Readonly<Record<string, string>>): Promise<readonly Payment[]>
  /** One page of them, from 0. @throws As `get`. */
  paymentPage(
    query: Readonly<Record<string, string>>,
    page: number,
  ): Promise<{ readonly payments: readonly Payment[]; readonly isLast: boolean }>
}

export type Fields = Readonly<Record<string, unknown>>

/** An answer to a question that says nothing about the payout. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError'
}

/** The largest page there is; a full batch of 10,000 has 20 of them. */
const PAGE_SIZE = 500
const PAGES_MAX = 40

export function createModulrApi(
  http: HttpClient,
  credentials: Credentials,
  { clock, random }: { clock: Clock; random: Randomness },
): ModulrApi {
  async function get(path: string, query: Readonly<Record<string, string>> = {}): Promise<unknown> {
    // Reading with the nonce of a payment would be refused, and would use it up.
    const nonce = Buffer.from(random.bytes(16)).toString('hex')
    const headers = signedHeaders(credentials, { at: clock.now(), nonce })
    const answer = await http.request({ method: 'GET', path, query, headers })
    if (answer.status !== 200)
      throw new UnexpectedAnswerError(`Modulr answered ${answer.status} to a question.`)
    return answer.json()
  }

  async function pageOf(path: string, query: Readonly<Record<string, string>>, page: number) {
    const answer = fieldsOf(await get(path, { ...query, page: String(page), size: String(PAGE_SIZE) }))
    const { content, totalPages } = answer
    if (!Array.isArray(content) || typeof totalPages !== 'number')
      throw new UnexpectedAnswerError('Modulr answered a list without its pages.')
    return { content: content.map(fieldsOf), isLast: page + 1 >= totalPages }
  }

  async function list(path: string, query: Readonly<Record<string, string>>): Promise<readonly Fields[]> {
    const found: Fields[] = []
    for (let page = 0; page < PAGES_MAX; page++) {
      const { content, isLast } = await pageOf(path, query, page)
      found.push(...content)
      if (isLast) return found
    }
    throw new UnexpectedAnswerError(`Modulr has more than ${PAGES_MAX} pages of an answer.`)
  }

  return {
    get,
    list,
    post(path, body, nonce) {
      const headers = {
        ...signedHeaders(credentials, { at: clock.now(), nonce }),
        // Also the first time: for a nonce it has not seen Modulr takes it as a new request, and for one it has seen
        // (by a program whose database was restored, say) it repeats its answer instead of an error.
        'x-mod-retry': 'true',
      }
      return http.request({ method: 'POST', path, body, headers })
    },
    payments: async (query) => (await list('/payments', query)).map(readPayment),
    async paymentPage(query, page) {
      const { content, isLast } = await pageOf('/payments', query, page)
      return { payments: content.map(readPayment), isLast }
    },
  }
}

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null

/** @throws {UnexpectedAnswerError} It is no payment: nothing may be concluded from the list it was in. */
export function readPayment(value: unknown): Payment {
  const { id, status, approvalStatus, externalReference, schemeInfo, details, message, createdDate } =
    fieldsOf(value)
  if (textOf(id) === null || textOf(status) === null)
    throw new UnexpectedAnswerError('Modulr answered a payment without its id or status.')
  return {
    id: String(id),
    status: String(status),
    approvalStatus: textOf(approvalStatus),
    externalReference: textOf(externalReference) ?? '',
    schemeId: textOf(fieldsOf(schemeInfo).id),
    amount: readDecimal(fieldsOf(details).amount),
    message: textOf(message),
    details,
    createdDate: textOf(createdDate),
  }
}

/** @returns null where it is no time as the API writes them. */
export function readApiTime(text: string | null): Date | null {
  const ms = Date.parse((text ?? '').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'))
  return Number.isNaN(ms) ? null : new Date(ms)
}

/** As the API writes times: no milliseconds, and the offset without a colon. */
export const apiTime = (at: Date): string => `${at.toISOString().slice(0, 19)}+0000`
