import type { OutboxFile, ProviderOutbox } from '../../ports/payment-provider'
import { mapFew } from '../../runtime/parallel'
import { fileNameOf } from './hand-over'
import { isRejection } from './judge'
import { isMade, type Ledger, type Order } from './ledger'
import type { StoredFiles } from './stored-files'

/** The files for the bank, newest first. */
export const createOutbox = (ledger: Ledger, files: StoredFiles): ProviderOutbox => ({
  /**
   * Without files that the bank has rejected: their payments are given back, and a bank that
   * gets such a file a second time may take it.
   */
  async list() {
    const orders = await ledger.orders()
    const listed = await mapFew(orders, async (order) =>
      (await isRejected(ledger, order)) ? [] : [entry(order)],
    )
    return listed.flat().sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
  },

  async read(name) {
    const messageId = /^([A-Za-z0-9-]{1,35})\.xml$/.exec(name)?.[1]
    const key = messageId === undefined ? null : await ledger.orderKeyOf(messageId)
    const order = key === null ? null : await ledger.order(key)
    return isMade(order) ? { content: await files.load(order.file), mediaType: 'application/xml' } : null
  },
})

const isRejected = async (ledger: Ledger, { key }: Order): Promise<boolean> =>
  (await ledger.said(key)).facts.some(isRejection)

const entry = (order: Order): OutboxFile => ({
  name: fileNameOf(order),
  orderKey: order.key,
  currency: order.currency,
  total: order.total,
  itemCount: order.itemCount,
  createdAt: order.createdAt,
})
