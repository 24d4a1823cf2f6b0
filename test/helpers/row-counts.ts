import type { TestDatabase } from './databases'

/** How many rows there are, of everything. */
export async function rowCounts(database: TestDatabase): Promise<string> {
  const tables = await database.query<{ name: string }>(
    `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
      where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE' order by 1`,
  )
  const counts = tables.map(({ name }) => `(select '${name} ' || count(*) from ${name})`)
  const [counted] = await database.query<{ all: string[] }>(`select array[${counts.join(', ')}] as all`)
  return String(counted?.all)
}
