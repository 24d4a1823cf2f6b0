import { randomUUID } from 'node:crypto'

import pg from 'pg'

/** Speaks to one server past everything that stands in front of the cluster, as a client with an old connection would. */
export interface Fence {
  open(): Promise<void>
  /** What became of one write: a word for the report. */
  tryToWrite(): Promise<'refused' | 'no answer' | 'acknowledged'>
  /** The writes that were acknowledged: each must be there in the end. */
  acknowledged(): readonly string[]
  close(): Promise<void>
}

/** A server that waits for its synchronous standby does not answer; one that stands still does neither. */
const ANSWER_WITHIN_MS = 4_000

export function createFence(url: string): Fence {
  let old: pg.Client | null = null
  const acknowledged: string[] = []

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWER_WITHIN_MS })
    client.on('error', () => {})
    await client.connect()
    return client
  }

  async function write(client: pg.Client): Promise<void> {
    const id = randomUUID()
    await client.query({
      text: 'insert into public.fence (id) values ($1)',
      values: [id],
      query_timeout: ANSWER_WITHIN_MS,
    } as pg.QueryConfig)
    acknowledged.push(id)
  }

  return {
    async open() {
      old = await connect()
    },
    async tryToWrite() {
      try {
        // The connection from before first: nobody told it that anything has changed.
        const client = old ?? (await connect())
        old = null
        await write(client).finally(() => client.end().catch(() => {}))
        return 'acknowledged'
      } catch (error) {
        return (error as { code?: string }).code === undefined ? 'no answer' : 'refused'
      }
    },
    acknowledged: () => acknowledged,
    async close() {
      await old?.end().catch(() => {})
    },
  }
}
