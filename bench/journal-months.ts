/**
 * A journal by month beside one in one piece: `node --import tsx bench/journal-months.ts --rows 1000000 --months 24`. The same
 * rows in two databases on one server, asked by turns. Then the one in one piece is cut as the program does it, while
 * another connection goes on writing. By hand, not in CI.
 */
import fs from 'node:fs'
import os from 'node:os'
import { parseArgs } from 'node:util'

import pg from 'pg'

import { migrate } from '../src/db/connect/migrate'
import { openServer } from '../src/db/connect/pool'
import { auditTrail } from '../src/db/statements/audit-trail'
import { createStore } from '../src/db/store'
import { tellJournal } from '../src/db/told-journal'
import { silentLogger } from '../test/helpers/loggers'
import { type PostgresServer, startPostgres } from '../test/helpers/postgres-server'
import { queryOn } from './children'
import { fill, idOf } from './lists/fill'
import { openTimed, type TimedDatabase } from './lists/server-time'
import { measureFilled } from './lists/sizes'
import { median } from './numbers'

const WHOLE = 'whole'
const MONTHS = 'months'
const say = (line: string) => process.stderr.write(`${line}\n`)

/** As if it had been cut before its first entry: each part has as many withdrawals as the next. */
async function cutInto(url: string, rows: number, months: number): Promise<void> {
  const bounds = Array.from({ length: months }, (_, at) => idOf(1 + Math.floor((at * rows) / months)))
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`set session_replication_role = replica`)
  await client.query(`create unlogged table public.entries as select * from bank_withdrawal.journal`)
  await client.query(`truncate bank_withdrawal.journal`)
  await client.query(`select bank_withdrawal.cut_journal($1, 'x')`, [bounds.at(-1)])
  for (const [at, since] of bounds.slice(0, -1).entries()) {
    const name = `journal_${2025 + Math.floor(at / 12)}_${String((at % 12) + 1).padStart(2, '0')}`
    await client.query('select bank_withdrawal.add_part($1, $2, $3)', [name, since, bounds[at + 1]])
  }
  await client.query('insert into bank_withdrawal.journal select * from public.entries')
  await client.query('drop table public.entries')
  await client.query('vacuum analyze')
  await client.end()
}

type Arm = readonly [what: string, run: (timed: TimedDatabase, round: number) => Promise<unknown>]

const tell = (timed: TimedDatabase, from: string, limit: number) =>
  timed.database.transaction(async (tx) => {
    await tx.query(`delete from bank_withdrawal.told where feed = 'withdrawals'`)
    await tx.query(`insert into bank_withdrawal.told (feed, tx) values ('withdrawals', ${from})`)
    timed.spentMs()
    return tellJournal(tx, limit, () => [])
  })

const arms = (rows: number): readonly Arm[] => [
  [
    'one journal, read',
    ({ database }, round) => createStore(database).readJournal(idOf(1 + ((round * 7_919) % rows))),
  ],
  [
    'operators: first page of the trail',
    ({ database }) => auditTrail(database, { actor: null, after: null, limit: 50 }),
  ],
  ['told: nothing new', (timed) => tell(timed, 'pg_snapshot_xmin(pg_current_snapshot())', 100)],
  ['told: a hundred of a backlog', (timed, round) => tell(timed, `'${10 + round}'::xid8`, 100)],
]

interface Line {
  readonly what: string
  readonly ms: readonly number[]
  readonly cpuMs: readonly number[]
}

/** The first ones warm up; another one first each time. */
const WARM_UP = 8

async function readInTurns(urls: readonly string[], rows: number, rounds: number): Promise<Line[]> {
  const timed = await Promise.all(urls.map(openTimed))
  const lines: Line[] = []
  for (const [what, run] of arms(rows)) {
    const ms: number[][] = urls.map(() => [])
    const cpu: number[][] = urls.map(() => [])
    for (let round = 0; round < WARM_UP + rounds; round++)
      for (const [nth, one] of [...timed.entries()].sort(([a], [b]) => (round % 2 === 0 ? a - b : b - a))) {
        one.spentMs()
        const before = one.cpuMs() ?? NaN
        await run(one, round)
        ms[nth]?.push(one.spentMs())
        cpu[nth]?.push((one.cpuMs() ?? NaN) - before)
      }
    const middle = (all: readonly number[]) => median(all.slice(WARM_UP))
    lines.push({ what, ms: ms.map(middle), cpuMs: cpu.map(middle) })
  }
  for (const one of timed) await one.close()
  return lines
}

/** What the program does, with a writer beside it whose longest wait is what anybody sees of it. */
async function cutUnderWrites(url: string): Promise<Record<string, unknown>> {
  const writer = openServer({ url, logger: silentLogger, connectionsMax: 1 })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const waits: number[] = []
  let isOver = false
  const writing = (async () => {
    for (let n = 0; !isOver; n++) {
      const from = performance.now()
      await writer.query(
        `insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, to_state, actor)
         values ($1, $2, now(), 'bench', 'processed', 'worker')`,
        [idOf(1), 100 + n],
      )
      waits.push(performance.now() - from)
    }
  })()
  const steps: string[] = []
  for (let step = ''; step !== 'done';) {
    const from = performance.now()
    const { rows } = await client.query<{ step: string }>(
      'select bank_withdrawal.keep_journal_by_month(true, 3) as step',
    )
    step = rows[0]?.step ?? 'done'
    steps.push(`${step} ${(performance.now() - from).toFixed(0)} ms`)
  }
  isOver = true
  await writing
  await client.end()
  await writer.close()
  return { steps, writes: waits.length, medianMs: median(waits), longestMs: Math.max(...waits) }
}

async function measure(
  server: PostgresServer,
  rows: number,
  months: number,
  rounds: number,
): Promise<unknown> {
  const [whole, byMonth] = [server.url(WHOLE), server.url(MONTHS)]
  await queryOn(server.url('postgres'), `create database ${WHOLE}`)
  const database = openServer({ url: whole, logger: silentLogger })
  await migrate(database)
  await database.close()
  say('filling')
  await fill(whole, rows, say)
  await queryOn(server.url('postgres'), `create database ${MONTHS} template ${WHOLE} strategy file_copy`)
  say('cutting')
  await cutInto(byMonth, rows, months)
  const reads = await readInTurns([whole, byMonth], rows, 5 * rounds)
  for (const { what, ms, cpuMs } of reads) say(`${what}: ${JSON.stringify({ ms, cpuMs })}`)
  const moves = await measureFilled([whole, byMonth], { sizes: [rows, rows], rounds }, say)
  const sizes = await queryOn(
    byMonth,
    `select count(*)::int as parts, min(pg_table_size(part))::float8 as "bytesMin", max(pg_table_size(part))::float8 as "bytesMax",
            max(pg_indexes_size(part))::float8 as "indexBytesMax" from bank_withdrawal.journal_parts()`,
  )
  const wholeSize = await queryOn(
    whole,
    `select pg_table_size('bank_withdrawal.journal')::float8 as bytes, pg_indexes_size('bank_withdrawal.journal')::float8 as "indexBytes"`,
  )
  const cut = await cutUnderWrites(whole)
  return {
    ...{ rows, months, rounds, reads, sizes, wholeSize, cut, settings: moves.settings },
    moves: moves.lines.map(({ what, cpuMs, cpuRatio, ms }) => ({
      what,
      ms: ms.map((spread) => spread.median),
      cpuMs,
      cpuRatio: cpuRatio[1],
    })),
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1000000' },
      months: { type: 'string', default: '24' },
      rounds: { type: 'string', default: '8' },
      out: { type: 'string' },
    },
  })
  const server = await startPostgres({ shared_buffers: '512MB', wal_level: 'minimal', max_wal_senders: '0' })
  try {
    const result = await measure(server, Number(values.rows), Number(values.months), Number(values.rounds))
    const text = JSON.stringify({ loadAverage: os.loadavg(), result }, null, 1)
    console.log(text)
    if (values.out !== undefined) fs.writeFileSync(values.out, `${text}\n`)
  } finally {
    await server.destroy()
  }
}

if (require.main === module)
  main().catch((error: unknown) => {
    console.error(error)
    process.exitCode = 1
  })
