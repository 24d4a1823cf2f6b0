import type { HttpAnswer } from '../shared/http-client'

/** More than an hour is no rate limit any more; the engine's own backoff does better. */
const WAIT_SECONDS_MAX = 3_600

/** @returns What `Retry-After` asks for, where it is a number of seconds. */
export function retryAfterMs({ headers }: HttpAnswer): number | undefined {
  const given = headers['retry-after']?.trim() ?? ''
  if (!/^\d{1,6}$/.test(given)) return undefined
  return Math.min(Number(given), WAIT_SECONDS_MAX) * 1_000
}
