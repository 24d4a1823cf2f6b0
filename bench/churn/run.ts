import type { ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import pg from 'pg'

import { migrate } from '../../src/db/connect/migrate'
import { openServer } from '../../src/db/connect/pool'
import { silentLogger } from '../../test/helpers/loggers'
import { type PostgresServer, startPostgres } from '../../test/helpers/postgres-server'
import { ended, pause, queryOn, startChild, verifiedOn, wordOf } from '../children'
import { postgresCpuMs } from '../postgres-cpu'
import { tokensFor } from '../request-path/load'
import { type Bloat, measureBloat } from './bloat'
import { type Books, makeBooks, readBooks, tokenKey } from './books'
import { fillEnded } from './fill'
import type { InstanceCounts, InstancePlan } from './instance'
import { type LoadCounts, type OpenLoad, startLoad } from './load'
import { type ClaimLook, openWatch, type Sample, type Watch } from './samples'
import { alterTable, type SettingsName } from './settings'

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

/** One minute of one database; `load`, `waits` and `looks` are of this minute, all else is counted from the beginning. */
export interface Minute {
  readonly atMinutes: number
  readonly sample: Sample
  readonly load: LoadCounts
  /** How often a connection at work was seen, and what it waited for. */
  readonly seen: number
  readonly waits: Readonly<Record<string, number>>
  readonly looks: readonly ClaimLook[]
  readonly counts: Omit<InstanceCounts, 'rssMb'>
  readonly rssMb: number
  /** Of the whole server, all databases together; null where there is no /proc to read. */
  readonly postgresCpuMs: number | null
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

interface Arm {
  readonly settings: SettingsName
  readonly database: string
  readonly url: string
  readonly directory: string
  readonly children: readonly ChildProcess[]
  readonly load: OpenLoad
  readonly watch: Watch
  readonly minutes: Minute[]
  looks: ClaimLook[]
  waits: Record<string, number>
  seen: number
}

/** Batches leave so often: what is asked for one after another is worked off in small groups, as in a quiet hour. */
const SCHEDULE = '*/10 * * * * *'
const ACTIVITY_EVERY_MS = 250
const LOOK_EVERY_MS = 7_000
const MINUTE_MS = 60_000
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

async function watchFor(
  server: PostgresServer,
  arms: readonly Arm[],
  { minutes, say }: { minutes: number; say: (line: string) => void },
): Promise<void> {
  const client = new pg.Client({ connectionString: server.url('postgres'), application_name: 'bench' })
  await client.connect()
  const startedAt = performance.now()
  const passedMs = () => performance.now() - startedAt
  let [lookedAtMs, minute] = [0, 0]
  try {
    await Promise.all(arms.map((arm) => keepMinute(server, arm, 0)))
    while (minute < minutes) {
      await pause(ACTIVITY_EVERY_MS)
      await lookAtActivity(client, arms)
      if (passedMs() - lookedAtMs > LOOK_EVERY_MS) {
        lookedAtMs = passedMs()
        await lookAtClaims(arms)
      }
      if (passedMs() < (minute + 1) * MINUTE_MS) continue
      minute++
      for (const arm of arms) await keepMinute(server, arm, passedMs() / MINUTE_MS)
      say(`churn, minute ${minute}: ${arms.map(lineOf).join('; ')}`)
    }
  } finally {
    await client.end()
  }
}

async function lookAtClaims(arms: readonly Arm[]): Promise<void> {
  for (const arm of arms) arm.looks.push(await arm.watch.lookAtClaim())
}

const lineOf = ({ settings, minutes }: Arm): string => {
  const [before, now] = minutes.slice(-2)
  if (!before || !now) return ''
  const claims = now.sample.statements.claim.calls - before.sample.statements.claim.calls
  const claimMs = (now.sample.statements.claim.ms - before.sample.statements.claim.ms) / claims
  const { dead, vacuums } = now.sample.tables.withdrawals
  return `${settings} claim ${claimMs.toFixed(2)} ms, open ${now.sample.open}, dead ${dead}, vacuums ${vacuums}, p99 ${now.load.p99Ms.toFixed(0)} ms, failed ${now.load.failed}, own CPU ${((now.counts.cpuMs - before.counts.cpuMs) / 600).toFixed(0)} %, PostgreSQL's of all ${(((now.postgresCpuMs ?? NaN) - (before.postgresCpuMs ?? NaN)) / 600).toFixed(0)} %`
}

async function lookAtActivity(client: pg.Client, arms: readonly Arm[]): Promise<void> {
  const { rows } = await client.query<{ database: string; event: string; count: number }>(
    `select datname as database, coalesce(wait_event_type || ':' || wait_event, 'none') as event, count(*)::int as count
       from pg_stat_activity
      where state = 'active' and backend_type = 'client backend' and application_name <> 'bench'
      group by 1, 2`,
  )
  for (const { database, event, count } of rows) {
    const arm = arms.find((one) => one.database === database)
    if (!arm) continue
    arm.seen += count
    arm.waits[event] = (arm.waits[event] ?? 0) + count
  }
}

async function keepMinute(server: PostgresServer, arm: Arm, atMinutes: number): Promise<void> {
  const told = await Promise.all(
    arm.children.map((child) => {
      const word = wordOf<InstanceCounts>(child)
      child.send('facts')
      return word
    }),
  )
  const sum = (of: keyof InstanceCounts) => told.reduce((all, one) => all + one[of], 0)
  const sample = await arm.watch.sample()
  arm.minutes.push({
    ...{ atMinutes, sample, load: arm.load.take(), seen: arm.seen, waits: arm.waits, looks: arm.looks },
    counts: {
      ...{ claims: sum('claims'), emptyClaims: sum('emptyClaims'), claimed: sum('claimed') },
      ...{ batchClaims: sum('batchClaims'), emptyBatchClaims: sum('emptyBatchClaims') },
      ...{ batchClaimed: sum('batchClaimed'), cpuMs: sum('cpuMs') },
    },
    rssMb: Math.max(...told.map(({ rssMb }) => rssMb)),
    postgresCpuMs: postgresCpuMs(server),
  })
  Object.assign(arm, { looks: [], waits: {}, seen: 0 })
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
    ...(await complaintsOf(url, books, load.take())),
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
