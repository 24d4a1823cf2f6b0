import fs from 'node:fs'
import path from 'node:path'

import { migrationsModule } from '../../../scripts/generate/migrations'
import type { Database } from '../../../src/db/connect/database'
import { migrate, SchemaTooNewError } from '../../../src/db/connect/migrate'
import { MIGRATIONS } from '../../../src/db/connect/migrations.generated'
import { openServer } from '../../../src/db/connect/pool'
import { createStore } from '../../../src/db/store'
import { openTestDatabase } from '../../helpers/databases'
import { silentLogger } from '../../helpers/loggers'
import { createFreshDatabase, type FreshDatabase } from '../fresh-database'
import { draft, LEASE } from '../rows'

const applied = (database: Database) =>
  database.query<{ number: number; name: string; applied_at: Date }>(
    'select number, name, applied_at from bank_withdrawal.migrations order by number',
  )
const expected = MIGRATIONS.map(({ number, name }) => ({ number, name }))

describe('a migration', () => {
  let fresh: FreshDatabase
  const opened: Database[] = []
  const open = (): Database => {
    const database = openServer({ url: fresh.url, logger: silentLogger, connectionsMax: 2 })
    opened.push(database)
    return database
  }
  beforeEach(async () => {
    fresh = await createFreshDatabase()
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()))
    await fresh.drop()
  })

  it('makes an empty database ready to use', async () => {
    const database = open()
    await migrate(database)
    expect(await createStore(database).insertWithdrawal(draft(1), LEASE)).toMatchObject({
      state: 'requested',
    })
    expect(await applied(database)).toMatchObject(expected)
  })

  it('is made once when ten processes start together on an empty database', async () => {
    const databases = Array.from({ length: 10 }, open)
    await Promise.all(databases.map(migrate))
    expect(await applied(open())).toMatchObject(expected)
    await createStore(open()).insertWithdrawal(draft(1), LEASE)
  })

  it('changes nothing when it is run again', async () => {
    const database = open()
    await migrate(database)
    await createStore(database).insertWithdrawal(draft(1), LEASE)
    const before = [await applied(database), await createStore(database).readJournal(draft(1).id)]
    await migrate(database)
    await migrate(open())
    expect([await applied(database), await createStore(database).readJournal(draft(1).id)]).toEqual(before)
  })

  it('refuses a schema that a newer program has made, says what to do, and leaves it as it is', async () => {
    const database = open()
    await migrate(database)
    await database.query(`insert into bank_withdrawal.migrations values (999, 'from_the_future', now())`)
    const before = await applied(database)
    await expect(migrate(database)).rejects.toThrow(SchemaTooNewError)
    await expect(migrate(database)).rejects.toThrow(
      /999 \(from_the_future\).*newer version.*Start that version again, or restore a backup/,
    )
    expect(await applied(database)).toEqual(before)
  })

  it('that fails leaves nothing behind, and can be tried again', async () => {
    const database = open()
    // In the way of ours: a table of the same name.
    await database.query('create schema bank_withdrawal')
    await database.query('create table bank_withdrawal.journal (x integer)')
    await expect(migrate(database)).rejects.toMatchObject({ code: '42P07' })
    const tables = await database.query(
      `select table_name from information_schema.tables where table_schema = 'bank_withdrawal'`,
    )
    expect(tables).toEqual([{ table_name: 'journal' }])
    await database.query('drop table bank_withdrawal.journal')
    await migrate(database)
    expect(await applied(database)).toMatchObject(expected)
  })

  it('takes as long as it needs, whatever time limits our connections and the role have', async () => {
    const name = new URL(fresh.url).pathname.slice(1)
    await fresh.asAdmin(`alter database ${name} set statement_timeout = '14s'`)
    const limits = new Set<string>()
    const noting = (on: Database, which: string): Database => ({
      ...on,
      transaction: (work) =>
        on.transaction((tx) =>
          work({
            ...tx,
            async script(text) {
              await tx.script(text)
              const [limit] = await tx.query<{ is: string }>(
                `select current_setting('statement_timeout') as is`,
              )
              limits.add(`${which}: ${limit?.is}`)
            },
          }),
        ),
    })
    const database = open()
    const upkeep = async () => {
      const own = await database.upkeep?.()
      if (!own) throw new Error('There is no connection for upkeep.')
      return noting(own, 'own')
    }
    await migrate({ ...noting(database, 'pool'), upkeep })
    expect([...limits]).toEqual(['own: 0'])
  })

  it('leaves a neighbour’s tables alone: a kit’s own are in the same database', async () => {
    const database = open()
    await database.query('create table public.withdrawals (id integer)')
    await database.query('insert into public.withdrawals values (1)')
    await migrate(database)
    expect(await database.query('select id from public.withdrawals')).toEqual([{ id: 1 }])
    const ours = await database.query<{ table_schema: string }>(
      `select distinct table_schema from information_schema.tables
        where table_schema not in ('pg_catalog', 'information_schema') order by 1`,
    )
    expect(ours.map(({ table_schema }) => table_schema)).toEqual(['bank_withdrawal', 'public'])
  })
})

describe('the migrations in the bundle', () => {
  const directory = path.join(__dirname, '..', '..', '..', 'migrations')

  it('are those in migrations/', () => {
    const generated = path.join(
      __dirname,
      '..',
      '..',
      '..',
      'src',
      'db',
      'connect',
      'migrations.generated.ts',
    )
    expect(fs.readFileSync(generated, 'utf8')).toBe(migrationsModule(directory))
  })

  it('say why, what they lock and how to undo them', () => {
    for (const { sql } of MIGRATIONS)
      expect(sql).toMatch(/^-- Why: .*\n(?:-- {3}.*\n)*-- Locks: .*\n(?:-- {3}.*\n)*-- Undo: .*\n/)
  })

  it('change nothing in an embedded database that has them', async () => {
    const database = await openTestDatabase('PGlite')
    const before = await applied(database)
    await migrate(database)
    expect(await applied(database)).toEqual(before)
    expect(before).toMatchObject(expected)
    await database.close()
  })
})
