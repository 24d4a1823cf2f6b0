import { createHash, createHmac, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto'

import type { Clock } from '../../ports/clock'
import type { PayoutHint, ProviderWebhook, WebhookEvent, WebhookRequest } from '../../ports/payment-provider'
import { textAt } from './pointer'
import type { WebhookRules } from './webhook-rules'

export interface WebhookKeys {
  readonly secret: string
  /** PEM, for events signed with RSA. */
  readonly publicKey: string
}

type Verdict = 'genuine' | 'forged' | 'unverifiable'

/**
 * @returns What of the keys cannot work with the rules; nothing when they can.
 */
export function keyProblems(
  { kind }: WebhookRules,
  { secret, publicKey }: WebhookKeys,
  nameOf: (setting: string) => string = (name) => name,
): string[] {
  if (kind === 'rsa')
    return readKey(publicKey)
      ? []
      : [`${nameOf('webhookPublicKey')} must be an RSA public key of at least 2048 bits, as PEM`]
  const isLong = (kind === 'standard' ? standardKey(secret) : Buffer.from(secret)).length >= 16
  return isLong ? [] : [`${nameOf('webhookSecret')} must have at least 16 bytes`]
}

export function restWebhook(rules: WebhookRules, keys: WebhookKeys, clock: () => Clock): ProviderWebhook {
  const publicKey = readKey(keys.publicKey)
  return {
    verify: (request) => Promise.resolve(verdictOn(request, rules, { ...keys, key: publicKey, clock })),
    parse: (request) => eventOf(request, rules),
  }
}

/** Key material is 16 to 64 bytes in base64 behind a prefix (Standard Webhooks, "whsec_"). */
const standardKey = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ''), 'base64')

function readKey(pem: string): KeyObject | null {
  try {
    const key = createPublicKey(pem)
    return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2_048
      ? key
      : null
  } catch {
    return null
  }
}

const headerOf = ({ headers }: WebhookRequest, name: string): string => {
  const value = headers[name]
  return typeof value === 'string' && value.length <= 4_000 ? value : ''
}

function verdictOn(
  request: WebhookRequest,
  rules: WebhookRules,
  { secret, key, clock }: WebhookKeys & { key: KeyObject | null; clock: () => Clock },
): Verdict {
  const { rawBody } = request
  if (rawBody === null) return 'unverifiable'
  const given = headerOf(request, rules.signatureHeader)
  if (given === '') return 'forged'
  const timestamp = rules.timestampHeader === null ? null : headerOf(request, rules.timestampHeader)
  if (timestamp !== null && !isRecent(timestamp, rules.toleranceMs, clock().now())) return 'forged'
  if (rules.kind === 'rsa') return verifyRsa(given, rawBody, rules, key)
  const signed =
    rules.kind === 'standard'
      ? [`${headerOf(request, 'webhook-id')}.${timestamp ?? ''}.`]
      : rules.kind === 'hmac_timestamp'
        ? [`${timestamp ?? ''}.`]
        : []
  const hmac = createHmac(
    rules.kind === 'standard' ? 'sha256' : rules.algorithm,
    rules.kind === 'standard' ? standardKey(secret) : secret,
  )
  for (const part of signed) hmac.update(part)
  const digest = hmac.update(rawBody).digest()
  return candidates(given, rules).some((each) => sameBytes(each, digest)) ? 'genuine' : 'forged'
}

/** One signature, or in Standard Webhooks several with their version, while a secret is being changed. */
function candidates(given: string, { kind, prefix, encoding }: WebhookRules): Buffer[] {
  if (kind !== 'standard')
    return given.startsWith(prefix) ? [Buffer.from(given.slice(prefix.length), encoding)] : []
  return given
    .split(' ')
    .slice(0, 10)
    .filter((each) => each.startsWith('v1,'))
    .map((each) => Buffer.from(each.slice(3), 'base64'))
}

function verifyRsa(
  given: string,
  rawBody: Uint8Array,
  { prefix, encoding, algorithm }: WebhookRules,
  key: KeyObject | null,
): Verdict {
  if (!key || !given.startsWith(prefix)) return 'forged'
  const signature = Buffer.from(given.slice(prefix.length), encoding)
  return verify(algorithm, rawBody, key, signature) ? 'genuine' : 'forged'
}

/** Seconds or milliseconds since 1970; the first thirteen digits mean milliseconds. */
function isRecent(timestamp: string, toleranceMs: number, now: Date): boolean {
  if (!/^\d{9,14}$/.test(timestamp)) return false
  const ms = timestamp.length >= 12 ? Number(timestamp) : Number(timestamp) * 1_000
  return Math.abs(now.getTime() - ms) <= toleranceMs
}

/** Compares digests, so that the time taken does not tell where two signatures differ. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
  return timingSafeEqual(digest(a), digest(b))
}

function eventOf(request: WebhookRequest, rules: WebhookRules): WebhookEvent | null {
  const { body } = request
  const id = rules.kind === 'standard' ? headerOf(request, 'webhook-id') : (textAt(body, rules.event) ?? '')
  const hint: PayoutHint = {
    ...named('key', textAt(body, rules.key)),
    ...named('reference', textAt(body, rules.reference)),
    ...named('endToEndId', textAt(body, rules.endToEndId)),
  }
  if (id === '' || id.length > 200) return null
  const isAboutPayout = Object.keys(hint).length > 0
  const type = (textAt(body, rules.type) ?? 'event').slice(0, 100)
  return { id, type, payouts: isAboutPayout ? [hint] : [] }
}

const named = (name: keyof PayoutHint, value: string | null): PayoutHint =>
  value === null || value.length > 255 ? {} : { [name]: value }
