import net from 'node:net'

import { type Database, listsOf } from '../../../src/db/connect/database'
import { openServer } from '../../../src/db/connect/pool'
import { recordingLogger, silentLogger } from '../../helpers/loggers'
import { createFreshDatabase, type FreshDatabase } from '../fresh-database'

/** Messages of the protocol (PostgreSQL, "Message Formats"): a letter, the length, the contents. */
const message = (type: string, body: Buffer): Buffer => {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type), length, body])
}
const AUTHENTICATED = message('R', Buffer.from([0, 0, 0, 0]))
const READY = message('Z', Buffer.from('I'))
const TERMINATED = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'))

/**
 * Goal: a database that drops its connections ends neither the process, which an exchange shares with other
 * plugins, nor the pool. Method: an administrator really terminates them, at every moment a connection has.
 */
describe('a pool of connections to a server', () => {
  let fresh: FreshDatabase
  let database: Database
  const logger = recordingLogger()
  beforeAll(async () => {
    fresh = await createFreshDatabase()
    database = openServer({ url: fresh.url, connectionsMax: 4, logger })
    await database.query('create table t (n integer primary key)')
  })
  beforeEach(() => database.query('delete from t'))
  afterAll(async () => {
    await database.close()
    await fresh.drop()
  })

  /** Ends all connections of the pool, and returns when the server has. */
  async function terminateAll(): Promise<void> {
    const ours = `from pg_stat_activity where application_name = 'bank-withdrawal' and datname = $1`
    const name = [new URL(fresh.url).pathname.slice(1)]
    await fresh.asAdmin(`select pg_terminate_backend(pid) ${ours}`, name)
    while ((await fresh.asAdmin(`select pid ${ours}`, name)).length > 0);
  }

  /** A broken connection is noticed when it is used or when its end arrives; after that there are new ones. */
  async function recovered(): Promise<boolean> {
    for (let tries = 0; tries < 10; tries++) {
      const answered = await database.query('select 1').catch(() => null)
      if (answered) return true
    }
    return false
  }

  const numbers = () => database.query<{ n: number }>('select n from t order by n')

  it('recovers from the loss of all of them while they are idle, and tells', async () => {
    await Promise.all([1, 2, 3, 4].map(() => database.query('select pg_sleep(0)')))
    await terminateAll()
    expect(await recovered()).toBe(true)
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', event: 'database.connection_lost' }),
    )
  })

  it('recovers from the loss of one in the middle of a statement', async () => {
    const asked = expect(database.query('select pg_sleep(60)')).rejects.toThrow()
    const isAsked = `select 1 from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'`
    while ((await fresh.asAdmin(isAsked)).length === 0);
    await terminateAll()
    await asked
    expect(await recovered()).toBe(true)
  })

  it('recovers from the loss of one in the middle of a transaction, which is undone', async () => {
    const transaction = database.transaction(async (tx) => {
      await tx.query('insert into t values (1)')
      await terminateAll()
      await tx.query('insert into t values (2)')
    })
    await expect(transaction).rejects.toThrow()
    expect(await recovered()).toBe(true)
    expect(await numbers()).toEqual([])
  })

  it('recovers from the loss of one in a transaction that is busy elsewhere when it happens', async () => {
    const transaction = database.transaction(async (tx) => {
      await tx.query('insert into t values (1)')
      await terminateAll()
      // The end of the connection arrives in between, while no statement waits for it.
      for (let turns = 0; turns < 3; turns++) await fresh.asAdmin('select 1')
    })
    await expect(transaction).rejects.toThrow()
    expect(await recovered()).toBe(true)
    expect(await numbers()).toEqual([])
  })

  it('commits what a transaction has done, all of it', async () => {
    const result = await database.transaction(async (tx) => {
      await tx.query('insert into t values ($1)', [1])
      await tx.script('insert into t values (2); insert into t values (3)')
      return 'done'
    })
    expect(result).toBe('done')
    expect(await numbers()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  })

  it('rolls a transaction back that throws, and hands the error over', async () => {
    const boom = new Error('boom')
    const transaction = database.transaction(async (tx) => {
      await tx.query('insert into t values (1)')
      throw boom
    })
    await expect(transaction).rejects.toBe(boom)
    expect(await numbers()).toEqual([])
  })

  it('rolls a transaction back in which a statement was refused, and does not poison the connection', async () => {
    for (let times = 0; times < 8; times++) {
      const transaction = database.transaction(async (tx) => {
        await tx.query('insert into t values (1)')
        await tx.query('insert into t values (1)')
      })
      await expect(transaction).rejects.toMatchObject({ code: '23505' })
    }
    expect(await numbers()).toEqual([])
  })

  it('shows nobody what a transaction has not committed', async () => {
    await database.transaction(async (tx) => {
      await tx.query('insert into t values (1)')
      expect(await numbers()).toEqual([])
    })
    expect(await numbers()).toHaveLength(1)
  })

  it('takes numbers and dates as PostgreSQL means them', async () => {
    const [row] = await database.query(
      `select 9007199254740993::bigint as big, 0.1::numeric as exact, 'NaN'::numeric as nan`,
    )
    expect(row).toEqual({ big: '9007199254740993', exact: '0.1', nan: 'NaN' })
  })

  it('limits how long a statement and an idle transaction may take', async () => {
    const [row] = await database.query<Record<string, string>>(
      `select current_setting('statement_timeout') as statement,
              current_setting('idle_in_transaction_session_timeout') as idle`,
    )
    expect(row).toEqual({ statement: '15s', idle: '10s' })
  })

  it('ends a list after seconds, and keeps lists from taking the connections of everybody else', async () => {
    const lists = listsOf(database)
    const [row] = await lists.query(`select current_setting('statement_timeout') as limit`)
    expect(row).toEqual({ limit: '3s' })

    const blocked = await database.transaction(async (tx) => {
      await tx.query('lock table t in access exclusive mode')
      const pages = Array.from({ length: 60 }, () => lists.query('select n from t'))
      const isFull = `select count(*)::int as n from pg_stat_activity
        where application_name = 'bank-withdrawal lists' and datname = $1 and wait_event_type = 'Lock'`
      const name = [new URL(fresh.url).pathname.slice(1)]
      while ((await fresh.asAdmin<{ n: number }>(isFull, name))[0]?.n !== 3);
      const others = Array.from({ length: 12 }, () => database.query('select 1 as one'))
      expect(await Promise.all(others)).toHaveLength(12)
      return { pages }
    })
    expect(await Promise.all(blocked.pages)).toHaveLength(60)
  })

  it.each(['query', 'transaction'] as const)(
    'survives a connection that is terminated in the moment it is handed to a %s',
    async (use) => {
      // The greeting and the end in one packet: both are read before anybody who waits for the connection runs.
      const server = net.createServer((socket) => {
        socket.on('error', () => {})
        socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, TERMINATED])))
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as net.AddressInfo
      const short = openServer({ url: `postgres://postgres@127.0.0.1:${port}/none`, logger: silentLogger })
      const asked =
        use === 'query' ? short.query('select 1') : short.transaction((tx) => tx.query('select 1'))
      await expect(asked).rejects.toThrow()
      await short.close()
      await new Promise((resolve) => server.close(resolve))
    },
  )

  it('says that there is no server, instead of waiting for one', async () => {
    const nowhere = openServer({ url: 'postgres://postgres@127.0.0.1:1/none', logger: silentLogger })
    await expect(nowhere.query('select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await expect(nowhere.transaction(() => Promise.resolve())).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await nowhere.close()
  })
})
