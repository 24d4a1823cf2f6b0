import type { Clock } from '../../ports/clock'
import type { PayoutHint, ProviderWebhook, WebhookEvent, WebhookRequest } from '../../ports/payment-provider'
import { fieldsOf, textOf } from './api'
import { hmac, type HmacAlgorithm, sameText } from './signature'

export interface WebhookOptions {
  /** Chosen when the webhook was registered; empty where none is. */
  readonly secret: string
  readonly algorithm: HmacAlgorithm
  readonly toleranceMs: number
  readonly clock: () => Clock
}

/**
 * The signature is assumed to be made like that of requests, over the date and a nonce; a body whose bytes we do not
 * have cannot be tied to it at all. Either way an event only says which payment to look at.
 */
export function modulrWebhook(options: WebhookOptions): ProviderWebhook {
  return {
    verify: (request) => Promise.resolve(verdictOn(request, options)),
    parse: ({ body }) => eventOf(body),
  }
}

function verdictOn(
  { headers, rawBody }: WebhookRequest,
  { secret, algorithm, toleranceMs, clock }: WebhookOptions,
): 'genuine' | 'forged' | 'unverifiable' {
  if (secret === '' || rawBody === null) return 'unverifiable'
  const header = (name: string) => (typeof headers[name] === 'string' ? headers[name] : '')
  const parts = signatureParts(header('authorization'))
  const date = header('date')
  const nonce = header('x-mod-nonce')
  // The algorithm is ours to choose: a sender must not be able to pick a weaker one.
  if (parts === null || parts.algorithm !== algorithm || nonce === '') return 'forged'
  const ageMs = Math.abs(clock().now().getTime() - Date.parse(date))
  if (!(ageMs <= toleranceMs)) return 'forged'
  const expected = hmac(secret, algorithm, `date: ${date}\nx-mod-nonce: ${nonce}`)
  return sameText(parts.signature, expected) ? 'genuine' : 'forged'
}

function signatureParts(authorization: string): { algorithm: string; signature: string } | null {
  if (authorization.length > 2_000 || !authorization.startsWith('Signature ')) return null
  const part = (name: string) => new RegExp(`[ ,]${name}="([^"]*)"`).exec(authorization)?.[1]
  const [algorithm, signature] = [part('algorithm'), part('signature')]
  if (algorithm === undefined || signature === undefined || part('headers') !== 'date x-mod-nonce')
    return null
  try {
    return { algorithm, signature: decodeURIComponent(signature) }
  } catch {
    return null
  }
}

const EVENTS = ['PAYOUT', 'PAYIN', 'PAYMENT_COMPLIANCE_STATUS']

function eventOf(body: unknown): WebhookEvent | null {
  const event = fieldsOf(body)
  const name = textOf(event.EventName)
  const payment = textOf(event.PaymentId)
  if (name === null || payment === null || !EVENTS.includes(name)) return null
  const word = textOf(event.Status) ?? textOf(event.Type) ?? '-'
  return {
    // A delivery that is repeated has another EventId; payment and status make it the same event.
    id: `${name}:${payment}:${word}`.slice(0, 200),
    type: `${name} ${word}`.slice(0, 100),
    payouts: hintsOf(name, event, payment),
  }
}

/** A return names our payment by the scheme's id of it, which is the payout's transaction id. */
function hintsOf(name: string, event: Readonly<Record<string, unknown>>, payment: string): PayoutHint[] {
  if (name === 'PAYIN') {
    const original = textOf(event.OriginalSchemeId)
    return original === null ? [] : [{ reference: original }]
  }
  const key = textOf(event.ExternalReference)
  return [{ reference: payment, ...(key !== null && { key }) }]
}
