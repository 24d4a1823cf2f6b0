import { createHash, createHmac } from 'node:crypto'

import type { Clock, Randomness } from '../../ports/clock'
import type { Node } from './node'

const ENCODINGS = ['utf8', 'hex', 'base64'] as const
const OUTPUTS = ['hex', 'base64'] as const
export const HASHES = ['sha256', 'sha384', 'sha512'] as const
export const HEADER = { pattern: /^[A-Za-z][A-Za-z0-9-]{0,60}$/, shape: 'the name of a header' }
const PREFIX = { pattern: /^[\x21-\x7e][\x20-\x7e]{0,40}$/, shape: 'visible ASCII' }
/** What is signed can name these. */
const SIGNED = ['method', 'path', 'timestamp', 'nonce', 'body', 'body_sha256'] as const

export type Auth =
  | { readonly kind: 'none' | 'bearer' | 'basic' }
  | { readonly kind: 'header'; readonly name: string; readonly prefix: string }
  | HmacAuth

export interface HmacAuth {
  readonly kind: 'hmac'
  readonly algorithm: (typeof HASHES)[number]
  readonly keyEncoding: (typeof ENCODINGS)[number]
  readonly template: string
  readonly output: (typeof OUTPUTS)[number]
  readonly signatureHeader: string
  readonly signaturePrefix: string
  readonly timestampHeader: string | null
  readonly timestampFormat: 'seconds' | 'milliseconds' | 'iso' | 'http'
  readonly nonceHeader: string | null
  readonly keyIdHeader: string | null
}

/** Only ever from secret settings, never from the configuration. */
export interface Secrets {
  readonly user: string
  readonly secret: string
}

export function readAuth(node: Node): Auth {
  const kind = node.choice('kind', ['none', 'bearer', 'basic', 'header', 'hmac'])
  const auth: Auth =
    kind === 'header'
      ? { kind, name: node.text('name', HEADER), prefix: node.text('prefix', { ...PREFIX, fallback: '' }) }
      : kind === 'hmac'
        ? readHmac(node)
        : { kind }
  node.end()
  return auth
}

function readHmac(node: Node): HmacAuth {
  const auth: HmacAuth = {
    kind: 'hmac',
    algorithm: node.choice('algorithm', HASHES, 'sha256'),
    keyEncoding: node.choice('keyEncoding', ENCODINGS, 'utf8'),
    template: node.text('template', {
      pattern: /^[\s\S]{1,500}$/,
      shape: 'a text of at most 500 characters',
    }),
    output: node.choice('output', OUTPUTS, 'hex'),
    signatureHeader: node.text('signatureHeader', HEADER),
    signaturePrefix: node.text('signaturePrefix', { ...PREFIX, fallback: '' }),
    timestampHeader: node.optionalText('timestampHeader', HEADER),
    timestampFormat: node.choice('timestampFormat', ['seconds', 'milliseconds', 'iso', 'http'], 'seconds'),
    nonceHeader: node.optionalText('nonceHeader', HEADER),
    keyIdHeader: node.optionalText('keyIdHeader', HEADER),
  }
  const named = [...auth.template.matchAll(/\{([A-Za-z0-9_]+)\}/g)].map(([, name]) => String(name))
  const has = (name: string) => named.includes(name)
  for (const name of named)
    if (!SIGNED.some((known) => known === name)) node.problem(`template: {${name}} is not known`)
  // Somebody in between could otherwise change the amount or the account under our signature.
  if (!has('body') && !has('body_sha256')) node.problem('template must hold {body} or {body_sha256}')
  if (has('timestamp') !== (auth.timestampHeader !== null))
    node.problem('template must hold {timestamp} exactly when there is a timestampHeader')
  if (has('nonce') !== (auth.nonceHeader !== null))
    node.problem('template must hold {nonce} exactly when there is a nonceHeader')
  return auth
}

export const needsSecret = (auth: Auth): boolean => auth.kind !== 'none'
export const needsUser = (auth: Auth): boolean =>
  auth.kind === 'basic' || (auth.kind === 'hmac' && auth.keyIdHeader !== null)

export interface Signable {
  readonly method: string
  /** With the base URL's own path and the query, as it is sent. */
  readonly path: string
  readonly body: string
}

/** The headers that prove who asks. */
export function authHeaders(
  auth: Auth,
  { user, secret }: Secrets,
  request: Signable,
  { clock, random }: { clock: Clock; random: Randomness },
): Record<string, string> {
  switch (auth.kind) {
    case 'none':
      return {}
    case 'bearer':
      return { authorization: `Bearer ${secret}` }
    case 'basic':
      return { authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}` }
    case 'header':
      return { [auth.name]: `${auth.prefix}${secret}` }
    case 'hmac':
      return hmacHeaders(auth, { user, secret }, request, {
        timestamp: timestampOf(clock.now(), auth.timestampFormat),
        nonce: Buffer.from(random.bytes(16)).toString('hex'),
      })
  }
}

function hmacHeaders(
  auth: HmacAuth,
  { user, secret }: Secrets,
  { method, path, body }: Signable,
  { timestamp, nonce }: { timestamp: string; nonce: string },
): Record<string, string> {
  const bodySha256 = createHash('sha256').update(body).digest('hex')
  const parts: Record<string, string> = { method, path, timestamp, nonce, body, body_sha256: bodySha256 }
  const text = auth.template.replace(/\{([a-z_0-9]+)\}/g, (_match, name: string) => parts[name] ?? '')
  const signature = createHmac(auth.algorithm, Buffer.from(secret, auth.keyEncoding))
    .update(text)
    .digest(auth.output)
  return {
    [auth.signatureHeader]: `${auth.signaturePrefix}${signature}`,
    ...(auth.timestampHeader !== null && { [auth.timestampHeader]: timestamp }),
    ...(auth.nonceHeader !== null && { [auth.nonceHeader]: nonce }),
    ...(auth.keyIdHeader !== null && { [auth.keyIdHeader]: user }),
  }
}

function timestampOf(now: Date, format: HmacAuth['timestampFormat']): string {
  switch (format) {
    case 'seconds':
      return String(Math.floor(now.getTime() / 1_000))
    case 'milliseconds':
      return String(now.getTime())
    case 'iso':
      return now.toISOString()
    case 'http':
      return now.toUTCString()
  }
}
