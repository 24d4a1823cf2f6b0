import { sign } from 'node:crypto'
import { crc32 } from 'node:zlib'

import type { WebhookRequest } from '../../../src/ports/payment-provider'
import { type Authority, certify } from './x509'

export const WEBHOOK_ID = '1JE4291016473214C'

/** Made once: keys are slow to make. */
let authorities: { root: Authority; middle: Authority; leaf: Authority } | null = null
export function testAuthorities() {
  authorities ??= (() => {
    const root = certify({ name: 'Test Root', isAuthority: true })
    const middle = certify({ name: 'Test Intermediate', isAuthority: true }, root)
    const leaf = certify(
      { name: 'messageverificationcerts.paypal.com', names: ['messageverificationcerts.paypal.com'] },
      middle,
    )
    return { root, middle, leaf }
  })()
  return authorities
}

export interface Signer {
  readonly key?: Authority['key']
  readonly webhookId?: string
}

interface Delivery extends Signer {
  readonly at: Date
  readonly url: string
  readonly number: number
}

export function signedDelivery(event: object, { at, url, number, key, webhookId }: Delivery): WebhookRequest {
  const rawBody = Buffer.from(JSON.stringify(event))
  const id = `69cd13f0-d67a-11e5-baa3-${String(number).padStart(12, '0')}`
  const time = at.toISOString()
  const signed = `${id}|${time}|${webhookId ?? WEBHOOK_ID}|${crc32(rawBody)}`
  const signature = sign('RSA-SHA256', Buffer.from(signed), key ?? testAuthorities().leaf.key)
  return {
    headers: {
      'paypal-transmission-id': id,
      'paypal-transmission-time': time,
      'paypal-transmission-sig': signature.toString('base64'),
      'paypal-cert-url': `${url}/v1/notifications/certs/CERT-1`,
      'paypal-auth-algo': 'SHA256withRSA',
    },
    rawBody,
    body: event,
  }
}
