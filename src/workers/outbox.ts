import type { DeliveryStore } from '../db/deliveries'
import type { EndpointStore } from '../db/endpoints'
import type { NoticeStore } from '../db/notices'
import { errorFields } from '../errors'
import type { Logger } from '../ports/logger'
import { inParallel } from '../runtime/parallel'
import type { Deliver, Recipient, Recipients } from '../services/events/deliver'
import { deliveriesOf } from '../services/events/withdrawal-events'
import type { Circuits } from '../services/payouts/circuit'

export interface OutboxDeps {
  readonly endpoints: Pick<EndpointStore, 'list'>
  readonly deliveries: Pick<DeliveryStore, 'due' | 'claim' | 'tell' | 'forget'>
  readonly notices: Pick<NoticeStore, 'forget'>
  readonly recipients: Recipients
  readonly deliver: Deliver
  readonly circuits: Pick<Circuits, 'waitMs'>
  readonly newOwner: () => string
  readonly logger: Logger
}

/** Tells the journal to who wants to hear it, and sends what waits. */
export interface Outbox {
  /** One look. Never throws. @returns How many messages it tried to send. */
  run(): Promise<number>
  /** Forgets what was delivered long ago. Never throws. */
  forget(): Promise<number>
  /** Whether anybody wanted to be told at the last look. */
  isHeard(): boolean
  /** Sends nothing more that has not begun. */
  stop(): void
}

/** Longer than a call; a crashed sender's messages are sent again after it. */
const LEASE_SECONDS = 30
const AT_ONCE = 4
/** Of one endpoint at one look; the others need their turn too. */
const SENT_MAX = 400
const ENTRIES = 500
/** A person still finds what was sent last month, and what was given up last quarter. */
const KEPT_DAYS = { delivered: 30, dead: 90 }
const FORGOTTEN_AT_ONCE = 5_000

export function createOutbox(deps: OutboxDeps): Outbox {
  const { deliveries, logger } = deps
  let isStopping = false
  let isHeard = true

  async function tellJournal(): Promise<void> {
    for (let read: number | 'lost' = ENTRIES; read === ENTRIES && !isStopping;) {
      read = await deliveries.tell(ENTRIES, deliveriesOf)
      if (read === 'lost')
        logger.error('outbox.place_lost', {
          explanation:
            'The journal is of another database than the place up to which it was told: it is told from now on.',
        })
    }
  }

  async function sendTo(endpointId: string, recipient: Recipient): Promise<number> {
    let sent = 0
    while (sent < SENT_MAX && !isStopping && deps.circuits.waitMs(endpointId) === 0) {
      const lease = { owner: deps.newOwner(), seconds: LEASE_SECONDS }
      const claimed = await deliveries.claim(endpointId, lease, AT_ONCE)
      if (claimed.length === 0) break
      await inParallel(claimed, AT_ONCE, (claim) => deps.deliver(claim, recipient))
      sent += claimed.length
    }
    return sent
  }

  async function look(): Promise<number> {
    const endpoints = (await deps.endpoints.list()).filter(({ isOn }) => isOn)
    isHeard = endpoints.length > 0
    if (!isHeard) return 0
    const isSystemTold = endpoints.some(({ audience }) => audience === 'systems')
    const before = await deliveries.due()
    const isTold = before.isJournalAhead && isSystemTold
    if (isTold) await tellJournal()
    const due = isTold ? (await deliveries.due()).endpoints : before.endpoints
    const sending = endpoints.filter(({ id }) => due.includes(id))
    if (sending.length === 0) return 0
    const recipients = await deps.recipients(sending)
    // One that hangs keeps none of the others waiting.
    const counts = await Promise.all(
      sending.map(async ({ id }) => {
        const recipient = recipients.get(id)
        return recipient ? sendTo(id, recipient) : 0
      }),
    )
    return counts.reduce((sum, count) => sum + count, 0)
  }

  const guarded = (event: string, work: () => Promise<number>) => (): Promise<number> =>
    work().catch((error: unknown) => {
      logger.error(event, errorFields(error))
      return 0
    })

  return {
    run: guarded('outbox.failed', look),
    forget: guarded('outbox.not_forgotten', async () => {
      const notices = await deps.notices.forget(KEPT_DAYS.dead, FORGOTTEN_AT_ONCE)
      return notices + (await deliveries.forget(KEPT_DAYS, FORGOTTEN_AT_ONCE))
    }),
    isHeard: () => isHeard,
    stop() {
      isStopping = true
    },
  }
}
