/** The database that a command is told of: a server's, or an embedded one that nobody has open. */
import fs from 'node:fs'

import pg from 'pg'

import type { Database } from '../src/db/connect/database'
import { openEmbedded } from '../src/db/connect/embedded'

/** @throws {Error} There is none, or neither was named. */
export async function openForTool(
  url: string | undefined,
  directory: string | undefined,
  usage: string,
): Promise<Database> {
  if (directory !== undefined) {
    // Opening would make a new, empty and therefore faultless database.
    if (!fs.existsSync(`${directory}/pglite`))
      throw new Error(`There is no embedded database in ${directory}.`)
    return openEmbedded({ directory })
  }
  if (url === undefined) throw new Error(usage)
  return openClient(url)
}

/** One plain connection without deadlines: a check of millions of rows takes longer than the program's own pool allows. */
async function openClient(url: string): Promise<Database> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'bank-withdrawal-tool',
    connectionTimeoutMillis: 10_000,
  })
  await client.connect()
  const query = async <Row extends object>(text: string, parameters: readonly unknown[] = []) =>
    (await client.query<Row>(text, [...parameters])).rows
  return {
    kind: 'server',
    query,
    async transaction(work) {
      await client.query('begin')
      const result = await work({ query, script: async (text) => void (await client.query(text)) })
      await client.query('commit')
      return result
    },
    close: () => client.end(),
  }
}
