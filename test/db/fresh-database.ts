import { randomBytes } from 'node:crypto'

import pg from 'pg'

/** An empty database on the tests' server, with nothing of ours in it. */
export interface FreshDatabase {
  readonly url: string
  /** As an administrator, on a connection of its own. */
  asAdmin<Row extends pg.QueryResultRow>(statement: string, parameters?: unknown[]): Promise<Row[]>
  drop(): Promise<void>
}

export async function createFreshDatabase(): Promise<FreshDatabase> {
  const name = `fresh_${randomBytes(6).toString('hex')}`
  const asAdmin = async <Row extends pg.QueryResultRow>(statement: string, parameters: unknown[] = []) => {
    const client = new pg.Client({ connectionString: process.env.TEST_POSTGRES })
    await client.connect()
    try {
      return (await client.query<Row>(statement, parameters)).rows
    } finally {
      await client.end()
    }
  }
  await asAdmin(`create database ${name} template template0`)
  const url = new URL(String(process.env.TEST_POSTGRES))
  url.pathname = `/${name}`
  return {
    url: url.href,
    asAdmin,
    async drop() {
      await asAdmin(`drop database ${name} with (force)`)
    },
  }
}
