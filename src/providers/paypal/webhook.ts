import { createVerify } from 'node:crypto'
import { TextDecoder } from 'node:util'

import type { Clock } from '../../ports/clock'
import type { ProviderWebhook, WebhookEvent, WebhookRequest } from '../../ports/payment-provider'
import { fieldsOf } from './answers'
import type { PaypalApi } from './api'
import type { Certificates } from './certificates'
import { crc32 } from './crc32'

export interface WebhookDeps {
  readonly webhookId: string
  readonly verification: 'offline' | 'postback'
  readonly certificates: Certificates
  readonly api: () => PaypalApi
  readonly clock: () => Pick<Clock, 'now'>
}

type Verdict = 'genuine' | 'forged' | 'unverifiable'

/** PayPal repeats a delivery for three days; a day more for one that waited at our side. */
const AGE_MS_MAX = 4 * 24 * 3_600_000
const AHEAD_MS_MAX = 5 * 60_000

interface Transmission {
  readonly id: string
  readonly time: string
  readonly signature: string
  readonly certificateUrl: string
}

export const createWebhook = (deps: WebhookDeps): ProviderWebhook => ({
  async verify(request) {
    const { rawBody } = request
    if (rawBody === null) return 'unverifiable'
    const transmission = transmissionOf(request, deps.clock().now().getTime())
    if (!transmission) return 'forged'
    return deps.verification === 'postback'
      ? byPostback(transmission, rawBody, deps)
      : byCertificate(transmission, rawBody, deps)
  },
  parse: ({ body }) => readEvent(body),
})

function transmissionOf({ headers }: WebhookRequest, nowMs: number): Transmission | null {
  const header = (name: string): string => {
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined
    return typeof value === 'string' ? value : ''
  }
  const id = header('paypal-transmission-id')
  const time = header('paypal-transmission-time')
  const signature = header('paypal-transmission-sig')
  const certificateUrl = header('paypal-cert-url')
  const ageMs = nowMs - Date.parse(time)
  const isWellFormed =
    // The limits of PayPal's own verification request.
    /^[A-Za-z0-9_-]{1,50}$/.test(id) &&
    /^[0-9TZ:.+-]{10,100}$/.test(time) &&
    /^[A-Za-z0-9+/]{1,498}={0,2}$/.test(signature) &&
    certificateUrl.length <= 500 &&
    header('paypal-auth-algo') === 'SHA256withRSA'
  // Also false when the time is none.
  const isRecent = ageMs <= AGE_MS_MAX && ageMs >= -AHEAD_MS_MAX
  return isWellFormed && isRecent ? { id, time, signature, certificateUrl } : null
}

async function byCertificate(
  { id, time, signature, certificateUrl }: Transmission,
  rawBody: Uint8Array,
  { webhookId, certificates }: WebhookDeps,
): Promise<Verdict> {
  const found = await certificates.keyAt(certificateUrl)
  if (found.kind !== 'key') return found.kind === 'unreachable' ? 'unverifiable' : 'forged'
  const signed = `${id}|${time}|${webhookId}|${crc32(rawBody)}`
  const isGenuine = createVerify('RSA-SHA256').update(signed).verify(found.key, signature, 'base64')
  return isGenuine ? 'genuine' : 'forged'
}

/** PayPal says itself whether it has sent this. */
async function byPostback(
  { id, time, signature, certificateUrl }: Transmission,
  rawBody: Uint8Array,
  { webhookId, certificates, api }: WebhookDeps,
): Promise<Verdict> {
  // PayPal is not made to fetch from a stranger's address on our word.
  const event = certificates.isAllowed(certificateUrl) ? jsonTextOf(rawBody) : null
  if (event === null) return 'forged'
  const envelope = JSON.stringify({
    auth_algo: 'SHA256withRSA',
    cert_url: certificateUrl,
    transmission_id: id,
    transmission_sig: signature,
    transmission_time: time,
    webhook_id: webhookId,
  })
  // The event goes in as the text it came as: written out again it would have another checksum.
  const body = `${envelope.slice(0, -1)},"webhook_event":${event}}`
  try {
    const path = '/v1/notifications/verify-webhook-signature'
    const answer = await api().call({ method: 'POST', path, body }, api().deadline())
    if (answer.status !== 200) return 'unverifiable'
    return fieldsOf(answer.json()).verification_status === 'SUCCESS' ? 'genuine' : 'forged'
  } catch {
    // Without PayPal's word it is neither; PayPal delivers it again.
    return 'unverifiable'
  }
}

/** @returns The body as text when it is one JSON object and nothing else. */
function jsonTextOf(rawBody: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rawBody)
    return /^\s*\{/.test(text) && typeof JSON.parse(text) === 'object' ? text : null
  } catch {
    return null
  }
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length > 0 && value.length <= 255 && !value.includes('\0')
    ? value
    : undefined

/**
 * The app's webhook also tells of payouts somebody else makes with it: their hints lead to nothing. The status in the
 * event is left alone, since events come twice, late, and in any order.
 */
function readEvent(body: unknown): WebhookEvent | null {
  const { id, event_type, resource } = fieldsOf(body)
  const eventId = textOf(id)
  const type = textOf(event_type)
  if (eventId === undefined || !type?.startsWith('PAYMENT.PAYOUTS')) return null
  const { payout_item_id, payout_item, batch_header } = fieldsOf(resource)
  const key = textOf(fieldsOf(payout_item).sender_item_id)
  const reference = textOf(payout_item_id)
  if (key !== undefined || reference !== undefined)
    return { id: eventId, type, payouts: [{ ...(key && { key }), ...(reference && { reference }) }] }
  // An event about a batch names no items; a payout that was sent alone has its batch's key.
  const orderKey = textOf(fieldsOf(fieldsOf(batch_header).sender_batch_header).sender_batch_id)
  return { id: eventId, type, payouts: orderKey === undefined ? [] : [{ key: orderKey }] }
}
