import type { ClientClock } from '../../src/client/clock'

/** Distinguishes an attempt's own time-out from waiting between attempts. */
export const TIMEOUT_MS = 29_999

/** Waits are over at once and move the time; an attempt's time is over when the test says so. */
export class QuickClock implements ClientClock {
  readonly waits: number[] = []
  private ms = 0
  private hanging: (() => void)[] = []

  now = (): number => this.ms
  random = (): number => 0.999

  setTimer = (ms: number, wake: () => void): (() => void) => {
    let isCanceled = false
    const fire = () => {
      if (!isCanceled) wake()
    }
    if (ms === TIMEOUT_MS) this.hanging.push(fire)
    else {
      this.waits.push(ms)
      queueMicrotask(() => {
        this.ms += ms
        fire()
      })
    }
    return () => {
      isCanceled = true
    }
  }

  /** The time of every attempt under way is over. */
  timeOut(): void {
    for (const fire of this.hanging.splice(0)) fire()
  }
}

export type Scripted =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | 'reset'
  | 'silence'

export interface Sent {
  readonly method: string
  readonly url: string
  readonly key: string | null
  readonly body: unknown
}

/** A network that answers in this order, and notes what it was asked. */
export function scripted(answers: readonly Scripted[], onSilence: () => void = () => undefined) {
  const sent: Sent[] = []
  const left = [...answers]
  const send = (async (input: Request) => {
    const text = await input.text()
    sent.push({
      method: input.method,
      url: input.url,
      key: input.headers.get('Idempotency-Key'),
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    })
    const answer = left.shift()
    if (answer === undefined) throw new Error('It was asked once too often.')
    if (answer === 'reset') throw new TypeError('fetch failed')
    if (answer === 'silence')
      return new Promise<Response>((_resolve, reject) => {
        const give = () => reject(input.signal.reason as Error)
        if (input.signal.aborted) give()
        else input.signal.addEventListener('abort', give)
        onSilence()
      })
    const { status, body, headers } = answer
    const content = typeof body === 'string' ? body : JSON.stringify(body)
    return new Response(content, { status, headers: { 'content-type': 'application/json', ...headers } })
  }) as typeof fetch
  return { send, sent }
}
