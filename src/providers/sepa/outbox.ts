import type { Clock } from '../../ports/clock'
import type { OutboxFile, ProviderOutbox, Voided } from '../../ports/payment-provider'
import { mapFew } from '../../runtime/parallel'
import type { HandOver } from './hand-over'
import { fileNameOf } from './hand-over-record'
import { isMade, type Ledger, type Order, type OrderSaid } from './ledger'
import { isRejection } from './order-view'
import type { StoredFiles } from './stored-files'
import { hintOf } from './touched'

interface OutboxDeps {
  readonly ledger: Ledger
  readonly files: StoredFiles
  readonly handOver: HandOver
  readonly clock: Clock
}

const HEARD = 'The bank has already answered for this file, so it has it.'

/** The files for the bank, newest first. */
export function createOutbox({ ledger, files, handOver, clock }: OutboxDeps): Required<ProviderOutbox> {
  async function orderNamed(name: string): Promise<Order | null> {
    const messageId = /^([A-Za-z0-9-]{1,35})\.xml$/.exec(name)?.[1]
    const key = messageId === undefined ? null : await ledger.orderKeyOf(messageId)
    const order = key === null ? null : await ledger.order(key)
    return isMade(order) ? order : null
  }

  return {
    /**
     * Without files that the bank has rejected: their payments are given back, and a bank that
     * gets such a file a second time may take it.
     */
    async list() {
      const erased = await files.forgotten()
      const listed = await mapFew(await ledger.orders(), async (order) => {
        const said = await ledger.said(order.key)
        return said.facts.some(isRejection) ? [] : [entry(order, said, erased.get(order.file.sha256))]
      })
      return listed.flat().sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
    },

    /**
     * null for a voided file too: its payments leave in another one, so nobody may carry this one to the bank. And for
     * one whose content was erased.
     */
    async read(name) {
      const order = await orderNamed(name)
      if (!order || (await ledger.said(order.key)).voidedAt !== undefined) return null
      if (await files.isForgotten(order.file)) return null
      return { content: await files.load(order.file), mediaType: 'application/xml' }
    },

    async void(name): Promise<Voided | null> {
      const order = await orderNamed(name)
      if (!order) return null
      if ((await ledger.standing(order.key)) === 'heard') return { kind: 'refused', message: HEARD }
      // Before it is believed: from then on its payments may leave in another file.
      const inTheWay = await handOver.withdraw(order)
      if (inTheWay !== null) return { kind: 'refused', message: inTheWay }
      if ((await ledger.voidFile(order.key, clock.now())) === 'heard')
        return { kind: 'refused', message: HEARD }
      return { kind: 'voided', payouts: (await ledger.payments(order)).map(hintOf) }
    },

    async forget(age) {
      const made = new Map((await ledger.orders()).map((order) => [order.file.sha256, order]))
      return files.forget(age, clock.now(), async (sha256) => {
        const order = made.get(sha256)
        return order ? ledger.payments(order) : null
      })
    },
  }
}

const entry = (order: Order, { voidedAt }: OrderSaid, erasedAt: string | undefined): OutboxFile => ({
  name: fileNameOf(order),
  orderKey: order.key,
  currency: order.currency,
  total: order.total,
  itemCount: order.itemCount,
  createdAt: order.createdAt,
  ...(voidedAt !== undefined && { voidedAt }),
  ...(erasedAt !== undefined && { erasedAt }),
})
