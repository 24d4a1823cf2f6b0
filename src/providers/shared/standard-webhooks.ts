import { createHmac, timingSafeEqual } from 'node:crypto'

import type { WebhookRequest } from '../../ports/payment-provider'

/** Signed webhooks as standardwebhooks.com describes them: HMAC-SHA256 over `id.timestamp.body`. */

/** How far the sender's clock may be from ours, and how long a recorded event can be played again. */
const TOLERANCE_SECONDS = 300
/** A sender that changes its secret signs with both; nobody needs more, and each costs us a computation. */
const SIGNATURES_MAX = 5
// No full stop, which separates the parts that are signed.
const ID = /^[A-Za-z0-9_-]{1,128}$/

const signatureOf = (secret: Uint8Array, id: string, timestamp: string, body: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest()

/** @param secret The bytes behind `whsec_`. @param atSeconds Unix time. */
export function signWebhook(secret: Uint8Array, id: string, atSeconds: number, body: Uint8Array) {
  const signature = signatureOf(secret, id, String(atSeconds), body).toString('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(atSeconds), 'webhook-signature': `v1,${signature}` }
}

/**
 * Whether one of the secrets has signed these bytes within the last minutes.
 *
 * @param secrets During a rotation the old one and the new one.
 */
export function verifyWebhook(
  secrets: readonly Uint8Array[],
  { headers, rawBody }: WebhookRequest,
  now: Date,
): 'genuine' | 'forged' | 'unverifiable' {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map(
    (part) => headers[`webhook-${part}`],
  )
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string')
    return 'forged'
  if (!ID.test(id) || !/^\d{1,12}$/.test(timestamp)) return 'forged'
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > TOLERANCE_SECONDS) return 'forged'
  if (rawBody === null) return 'unverifiable'
  const given = signatures
    .split(' ', SIGNATURES_MAX)
    .filter((each) => each.startsWith('v1,'))
    .map((each) => Buffer.from(each.slice(3), 'base64'))
  const expected = secrets.map((secret) => signatureOf(secret, id, timestamp, rawBody))
  const isOurs = expected.some((ours) =>
    given.some((theirs) => theirs.length === ours.length && timingSafeEqual(theirs, ours)),
  )
  return isOurs ? 'genuine' : 'forged'
}

/** @returns The bytes of a `whsec_...` secret, or null when it is none or too short to be safe. */
export function readWebhookSecret(text: string): Uint8Array | null {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text)) return null
  const secret = Buffer.from(text.slice('whsec_'.length), 'base64')
  return secret.length >= 24 && secret.length <= 64 ? secret : null
}
