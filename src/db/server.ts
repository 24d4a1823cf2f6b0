import pg from 'pg'

import type { Logger } from '../ports/logger'
import type { Database, Transaction } from './database'

export interface ServerOptions {
  readonly url: string
  /** Small by default: inside a kit the server is shared with the exchange itself. */
  readonly connectionsMax?: number
  readonly logger: Logger
}

/** A statement of ours takes milliseconds; one that takes this long waits for a lock it will not get. */
const STATEMENT_TIMEOUT_MS = 15_000
/** An open transaction keeps dead rows alive and slows every claim down. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000

export function openServer({ url, connectionsMax = 10, logger }: ServerOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    application_name: 'bank-withdrawal',
    connectionTimeoutMillis: 5_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // The server may be gone without a word; a little longer than its own limit.
    query_timeout: STATEMENT_TIMEOUT_MS + 5_000,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  })
  // An idle connection that breaks is replaced by the pool; unheard, the event would end the process.
  const connectionLost = (error: Error) => logger.warn('database.connection_lost', { error: error.message })
  pool.on('error', connectionLost)

  return {
    kind: 'server',
    async query<Row extends object>(text: string, parameters: readonly unknown[] = []) {
      const result = await pool.query<Row>(text, [...parameters])
      return result.rows
    },
    async transaction(work) {
      const client = await pool.connect()
      let broken = false
      // The pool does not listen to a connection that is in use. Its statements fail by themselves.
      const onError = (error: Error) => {
        broken = true
        connectionLost(error)
      }
      client.on('error', onError)
      try {
        await client.query('begin')
        const result = await work(transactionOn(client))
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback').catch(() => {
          broken = true
        })
        throw error
      } finally {
        // A connection that could not roll back must not be handed to anybody else.
        client.release(broken)
        client.off('error', onError)
      }
    },
    close: () => pool.end(),
  }
}

function transactionOn(client: pg.PoolClient): Transaction {
  return {
    async query<Row extends object>(text: string, parameters: readonly unknown[] = []) {
      const result = await client.query<Row>(text, [...parameters])
      return result.rows
    },
    async script(text) {
      await client.query(text)
    },
  }
}
