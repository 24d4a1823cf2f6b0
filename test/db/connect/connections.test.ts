import fs from 'node:fs'
import path from 'node:path'

import pg from 'pg'

import { openServer } from '../../../src/db/connect/pool'
import { CONNECTIONS_MAX } from '../../../src/kit/plugin/load-plugin'
import { testDatabase } from '../../helpers/databases'
import { silentLogger } from '../../helpers/loggers'

/** Goal: who shares a server with the plugin knows what it takes. Method: more is asked for at once than there are connections. */
const database = testDatabase('PostgreSQL')

const page = (name: string) => fs.readFileSync(path.join(__dirname, '../../../docs', name), 'utf8')
const said = (name: string, pattern: RegExp): number => Number(pattern.exec(page(name))?.[1])

/** @returns How many connections there are at the most. */
async function mostOf(connectionsMax: number): Promise<number> {
  const beside = new pg.Client({ connectionString: String(database.url), application_name: 'beside' })
  await beside.connect()
  const count = async (): Promise<number> => {
    const { rows } = await beside.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity
        where datname = current_database() and application_name like 'bank-withdrawal%'`,
    )
    return rows[0]?.n ?? 0
  }
  const before = await count()
  const server = openServer({ url: String(database.url), connectionsMax, logger: silentLogger })
  const upkeep = await server.upkeep?.()
  await server.dedicated?.(() => {})
  // A pool opens all it may before it lets anybody wait for one of them, and keeps them for a while.
  await Promise.all(
    [server, server.lists, server.studies].flatMap((place) =>
      Array.from({ length: connectionsMax + 3 }, async () => place?.query('select 1')),
    ),
  )
  const most = (await count()) - before
  await upkeep?.close()
  await server.close()
  await beside.end()
  return most
}

it('in a kit there are as many connections as its page says', async () => {
  expect(await mostOf(CONNECTIONS_MAX)).toBe(said('hollaex.md', /at most (\d+) connections/))
})

it('elsewhere there are as many as the page on many instances says', async () => {
  expect(await mostOf(10)).toBe(said('scaling.md', /\*\*Connections\*\*: at most (\d+) per instance/))
})
