import { HASHES, HEADER } from './auth'
import type { Node } from './node'
import { POINTER } from './pointer'

/** How events are signed, and where they name a payout. */
export interface WebhookRules {
  readonly kind: 'hmac' | 'hmac_timestamp' | 'standard' | 'rsa'
  readonly algorithm: (typeof HASHES)[number]
  readonly signatureHeader: string
  readonly prefix: string
  readonly encoding: 'hex' | 'base64'
  readonly timestampHeader: string | null
  readonly toleranceMs: number
  /** Where the event's own id is, the same for each delivery. Standard Webhooks have it in a header. */
  readonly event: string | null
  readonly type: string | null
  readonly key: string | null
  readonly reference: string | null
  readonly endToEndId: string | null
}

const PREFIX = { pattern: /^[\x21-\x7e]{1,40}$/, shape: 'visible ASCII' }

export function readWebhook(node: Node | null): WebhookRules | null {
  if (!node) return null
  const kind = node.choice('kind', ['hmac', 'hmac_timestamp', 'standard', 'rsa'])
  const isStandard = kind === 'standard'
  const rules: WebhookRules = {
    kind,
    algorithm: node.choice('algorithm', HASHES, 'sha256'),
    signatureHeader: isStandard ? 'webhook-signature' : node.text('signatureHeader', HEADER).toLowerCase(),
    prefix: node.text('prefix', { ...PREFIX, fallback: '' }),
    encoding: node.choice('encoding', ['hex', 'base64'], kind === 'rsa' ? 'base64' : 'hex'),
    timestampHeader: isStandard
      ? 'webhook-timestamp'
      : (node.optionalText('timestampHeader', HEADER)?.toLowerCase() ?? null),
    toleranceMs: node.integer('toleranceSeconds', { min: 1, max: 86_400, fallback: 300 }) * 1_000,
    event: node.optionalText('event', POINTER),
    type: node.optionalText('type', POINTER),
    key: node.optionalText('key', POINTER),
    reference: node.optionalText('reference', POINTER),
    endToEndId: node.optionalText('endToEndId', POINTER),
  }
  checkRules(node, rules)
  node.end()
  return rules
}

function checkRules(
  node: Node,
  { kind, timestampHeader, event, key, reference, endToEndId }: WebhookRules,
): void {
  if (kind === 'hmac_timestamp' && timestampHeader === null) node.problem('timestampHeader is needed')
  if ((kind === 'hmac' || kind === 'rsa') && timestampHeader !== null)
    node.problem('timestampHeader is not signed by this kind; use hmac_timestamp or standard')
  if (kind !== 'standard' && event === null) node.problem('event is needed: where the id of the event is')
  if (key === null && reference === null && endToEndId === null)
    node.problem('one of key, reference and endToEndId is needed: which payout the event is about')
}
