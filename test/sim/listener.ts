import { withdrawalEventOf } from '../../src/domain/outgoing'
import { NO_METER } from '../../src/ports/meter'
import { createDeliver, createSendMessage } from '../../src/services/events/deliver'
import { createCircuits } from '../../src/services/payouts/circuit'
import { createOutbox, type Outbox, type OutboxDeps } from '../../src/workers/outbox'
import type { Checks } from './checks'
import { type Deliveries, ENDPOINT, type MemoryDeliveries } from './memory-deliveries'
import type { Boot } from './process'
import { mentionsAccount } from './secrecy'

/** The exchange's own system, which is told of its users' withdrawals. It is deaf at times, and recovers. */
export class Listener {
  private readonly heard = new Map<string, number[]>()

  constructor(
    private readonly checks: () => Checks,
    private readonly isDeaf: () => boolean,
  ) {}

  /** I17 at the moment it hears: of one withdrawal nothing is told before what came before it. */
  take(body: string): { status: number } | { silent: string } {
    if (this.isDeaf()) return { silent: 'nobody answered' }
    const { data } = JSON.parse(body) as { data: { id: string; sequence: number } }
    const { id, sequence } = data
    const heard = this.heard.get(id) ?? []
    if (mentionsAccount(body)) this.checks().leaked('a message', id)
    if (!heard.includes(sequence)) {
      if (sequence < Math.max(0, ...heard))
        this.checks().report('I17 told at least once, in order', id, `${sequence} came after ${heard.at(-1)}`)
      this.heard.set(id, [...heard, sequence])
    }
    return { status: 200 }
  }

  /** I17 at rest: everything there was to tell was heard. */
  checkHeard(checks: Checks): void {
    for (const [id, entries] of checks.books().store.journal)
      for (const { seq, from, to } of entries)
        if (withdrawalEventOf(from, to) !== null && !this.heard.get(id)?.includes(seq))
          checks.report('I17 told at least once, in order', id, `${seq} (to ${to}) was never told`)
  }
}

const SECRETS = [`whsec_${Buffer.alloc(24, 7).toString('base64')}`]
const POST_TIMEOUT_MS = 10_000

/** The outbox of one process, as src/app/outbox.ts wires it. */
export function outboxFor(
  { deliveries, listener, edges, mutant, logger }: OutboxBoot,
  {
    clock,
    random,
  }: Pick<Parameters<typeof createCircuits>[0], 'clock'> & {
    random: Parameters<typeof createCircuits>[0]['random'] & { newId(): string }
  },
): Outbox {
  const { functions } = deliveries
  const plain: MemoryDeliveries = {
    due: () => edges.statement('store.read', 'deliveries.due', () => functions.due()),
    claim: (id, lease, limit) =>
      edges.statement('store.write', 'deliveries.claim', () => functions.claim(id, lease, limit)),
    tell: (limit, of) => edges.statement('store.write', 'deliveries.tell', () => functions.tell(limit, of)),
    delivered: (claim, status) =>
      edges.statement('store.write', 'deliveries.delivered', () => functions.delivered(claim, status)),
    failed: (claim, result, waitMs) =>
      edges.statement('store.write', 'deliveries.failed', () => functions.failed(claim, result, waitMs)),
    putBack: (claim, waitMs) =>
      edges.statement('store.write', 'deliveries.putBack', () => functions.putBack(claim, waitMs)),
    forget: () => Promise.resolve(0),
  }
  const store = mutant?.deliveries?.(plain) ?? plain
  const circuits = createCircuits({ clock, random })
  const silent = { silent: 'nobody answered' }
  const send = createSendMessage({
    clock,
    messenger: {
      refuses: () => null,
      close() {},
      post: ({ body }) =>
        edges.question(
          'endpoint.post',
          {
            ...{ label: 'endpoint.post', withdrawalIds: [], timeoutMs: POST_TIMEOUT_MS, isDown: false },
            effect: (): ReturnType<Listener['take']> => listener.take(body),
            broken: () => silent,
          },
          () => ({ status: 500 }),
        ),
    },
  })
  const deps: OutboxDeps = {
    endpoints: { list: () => Promise.resolve([ENDPOINT]) },
    deliveries: store,
    notices: { forget: () => Promise.resolve(0) },
    recipients: () => Promise.resolve(new Map([[ENDPOINT.id, { ...ENDPOINT, secrets: SECRETS }]])),
    deliver: createDeliver({ deliveries: store, send, circuits, meter: NO_METER, random, logger }),
    ...{ circuits, newOwner: () => random.newId(), logger },
  }
  return createOutbox(deps)
}

export interface OutboxBoot extends Pick<Boot, 'edges' | 'mutant' | 'logger'> {
  readonly deliveries: Deliveries
  readonly listener: Listener
}
