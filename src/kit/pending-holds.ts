import type { Exchange } from '../ports/exchange'
import type { Logger } from '../ports/logger'
import type { Calls } from './calls'
import { toPendingHold } from './shapes'
import type { ExchangeTransactionsQuery, ToolsLib } from './tools-lib'
import type { WholeLists } from './whole-lists'

/** Every pending burn of a currency, whoever made it. */
export const createPendingHolds = ({
  toolsLib,
  calls,
  lists,
  logger,
}: {
  toolsLib: ToolsLib
  calls: Calls
  lists: WholeLists
  logger: Logger
}): Pick<Exchange, 'listPendingHolds'> => ({
  async listPendingHolds(currency) {
    const ask = (...query: ExchangeTransactionsQuery) => toolsLib.wallet.getExchangeWithdrawals(...query)
    const rows = await lists(calls, 'list of pending burns', pendingOf(currency), ask)
    const holds = rows.map(toPendingHold)
    const unreadable = holds.filter((hold) => hold === null).length
    if (unreadable > 0) logger.error('holds.unreadable', { currency, count: unreadable })
    return holds
      .flatMap((hold) => (hold?.state === 'pending' && hold.currency === currency ? [hold] : []))
      .sort((a, b) => (a.createdAt?.getTime() ?? 0) - (b.createdAt?.getTime() ?? 0))
  },
})

/** `processing` and `waiting` stay open: a burn that is being sent is pending too. */
const pendingOf = (currency: string): ExchangeTransactionsQuery =>
  // prettier-ignore
  [currency, false, false, false, null, null, null, null, 'created_at', 'asc', null, null, null, null, 'all', {}]
