import pg from 'pg'

import type { Database } from './database'

/** One plain connection without deadlines: a check of millions of rows takes longer than the program's own pool allows. */
export async function openPlain(url: string, name: string): Promise<Database> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: 10_000,
  })
  // Whoever asks next hears of it; unheard, it would end the process.
  client.on('error', () => {})
  await client.connect()
  const query = async <Row extends object>(text: string, parameters: readonly unknown[] = []) =>
    (await client.query<Row>(text, [...parameters])).rows
  return {
    kind: 'server',
    query,
    async transaction(work) {
      await client.query('begin')
      try {
        const result = await work({ query, script: async (text) => void (await client.query(text)) })
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback').catch(() => {})
        throw error
      }
    },
    close: () => client.end(),
  }
}
