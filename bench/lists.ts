/**
 * Lists in a table of a million withdrawals of which half are one user's:
 * `node --import tsx bench/lists.ts --rows 1000000`.
 * What the server takes for each, by its own word, and the whole way there and back with the rows parsed; beside the plain
 * way (OFFSET and count(*)) in the same run. By hand, not in CI.
 *
 * Several sizes, `--rows 1000000,10000000`, are measured by turns on one server, with what moves money beside the lists:
 * how much longer each takes where ten times as much has ended. That is 3 GB of disk for each million; TMPDIR says where.
 */
import fs from 'node:fs'
import os from 'node:os'
import { parseArgs } from 'node:util'

import pg from 'pg'

import type { Database } from '../src/db/connect/database'
import { migrate } from '../src/db/connect/migrate'
import { openServer } from '../src/db/connect/pool'
import { silentLogger } from '../test/helpers/loggers'
import { type PostgresServer, startPostgres } from '../test/helpers/postgres-server'
import { listArms } from './lists/arms'
import { fill } from './lists/fill'
import { type ListFigure, printLists } from './lists/report'
import { openTimed, type TimedDatabase } from './lists/server-time'
import { measureSizes, type SizesPlan } from './lists/sizes'
import { sizesTable, storedTable } from './lists/sizes-report'
import { spreadOf } from './numbers'

export interface ListBenchOptions {
  /** Empty; it is migrated and filled. */
  readonly url: string
  readonly rows: number
  readonly rounds: number
}

/** In a database of its own on a server that others are measured on too. */
export async function measureListsOn(
  server: PostgresServer,
  { rows, rounds }: Omit<ListBenchOptions, 'url'>,
  say: (line: string) => void,
): Promise<ListFigure[]> {
  const client = new pg.Client({ connectionString: server.url('postgres') })
  await client.connect()
  try {
    await client.query('create database lists')
    say(`lists: filling ${rows} rows`)
    const figures = await measureLists({ url: server.url('lists'), rows, rounds })
    await client.query('drop database lists with (force)')
    return figures
  } finally {
    await client.end()
  }
}

/** Fills the database and measures, all kinds of list in turn in each round: what the server takes, and the whole way. */
export async function measureLists({ url, rows, rounds }: ListBenchOptions): Promise<ListFigure[]> {
  const database = openServer({ url, logger: silentLogger })
  try {
    await migrate(database)
    await fill(url, rows)
    return await measure(database, await openTimed(url), { rows, rounds })
  } finally {
    await database.close()
  }
}

async function measure(
  database: Database,
  timed: TimedDatabase,
  { rows, rounds }: Pick<ListBenchOptions, 'rows' | 'rounds'>,
): Promise<ListFigure[]> {
  const inDatabase = listArms(timed.database, rows)
  const arms = listArms(database, rows).map((arm, at) => ({
    ...arm,
    ...{ times: [] as number[], serverTimes: [] as number[], inDatabase: inDatabase[at] },
  }))
  // The first of each warms up: caches, and the marks that whoever first goes deep leaves behind.
  for (let round = -1; round < rounds; round++)
    for (const { run, times, serverTimes, inDatabase: there } of arms) {
      const from = performance.now()
      await run(2 * Math.max(round, 0))
      if (round >= 0) times.push(performance.now() - from)
      timed.spentMs()
      // Another page: the one just read would be found in memory.
      await there?.run(2 * Math.max(round, 0) + 1)
      if (round >= 0) serverTimes.push(timed.spentMs())
    }
  await timed.close()
  return arms.map(({ what, goal, times, serverTimes }) => ({
    ...{ what, goal, ...spreadOf(times) },
    inDatabase: spreadOf(serverTimes),
  }))
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1000000' },
      rounds: { type: 'string', default: '9' },
      out: { type: 'string' },
    },
  })
  const sizes = values.rows.split(',').map(Number)
  const [first = 0, ...others] = sizes
  const rounds = Number(values.rounds)
  // What is acknowledged is on the disk: PostgreSQL's own defaults, said where nothing else is to be set in between.
  const durable = { fsync: 'on', synchronous_commit: 'on' }
  const server = await startPostgres({ ...(others.length === 0 && durable), shared_buffers: '512MB' })
  try {
    const load = () => os.loadavg().map((one) => one.toFixed(1))
    console.log(
      `${os.cpus()[0]?.model} x ${os.cpus().length}, load ${load().join(' ')}, node ${process.version}`,
    )
    console.log(`${values.rows} withdrawals, milliseconds of ${rounds} rounds`)
    if (others.length === 0)
      printLists(await measureLists({ url: server.url('postgres'), rows: first, rounds }))
    else await compareSizes(server, { sizes, rounds }, values.out)
    console.log(`load ${load().join(' ')} at the end`)
  } finally {
    await server.destroy()
  }
}

async function compareSizes(server: PostgresServer, plan: SizesPlan, out: string | undefined): Promise<void> {
  const result = await measureSizes(server, plan, (line) => process.stderr.write(`${line}\n`))
  console.log(JSON.stringify(result.settings))
  for (const table of [storedTable(result), sizesTable(result)]) console.log([...table, ''].join('\n'))
  if (out !== undefined) fs.writeFileSync(out, `${JSON.stringify(result, null, 1)}\n`)
}

if (require.main === module)
  main().catch((error: unknown) => {
    console.error(error)
    process.exitCode = 1
  })
