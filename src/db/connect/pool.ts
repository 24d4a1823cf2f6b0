import pg from 'pg'

import type { Logger } from '../../ports/logger'
import { type Database, type Dedicated, type Queryable, sqlState, type Transaction } from './database'
import { createLimits, type Limits } from './limits'
import { openPlain } from './plain'
import { createStatementNames, type StatementNames } from './statement-names'

export interface ServerOptions {
  readonly url: string
  /** Past a pooler, for the one connection that has to be a session of its own; the same where there is none. */
  readonly directUrl?: string
  /** Small by default: inside a kit the server is shared with the exchange itself. */
  readonly connectionsMax?: number
  /** False behind a pooler that hands each transaction to another session and keeps no prepared statements. */
  readonly preparedStatements?: boolean
  readonly logger: Logger
}

/** A statement of ours takes milliseconds; one that takes this long waits for a lock it will not get. */
const STATEMENT_TIMEOUT_MS = 15_000
/** A list is a page of rows found by an index; what takes this long only keeps others from theirs. */
const LIST_TIMEOUT_MS = 3_000
/** One page of a study of the past; it waits for nobody, and nobody for it. */
const STUDY_TIMEOUT_MS = 10_000
/** Beside the others: whoever pages through a long history takes no connection from those who move money. */
const LIST_CONNECTIONS_MAX = 3
const CONNECTION_SECONDS_MAX = 300
/** On a connection that shows that we live: a hung one has to be noticed before others act on it. */
const DEDICATED_TIMEOUT_MS = 3_000

/**
 * The routine that names itself in the warning of a commit whose wait for a synchronous standby was canceled
 * (PostgreSQL, "Synchronous Replication": the commit is reported as done). The text of it is in the server's language.
 */
const WAIT_FOR_STANDBY = 'SyncRepWaitForLSN'

/**
 * Committed on the primary, and perhaps nowhere else: a failover may undo it. Whoever gets this does not know whether
 * it happened, as with a connection that broke during the commit.
 */
export class UnconfirmedCommitError extends Error {
  override readonly name = 'UnconfirmedCommitError'
  constructor() {
    super('The wait for the standby was canceled: the commit may be undone by a failover.')
  }
}

export function openServer(options: ServerOptions): Database {
  const { connectionsMax = 10 } = options
  const limits = createLimits(options.logger)
  const { connect, end, unconfirmed } = createPool(options, limits, {
    name: 'bank-withdrawal',
    max: connectionsMax,
    statementMs: STATEMENT_TIMEOUT_MS,
  })
  const lists = createPool(options, limits, {
    name: 'bank-withdrawal lists',
    max: Math.min(LIST_CONNECTIONS_MAX, connectionsMax),
    statementMs: LIST_TIMEOUT_MS,
  })
  const studies = createPool(options, limits, {
    name: 'bank-withdrawal studies',
    max: 1,
    statementMs: STUDY_TIMEOUT_MS,
  })
  const dedicated = new Set<Dedicated>()
  const names = createStatementNames(options.preparedStatements ?? true, options.logger)

  async function onClient<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const client = await connect()
    let result: Result
    try {
      result = await work(client)
    } catch (error) {
      // It may still be busy with a statement that we stopped waiting for, and must not be handed to anybody else.
      client.release(true)
      throw error
    }
    const isUnconfirmed = unconfirmed.delete(client)
    client.release()
    if (isUnconfirmed) throw new UnconfirmedCommitError()
    return result
  }

  return {
    kind: 'server',
    async query<Row extends object>(text: string, parameters: readonly unknown[] = [], name?: string) {
      const run = () =>
        onClient(async (client) => (await client.query<Row>(names.queryOf(text, parameters, name))).rows)
      return run().catch((error: unknown) => {
        const hasGone = name !== undefined && names.wereLost(error)
        if (!hasGone && !gaveWay(error)) throw error
        return run()
      })
    },
    async transaction(work) {
      const done = await onClient((client) =>
        inTransaction(client, { names, begin: limits.begin(STATEMENT_TIMEOUT_MS) }, work),
      )
      if ('error' in done) throw done.error
      return done.result
    },
    lists: readingOn(lists.connect, { names, limits, statementMs: LIST_TIMEOUT_MS }),
    studies: readingOn(studies.connect, { names, limits, statementMs: STUDY_TIMEOUT_MS }),
    async dedicated(onLost) {
      const opened = await openDedicated(options, onLost)
      dedicated.add(opened)
      return opened
    },
    upkeep: () => openPlain(options.directUrl ?? options.url, 'bank-withdrawal upkeep'),
    async close() {
      await Promise.allSettled([...dedicated].map((connection) => connection.close()))
      await Promise.all([end(), lists.end(), studies.end()])
    },
  }
}

/** Of two that wait for each other PostgreSQL ends one, after a second, and undoes all that it wrote. */
const gaveWay = (error: unknown): boolean => sqlState(error) === '40P01'

interface PoolSize {
  readonly name: string
  readonly max: number
  readonly statementMs: number
}

function createPool({ url, logger }: ServerOptions, limits: Limits, { name, max, statementMs }: PoolSize) {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: name,
    connectionTimeoutMillis: 5_000,
    ...limits.atStart(statementMs),
    // The server may be gone without a word; a little longer than its own limit.
    query_timeout: statementMs + 5_000,
    // A plan made when a table was small is not kept for ever, whatever becomes of the statistics.
    maxLifetimeSeconds: CONNECTION_SECONDS_MAX,
  })
  const connectionLost = (error: Error) => logger.warn('database.connection_lost', { error: error.message })
  // What happens to a connection beside its statements; unheard, such an error would end the process, which an
  // exchange shares with other plugins. So one ear is there from the first moment to the last: between two owners
  // of a connection there is one in which neither the pool nor we would listen.
  const unconfirmed = new WeakSet<pg.ClientBase>()
  pool.on('connect', (client) => {
    client.on('error', connectionLost)
    client.on('notice', ({ routine }) => {
      if (routine === WAIT_FOR_STANDBY) unconfirmed.add(client)
    })
  })
  // The pool says of an idle connection what that connection has said itself.
  pool.on('error', () => {})

  async function connect(): Promise<pg.PoolClient> {
    // Refused connections have begun nothing, so that this may be asked for as often as there are limits to leave out.
    return pool.connect().catch((error: unknown) => {
      if (!limits.wereRefused(error)) throw error
      // The pool makes each of its connections from these.
      delete pool.options.statement_timeout
      delete pool.options.idle_in_transaction_session_timeout
      return pool.connect()
    })
  }
  return { connect, end: () => pool.end(), unconfirmed }
}

/** What only reads: whatever it leaves open is rolled back. */
const readingOn = (
  connect: () => Promise<pg.PoolClient>,
  { names, limits, statementMs }: { names: StatementNames; limits: Limits; statementMs: number },
): Queryable => ({
  async query<Row extends object>(text: string, parameters: readonly unknown[] = [], name?: string) {
    const run = async () => {
      const client = await connect()
      try {
        const isLocal = limits.areLocal()
        if (isLocal) await client.query(limits.begin(statementMs))
        const { rows } = await client.query<Row>(names.queryOf(text, parameters, name))
        if (isLocal) await client.query('commit')
        client.release()
        return rows
      } catch (error) {
        client.release(true)
        throw error
      }
    }
    return run().catch((error: unknown) => {
      if (name === undefined || !names.wereLost(error)) throw error
      return run()
    })
  },
})

async function inTransaction<Result>(
  client: pg.PoolClient,
  { names, begin }: { names: StatementNames; begin: string },
  work: (tx: Transaction) => Promise<Result>,
): Promise<{ result: Result } | { error: unknown }> {
  await client.query(begin)
  try {
    const result = await work(transactionOn(client, names))
    await client.query('commit')
    return { result }
  } catch (error) {
    await client.query('rollback').catch(() => {
      throw error
    })
    return { error }
  }
}

/** The server asks every few seconds whether we are there: after a power cut nobody closes a connection. */
const ASK_OFTEN =
  'set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 2; ' +
  `set statement_timeout = ${DEDICATED_TIMEOUT_MS}`

/** Nothing that a pooler refuses is asked for before it is known that none is there. */
async function openDedicated(
  { url, directUrl, logger }: ServerOptions,
  onLost: () => void,
): Promise<Dedicated> {
  const client = new pg.Client({
    connectionString: directUrl ?? url,
    application_name: 'bank-withdrawal presence',
    connectionTimeoutMillis: DEDICATED_TIMEOUT_MS,
    query_timeout: DEDICATED_TIMEOUT_MS,
    keepAlive: true,
  })
  client.on('error', (error) => logger.warn('database.connection_lost', { error: error.message }))
  client.on('end', onLost)
  const close = () => client.end()
  try {
    await client.connect()
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    // A pooler makes up the number it greets us with; only the server itself says that of the session.
    const isDirect = rows[0]?.pid === (client as unknown as { processID: number }).processID
    if (isDirect) await client.query(ASK_OFTEN)
    return {
      isDirect,
      query: async <Row extends object>(text: string, parameters: readonly unknown[] = []) =>
        (await client.query<Row>(text, [...parameters])).rows,
      close,
    }
  } catch (error) {
    await close().catch(() => {})
    throw error
  }
}

function transactionOn(client: pg.PoolClient, names: StatementNames): Transaction {
  return {
    async query<Row extends object>(text: string, parameters: readonly unknown[] = [], name?: string) {
      try {
        return (await client.query<Row>(names.queryOf(text, parameters, name))).rows
      } catch (error) {
        // The transaction is lost with it; the next one goes without names.
        names.wereLost(error)
        throw error
      }
    },
    async script(text) {
      await client.query(text)
    },
  }
}
