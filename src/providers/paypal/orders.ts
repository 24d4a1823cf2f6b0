import type { Clock } from '../../ports/clock'
import type { ProviderDocuments } from '../../ports/payment-provider'

/**
 * What we know of an order at PayPal, written down before it is sent. PayPal cannot be asked for an order by our key,
 * so the id it gave is kept here; and a refusal proves nothing while an earlier request with the same key may have
 * been taken, so whether there was one is kept here too.
 */
export interface OrderRecord {
  readonly fingerprint: string
  /** A request was sent, or was about to be, of which it is not proven that it was refused. */
  readonly isOpen: boolean
  /** How many times it was about to be sent. */
  readonly sends: number
  readonly batchId: string | null
}

export type Beginning =
  | { kind: 'sent'; batchId: string }
  /** It may be sent. `inDoubt`: an earlier request may have been taken. */
  | { kind: 'begun'; inDoubt: boolean; send: number }
  | { kind: 'other_order' }

/** Other instances may write the same record; after so many losses something is wrong. */
const TRIES_MAX = 5

export interface Orders {
  batchIdOf(orderKey: string): Promise<string | null>
  /** Stores the intent to send. */
  begin(orderKey: string, fingerprint: string): Promise<Beginning>
  /** The request begun as `send` was refused; where another has begun since, the doubt stays. */
  refused(orderKey: string, send: number): Promise<void>
  /** @throws When it cannot be stored, or another batch is stored for this order. */
  accepted(orderKey: string, batchId: string): Promise<void>
  /** Those that were sent first in this time (half-open), in that order; at most one hour of them. */
  sentIn(since: Date, until: Date): Promise<readonly SentOrder[]>
}

export interface SentOrder {
  readonly orderKey: string
  /** ISO 8601. */
  readonly at: string
}

const idOf = (orderKey: string): string => `order/${orderKey}`
/** By the time of their first sending: what was sent in an hour begins alike. */
const sentIdOf = ({ at, orderKey }: SentOrder): string => `sent/${at}/${orderKey}`
const HOUR = 'YYYY-MM-DDTHH'.length

export function createOrders(documents: ProviderDocuments, clock: Pick<Clock, 'now'>): Orders {
  const find = async (orderKey: string) => {
    const found = await documents.read(idOf(orderKey))
    return found && { record: found.value as OrderRecord, version: found.version }
  }

  async function begin(orderKey: string, fingerprint: string): Promise<Beginning | null> {
    const found = await find(orderKey)
    const send = (found?.record.sends ?? 0) + 1
    const intent: OrderRecord = { fingerprint, isOpen: true, sends: send, batchId: null }
    if (!found) {
      // Before the order itself: what was sent is always found, and what was not is skipped.
      const sent = { orderKey, at: clock.now().toISOString() }
      await documents.create(sentIdOf(sent), sent)
      const isFirst = await documents.create(idOf(orderKey), intent)
      return isFirst ? { kind: 'begun', inDoubt: false, send } : null
    }
    const { record, version } = found
    const isSame = record.fingerprint === fingerprint
    if (!isSame && (record.isOpen || record.batchId !== null)) return { kind: 'other_order' }
    if (record.batchId !== null) return { kind: 'sent', batchId: record.batchId }
    const isWritten = await documents.replace(idOf(orderKey), intent, version)
    return isWritten ? { kind: 'begun', inDoubt: record.isOpen, send } : null
  }

  async function accept(orderKey: string, batchId: string): Promise<boolean> {
    const found = await find(orderKey)
    if (!found) throw new Error(`The record of order ${orderKey} is gone.`)
    if (found.record.batchId === batchId) return true
    if (found.record.batchId !== null)
      throw new Error(`PayPal has two batches of order ${orderKey}. Nobody may send it again.`)
    const record: OrderRecord = { ...found.record, isOpen: false, batchId }
    return documents.replace(idOf(orderKey), record, found.version)
  }

  return {
    batchIdOf: async (orderKey) => (await find(orderKey))?.record.batchId ?? null,
    begin: (orderKey, fingerprint) => repeated(() => begin(orderKey, fingerprint)),
    async refused(orderKey, send) {
      const found = await find(orderKey)
      if (found?.record.sends !== send) return
      await documents.replace(idOf(orderKey), { ...found.record, isOpen: false }, found.version)
    },
    async accepted(orderKey, batchId) {
      await repeated(async () => ((await accept(orderKey, batchId)) ? true : null))
    },
    async sentIn(since, until) {
      const found = await documents.list(`sent/${since.toISOString().slice(0, HOUR)}`)
      return found
        .map(({ value }) => value as SentOrder)
        .filter(({ at }) => at >= since.toISOString() && at < until.toISOString())
        .sort((a, b) => (sentIdOf(a) < sentIdOf(b) ? -1 : 1))
    },
  }
}

async function repeated<Result>(attempt: () => Promise<Result | null>): Promise<Result> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const result = await attempt()
    if (result !== null) return result
  }
  throw new Error('Others keep writing the same order.')
}
