import { Webhook } from 'standardwebhooks'

import type { ClaimedDelivery, DeliveryStore } from '../../db/deliveries'
import type { Endpoint } from '../../db/endpoints'
import { DELIVERY_BACKOFF, isMail } from '../../domain/outgoing'
import { redactText } from '../../domain/redaction'
import { backoffMs } from '../../domain/retry'
import type { Clock, Randomness } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { Messenger, Reached } from '../../ports/messenger'
import type { DeliveryOutcome, Meter } from '../../ports/meter'
import type { Circuits } from '../payouts/circuit'

/** What one message says, and under which id; the id never changes. */
export interface Message {
  readonly eventId: string
  readonly payload: string
}

/** Signs a message as Standard Webhooks do, with every secret that counts now, and sends it once. Never throws. */
export type SendMessage = (to: Pick<Recipient, 'url' | 'secrets'>, message: Message) => Promise<Reached>

export interface Recipient extends Pick<Endpoint, 'audience'> {
  readonly url: string
  /** The newest first; a receiver that knows one of them believes it. */
  readonly secrets: readonly string[]
}

export const createSendMessage =
  ({ clock, messenger }: { clock: Pick<Clock, 'now'>; messenger: Messenger }): SendMessage =>
  async ({ url, secrets }, { eventId, payload }) => {
    const now = clock.now()
    if (secrets.length === 0) return { silent: 'there is no secret to sign with that could be opened' }
    const signatures = secrets.map((secret) => new Webhook(secret).sign(eventId, now, payload))
    return messenger.post({
      url,
      headers: {
        'webhook-id': eventId,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': signatures.join(' '),
      },
      body: payload,
    })
  }

export const wasTaken = (reached: Reached): reached is { status: number } =>
  'status' in reached && reached.status >= 200 && reached.status < 300

export const problemIn = (reached: Reached): string =>
  'silent' in reached
    ? reached.silent
    : reached.status >= 300 && reached.status < 400
      ? `it answered ${reached.status}, and redirects are not followed`
      : `it answered ${reached.status}`

const outcomeOf = (reached: Reached): DeliveryOutcome =>
  'silent' in reached ? 'silent' : reached.status >= 300 && reached.status < 400 ? 'redirected' : 'refused'

/** Sends one claimed message and writes down what came of it. */
export type Deliver = (claim: ClaimedDelivery, to: Recipient) => Promise<void>

export interface DeliverDeps {
  readonly deliveries: Pick<DeliveryStore, 'delivered' | 'failed' | 'putBack'>
  readonly send: SendMessage
  readonly circuits: Circuits
  readonly meter: Pick<Meter, 'delivery'>
  readonly random: Pick<Randomness, 'fraction'>
  readonly logger: Logger
}

/** While an address that went silent is left alone. */
const LEFT_ALONE_MS = 5_000

export const createDeliver =
  ({ deliveries, send, circuits, meter, random, logger }: DeliverDeps): Deliver =>
  async (claim, to) => {
    const { endpointId, eventId, kind, attempts } = claim
    const heard = circuits.enter(endpointId)
    if (!heard) return deliveries.putBack(claim, circuits.waitMs(endpointId) || LEFT_ALONE_MS)
    const reached = await send(to, claim)
    // An answer, whatever it says, is about this message; silence is about all of them.
    heard('status' in reached)
    const facts = { endpointId, eventId, kind, attempt: attempts }
    const counted = (outcome: DeliveryOutcome) =>
      meter.delivery({ audience: to.audience, way: isMail(to.url) ? 'mail' : 'webhook', outcome })
    if (wasTaken(reached)) {
      await deliveries.delivered(claim, reached.status)
      counted('taken')
      logger.debug('delivery.taken', facts)
      return
    }
    const result = {
      status: 'status' in reached ? reached.status : null,
      error: redactText(problemIn(reached)),
    }
    const waitMs = backoffMs(attempts, DELIVERY_BACKOFF, random.fraction())
    const became = await deliveries.failed(claim, result, waitMs)
    counted(became === 'dead' ? 'given_up' : outcomeOf(reached))
    if (became === 'dead') logger.error('delivery.given_up', { ...facts, why: result.error })
    else logger.warn('delivery.failed', { ...facts, why: result.error, nextRunInMs: waitMs })
  }

/** Endpoints with the secrets that sign for them now. */
export type Recipients = (endpoints: readonly Endpoint[]) => Promise<ReadonlyMap<string, Recipient>>
