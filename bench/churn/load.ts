import http from 'node:http'

import { IBAN } from '../instant-kit'
import { PATH } from '../request-path/arms'

export interface LoadCounts {
  readonly sent: number
  readonly acknowledged: number
  readonly failed: number
  /** Of what was answered since this was last asked, ms. */
  readonly p50Ms: number
  readonly p99Ms: number
}

export interface OpenLoad {
  take(): LoadCounts
  /** Sends nothing more, and waits for what is on its way. */
  stop(): Promise<void>
}

const BODY = JSON.stringify({
  ...{ currency: 'eur', amount: 10 },
  bank_account: { iban: IBAN, account_holder: 'Ada Lovelace' },
})

/** So many requests a second, by turns to each port, whether those before were answered or not. */
export function startLoad(
  ports: readonly number[],
  { tokens, perSecond }: { tokens: readonly string[]; perSecond: number },
): OpenLoad {
  const agent = new http.Agent({ keepAlive: true })
  const underWay = new Set<Promise<void>>()
  const counts = { sent: 0, acknowledged: 0, failed: 0 }
  let taken: number[] = []
  const startedAt = performance.now()

  function send(): void {
    const at = counts.sent++
    const token = tokens[at % tokens.length]
    const sentAt = performance.now()
    const answer = post(ports[at % ports.length] as number, { agent, token: String(token) }).then(
      (isDone) => {
        taken.push(performance.now() - sentAt)
        if (isDone) counts.acknowledged++
        else counts.failed++
      },
    )
    const one: Promise<void> = answer.finally(() => underWay.delete(one))
    underWay.add(one)
  }

  const timer = setInterval(() => {
    const dueBy = ((performance.now() - startedAt) / 1_000) * perSecond
    while (counts.sent < dueBy) send()
  }, 10)

  return {
    take() {
      const sorted = taken.sort((a, b) => a - b)
      taken = []
      const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? NaN
      return { ...counts, p50Ms: at(0.5), p99Ms: at(0.99) }
    },
    async stop() {
      clearInterval(timer)
      await Promise.all(underWay)
      agent.destroy()
    },
  }
}

/** @returns Whether it was acknowledged. */
const post = (port: number, { agent, token }: { agent: http.Agent; token: string }): Promise<boolean> =>
  new Promise((resolve) => {
    const request = http.request(
      {
        ...{ agent, port, host: '127.0.0.1', path: PATH, method: 'POST', timeout: 30_000 },
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(BODY),
          authorization: `Bearer ${token}`,
        },
      },
      (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode === 200))
        response.on('error', () => resolve(false))
      },
    )
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(false))
    request.end(BODY)
  })
