import type { StoredWithdrawal } from '../db/store'
import type { Logger } from '../ports/logger'
import type { Stay } from '../services/steps'

/** Nothing is asked for again in silence: how often it was, and for how long. */
export function logRepetition(logger: Logger, row: StoredWithdrawal, { isRepetition, forMs }: Stay): void {
  if (!isRepetition) return
  logger.warn('withdrawal.repeated', {
    withdrawalId: row.id,
    state: row.state,
    attempt: row.attempts,
    ageMs: row.readAt.getTime() - row.stateSince.getTime(),
    againInMs: forMs,
    provider: row.provider,
  })
}
