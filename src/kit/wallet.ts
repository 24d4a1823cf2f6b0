import { toJsonNumber } from '../domain/money'
import type { Exchange } from '../ports/exchange'
import type { Logger } from '../ports/logger'
import type { Calls } from './calls'
import { lookUp } from './look-up'
import { toHolds, toSearch } from './shapes'
import type { BurnUpdate, ToolsLib } from './tools-lib'

export type WalletSide = Pick<
  Exchange,
  'placeHold' | 'findHold' | 'findAllHolds' | 'markProcessing' | 'settleHold' | 'releaseHold'
>

/** Locks, settles and releases with pending burns. The only code that burns, and it can only burn pending. */
export function createWalletSide({
  toolsLib,
  calls,
  logger,
  mails,
}: {
  toolsLib: ToolsLib
  calls: Calls
  logger: Logger
  mails: boolean
}): WalletSide {
  const update = (id: string, change: BurnUpdate, newId = id) =>
    calls.effect('burn update', () => toolsLib.wallet.updatePendingBurn(id, change), [id, newId])

  const rowsOf = (userId: number, id: string) =>
    lookUp(calls, 'burn look-up', toolsLib.wallet.getUserWithdrawalsByKitId, { userId, id })

  return {
    placeHold: (hold) =>
      calls.effect('burn', () =>
        toolsLib.wallet.burnAssetByKitId(hold.userId, hold.currency, toJsonNumber(hold.amount), {
          status: false,
          transactionId: hold.id,
          description: hold.description,
          email: mails,
          ...(hold.fee !== '0' && { fee: toJsonNumber(hold.fee) }),
        }),
      ),

    async findHold({ userId, ids }) {
      for (const id of ids) {
        const found = await rowsOf(userId, id)
        if (found.kind === 'unknown') return found
        if (found.rows.length > 0) return toSearch(found.rows, id, logger)
      }
      return { kind: 'absent' }
    },

    async findAllHolds({ userId, ids }) {
      const rows: unknown[] = []
      for (const id of ids) {
        const found = await rowsOf(userId, id)
        if (found.kind === 'unknown') return found
        rows.push(...found.rows)
      }
      return toHolds(rows)
    },

    markProcessing: (id) => update(id, { processing: true, email: false }),
    settleHold: (id, newId) =>
      update(id, { status: true, email: mails, ...(newId !== id && { updatedTransactionId: newId }) }, newId),
    releaseHold: (id) => update(id, { rejected: true, email: mails }),
  }
}
