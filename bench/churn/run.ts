import type { ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import { migrate } from '../../src/db/connect/migrate'
import { openServer } from '../../src/db/connect/pool'
import { silentLogger } from '../../test/helpers/loggers'
import { startPostgres } from '../../test/helpers/postgres-server'
import { ended, pause, queryOn, startChild, verifiedOn, wordOf } from '../children'
import { tokensFor } from '../request-path/load'
import { type Bloat, measureBloat } from './bloat'
import { type Books, makeBooks, readBooks, tokenKey } from './books'
import { fillEnded } from './fill'
import type { InstancePlan } from './instance'
import { type LoadCounts, startLoad } from './load'
import { openWatch } from './samples'
import { alterTable, type SettingsName } from './settings'
import { type Arm, type Minute, watchFor } from './watch'

export interface ChurnPlan {
  readonly minutes: number
  /** New withdrawals, of each database. */
  readonly perSecond: number
  readonly instances: number
  /** Withdrawals that had ended before. */
  readonly ended: number
  /** Each in a database of its own, all at the same time on one server. */
  readonly settings: readonly SettingsName[]
}

export interface ArmResult {
  readonly settings: SettingsName
  readonly minutes: readonly Minute[]
  readonly books: Books
  readonly bloat: Bloat
  readonly complaints: readonly string[]
}

export interface ChurnResult {
  readonly plan: ChurnPlan
  readonly arms: readonly ArmResult[]
  readonly checkpoints: number
}

/** Batches leave so often: what is asked for one after another is worked off in small groups, as in a quiet hour. */
const SCHEDULE = '*/10 * * * * *'
const DRAINED_WITHIN_MS = 300_000

/**
 * A steady rate of new withdrawals for an hour, accepted, frozen, sent and settled by several instances; what that leaves
 * behind in PostgreSQL, and whether its statements stay as fast.
 */
export async function measureChurn(plan: ChurnPlan, say: (line: string) => void): Promise<ChurnResult> {
  const server = await startPostgres({
    ...{ fsync: 'on', synchronous_commit: 'on', shared_buffers: '256MB', max_connections: '300' },
    ...{ shared_preload_libraries: 'pg_stat_statements', max_wal_size: '4GB' },
  })
  const arms: Arm[] = []
  try {
    await makeDatabases(server.url, plan, say)
    for (const settings of plan.settings) arms.push(await startArm(server.url, settings, plan))
    await watchFor(server, arms, { minutes: plan.minutes, say })
    await Promise.all(arms.map(({ load }) => load.stop()))
    const results: ArmResult[] = []
    for (const arm of arms) results.push(await endOf(arm))
    const [counted] = await queryOn<{ done: number }>(
      server.url('postgres'),
      'select (num_timed + num_requested)::float8 as done from pg_stat_checkpointer',
    )
    return {
      plan,
      arms: results,
      checkpoints: counted?.done ?? NaN,
    }
  } finally {
    for (const { children, directory } of arms) {
      for (const child of children) child.kill('SIGKILL')
      await Promise.all(children.map(ended))
      fs.rmSync(directory, { recursive: true, force: true })
    }
    await server.destroy()
  }
}

const databaseOf = (settings: SettingsName): string => `churn_${settings}`

/** The second is a copy of the first: both begin as they lie on the disk. */
async function makeDatabases(
  urlOf: (database: string) => string,
  { settings, ended: rows }: ChurnPlan,
  say: (line: string) => void,
): Promise<void> {
  const [first, ...others] = settings.map(databaseOf)
  if (first === undefined) return
  await queryOn(urlOf('postgres'), `create database ${first}`)
  const database = openServer({ url: urlOf(first), logger: silentLogger })
  await migrate(database)
  await database.close()
  await queryOn(urlOf(first), 'create extension pg_stat_statements with schema public')
  say(`churn: filling ${rows} ended withdrawals`)
  await fillEnded(urlOf(first), rows)
  for (const other of others)
    await queryOn(urlOf('postgres'), `create database ${other} template ${first} strategy file_copy`)
  for (const name of settings) {
    await queryOn(urlOf(databaseOf(name)), alterTable(name))
    // A copy does not know how many rows it has.
    await queryOn(urlOf(databaseOf(name)), 'analyze')
  }
}

async function startArm(
  urlOf: (database: string) => string,
  settings: SettingsName,
  { instances, perSecond }: ChurnPlan,
): Promise<Arm> {
  const database = databaseOf(settings)
  const url = urlOf(database)
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-bench-churn-'))
  makeBooks(directory)
  const children: ChildProcess[] = []
  const ports: number[] = []
  for (let number = 0; number < instances; number++) {
    const plan: InstancePlan = { number, instances, directory, schedule: SCHEDULE }
    const child = startChild(path.join(__dirname, 'instance.ts'), url, JSON.stringify(plan))
    ports.push(await wordOf<number>(child))
    children.push(child)
  }
  const watch = await openWatch(url)
  const load = startLoad(ports, { tokens: tokensFor(tokenKey()), perSecond })
  return {
    ...{ settings, database, url, directory, children, load, watch },
    ...{ minutes: [], looks: [], waits: {}, seen: 0 },
  }
}

/** Waits until nothing is open any more, stops the instances, and looks at what is left. */
async function endOf({ watch, children, url, directory, load, settings, minutes }: Arm): Promise<ArmResult> {
  const givenUpAt = performance.now() + DRAINED_WITHIN_MS
  let { open, deadlocks } = await watch.sample()
  while (open > 0 && performance.now() < givenUpAt) {
    await pause(1_000)
    ;({ open, deadlocks } = await watch.sample())
  }
  await watch.close()
  const words = children.map((child) => wordOf(child))
  for (const child of children) child.send('stop')
  await Promise.all(words)
  const books = readBooks(directory)
  const complaints = [
    ...(open === 0 ? [] : [`${open} still open`]),
    ...(deadlocks === 0 ? [] : [`${deadlocks} deadlocks`]),
    // An hour's figures are not lost because the audit was: but without one they stand for nothing.
    ...(await complaintsOf(url, books, load.take()).catch((error: unknown) => [
      `not audited: ${String(error)}`,
    ])),
  ]
  return { settings, minutes, books, bloat: await measureBloat(url), complaints }
}

async function complaintsOf(url: string, books: Books, { acknowledged }: LoadCounts): Promise<string[]> {
  const [found] = await queryOn<{ processed: number; all: number }>(
    url,
    `select count(*) filter (where state = 'processed')::int as processed, count(*)::int as all
       from bank_withdrawal.withdrawals where id not like 'ended-%'`,
  )
  const { processed = 0, all = 0 } = found ?? {}
  const isLess = (what: string, seen: number, least: number) =>
    seen < least ? [`${seen} of ${least} ${what}`] : []
  return [
    ...isLess('acknowledged are stored', all, acknowledged),
    ...isLess('stored are processed', processed, all),
    ...isLess('processed are paid', books.payouts, processed),
    ...isLess('processed are settled at the exchange', books.settled, processed),
    ...(books.settled < books.burns ? [`${books.burns - books.settled} burns not settled`] : []),
    ...(books.payouts > processed ? [`${books.payouts} payouts for ${processed}`] : []),
    ...(books.paidTwice === 0 ? [] : [`${books.paidTwice} paid twice`]),
    ...(await verifiedOn(url)),
  ]
}
