import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export const HMAC_ALGORITHMS = ['hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'] as const
export type HmacAlgorithm = (typeof HMAC_ALGORITHMS)[number]

export interface Credentials {
  readonly keyId: string
  /** Used as the text it is, although it looks like base64 (published worked example). */
  readonly secret: string
  readonly algorithm: HmacAlgorithm
}

/** The three headers that prove who asks. The body is not part of what is signed. */
export function signedHeaders(
  { keyId, secret, algorithm }: Credentials,
  { at, nonce }: { at: Date; nonce: string },
): Record<'date' | 'x-mod-nonce' | 'authorization', string> {
  const date = at.toUTCString()
  const signature = hmac(secret, algorithm, `date: ${date}\nx-mod-nonce: ${nonce}`)
  const parts = [
    `keyId="${keyId}"`,
    `algorithm="${algorithm}"`,
    'headers="date x-mod-nonce"',
    `signature="${encodeURIComponent(signature)}"`,
  ]
  return { date, 'x-mod-nonce': nonce, authorization: `Signature ${parts.join(',')}` }
}

export const hmac = (secret: string, algorithm: HmacAlgorithm, text: string): string =>
  createHmac(algorithm.slice('hmac-'.length), secret).update(text).digest('base64')

/**
 * The nonce of one attempt at an order: the same each time it is sent, so that a repetition is recognised, and
 * another one after a refusal, which Modulr would repeat for the old nonce without looking again.
 */
export const nonceOf = (orderKey: string, attempt: number): string =>
  createHash('sha256').update(`${orderKey}\n${attempt}`).digest('hex').slice(0, 32)

/** Takes the same time whatever differs. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
