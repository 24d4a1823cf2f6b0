import pg from 'pg'

import { TABLES } from './samples'

/** An index, as it is and as it would be if it were made now. */
export interface IndexBloat {
  readonly name: string
  readonly table: string
  readonly bytes: number
  readonly rebuiltBytes: number
  /** Of a page's room, in percent, how much holds entries. */
  readonly leafDensity: number
  readonly rebuiltLeafDensity: number
}

export interface TableBloat {
  readonly name: string
  readonly bytes: number
  readonly rows: number
  readonly deadPercent: number
  /** Room that the next rows take. */
  readonly freePercent: number
}

export interface Bloat {
  readonly tables: readonly TableBloat[]
  readonly indexes: readonly IndexBloat[]
}

/** Reads every page, and makes every index anew. */
export async function measureBloat(url: string): Promise<Bloat> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('create extension if not exists pgstattuple with schema public')
    const tables: TableBloat[] = []
    for (const name of TABLES) {
      const { rows } = await client.query<Omit<TableBloat, 'name'>>(
        `select table_len::float8 as bytes, tuple_count::float8 as rows, dead_tuple_percent as "deadPercent",
                free_percent as "freePercent" from public.pgstattuple($1)`,
        [`bank_withdrawal.${name}`],
      )
      if (rows[0]) tables.push({ name, ...rows[0] })
    }
    const before = await indexesOf(client)
    for (const name of TABLES) await client.query(`reindex table bank_withdrawal.${name}`)
    const after = new Map((await indexesOf(client)).map((index) => [index.name, index]))
    const indexes = before.map(({ name, table, bytes, leafDensity }) => ({
      ...{ name, table, bytes, leafDensity },
      rebuiltBytes: after.get(name)?.bytes ?? NaN,
      rebuiltLeafDensity: after.get(name)?.leafDensity ?? NaN,
    }))
    return { tables, indexes }
  } finally {
    await client.end()
  }
}

const indexesOf = async (client: pg.Client) =>
  (
    await client.query<Pick<IndexBloat, 'name' | 'table' | 'bytes' | 'leafDensity'>>(
      `select i.relname as name, t.relname as table, pg_relation_size(i.oid)::float8 as bytes,
              coalesce(nullif((public.pgstatindex(i.oid)).avg_leaf_density, 'NaN'), 0) as "leafDensity"
         from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
         join pg_am a on a.oid = i.relam and a.amname = 'btree'
        where t.relnamespace = 'bank_withdrawal'::regnamespace and t.relname = any($1) order by t.relname desc, i.relname`,
      [TABLES],
    )
  ).rows
