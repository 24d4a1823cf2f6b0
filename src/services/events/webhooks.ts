import { createHash, timingSafeEqual } from 'node:crypto'

import type { Store } from '../../db/store'
import { redactText } from '../../domain/redaction'
import { storableProblem, storableText } from '../../domain/storable'
import { AppError } from '../../errors'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { PaymentProvider, WebhookRequest } from '../../ports/payment-provider'
import { withDeadline } from '../../runtime/deadline'

export interface WebhookDeps {
  readonly store: Pick<Store, 'receiveEvent'>
  readonly providerNamed: (name: string) => PaymentProvider | null
  /** Makes an unverifiable event count where it comes on this path; empty: never. */
  readonly secret: string
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Takes in a provider's event: who sent it is checked, it is stored once, and what it hints at is looked up soon. The
 * event itself decides nothing.
 *
 * @throws {AppError} `route_not_found` where nobody listens; `unauthorized` for a forged one, without saying why;
 *   `not_ready` when it could not be checked now, so that its sender comes back. Nothing was stored.
 */
export type ReceiveWebhook = (
  provider: string,
  request: WebhookRequest,
  secret: string | null,
) => Promise<'received' | 'known' | 'ignored'>

export const createReceiveWebhook =
  ({ store, providerNamed, secret, clock, logger }: WebhookDeps): ReceiveWebhook =>
  async (name, request, givenSecret) => {
    const provider = providerNamed(name)
    const webhook = provider?.webhook
    if (!provider || !webhook) throw new AppError('route_not_found', 'There is no such address.')
    const verdict = await withDeadline(clock, provider.capabilities.timeoutMs, 'webhook check', () =>
      webhook.verify(request),
    ).catch((cause: unknown) => {
      throw new AppError('not_ready', 'The event could not be checked now.', { cause, retryAfterSeconds: 60 })
    })
    const isTrusted = verdict === 'genuine' || (verdict === 'unverifiable' && matches(secret, givenSecret))
    if (!isTrusted) {
      // What anybody can cause is told, counted and not line by line, as `security.event`.
      logger.debug('webhook.refused', { provider: name, verdict })
      throw new AppError('unauthorized', 'This event is not accepted.')
    }
    const event = webhook.parse(request)
    if (!event || event.id === '' || event.id.length > EVENT_ID_LENGTH_MAX) return 'ignored'
    // A genuine event that could not be stored would come again and again, and never be taken.
    const matched = await store.receiveEvent({
      provider: name,
      eventId: storedId(storableText(event.id)),
      type: redactText(storableText(event.type.slice(0, EVENT_ID_LENGTH_MAX))),
      isVerified: verdict === 'genuine',
      payouts: event.payouts.slice(0, PAYOUTS_MAX).filter((hint) => storableProblem(hint) === null),
    })
    logger.info('webhook.received', {
      provider: name,
      type: storableText(event.type),
      matched,
      isRepeated: matched === null,
    })
    return matched === null ? 'known' : 'received'
  }

/** The same for each delivery; one that names an account is kept as a hash. */
const storedId = (id: string): string =>
  redactText(id) === id ? id : createHash('sha256').update(id).digest('hex')

const EVENT_ID_LENGTH_MAX = 255
/** An event names one payout or a batch's; what it leaves out is polled anyway. */
const PAYOUTS_MAX = 1_000

/** Digests have one length, so that the comparison says nothing about the secret's. */
function matches(secret: string, given: string | null): boolean {
  if (secret === '' || given === null) return false
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(secret), digest(given))
}
