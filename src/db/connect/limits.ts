import type pg from 'pg'

import type { Logger } from '../../ports/logger'

/** An open transaction keeps dead rows alive and slows every claim down. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000

/**
 * How long the server lets statements and open transactions last. It is told when a connection begins; a pooler that takes
 * no such parameter (PgBouncer, unless it is told to ignore them) refuses the connection for it, and then each
 * transaction says so itself, in the request that begins it.
 */
export interface Limits {
  /** For the parameters of a connection. */
  atStart(
    statementMs: number,
  ): Pick<pg.ClientConfig, 'statement_timeout' | 'idle_in_transaction_session_timeout'>
  /** What begins a transaction. */
  begin(statementMs: number): string
  /** Whether each transaction has to say so. */
  areLocal(): boolean
  /** Whether a connection was refused for its parameters alone; from then on none has them. */
  wereRefused(error: unknown): boolean
}

const REFUSED = /unsupported startup parameter/i

export function createLimits(logger: Logger): Limits {
  let isLocal = false
  return {
    atStart: (statementMs) =>
      isLocal
        ? {}
        : {
            statement_timeout: statementMs,
            idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
          },
    begin: (statementMs) =>
      isLocal
        ? `begin; set local statement_timeout = ${statementMs}; ` +
          `set local idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_TIMEOUT_MS}`
        : 'begin',
    areLocal: () => isLocal,
    wereRefused(error) {
      if (!REFUSED.test((error as Error | null)?.message ?? '')) return false
      if (!isLocal)
        logger.warn('database.pooled', {
          explanation:
            'A pooler stands between us and PostgreSQL that takes no time-outs with a connection: each transaction sets its own from here on (see docs/scaling.md).',
        })
      isLocal = true
      return true
    },
  }
}
