import { createCore } from '../../src/client/core'
import {
  BankWithdrawalError,
  type ErrorCode,
  errorOf,
  isWithdrawalError,
  parsed,
} from '../../src/client/errors'

export type ApiError = BankWithdrawalError<ErrorCode>

export interface Ask {
  get<Result>(path: string): Promise<Result>
  post<Result>(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Result>
  download(path: string): Promise<{ readonly blob: Blob; readonly name: string | null }>
}

interface Session {
  readonly base: string
  readonly token: string
  /** Something of what was sent is stored as a mark. */
  readonly onMasked?: () => void
}

const FILE_TIMEOUT_MS = 10 * 60_000

/**
 * The API as a page sees it: JSON in and out, over the core of the client that others use too. What a page asks again it shows
 * while it waits, and a kit counts every request of it: here the core repeats nothing by itself.
 *
 * @throws {ApiError}
 */
export function createAsk({ base, token, onMasked }: Session): Ask {
  const core = createCore({ baseUrl: base, token, retryForMs: 0 })
  const send: typeof core = async (...request) => {
    const answer = await core(...request).catch((error: unknown) => {
      throw inPage(asApiError(error))
    })
    if (!answer.ok) throw inPage(errorOf(answer, await answer.text()))
    if (answer.headers.has('Reason-Masked')) onMasked?.()
    return answer
  }
  return {
    get: async <Result>(path: string) => (await parsed(await send('GET', path), 'json')) as Result,
    post: async <Result>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
      (await parsed(await send('POST', path, { body, headers }), 'json')) as Result,
    async download(path) {
      const answer = await send('GET', path, { timeoutMs: FILE_TIMEOUT_MS })
      const disposition = answer.headers.get('Content-Disposition') ?? ''
      return { blob: await answer.blob(), name: /filename="?([^";]+)"?/.exec(disposition)?.[1] ?? null }
    },
  }
}

/** What else is thrown is a mistake of the page's own. */
export const asApiError = (error: unknown): ApiError =>
  isWithdrawalError(error)
    ? error
    : new BankWithdrawalError('internal_error', 500, 'This page made a mistake. Load it again.', {
        cause: error,
      })

/** What can be said by whoever sees the page, and not by the client alone. */
const SAID: { readonly [Code in ErrorCode]?: string } = {
  no_answer: 'The server did not answer. Check your connection.',
  too_many_requests: 'The exchange lets this page ask only so often. It goes on by itself in a moment.',
}
export const inPage = (error: ApiError): ApiError =>
  new BankWithdrawalError(error.code, error.status, SAID[error.code] ?? error.message, error)
