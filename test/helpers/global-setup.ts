import { randomInt } from 'node:crypto'
import path from 'node:path'

import pg from 'pg'

import type { Database } from '../../src/db/connect/database'
import { migrate } from '../../src/db/connect/migrate'
import { fromPglite } from '../../src/db/connect/pglite'
import { openServer } from '../../src/db/connect/pool'
import { createSandboxTables } from '../../src/sandbox/schema'
import { emptyEmbedded } from './embedded-image'
import { fastDirectory } from './fast-directory'
import { type PostgresServer, startPostgres } from './postgres-server'
import { TEST_CLOCK_SQL } from './test-clock'

declare global {
  var testPostgres: PostgresServer | undefined
}

/** One server and one embedded image, migrated once; every test file works on a copy. */
export default async function globalSetup(
  _globalConfig: unknown,
  { cacheDirectory }: { cacheDirectory: string },
): Promise<void> {
  process.env.TEST_SEED ??= String(randomInt(1, 2 ** 31))
  process.stdout.write(`\nseed: ${process.env.TEST_SEED} (TEST_SEED repeats it)\n`)

  // What these guard against is a power cut; the tests of crashes and of durability start servers of their own.
  const withoutSyncing = { fsync: 'off', full_page_writes: 'off', autovacuum: 'off' }
  const server = await startPostgres(withoutSyncing, fastDirectory('bw-postgres-'))
  globalThis.testPostgres = server
  process.env.TEST_POSTGRES = server.url('postgres')
  await createDatabase(server, 'bw_template')
  const template = openServer({ url: server.url('bw_template'), logger: console })
  await prepare(template)
  await template.close()

  const image = path.join(server.directory, 'embedded-image')
  const embedded = await emptyEmbedded(image, cacheDirectory)
  await prepare(fromPglite(embedded))
  await embedded.close()
  process.env.TEST_EMBEDDED_IMAGE = image
}

async function createDatabase(server: PostgresServer, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url('postgres') })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
}

async function prepare(database: Database): Promise<void> {
  await migrate(database)
  await createSandboxTables(database)
  await database.transaction((tx) => tx.script(TEST_CLOCK_SQL))
}
