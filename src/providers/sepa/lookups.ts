import type { LookupOutcome, OrderQuery, PayoutQuery } from '../../ports/payment-provider'
import type { HandedOver, HandOver } from './hand-over'
import { judge, UNHEARD } from './judge'
import { isMade, type ItemRecord, type Ledger, type Order, type Payment, type Standing } from './ledger'
import { type OrderView, viewOf } from './order-view'
import type { Pace } from './pace'
import type { SepaSettings } from './settings'

interface LookupDeps {
  readonly ledger: Ledger
  readonly handOver: HandOver
  readonly settings: SepaSettings
  readonly pace: Pace
}

/** Nothing from the bank yet, so all that is known is where the file is. */
const FILE_STATUS: Readonly<Record<HandedOver, string>> = {
  done: UNHEARD,
  waiting: 'WAITING_FOR_FOLDER',
  missed: 'NOT_HANDED_OVER',
}

const VOIDED: LookupOutcome = { kind: 'voided', status: 'VOID' }

/** What has become of payments. Hands files over on the way, where a folder was not there before. */
export function createLookups({ ledger, handOver, settings, pace }: LookupDeps) {
  /**
   * Where a file is that the bank has not answered for. null: it was called void, and goes nowhere any more. Not once the
   * bank has spoken of one payment in it: then it has the file, and none of the others may leave a second time.
   */
  async function statusOf(order: Order, standing?: Standing): Promise<string | null> {
    standing ??= await ledger.standing(order.key)
    if (standing === 'voided') return null
    return FILE_STATUS[await handOver.ensure(order, { isHeardOf: standing === 'heard' })]
  }

  /** @param fileStatus Of a payment that nothing was said about. */
  function judged(item: ItemRecord, view: OrderView, fileStatus: string | null): LookupOutcome {
    const { outcome } = judge({ item, view, settleOn: settings.settleOn })
    const isUnheard = outcome.kind === 'accepted' && outcome.status === UNHEARD
    if (!isUnheard) return outcome
    return fileStatus === null ? VOIDED : { ...outcome, status: fileStatus }
  }

  /** By payout key; one that another order has claimed is left out. */
  async function outcomesOf(
    order: Order,
    payments: readonly Payment[],
  ): Promise<Readonly<Record<string, LookupOutcome>>> {
    const standing = await ledger.standing(order.key)
    const fileStatus = await statusOf(order, standing)
    // Most looks come before the bank has said anything, and then thousands of payments are one answer.
    if (standing !== 'heard')
      return Object.fromEntries(
        payments.map(({ key, endToEndId }) => [key, unheard(endToEndId, fileStatus)] as const),
      )
    const view = viewOf(order, await ledger.said(order.key))
    const found = await pace.map(payments, async ({ key, endToEndId }) => {
      const item = await ledger.item(endToEndId)
      return item?.orderKey === order.key ? ([key, judged(item, view, fileStatus)] as const) : null
    })
    return Object.fromEntries(found.filter((pair) => pair !== null))
  }

  return {
    statusOf,

    async lookup({ endToEndId, key }: PayoutQuery): Promise<LookupOutcome> {
      const item = await ledger.item(endToEndId)
      if (!item) return { kind: 'not_found', conclusive: true }
      if (item.key !== key) return { kind: 'unknown', why: 'its reference belongs to another payout' }
      const order = await ledger.order(item.orderKey)
      // Claimed for an order that was never made: no file has it.
      if (!isMade(order)) return { kind: 'not_found', conclusive: true }
      const fileStatus = await statusOf(order)
      return judged(item, viewOf(order, await ledger.said(order.key)), fileStatus)
    },

    async lookupOrder({ orderKey }: OrderQuery): Promise<Readonly<Record<string, LookupOutcome>>> {
      const order = await ledger.order(orderKey)
      return isMade(order) ? outcomesOf(order, await ledger.payments(order)) : {}
    },
    outcomesOf,
  }
}

const unheard = (endToEndId: string, status: string | null): LookupOutcome =>
  status === null ? VOIDED : { kind: 'accepted', reference: endToEndId, status }

export type Lookups = ReturnType<typeof createLookups>
