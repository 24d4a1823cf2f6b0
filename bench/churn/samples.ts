import pg from 'pg'

import { statesThat } from '../../src/db/row'
import { IS_DUE, WAITS_FOR_BATCH } from '../../src/db/statements/lease-sql'
import { isFinal } from '../../src/domain/states'

/** What PostgreSQL says of a statement so far; times and pages are the server's own. */
export interface StatementCounts {
  readonly calls: number
  readonly rows: number
  readonly ms: number
  /** Pages of tables and indexes that were looked at, found in memory or not. */
  readonly pages: number
}

export interface TableCounts {
  readonly live: number
  readonly dead: number
  readonly updates: number
  readonly hotUpdates: number
  readonly vacuums: number
  readonly vacuumMs: number
  readonly bytes: number
  readonly indexBytes: number
}

/** Of one database at one moment; what is counted is counted from its beginning on. */
export interface Sample {
  readonly statements: Readonly<Record<StatementName, StatementCounts>>
  readonly tables: Readonly<Record<TableName, TableCounts>>
  readonly indexBytes: Readonly<Record<string, number>>
  readonly deadlocks: number
  readonly commits: number
  /** Withdrawals that have not ended, and how long the one that waits longest for a worker has been due. */
  readonly open: number
  readonly lateMs: number
}

/** By what only they have in their text. */
const STATEMENTS = {
  claim: `query like '%order by next_run_at%skip locked%' and query not like '%order by next_run_at, id%'`,
  batchClaim: `query like '%order by next_run_at, id%skip locked%'`,
  insert: `query like '%insert into bank_withdrawal.withdrawals%'`,
  freeze: `query like '%batch_id = c."batchId"%'`,
  settle: `query like '%settled_burn_id = c."settledBurnId"%'`,
  change: `query like '%update bank_withdrawal.withdrawals w%' and query like '%from unnest(%'`,
  all: `query like '%bank_withdrawal.%'`,
} as const
export type StatementName = keyof typeof STATEMENTS
export const STATEMENT_NAMES = Object.keys(STATEMENTS) as StatementName[]

export const TABLES = ['withdrawals', 'journal', 'batches', 'batch_items', 'tally_moves'] as const
export type TableName = (typeof TABLES)[number]

const OPEN = `state not in (${statesThat(isFinal)})`

export interface Watch {
  sample(): Promise<Sample>
  /** How many due rows the next claim would pass over because somebody has them, and the pages it would look at. */
  lookAtClaim(): Promise<ClaimLook>
  close(): Promise<void>
}

export interface ClaimLook {
  readonly found: number
  readonly skipped: number
  readonly pages: number
}

export async function openWatch(url: string): Promise<Watch> {
  const client = new pg.Client({ connectionString: url, application_name: 'bench' })
  // When the run fails the server is stopped while this is still connected; that is not what went wrong.
  client.on('error', () => {})
  await client.connect()
  const rowsOf = async <Row extends object>(text: string) => (await client.query<Row>(text)).rows
  const statementOf = async (name: StatementName): Promise<StatementCounts> => {
    const [found] = await rowsOf<StatementCounts>(
      `select coalesce(sum(calls), 0)::float8 as calls, coalesce(sum(rows), 0)::float8 as rows,
              coalesce(sum(total_exec_time), 0) as ms,
              coalesce(sum(shared_blks_hit + shared_blks_read), 0)::float8 as pages
         from public.pg_stat_statements
        where dbid = (select oid from pg_database where datname = current_database()) and ${STATEMENTS[name]}`,
    )
    return found as StatementCounts
  }
  const sample = async (): Promise<Sample> => {
    const statements = {} as Record<StatementName, StatementCounts>
    for (const name of STATEMENT_NAMES) statements[name] = await statementOf(name)
    const tables = await rowsOf<TableCounts & { name: string }>(TABLE_COUNTS)
    const indexes = await rowsOf<{ name: string; bytes: number }>(INDEX_BYTES)
    const [database] = await rowsOf<Pick<Sample, 'deadlocks' | 'commits' | 'open' | 'lateMs'>>(BACKLOG)
    return {
      statements,
      tables: byName(tables, ({ name: _name, ...counts }) => counts) as Sample['tables'],
      indexBytes: byName(indexes, ({ bytes }) => bytes),
      ...(database as Pick<Sample, 'deadlocks' | 'commits' | 'open' | 'lateMs'>),
    }
  }
  return { sample, lookAtClaim: () => lookAtClaim(client), close: () => client.end() }
}

function byName<Row extends { readonly name: string }, Value>(
  rows: readonly Row[],
  of: (row: Row) => Value,
): Record<string, Value> {
  return Object.fromEntries(rows.map((row) => [row.name, of(row)]))
}

const TABLE_COUNTS = `
  select relname as name, n_live_tup::float8 as live, n_dead_tup::float8 as dead, n_tup_upd::float8 as updates,
         n_tup_hot_upd::float8 as "hotUpdates", autovacuum_count::float8 as vacuums,
         total_autovacuum_time as "vacuumMs", pg_table_size(relid)::float8 as bytes,
         pg_indexes_size(relid)::float8 as "indexBytes"
    from pg_stat_user_tables
   where schemaname = 'bank_withdrawal' and relname in (${TABLES.map((name) => `'${name}'`).join(', ')})`

const INDEX_BYTES = `
  select indexrelname as name, pg_relation_size(indexrelid)::float8 as bytes
    from pg_stat_user_indexes where schemaname = 'bank_withdrawal' and relname in ('withdrawals', 'journal')`

const BACKLOG = `
  select (select deadlocks::float8 from pg_stat_database where datname = current_database()) as deadlocks,
         (select xact_commit::float8 from pg_stat_database where datname = current_database()) as commits,
         (select count(*)::float8 from bank_withdrawal.withdrawals where ${OPEN}) as open,
         coalesce((select extract(epoch from clock_timestamp() - min(next_run_at)) * 1000
                     from bank_withdrawal.withdrawals
                    where next_run_at is not null and ${IS_DUE} and not (${WAITS_FOR_BATCH})), 0)::float8 as "lateMs"`

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Actual Rows': number
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
  readonly Plans?: readonly PlanNode[]
}

/** Locks for as long as it takes and undoes it: nobody is claimed. */
async function lookAtClaim(client: pg.Client): Promise<ClaimLook> {
  await client.query('begin')
  try {
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `explain (analyze, buffers, timing off, format json)
       select id from bank_withdrawal.withdrawals
        where ${IS_DUE} and next_run_at is not null and not (${WAITS_FOR_BATCH})
        order by next_run_at limit 24 for update skip locked`,
    )
    const limit = rows[0]?.['QUERY PLAN'][0].Plan as PlanNode
    const locking = nodeOf(limit, 'LockRows')
    const found = locking?.Plans?.[0]?.['Actual Rows'] ?? 0
    return {
      found,
      skipped: found - (locking?.['Actual Rows'] ?? 0),
      pages: limit['Shared Hit Blocks'] + limit['Shared Read Blocks'],
    }
  } finally {
    await client.query('rollback')
  }
}

function nodeOf(plan: PlanNode, type: string): PlanNode | undefined {
  if (plan['Node Type'] === type) return plan
  for (const below of plan.Plans ?? []) {
    const found = nodeOf(below, type)
    if (found) return found
  }
  return undefined
}
