import { type KeyObject } from 'node:crypto'

import autocannon from 'autocannon'
import jwt from 'jsonwebtoken'

import { IBAN, USERS } from '../instant-kit'
import { type ArmName, PATH } from './arms'

export interface LoadResult {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly meanMs: number
  readonly acknowledged: number
  /** Answers that were none, or refusals. */
  readonly failed: number
  /** Requests that were on their way when the time was up: each may have left a row. */
  readonly cutOff: number
}

/** Requests that one connection has ready before it repeats itself; more than it can send in a round. */
const READY_PER_CONNECTION = 2_000

export const tokensFor = (key: KeyObject): readonly string[] =>
  Array.from({ length: USERS }, (_, index) =>
    jwt.sign({ sub: { id: index + 1 }, scopes: ['user'] }, key, { algorithm: 'HS256', expiresIn: '1d' }),
  )

/**
 * The same load for every arm: each connection has users of its own, and each request a key and a one-time code that
 * no other has. `round` keeps the codes of one round apart from those of another.
 */
export async function load(
  { arm, port, tokens }: { arm: ArmName; port: number; tokens: readonly string[] },
  { connections, seconds, round }: { connections: number; seconds: number; round: number },
): Promise<LoadResult> {
  let client = 0
  const usersEach = Math.floor(tokens.length / connections)
  const result = await autocannon({
    url: `http://127.0.0.1:${port}${PATH}`,
    method: 'POST',
    connections,
    duration: seconds,
    timeout: 30,
    setupClient(connection) {
      const own = client++
      const perConnection = Math.min(READY_PER_CONNECTION, Math.ceil((seconds * 12_000) / connections))
      connection.setRequests(
        Array.from({ length: perConnection }, (_, at) => {
          const user = (own * usersEach + (at % usersEach)) % tokens.length
          const serial = `${round}-${own}-${at}`
          return {
            method: 'POST' as const,
            path: PATH,
            headers: {
              'content-type': 'application/json',
              authorization: `Bearer ${tokens[user]}`,
              [arm === 'limits' ? 'idempotency-key' : 'x-serial']: `bench-request-${serial}`,
            },
            body: JSON.stringify({
              currency: 'eur',
              amount: 10 + (at % 90),
              otp_code: String((round % 90) * 10_000 + 100_000 + Math.floor(at / usersEach)),
              bank_account: { iban: IBAN, account_holder: 'Ada Lovelace' },
            }),
          }
        }),
      )
    },
  })
  return {
    perSecond: result['2xx'] / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    meanMs: result.latency.mean,
    acknowledged: result['2xx'],
    failed: result.non2xx + result.errors,
    cutOff: connections,
  }
}
