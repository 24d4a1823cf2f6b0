import { type ClientClock, wait } from './clock'
import { BankWithdrawalError, bodyOf, retryAfterOf } from './errors'

export interface Patience {
  /** Of one attempt, the body of the answer included. */
  readonly timeoutMs: number
  /** From the first attempt on; no further one begins later. 0: there is one. */
  readonly retryForMs: number
}

export interface Heard extends Response {
  /** An attempt before this one got no answer, or none that says what became of it: it may arrive yet. */
  readonly isRepeat: boolean
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 8_000

/**
 * Asks again, for as long as there is patience for it: whoever has some knows that it can do nothing twice. After a network
 * error, 408, 425, 429, 5xx, and a key that is still in use; as late as `Retry-After` says, else with back-off.
 *
 * @throws {WithdrawalError} `no_answer`. The signal's reason, where it is aborted.
 */
export function createSafeFetch(
  send: typeof fetch,
  clock: ClientClock,
): (request: Request, patience: Patience) => Promise<Heard> {
  async function attempt(request: Request, timeoutMs: number): Promise<Response> {
    const controller = new AbortController()
    const abort = () => controller.abort(request.signal.reason)
    if (request.signal.aborted) abort()
    request.signal.addEventListener('abort', abort, { once: true })
    const cancel = clock.setTimer(timeoutMs, () => controller.abort())
    try {
      const response = await send(new Request(request.clone(), { signal: controller.signal }))
      const { status, statusText, headers } = response
      // An answer that breaks off is none.
      const body = await response.arrayBuffer()
      return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers })
    } finally {
      cancel()
      request.signal.removeEventListener('abort', abort)
    }
  }

  return async (request, { timeoutMs, retryForMs }) => {
    const endsAt = clock.now() + retryForMs
    let isRepeat = false
    for (let attempts = 1; ; attempts++) {
      const outcome = await attempt(request, timeoutMs).then(
        (response) => ({ response }),
        (error: unknown) => ({ error }),
      )
      request.signal.throwIfAborted()
      const response = 'response' in outcome ? outcome.response : null
      const again = response === null || (await isPassing(response))
      const waitMs = response ? (retryAfterOf(response) ?? 0) * 1_000 : 0
      const patientMs = Math.max(waitMs, backOff(attempts, clock.random()))
      if (again && clock.now() + patientMs < endsAt) {
        isRepeat ||= response === null || isOpen(response)
        await wait(clock, patientMs, request.signal)
      } else if ('response' in outcome) return Object.assign(outcome.response, { isRepeat })
      else throw noAnswer(request, outcome.error)
    }
  }
}

/** Half of it is chance, so that those who failed together do not come back together. */
const backOff = (attempts: number, chance: number): number =>
  Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempts - 1)) * (0.5 + chance / 2)

/** Whether it leaves open what became of the request. */
const isOpen = ({ status }: Response): boolean => status === 408 || status >= 500

/** Whether a later attempt may be answered otherwise. */
async function isPassing(response: Response): Promise<boolean> {
  const { status } = response
  if (status === 425 || isOpen(response)) return true
  const { code } = bodyOf(await response.clone().text())
  // Of a code that was locked: a person has to send another one.
  return status === 429 ? code !== 'otp_locked' : status === 409 && code === 'idempotency_key_in_use'
}

const noAnswer = ({ headers }: Request, cause: unknown) =>
  new BankWithdrawalError('no_answer', 0, 'The server did not answer. Check your connection.', {
    ...{ idempotencyKey: headers.get('Idempotency-Key') ?? undefined, cause },
  })
