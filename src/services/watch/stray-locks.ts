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
    const failed = (error: unknown, about: Record<string, string> = {}) =>
      logger.warn('stray_locks.failed', { ...about, ...errorFields(error) })
    const currencies = await exchange.listCurrencies().catch((error: unknown) => {
      failed(error)
      return []
    })
    for (const { symbol } of currencies.filter(({ isFiat }) => isFiat))
      try {
        const pending = await exchange.listPendingHolds(symbol)
        const ended = await store.findEnded(pending.map(({ id }) => id))
        for (const row of ended) await look(row)
        found += ended.length
      } catch (error) {
        // One list that cannot be had keeps nobody from those of other currencies.
        failed(error, { currency: symbol })
      }
    return found
  }
