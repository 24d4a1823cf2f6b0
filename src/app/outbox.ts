import type { Database } from '../db/connect/database'
import { createDeliveryStore, type DeliveryStore } from '../db/deliveries'
import { createEndpointStore } from '../db/endpoints'
import { createNoticeStore, type NoticeStore } from '../db/notices'
import type { Messenger } from '../ports/messenger'
import { createDeliver, createSendMessage } from '../services/events/deliver'
import { createEndpoints, createRecipients, type Endpoints } from '../services/events/endpoints'
import { createNoticeSweep, type NoticeSweep } from '../services/events/notices'
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
  readonly notices: NoticeStore
  readonly sweep: NoticeSweep
  readonly outbox: Outbox
  readonly messenger: Messenger
}

type TellingGround = Pick<
  Wired,
  'config' | 'clock' | 'random' | 'logger' | 'engine' | 'exchange' | 'providers' | 'metrics'
>

export function createTelling(
  { database }: { readonly database: Database },
  { config, clock, random, logger, engine, exchange, providers, metrics: meter }: TellingGround,
  { secrets }: Pick<SettingsPart, 'secrets'>,
): Telling {
  const store = createEndpointStore(database)
  const deliveries = createDeliveryStore(database)
  const notices = createNoticeStore(database)
  const { mail } = exchange
  const messenger = createMessenger({
    ...{ clock, allowPrivateAddresses: config.privateEndpoints },
    ...(mail && { mail }),
  })
  const send = createSendMessage({ clock, messenger })
  const circuits = createCircuits({ clock, random })
  return {
    endpoints: createEndpoints({ store, secrets, messenger, send, clock, random, logger }),
    ...{ deliveries, notices, messenger },
    sweep: createNoticeSweep({
      ...{ notices, endpoints: store, clock, logger },
      providers: providers.all.map(({ name }) => name),
      silentForMs: engine.silentForMs,
      processId: random.newId(),
      returnsNeedApproval: config.returns === 'approved',
      isReconciled: config.reconcileDays > 0,
    }),
    outbox: createOutbox({
      ...{ endpoints: store, deliveries, notices, circuits, logger },
      recipients: createRecipients({ store, secrets }),
      deliver: createDeliver({ deliveries, send, circuits, meter, random, logger }),
      newOwner: random.newId,
    }),
  }
}

/** A message leaves within so long of what it tells; an idle instance asks two short questions as often, where anybody listens. */
const LOOK_EVERY_MS = 2_000
/** What comes at once is one message; who is woken by it is not slower for this. */
const SWEEP_THREE_TIMES_A_MINUTE = '*/20 * * * * *'
const FORGET_EVERY_HOUR = '50 * * * *'

/** While nobody is told anything, somebody who wants to be is found this many looks later. */
const UNHEARD_LOOKS = 15

export function createTellingJob({ outbox }: Telling, { clock, logger }: Pick<Wired, 'clock' | 'logger'>) {
  let looks = 0
  const look = () => (outbox.isHeard() || ++looks % UNHEARD_LOOKS === 0 ? outbox.run() : Promise.resolve(0))
  return createRepetition('outbox', look, { everyMs: LOOK_EVERY_MS, clock, logger })
}

export const tellingJobs = ({ outbox, sweep }: Telling): Job[] => [
  { name: 'notices', expression: SWEEP_THREE_TIMES_A_MINUTE, timezone: 'UTC', run: sweep },
  { name: 'old deliveries', expression: FORGET_EVERY_HOUR, timezone: 'UTC', run: outbox.forget },
]
