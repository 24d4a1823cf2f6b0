import { type Database, listsOf, type Queryable } from '../../../src/db/connect/database'
import { openServer } from '../../../src/db/connect/pool'
import { recordingLogger } from '../../helpers/loggers'
import { type Pooler, startPooler } from '../../helpers/pooler'
import { createFreshDatabase, type FreshDatabase } from '../fresh-database'

const limitsOf = async (db: Queryable) => {
  const [limits] = await db.query<{ statement: string; idle: string }>(
    `select current_setting('statement_timeout') as statement,
            current_setting('idle_in_transaction_session_timeout') as idle`,
  )
  return limits
}

/** Goal: whatever stands in front of PostgreSQL, a statement that waits for a lock does not wait for ever. */
describe('the time that statements are given', () => {
  let fresh: FreshDatabase
  let pooler: Pooler
  const logger = recordingLogger()
  const opened: Database[] = []
  const open = (url: string): Database => {
    // One connection, so that what was left behind in a session would be seen.
    const database = openServer({ url, connectionsMax: 1, logger })
    opened.push(database)
    return database
  }
  beforeAll(async () => {
    fresh = await createFreshDatabase()
    pooler = await startPooler(new URL(fresh.url), { refuses: true })
  })
  beforeEach(() => {
    logger.lines.length = 0
  })
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()))
    pooler.close()
    await fresh.drop()
  })

  it('is told to a server with each connection', async () => {
    const database = open(fresh.url)
    expect(await limitsOf(database)).toEqual({ statement: '15s', idle: '10s' })
    expect(await database.transaction(limitsOf)).toEqual({ statement: '15s', idle: '10s' })
    expect(await limitsOf(listsOf(database))).toMatchObject({ statement: '3s' })
    expect(logger.lines).toEqual([])
  })

  it('is told with each transaction and each list behind a pooler that refuses it, and that is said once', async () => {
    const database = open(pooler.url)
    expect(await database.transaction(limitsOf)).toEqual({ statement: '15s', idle: '10s' })
    expect(await limitsOf(listsOf(database))).toEqual({ statement: '3s', idle: '10s' })
    expect(await database.transaction(limitsOf)).toEqual({ statement: '15s', idle: '10s' })
    expect(logger.lines).toEqual([
      { level: 'warn', event: 'database.pooled', fields: { explanation: expect.any(String) } },
    ])
  })

  it('is left behind in no session that is lent to somebody else next', async () => {
    const database = open(pooler.url)
    await database.transaction(limitsOf)
    await limitsOf(listsOf(database))
    expect(await limitsOf(database)).toEqual({ statement: '0', idle: '0' })
    expect(await limitsOf(listsOf(database))).toMatchObject({ statement: '3s' })
  })

  it('does not keep a transaction from being undone, or a list from failing', async () => {
    const database = open(pooler.url)
    await database.query('create table t (n integer primary key)')
    const failing = database.transaction(async (tx) => {
      await tx.query('insert into t values (1)')
      await tx.query('insert into t values (1)')
    })
    await expect(failing).rejects.toMatchObject({ code: '23505' })
    await expect(listsOf(database).query('select 1/0')).rejects.toMatchObject({ code: '22012' })
    expect(await listsOf(database).query('select n from t')).toEqual([])
  })
})
