import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import pg from 'pg'

import { openServer } from '../../src/db/connect/pool'
import { silentLogger } from '../../test/helpers/loggers'
import type { PostgresServer } from '../../test/helpers/postgres-server'
import { PAID_TWICE, preload, SETTLED } from '../batches/numbered'
import { ended, inDatabase, pause, startChild, verifiedOn, wordOf } from '../children'
import { countMarks, makeMarks } from '../marks'
import { postgresCpuMs } from '../postgres-cpu'
import type { InstanceResult } from './instance'

export interface InstancesPlan {
  readonly rows: number
  readonly instances: readonly number[]
}

export interface InstancesResult {
  readonly instances: number
  readonly rows: number
  readonly perSecond: number
  /** Processor time of PostgreSQL, and of all instances together, each. */
  readonly postgresUs: number | null
  readonly ownUs: number
  /** Of a hundred looks at each connection, on how many it waited for a lock of another one. */
  readonly lockWaitPercent: number
  /** Rows that one claim brought; `claims` is how many it took for a thousand. */
  readonly claimsPerThousand: number
  readonly commitsEach: number
  readonly deadlocks: number
  /** Left behind in the table of withdrawals, each. */
  readonly deadRowsEach: number
  readonly complaints: readonly string[]
}

/** So many instances work the same backlog off, each withdrawal paid at once, by an exchange and a bank that answer at once. */
export async function measureInstances(
  server: PostgresServer,
  { rows, instances }: InstancesPlan,
  say: (line: string) => void,
): Promise<readonly InstancesResult[]> {
  const results: InstancesResult[] = []
  for (const count of instances) {
    const name = `instances_${count}`
    const result = await inDatabase(server, name, () =>
      workedOff(server, { url: server.url(name), rows, count }),
    )
    results.push(result)
    say(`${count} instances: ${Math.round(result.perSecond)} a second`)
  }
  return results
}

async function workedOff(
  server: PostgresServer,
  { url, rows, count }: { url: string; rows: number; count: number },
): Promise<InstancesResult> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-bench-instances-'))
  const burns = path.join(directory, 'burns')
  makeMarks(burns, rows)
  makeMarks(path.join(directory, 'payouts'), rows)
  const started = []
  for (let at = 0; at < count; at++) {
    const child = startChild(path.join(__dirname, 'instance.ts'), url, JSON.stringify({ rows, directory }))
    await wordOf(child)
    started.push(child)
  }
  const watch = new pg.Client({ connectionString: url })
  await watch.connect()
  try {
    await fill(url, rows)
    const before = await totals(watch)
    const cpuBefore = postgresCpuMs(server)
    const startedAt = performance.now()
    for (const child of started) child.send('go')
    const looks = await lookUntil(watch, () => countMarks(burns, SETTLED) === rows)
    await until(async () => (await totals(watch)).processed === rows)
    const seconds = (performance.now() - startedAt) / 1_000
    const cpuAfter = postgresCpuMs(server)
    const words = started.map((child) => wordOf<InstanceResult>(child))
    for (const child of started) child.send('stop')
    const told = await Promise.all(words)
    const after = await totals(watch)
    const sum = (of: (one: InstanceResult) => number) => told.reduce((all, one) => all + of(one), 0)
    return {
      ...{ instances: count, rows, perSecond: rows / seconds },
      postgresUs: cpuBefore === null || cpuAfter === null ? null : ((cpuAfter - cpuBefore) * 1_000) / rows,
      ownUs: (sum(({ cpuMs }) => cpuMs) * 1_000) / rows,
      lockWaitPercent: looks.seen === 0 ? 0 : (100 * looks.waiting) / looks.seen,
      claimsPerThousand: (1_000 * sum(({ claims }) => claims)) / rows,
      commitsEach: (after.commits - before.commits) / rows,
      deadlocks: after.deadlocks - before.deadlocks,
      deadRowsEach: after.dead / rows,
      complaints: await complaintsOf(url, { rows, directory, claimed: sum(({ claimed }) => claimed) }),
    }
  } finally {
    await watch.end()
    for (const child of started) child.disconnect()
    await Promise.all(started.map(ended))
    fs.rmSync(directory, { recursive: true, force: true })
  }
}

async function fill(url: string, rows: number): Promise<void> {
  const database = openServer({ url, logger: silentLogger })
  await preload(database, rows, 'immediate')
  await database.close()
}

interface Totals {
  readonly processed: number
  readonly commits: number
  readonly deadlocks: number
  readonly dead: number
}

async function totals(client: pg.Client): Promise<Totals> {
  const { rows } = await client.query<Totals>(
    `select (select count(*)::int from bank_withdrawal.withdrawals where state = 'processed') as processed,
            d.xact_commit::float8 as commits, d.deadlocks::int as deadlocks,
            (select n_dead_tup::int from pg_stat_user_tables
              where schemaname = 'bank_withdrawal' and relname = 'withdrawals') as dead
       from pg_stat_database d where d.datname = current_database()`,
  )
  return rows[0] as Totals
}

/** How often a connection at work was seen, and how often it waited for another one. */
async function lookUntil(
  client: pg.Client,
  isOver: () => boolean,
): Promise<{ seen: number; waiting: number }> {
  let [seen, waiting] = [0, 0]
  while (!isOver()) {
    const { rows } = await client.query<{ seen: number; waiting: number }>(
      `select count(*)::int as seen, (count(*) filter (where wait_event_type = 'Lock'))::int as waiting
         from pg_stat_activity
        where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`,
    )
    seen += rows[0]?.seen ?? 0
    waiting += rows[0]?.waiting ?? 0
    await pause(50)
  }
  return { seen, waiting }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < 1_000 && !(await isSo()); looks++) await pause(20)
}

async function complaintsOf(
  url: string,
  { rows, directory, claimed }: { rows: number; directory: string; claimed: number },
): Promise<string[]> {
  const settled = countMarks(path.join(directory, 'burns'), SETTLED)
  const payouts = path.join(directory, 'payouts')
  const [twice, unpaid] = [countMarks(payouts, PAID_TWICE), countMarks(payouts, 0)]
  return [
    ...(settled === rows ? [] : [`${settled} of ${rows} settled`]),
    ...(twice === 0 ? [] : [`${twice} paid twice`]),
    ...(unpaid === 0 ? [] : [`${unpaid} not paid`]),
    ...(claimed >= rows ? [] : [`${claimed} claimed of ${rows}`]),
    ...(await verifiedOn(url)),
  ]
}
