import type { Store } from '../../db/store'
import { errorFields } from '../../errors'
import type { Exchange } from '../../ports/exchange'
import type { Logger } from '../../ports/logger'
import type { LockLook } from './late-locks'

export interface StrayLockDeps {
  readonly store: Pick<Store, 'findEnded'>
  readonly exchange: Exchange
  readonly look: LockLook
  readonly logger: Logger
}

/**
 * Holds the exchange's list of pending burns against what has ended: whatever landed late, however late, and whatever
 * its withdrawal ended as, still locks somebody's money and is on that list.
 *
 * @returns How many it found. Never rejects: what goes wrong is logged, and looked at again the next time.
 */
export type StrayLocks = () => Promise<number>

export const createStrayLocks =
  ({ store, exchange, look, logger }: StrayLockDeps): StrayLocks =>
  async () => {
    let found = 0
    try {
      for (const { symbol, isFiat } of await exchange.listCurrencies()) {
        if (!isFiat) continue
        const pending = await exchange.listPendingHolds(symbol)
        const ended = await store.findEnded(pending.map(({ id }) => id))
        for (const row of ended) await look(row)
        found += ended.length
      }
    } catch (error) {
      logger.warn('stray_locks.failed', errorFields(error))
    }
    return found
  }
