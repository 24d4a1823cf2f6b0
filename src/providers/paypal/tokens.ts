import { Buffer } from 'node:buffer'

import type { Clock } from '../../ports/clock'
import type { DeferReason } from '../../ports/payment-provider'
import type { HttpClient } from '../shared/http-client'
import { retryAfterMs } from '../shared/retry-after'
import { fieldsOf } from './answers'

/** There is no token, so nothing was asked of PayPal: whatever was to be sent was proven not sent. */
export class NoTokenError extends Error {
  override readonly name = 'NoTokenError'

  constructor(
    readonly why: DeferReason,
    readonly status: string,
    readonly retryAfterMs?: number,
  ) {
    super(`PayPal gave no access token (${status}). Nothing was sent.`)
  }
}

export interface Tokens {
  /** @throws {NoTokenError} */
  get(timeoutMs: number): Promise<string>
  /** PayPal no longer takes it: the next `get` asks for another one. */
  drop(token: string): void
}

export interface TokenDeps {
  readonly http: HttpClient
  readonly clock: Pick<Clock, 'now'>
  readonly clientId: string
  readonly clientSecret: string
}

/** A request under way with a token must not outlive it. PayPal's tokens live about nine hours. */
const MARGIN_SECONDS_MAX = 300

/** One token for all, asked for once however many want it. It is only ever in memory. */
export function createTokens({ http, clock, clientId, clientSecret }: TokenDeps): Tokens {
  let held: { token: string; goodUntilMs: number } | null = null
  let asking: Promise<string> | null = null
  const nowMs = () => clock.now().getTime()

  async function ask(timeoutMs: number): Promise<string> {
    const answer = await http
      .request({
        method: 'POST',
        path: '/v1/oauth2/token',
        headers: {
          authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: 'grant_type=client_credentials',
        timeoutMs,
      })
      .catch(() => {
        throw new NoTokenError('provider_unavailable', 'TOKEN_NO_ANSWER')
      })
    if (answer.status === 429)
      throw new NoTokenError('rate_limited', 'RATE_LIMIT_REACHED', retryAfterMs(answer.headers))
    if (answer.status !== 200) throw new NoTokenError('provider_unavailable', `TOKEN_HTTP_${answer.status}`)
    const { token, seconds } = readToken(answer.text)
    const marginSeconds = Math.min(MARGIN_SECONDS_MAX, seconds / 10)
    held = { token, goodUntilMs: nowMs() + (seconds - marginSeconds) * 1_000 }
    return token
  }

  return {
    get(timeoutMs) {
      if (held && nowMs() < held.goodUntilMs) return Promise.resolve(held.token)
      asking ??= ask(timeoutMs).finally(() => {
        asking = null
      })
      return asking
    },
    drop(token) {
      if (held?.token === token) held = null
    },
  }
}

function readToken(text: string): { token: string; seconds: number } {
  const { access_token, expires_in } = fieldsOf(parsed(text))
  if (typeof access_token !== 'string' || !/^[\x21-\x7e]+$/.test(access_token))
    throw new NoTokenError('provider_unavailable', 'TOKEN_UNREADABLE')
  // Without a lifetime it is used for what is in hand, and asked for again.
  const seconds = typeof expires_in === 'number' && expires_in > 0 ? expires_in : 0
  return { token: access_token, seconds }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
