/** The API as a page sees it: JSON in and out, every failure one kind of error that says what to do. */

export class ApiError extends Error {
  constructor(
    /** 0 where nothing was answered. */
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId?: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message)
  }
}

export interface Client {
  get<Result>(path: string): Promise<Result>
  post<Result>(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Result>
  /** A file as it is; `onProgress` gets what part of it has left. */
  upload<Result>(path: string, file: Blob, onProgress: (part: number) => void): Promise<Result>
  download(path: string): Promise<{ readonly blob: Blob; readonly name: string | null }>
}

const TIMEOUT_MS = 30_000
/** A kit that lets nobody ask for a while does not say for how long. */
const LIMIT_SECONDS = 30

export function createClient(session: { readonly base: string; readonly token: string }): Client {
  const authorization = { Authorization: `Bearer ${session.token}` }

  async function send(path: string, init: RequestInit): Promise<Response> {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), TIMEOUT_MS)
    try {
      const answer = await fetch(`${session.base}${path}`, {
        ...init,
        headers: { ...authorization, ...init.headers },
        signal: controller.signal,
        cache: 'no-store',
        credentials: 'omit',
      })
      if (!answer.ok) throw errorOf(answer.status, await answer.text(), answer.headers.get('Retry-After'))
      return answer
    } catch (error) {
      if (error instanceof ApiError) throw error
      throw silent()
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    get: async <Result>(path: string) => (await send(path, {})).json() as Promise<Result>,
    post: async <Result>(path: string, body: unknown, more: Readonly<Record<string, string>> = {}) => {
      const headers = { ...more, 'Content-Type': 'application/json' }
      const answer = await send(path, { method: 'POST', body: JSON.stringify(body), headers })
      return answer.json() as Promise<Result>
    },
    async download(path) {
      const answer = await send(path, {})
      const disposition = answer.headers.get('Content-Disposition') ?? ''
      return { blob: await answer.blob(), name: /filename="?([^";]+)"?/.exec(disposition)?.[1] ?? null }
    },
    // `fetch` does not tell how much of a body has left.
    upload: <Result>(path: string, file: Blob, onProgress: (part: number) => void) =>
      new Promise<Result>((resolve, reject) => {
        const request = new XMLHttpRequest()
        request.open('POST', `${session.base}${path}`)
        request.setRequestHeader('Authorization', authorization.Authorization)
        request.setRequestHeader('Content-Type', 'application/octet-stream')
        request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total)
        request.onerror = () => reject(silent())
        request.onload = () => {
          const isGood = request.status >= 200 && request.status < 300
          if (isGood) resolve(JSON.parse(request.responseText) as Result)
          else reject(errorOf(request.status, request.responseText, request.getResponseHeader('Retry-After')))
        }
        request.send(file)
      }),
  }
}

const silent = () =>
  new ApiError(
    0,
    'no_answer',
    'The server did not answer. Check your connection; what is shown is what was known last.',
  )

function errorOf(status: number, text: string, retryAfter: string | null): ApiError {
  const body = parsed(text)
  const wait = Number(retryAfter)
  // A one-time code that is locked is another thing than asking too often, and says so.
  if (status === 429 && (body.code ?? 'too_many_requests') === 'too_many_requests')
    return new ApiError(
      status,
      'too_many_requests',
      'The exchange lets this page ask only so often. It goes on by itself in a moment.',
      body.request_id,
      wait > 0 ? wait : LIMIT_SECONDS,
    )
  const message = body.message ?? `The server answered with an error (${status}).`
  return new ApiError(status, body.code ?? 'error', message, body.request_id, wait > 0 ? wait : undefined)
}

function parsed(text: string): { message?: string; code?: string; request_id?: string } {
  try {
    return (JSON.parse(text) ?? {}) as { message?: string }
  } catch {
    // A proxy in between answers in its own words.
    return {}
  }
}
