import type { Exchange } from '../ports/exchange'
import type { Logger } from '../ports/logger'
import { type Calls, ExchangeUnavailableError } from './calls'
import { isWhole, listIn } from './look-up'
import { toPendingHold } from './shapes'
import type { ExchangeTransactionsQuery, ToolsLib } from './tools-lib'

/** Every pending burn of a currency, whoever made it. */
export const createPendingHolds = ({
  toolsLib,
  calls,
  logger,
}: {
  toolsLib: ToolsLib
  calls: Calls
  logger: Logger
}): Pick<Exchange, 'listPendingHolds'> => ({
  async listPendingHolds(currency) {
    const answer = await calls.read('list of pending burns', () =>
      toolsLib.wallet.getExchangeWithdrawals(...pendingOf(currency)),
    )
    const rows = listIn(answer)
    // In one piece: pages would shift while burns are decided in between, and a burn would slip through.
    if (!rows || !isWhole(answer, rows.length))
      throw new ExchangeUnavailableError('The exchange answered with no complete list of pending burns.')
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
