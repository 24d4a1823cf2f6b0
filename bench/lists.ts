/**
 * Lists in a table of a million withdrawals of which half are one user's:
 * `node --import tsx bench/lists.ts --rows 1000000`.
 * Each statement beside the plain way (OFFSET and count(*)) in the same run. By hand, not in CI.
 */
import os from 'node:os'
import { parseArgs } from 'node:util'

import pg from 'pg'

import type { Database, Queryable } from '../src/db/connect/database'
import { migrate } from '../src/db/connect/migrate'
import { openServer } from '../src/db/connect/pool'
import { createFigureStore, type FigureStore } from '../src/db/figures'
import { createStore, type ListQuery, type Store } from '../src/db/store'
import { silentLogger } from '../test/helpers/loggers'
import { type PostgresServer, startPostgres } from '../test/helpers/postgres-server'
import type { Goal } from './goals'

export interface ListFigure {
  readonly what: string
  /** Milliseconds, of all rounds. */
  readonly median: number
  readonly min: number
  readonly max: number
  /** Milliseconds; null where the figure is there to be compared with. */
  readonly goal: number | null
}

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

/** Fills the database and measures, all kinds of list in turn in each round. */
export async function measureLists({ url, rows, rounds }: ListBenchOptions): Promise<ListFigure[]> {
  const database = openServer({ url, logger: silentLogger })
  try {
    await migrate(database)
    await fill(url, rows)
    return await measure(database, rows, rounds)
  } finally {
    await database.close()
  }
}

async function measure(database: Database, rows: number, rounds: number): Promise<ListFigure[]> {
  const arms = [
    ...usersLists(createStore(database), database, rows / 2),
    ...operatorsLists(createStore(database), rows),
    ...operatorsFigures(createStore(database), createFigureStore(database)),
  ]
  const times = new Map(arms.map(({ what }) => [what, [] as number[]]))
  // The first of each warms up: caches, and the marks that whoever first goes deep leaves behind.
  for (let round = -1; round < rounds; round++)
    for (const { what, run } of arms) {
      const from = performance.now()
      await run(Math.max(round, 0))
      if (round >= 0) times.get(what)?.push(performance.now() - from)
    }
  return arms.map(({ what, goal }) => {
    const sorted = (times.get(what) ?? []).sort((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN
    return { what, goal, median: at(0.5), min: at(0), max: at(1) }
  })
}

interface Arm {
  readonly what: string
  readonly goal: number | null
  readonly run: (round: number) => Promise<unknown>
}

const HEAVY_USER = 1
const PAGE = {
  userId: HEAVY_USER,
  sort: 'created_at',
  order: 'desc',
  offset: 0,
  limit: 50,
} as const satisfies ListQuery

function usersLists(store: Store, plain: Queryable, theirs: number): Arm[] {
  const list = (what: string, goal: number | null, more: (round: number) => Partial<ListQuery>): Arm => ({
    what: `user: ${what}`,
    goal,
    run: (round) => store.listWithdrawals({ ...PAGE, ...more(round) }),
  })
  /** Another place each time: a page that was just read would be found in memory. */
  const deep = (share: number) => (round: number) => ({
    offset: Math.floor(theirs * share) - 60 * round - 60,
  })
  return [
    list('first page', 1, () => ({})),
    list('page at a tenth', 2, deep(0.1)),
    list('page at a half', 2, deep(0.5)),
    list('page at the end', 2, deep(1)),
    list('page at the end, oldest first', 2, (round) => ({ order: 'asc', ...deep(1)(round) })),
    list('by status', 2, () => ({ sort: 'status' })),
    list('by status, 9,900 deep', 4, () => ({ sort: 'status', offset: 9_900 })),
    list('canceled ones', 2, () => ({ states: ['canceled', 'returned'] })),
    list('of a rare currency', null, () => ({ currency: 'chf' })),
    list('last year', 2, () => ({ until: new Date('2026-01-02T00:00:00Z') })),
    { what: 'user: total', goal: 2, run: () => store.countWithdrawals({ userId: HEAVY_USER }) },
    {
      what: 'user: total of canceled ones',
      goal: 2,
      run: () => store.countWithdrawals({ userId: HEAVY_USER, states: ['canceled', 'returned'] }),
    },
    ...[0, theirs - 100].map((offset) => ({
      what: `plain OFFSET ${offset} of the same`,
      goal: null,
      run: () =>
        plain.query(
          `select * from bank_withdrawal.withdrawals where user_id = $1
            order by created_at desc, id desc limit 50 offset $2`,
          [HEAVY_USER, offset],
        ),
    })),
    {
      what: 'plain count(*) of the same',
      goal: null,
      run: () =>
        plain.query('select count(*) from bank_withdrawal.withdrawals where user_id = $1', [HEAVY_USER]),
    },
  ]
}

function operatorsLists(store: Store, rows: number): Arm[] {
  const some = (round: number) => Math.floor(rows / 3) + 7 * round
  const search = (
    what: string,
    more: (round: number) => Partial<Parameters<Store['searchWithdrawals']>[0]>,
  ): Arm => ({
    what: `operator: ${what}`,
    goal: 20,
    run: (round) => store.searchWithdrawals({ offset: 0, limit: 50, ...more(round) }),
  })
  return [
    search('newest', () => ({})),
    search('newest, 9,900 deep', () => ({ offset: 9_900 })),
    search('in review', () => ({ states: ['in_review'] })),
    search('paid', () => ({ states: ['processed'] })),
    search('in any of three states', () => ({ states: ['in_review', 'conflict', 'in_doubt'] })),
    search('of a provider, paid', () => ({ provider: 'other', states: ['processed'] })),
    search('of a rare currency', () => ({ currency: 'chf' })),
    search('of a user', () => ({ userId: HEAVY_USER })),
    search('of a user, canceled', () => ({ userId: HEAVY_USER, states: ['canceled'] })),
    search('by the end of the account', () => ({ accountEnd: '0042' })),
    search('a day', () => ({
      from: new Date('2026-01-05T00:00:00Z'),
      until: new Date('2026-01-06T00:00:00Z'),
    })),
    search('by its id', (round) => ({ text: idOf(some(round)) })),
    search('by the payout key', (round) => ({ text: `BW-${idOf(some(round))}` })),
    search('by the end-to-end id', (round) => ({ text: `E${some(round)}` })),
    search('by the provider’s reference', (round) => ({ text: `R${some(round)}` })),
    search('by the bank’s transaction id', (round) => ({ text: `T${some(round)}` })),
    search('by the account’s hash', (round) => ({ text: `h${some(round) % 50_000}` })),
    search('by what nobody knows', () => ({ text: 'nobody-knows-it' })),
  ]
}

/** What the desk's first screen asks the database, and what a collector does. */
const operatorsFigures = (store: Store, figures: FigureStore): Arm[] => [
  {
    what: 'operator: the first screen',
    goal: 50,
    run: () =>
      Promise.all([
        store.listAsking({ limit: 50, withReturns: true }),
        store.listOpenDifferences(50),
        store.readStanding(),
        store.readOutcomes({ hours: 23, span: 'hour' }),
        store.readOutcomes({ hours: 29 * 24, span: 'day' }),
      ]),
  },
  { what: 'metrics: a scrape', goal: 50, run: () => figures.readFigures() },
]

const idOf = (n: number): string => `withdrawal-${String(n).padStart(8, '0')}`

/**
 * A month of withdrawals, one every so often, half of them one user's, with a question about each thousandth; as they lie
 * after a working day's vacuum.
 */
async function fill(url: string, rows: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const each = Math.min(rows, 20_000)
  for (let from = 0; from < rows; from += each)
    await client.query(
      `insert into bank_withdrawal.withdrawals (
         id, user_id, request_hash, currency, amount, fee, payout_amount, method, destination, destination_masked,
         destination_hash, provider, mode, payout_key, end_to_end_id, provider_reference, provider_transaction_id,
         settled_burn_id, state, version, held_at, state_since, created_at, updated_at)
       select id, case when n % 2 = 0 then 1 else 2 + n % 999 end, 'hash',
              case when n % 50000 = 0 then 'chf' when n % 10 = 0 then 'usd' else 'eur' end,
              10 + n % 1000, 0, 10 + n % 1000, 'BANK', repeat('x', 200), 'DE89…' || lpad((n % 10000)::text, 4, '0'),
              'h' || n % 50000, case when n % 20 = 0 then 'other' else 'sandbox' end, 'batch', 'BW-' || id, 'E' || n,
              'R' || n, 'T' || n, 'T' || n,
              case when n % 100 = 0 then 'canceled' when n % 5000 = 1 then 'in_review' when n % 90001 = 1 then 'conflict'
                   else 'processed' end,
              6, at, at, at, at
         from (select n, 'withdrawal-' || lpad(n::text, 8, '0') as id,
                      timestamptz '2026-01-01T00:00:00Z' + n * interval '1 month' / $3::double precision as at
                 from generate_series($1::int, $2::int) n) made`,
      [from, from + each - 1, rows],
    )
  await client.query(
    `insert into bank_withdrawal.differences (kind, withdrawal_id, opened_at)
     select 'paid_after_release', id, created_at from bank_withdrawal.withdrawals where right(id, 3) = '000'`,
  )
  await client.query('vacuum analyze')
  await client.end()
}

export const listTable = (figures: readonly ListFigure[]): string[] => [
  '| list | ms: median (min to max) | goal |',
  '|---|---|---|',
  ...figures.map(
    ({ what, median, min, max, goal }) =>
      `| ${what} | ${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)}) | ${goal === null ? '-' : `<= ${goal}`} |`,
  ),
]

export const listGoals = (figures: readonly ListFigure[]): Goal[] =>
  figures.flatMap(({ what, median, goal }) =>
    goal === null
      ? []
      : [{ what: `list, ${what}, ms`, goal: `<= ${goal}`, seen: median.toFixed(2), isMet: median <= goal }],
  )

const print = (figures: readonly ListFigure[]): void => {
  for (const { what, median, min, max, goal } of figures) {
    const said = goal === null ? '' : median <= goal ? 'met' : 'SHORT'
    const ms = (value: number) => value.toFixed(2).padStart(9)
    console.log(
      `${what.padEnd(44)}${ms(median)}${ms(min)}${ms(max)}  ${goal === null ? '' : `<= ${goal} `}${said}`,
    )
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rows: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '9' } },
  })
  const server = await startPostgres({ fsync: 'on', synchronous_commit: 'on', shared_buffers: '512MB' })
  try {
    const [rows, rounds] = [Number(values.rows), Number(values.rounds)]
    const figures = await measureLists({ url: server.url('postgres'), rows, rounds })
    console.log(
      `${os.cpus()[0]?.model} x ${os.cpus().length}, load ${os.loadavg()[0]?.toFixed(1)}, node ${process.version}`,
    )
    console.log(`${values.rows} withdrawals, milliseconds: median, min and max of ${values.rounds}`)
    print(figures)
  } finally {
    await server.destroy()
  }
}

if (require.main === module)
  main().catch((error: unknown) => {
    console.error(error)
    process.exitCode = 1
  })
