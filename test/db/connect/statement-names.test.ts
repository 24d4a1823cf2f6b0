import { listsOf } from '../../../src/db/connect/database'
import { openServer } from '../../../src/db/connect/pool'
import { recordingLogger } from '../../helpers/loggers'
import { createFreshDatabase, type FreshDatabase } from '../fresh-database'

describe('a statement with a name', () => {
  let fresh: FreshDatabase
  beforeAll(async () => {
    fresh = await createFreshDatabase()
  })
  afterAll(() => fresh.drop())

  /** One connection, so that what is asked next is asked of the same session. */
  function open(preparedStatements?: boolean) {
    const logger = recordingLogger()
    const given = preparedStatements === undefined ? {} : { preparedStatements }
    const database = openServer({ url: fresh.url, connectionsMax: 1, logger, ...given })
    const kept = async () =>
      (await database.query<{ name: string }>('select name from pg_prepared_statements')).map(
        ({ name }) => name,
      )
    return {
      database,
      logger,
      kept,
      add: (n: number) => database.query('select $1::int + 1 as n', [n], 'add'),
    }
  }

  it('is kept planned by its connection, once', async () => {
    const { database, kept, add } = open()
    expect(await add(1)).toEqual([{ n: 2 }])
    expect(await add(2)).toEqual([{ n: 3 }])
    expect(await kept()).toEqual([expect.stringMatching(/^bw_add_[0-9a-f]{12}$/)])
    await database.close()
  })

  it('has its text in the name: another version’s of the same name is another one', async () => {
    const { database, kept, add } = open()
    await add(1)
    expect(await database.query('select $1::int + 2 as n', [1], 'add')).toEqual([{ n: 3 }])
    expect(new Set(await kept()).size).toBe(2)
    await database.close()
  })

  it('is not kept where the settings say so', async () => {
    const { database, kept, add } = open(false)
    expect(await add(1)).toEqual([{ n: 2 }])
    expect(await kept()).toEqual([])
    await database.close()
  })

  it('runs without a name once a pooler has lost it, and says so', async () => {
    const { database, logger, kept, add } = open()
    await add(1)
    await database.query('deallocate all')

    expect(await add(2)).toEqual([{ n: 3 }])
    expect(await add(3)).toEqual([{ n: 4 }])
    expect(await kept()).toEqual([])
    expect(logger.lines.filter(({ event }) => event === 'database.statements_unnamed')).toHaveLength(1)
    await database.close()
  })

  it('is kept for lists too, and one that a pooler has lost runs without', async () => {
    const { database, logger } = open()
    const lists = listsOf(database)
    const add = (n: number) => lists.query('select $1::int + 1 as n', [n], 'add')
    await add(1)
    expect(await lists.query('select name from pg_prepared_statements')).toHaveLength(1)
    await lists.query('deallocate all')

    expect(await add(2)).toEqual([{ n: 3 }])
    expect(logger.lines.filter(({ event }) => event === 'database.statements_unnamed')).toHaveLength(1)
    await database.close()
  })

  it('of a transaction that lost it fails with the transaction, and the next one goes without', async () => {
    const { database, add } = open()
    await add(1)
    await database.query('deallocate all')
    const inTransaction = () => database.transaction((tx) => tx.query('select $1::int + 1 as n', [1], 'add'))

    await expect(inTransaction()).rejects.toMatchObject({ code: '26000' })
    expect(await inTransaction()).toEqual([{ n: 2 }])
    await database.close()
  })
})
