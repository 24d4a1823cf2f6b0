import fs from 'node:fs'

import { fakeToken } from '../kit/fake-bearer-check'
import { between, pick, type Random } from './random'
import { CURRENCIES, USERS } from './wallet-books'

/** One line per answer the client believes it got. */
export type AckLine =
  | {
      op: 'ack'
      key: string | null
      id: string
      user: number
      amount: string
      currency: string
      iban: string
    }
  | { op: 'cancel'; id: string }

export interface Load {
  /** Withdrawals acknowledged so far. */
  readonly acknowledged: () => number
  /** Answers that were not 2xx, by status; 0 where there was no answer. */
  readonly failures: ReadonlyMap<number, number>
  /** Called with the target that has just answered. */
  onProgress: (target: string) => void
  stop(): Promise<void>
}

const PATH = '/plugins/bank/withdrawal'
export const ibanOf = (user: number): string => `DE${String(10_000_000_000_000 + user).padStart(20, '0')}`

/** Clients that send withdrawals, one at a time each, and ask again with the same key when they got no answer. */
export function startLoad(options: {
  targets: () => readonly string[]
  clients: number
  random: Random
  file: string
}): Load {
  const { random, targets } = options
  const log = fs.openSync(options.file, 'a')
  // Written before it is counted: what was acknowledged is what the file says.
  const write = (line: AckLine) => fs.writeSync(log, `${JSON.stringify(line)}\n`)
  const failures = new Map<number, number>()
  let acknowledged = 0
  let stopped = false
  let number = 0

  const load: Load = {
    acknowledged: () => acknowledged,
    failures,
    onProgress: () => {},
    async stop() {
      stopped = true
      await Promise.all(clients)
      fs.closeSync(log)
    },
  }

  async function withdrawOne(): Promise<void> {
    const user = between(random, 1, USERS)
    const amount = (between(random, 1, 20_000) / 100).toFixed(2)
    const currency = pick(random, CURRENCIES)
    const key = random() < 0.9 ? `k-${process.pid}-${++number}` : null
    const iban = ibanOf(user)
    const body = { currency, amount, bank_account: { iban, account_holder: `User ${user}` } }
    // Without a key a second try would be a second withdrawal.
    for (let tries = 0; tries < (key === null ? 1 : 15); tries++) {
      const target = pick(random, targets())
      const answer = await post(`${target}${PATH}`, user, body, key)
      if (answer.status === 200) {
        const { id } = answer.body as { id: string }
        write({ op: 'ack', key, id, user, amount, currency, iban })
        acknowledged++
        load.onProgress(target)
        if (random() < 0.02) await cancel(target, user, id)
        return
      }
      failures.set(answer.status, (failures.get(answer.status) ?? 0) + 1)
      // Refused for good: no balance left, say.
      if (answer.status === 400) return
      await new Promise((resolve) => setTimeout(resolve, between(random, 20, 300)))
      if (stopped && tries > 5) return
    }
  }

  async function cancel(target: string, user: number, id: string): Promise<void> {
    const { status } = await post(`${target}${PATH}/${id}/cancel`, user, {}, null)
    if (status === 200) write({ op: 'cancel', id })
  }

  const clients = Array.from({ length: options.clients }, async () => {
    while (!stopped) await withdrawOne()
  })
  return load
}

/** Longer than a server waits for an outcome; a stopped one does not answer at all. */
const ANSWER_WITHIN_MS = 6_000

async function post(
  url: string,
  user: number,
  body: object,
  key: string | null,
): Promise<{ status: number; body: unknown }> {
  const token = fakeToken({ sub: { id: user, email: `user${user}@kit.example` }, scopes: ['user'] })
  try {
    const response = await fetch(url, {
      method: 'POST',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        ...(key !== null && { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: await response.json() }
  } catch {
    return { status: 0, body: null }
  }
}
