import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

import pg from 'pg'

import type { Database } from '../../src/db/connect/database'
import { openEmbedded } from '../../src/db/connect/embedded'
import { fromPglite } from '../../src/db/connect/pglite'
import { openServer } from '../../src/db/connect/pool'
import { openImageFiles } from './embedded-image'
import { silentLogger } from './loggers'

export type DatabaseKind = 'PostgreSQL' | 'PostgreSQL by month' | 'PGlite' | 'PGlite in its thread'

/**
 * What a test that holds on every database runs on; the quick loop takes one kind alone (jest.quick.config.mjs). The
 * embedded one mostly without its thread: a file that opens twenty would start twenty. test/db/both-kinds.test.ts and
 * the tests of whole processes have it as users do.
 */
export const DATABASE_KINDS: readonly DatabaseKind[] =
  process.env.TEST_ON_POSTGRESQL_ALONE === 'yes' ? ['PostgreSQL'] : ['PostgreSQL', 'PGlite']

export interface TestDatabase extends Database {
  /** Empties every table and sets the clock back. */
  reset(): Promise<void>
  /** For other processes; PGlite has none. */
  readonly url: string | null
}

/** A fresh, migrated database of either kind with a clock that stands still. */
export const openTestDatabase = (kind: DatabaseKind): Promise<TestDatabase> =>
  kind === 'PostgreSQL'
    ? openCopy(process.env.TEST_JOURNAL_BY_MONTH === 'yes')
    : kind === 'PostgreSQL by month'
      ? openCopy(true)
      : openImage(kind)

/** One of a test file or of a `describe`: it is there from before the first test to after the last. */
export function testDatabase(kind: DatabaseKind): TestDatabase {
  const database = {} as TestDatabase
  beforeAll(async () => {
    Object.assign(database, await openTestDatabase(kind))
  })
  afterAll(() => database.close())
  return database
}

async function openImage(kind: DatabaseKind): Promise<TestDatabase> {
  const image = String(process.env.TEST_EMBEDDED_IMAGE)
  const directory = `${image}-${process.pid}-${randomBytes(6).toString('hex')}`
  const files = path.join(directory, 'pglite')
  fs.mkdirSync(directory)
  execFileSync('cp', ['-R', image, files])
  const database =
    kind === 'PGlite' ? fromPglite(await openImageFiles(files)) : await openEmbedded({ directory })
  return {
    ...database,
    url: null,
    reset: () => reset(database),
    async close() {
      await database.close()
      fs.rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** So that the ids which tests give out lie in many parts: those of worlds, and those of drafts. */
const CUT_BY_TEST_IDS = `
  select bank_withdrawal.cut_journal('00000000-0000-7000-8000-000002', '00000000-0000-7000-8000-000003');
  select bank_withdrawal.add_part('journal_2026_02', '00000000-0000-7000-8000-000003', '00000000-0000-7000-8000-000005');
  select bank_withdrawal.add_part('journal_2026_03', 'withdrawal-0002', 'withdrawal-0003');
  select bank_withdrawal.add_part('journal_2026_04', 'withdrawal-0003', 'withdrawal-0009')`

async function openCopy(isByMonth: boolean): Promise<TestDatabase> {
  const name = `t_${randomBytes(6).toString('hex')}`
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: process.env.TEST_POSTGRES })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  // Its files as they are: to write them into the log too would cost as much again.
  await run(`create database ${name} template bw_template strategy file_copy`)
  const url = new URL(String(process.env.TEST_POSTGRES))
  url.pathname = `/${name}`
  const database = openServer({ url: url.href, logger: silentLogger })
  if (isByMonth) await database.transaction((tx) => tx.script(CUT_BY_TEST_IDS))
  return {
    ...database,
    url: url.href,
    reset: () => reset(database),
    async close() {
      await database.close()
      await run(`drop database ${name} with (force)`)
    },
  }
}

/** Deleted, not truncated: a truncate makes new files for every table, which costs ten times as much. */
const reset = (database: Database): Promise<void> =>
  database.transaction((tx) =>
    tx.script(`
      -- The journal refuses to be emptied; only a test may switch its guard off.
      set local session_replication_role = replica;
      do $$ declare emptied text; begin
        for emptied in
          select format('%I.%I', schemaname, tablename) from pg_tables
           where schemaname in ('bank_withdrawal', 'bank_withdrawal_sandbox') and tablename <> 'migrations'
        loop execute 'delete from ' || emptied; end loop;
        perform setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) from pg_sequences
          where schemaname in ('bank_withdrawal', 'bank_withdrawal_sandbox') and last_value is not null;
      end $$;
      update public.test_clock set at = '2026-01-05T09:00:00Z'`),
  )
