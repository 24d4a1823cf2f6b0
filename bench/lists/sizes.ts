/** Several sizes of table on one server, by turns: what of it takes longer where there is more of the past. */
import os from 'node:os'

import pg from 'pg'

import { migrate } from '../../src/db/connect/migrate'
import { openServer } from '../../src/db/connect/pool'
import { silentLogger } from '../../test/helpers/loggers'
import type { PostgresServer } from '../../test/helpers/postgres-server'
import { queryOn } from '../children'
import { median, type Spread, spreadOf } from '../numbers'
import { listArms } from './arms'
import { fill } from './fill'
import { firstNewIn, moveThousand, NEW_EACH, type Sample } from './moving'
import { openTimed, type TimedDatabase } from './server-time'

export interface SizesPlan {
  /** The first is what the others are held against. */
  readonly sizes: readonly number[]
  readonly rounds: number
}

/** What was done, at each size. */
export interface SizesLine {
  readonly what: string
  readonly isMoving: boolean
  /** Milliseconds in the database, in the order of the sizes. */
  readonly ms: readonly Spread[]
  /** Processor time of the session. */
  readonly cpuMs: readonly number[]
  /** Of each size against the first: what the rounds' own ratios spread over. */
  readonly ratio: readonly Spread[]
  /** The same of the processor time. */
  readonly cpuRatio: readonly number[]
}

export interface SizesResult {
  readonly sizes: readonly number[]
  readonly rounds: number
  readonly lines: readonly SizesLine[]
  readonly stored: readonly Stored[]
  readonly settings: Readonly<Record<string, string>>
  readonly loadAverage: readonly number[]
}

/** A table, with its indexes, at each size. */
export interface Stored {
  readonly table: string
  readonly bytes: readonly number[]
  readonly indexBytes: readonly number[]
}

interface Subject {
  readonly rows: number
  readonly timed: TimedDatabase
  readonly firstNew: number
}

type Say = (line: string) => void

export const measureSizes = async (server: PostgresServer, plan: SizesPlan, say: Say): Promise<SizesResult> =>
  measureFilled(await fillSizes(server, plan.sizes, say), plan, say)

/** @param urls A database for each size, filled before. */
export async function measureFilled(
  urls: readonly string[],
  { sizes, rounds }: SizesPlan,
  say: Say,
): Promise<SizesResult> {
  const subjects: Subject[] = []
  for (const [at, rows] of sizes.entries()) {
    const timed = await openTimed(urls[at] ?? '')
    subjects.push({ rows, timed, firstNew: await firstNewIn(timed.database) })
  }
  const lines = new Lines(sizes.length)
  try {
    // The first two warm up: caches, plans, and the marks that whoever first goes deep leaves behind.
    for (let round = -2; round < rounds; round++) {
      await oneRound(subjects, round + 2, round < 0 ? new Lines(sizes.length) : lines)
      say(`round ${round + 1} of ${rounds}`)
    }
    return {
      ...{ sizes, rounds, lines: lines.all(), loadAverage: os.loadavg() },
      stored: await storedIn(urls),
      settings: await settingsOf(urls[0] ?? ''),
    }
  } finally {
    for (const { timed } of subjects) await timed.close()
  }
}

/** Each in a database of its own. Quickly: what is lost when the server crashes meanwhile is filled again. */
export async function fillSizes(
  server: PostgresServer,
  sizes: readonly number[],
  say: Say,
): Promise<readonly string[]> {
  const urls = sizes.map((rows) => server.url(`rows_${rows}`))
  const inARow = async (...statements: string[]) => {
    const client = new pg.Client({ connectionString: server.url('postgres') })
    await client.connect()
    for (const statement of statements) await client.query(statement)
    await client.end()
    await server.stop()
    await server.start()
  }
  await inARow(
    ...sizes.map((rows) => `create database rows_${rows}`),
    `alter system set wal_level = minimal`,
    `alter system set max_wal_senders = 0`,
    `alter system set fsync = off`,
    `alter system set autovacuum = off`,
  )
  for (const [at, rows] of sizes.entries()) {
    say(`filling ${rows} rows`)
    const database = openServer({ url: urls[at] ?? '', logger: silentLogger })
    await migrate(database)
    await database.close()
    await fill(urls[at] ?? '', rows, say)
  }
  await inARow('alter system reset all')
  return urls
}

/** Whatever else is on the machine weighs on all of them alike: sizes take turns, another one first each time. */
async function oneRound(subjects: readonly Subject[], round: number, lines: Lines): Promise<void> {
  const inTurn = subjects.map((_, at) => (at + round) % subjects.length)
  const arms = subjects.map(({ timed, rows }) =>
    listArms(timed.database, rows).filter(({ what }) => !what.startsWith('plain')),
  )
  for (const nth of (arms[0] ?? []).keys())
    for (const at of inTurn) {
      const arm = arms[at]?.[nth]
      const subject = subjects[at]
      if (!arm || !subject) continue
      subject.timed.spentMs()
      const cpuBefore = subject.timed.cpuMs()
      await arm.run(round)
      const [ms, cpuAfter] = [subject.timed.spentMs(), subject.timed.cpuMs()]
      const cpuMs = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore
      lines.add(arm.what, { at, round, isMoving: false }, [{ ms, cpuMs }])
    }
  for (const at of inTurn) {
    const subject = subjects[at]
    if (!subject) continue
    const { timed, rows, firstNew } = subject
    const samples = await moveThousand(timed, { rows, first: firstNew + round * NEW_EACH })
    for (const [what, each] of samples) lines.add(what, { at, round, isMoving: true }, each)
  }
}

interface Place {
  /** Which of the sizes. */
  readonly at: number
  readonly round: number
  readonly isMoving: boolean
}

class Lines {
  private readonly found = new Map<string, { isMoving: boolean; rounds: Map<number, Sample[][]> }>()

  constructor(private readonly sizes: number) {}

  add(what: string, { at, round, isMoving }: Place, samples: readonly Sample[]): void {
    const line = this.found.get(what) ?? { isMoving, rounds: new Map<number, Sample[][]>() }
    const ofRound = line.rounds.get(round) ?? Array.from({ length: this.sizes }, () => [])
    ofRound[at]?.push(...samples)
    line.rounds.set(round, ofRound)
    this.found.set(what, line)
  }

  all(): SizesLine[] {
    return [...this.found].map(([what, { isMoving, rounds }]) => {
      const each = [...rounds.values()]
      const places = Array.from({ length: this.sizes }, (_, at) => at)
      const of = (at: number) => each.flatMap((round) => round[at] ?? [])
      const middle = (samples: readonly Sample[] | undefined) => median((samples ?? []).map(({ ms }) => ms))
      const busy = (samples: readonly Sample[] | undefined) =>
        median((samples ?? []).map(({ cpuMs }) => cpuMs ?? NaN))
      return {
        ...{ what, isMoving },
        ms: places.map((at) => spreadOf(of(at).map(({ ms }) => ms))),
        cpuMs: places.map((at) => busy(of(at))),
        ratio: places.map((at) => spreadOf(each.map((round) => middle(round[at]) / middle(round[0])))),
        cpuRatio: places.map((at) => median(each.map((round) => busy(round[at]) / busy(round[0])))),
      }
    })
  }
}

async function storedIn(urls: readonly string[]): Promise<Stored[]> {
  const found = await Promise.all(
    urls.map((url) =>
      queryOn<{ table: string; bytes: number; indexBytes: number }>(
        url,
        `select relname as table, pg_table_size(relid)::float8 as bytes, pg_indexes_size(relid)::float8 as "indexBytes"
           from pg_stat_user_tables where relname in ('withdrawals', 'journal', 'batch_items') order by relname desc`,
      ),
    ),
  )
  return (found[0] ?? []).map(({ table }) => {
    const each = found.map((tables) => tables.find((one) => one.table === table))
    return {
      table,
      bytes: each.map((one) => one?.bytes ?? NaN),
      indexBytes: each.map((one) => one?.indexBytes ?? NaN),
    }
  })
}

async function settingsOf(url: string): Promise<Record<string, string>> {
  const names = ['server_version', 'fsync', 'synchronous_commit', 'wal_level', 'autovacuum', 'shared_buffers']
  const rows = await queryOn<{ name: string; setting: string }>(
    url,
    `select name, current_setting(name) as setting from pg_settings where name in ('${names.join(`', '`)}')`,
  )
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))
}
