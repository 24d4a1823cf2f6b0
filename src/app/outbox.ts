import type { Database } from '../db/connect/database'
import { createDeliveryStore, type DeliveryStore } from '../db/deliveries'
import { createEndpointStore } from '../db/endpoints'
import type { Messenger } from '../ports/messenger'
import { createDeliver, createSendMessage } from '../services/events/deliver'
import { createEndpoints, createRecipients, type Endpoints } from '../services/events/endpoints'
import { createCircuits } from '../services/payouts/circuit'
import { createOutbox, type Outbox } from '../workers/outbox'
import { createRepetition } from '../workers/repeat'
import type { Job } from '../workers/schedule'
import { createMessenger } from './messenger'
import type { SettingsPart } from './settings-part'
import type { Wired } from './wired'

/** What tells others, wired. */
export interface Telling {
  readonly endpoints: Endpoints
  readonly deliveries: DeliveryStore
  readonly outbox: Outbox
  readonly messenger: Messenger
}

export function createTelling(
  { database }: { readonly database: Database },
  { config, clock, random, logger }: Pick<Wired, 'config' | 'clock' | 'random' | 'logger'>,
  { secrets }: Pick<SettingsPart, 'secrets'>,
): Telling {
  const store = createEndpointStore(database)
  const deliveries = createDeliveryStore(database)
  const messenger = createMessenger({ clock, allowPrivateAddresses: config.privateEndpoints })
  const send = createSendMessage({ clock, messenger })
  const circuits = createCircuits({ clock, random })
  return {
    endpoints: createEndpoints({ store, secrets, messenger, send, clock, random, logger }),
    deliveries,
    messenger,
    outbox: createOutbox({
      ...{ endpoints: store, deliveries, circuits, logger },
      recipients: createRecipients({ store, secrets }),
      deliver: createDeliver({ deliveries, send, circuits, random, logger }),
      newOwner: random.newId,
    }),
  }
}

/** A message leaves within so long of what it tells; an idle instance asks two short questions as often. */
const LOOK_EVERY_MS = 2_000
const FORGET_EVERY_HOUR = '50 * * * *'

export const createTellingJob = ({ outbox }: Telling, { clock, logger }: Pick<Wired, 'clock' | 'logger'>) =>
  createRepetition('outbox', outbox.run, { everyMs: LOOK_EVERY_MS, clock, logger })

export const tellingJobs = ({ outbox }: Telling): Job[] => [
  { name: 'old deliveries', expression: FORGET_EVERY_HOUR, timezone: 'UTC', run: outbox.forget },
]
