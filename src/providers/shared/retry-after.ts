/** More than an hour is no rate limit any more; the engine's own backoff does better. */
const WAIT_MS_MAX = 3_600_000
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/**
 * How long `Retry-After` asks us to wait: seconds, or the moment of an HTTP date (RFC 9110), which is held against the
 * answer's own `Date`, since clocks differ.
 *
 * @returns undefined where it says nothing that can be understood.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
  const given = headers['retry-after']?.trim() ?? ''
  if (/^\d{1,9}$/.test(given)) return Math.min(Number(given) * 1_000, WAIT_MS_MAX)
  const [until, answeredAt] = [given, headers.date?.trim() ?? ''].map((text) =>
    HTTP_DATE.test(text) ? Date.parse(text) : NaN,
  )
  const waitMs = Number(until) - Number(answeredAt)
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), WAIT_MS_MAX)
}
