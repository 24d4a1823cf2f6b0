import fs from 'node:fs'

import pg from 'pg'

import type { Database, Queryable, Transaction } from '../../src/db/connect/database'
import { createStatementNames } from '../../src/db/connect/statement-names'
import { silentLogger } from '../../test/helpers/loggers'

export interface TimedDatabase {
  readonly database: Database
  /** What the server took since this was last asked, ms. */
  spentMs(): number
  /** Processor time of the session's process so far, ms; null where there is no /proc to read. */
  cpuMs(): number | null
  close(): Promise<void>
}

const DURATION = /^duration: ([\d.]+) ms/
/** The session is told what is otherwise written to the server's log; only a superuser may ask for that. */
const TOLD = '-c log_duration=on -c client_min_messages=log -c log_min_messages=fatal'

/**
 * One session, of whose statements the server says how long it took: to parse, to plan (or to find the plan it has
 * kept), to run and to write out the rows. Neither the way there nor what is made of the answer is in it, nor the wait for
 * the disk at a commit.
 */
export async function openTimed(url: string): Promise<TimedDatabase> {
  const client = new pg.Client({ connectionString: `${url}?options=${encodeURIComponent(TOLD)}` })
  const names = createStatementNames(true, silentLogger)
  let spent = 0
  let before: Promise<unknown> = Promise.resolve()
  client.on('notice', ({ message = '' }) => {
    spent += Number(DURATION.exec(message)?.[1] ?? 0)
  })
  await client.connect()
  const pid = await pidOf(client)
  const session: Queryable = {
    query<Row extends object>(text: string, parameters: readonly unknown[] = [], name?: string) {
      // One session does one thing at a time, also for who asks for several at once.
      const rows = before.then(
        async () => (await client.query<Row>(names.queryOf(text, parameters, name))).rows,
      )
      before = rows.catch(() => {})
      return rows
    },
  }
  const tx: Transaction = {
    ...session,
    script: async (text) => void (await client.query(text)),
  }
  return {
    database: {
      kind: 'server',
      ...session,
      /** Not for several at once. */
      async transaction(work) {
        await client.query('begin')
        try {
          const result = await work(tx)
          // What is checked at the commit is the server's work; the wait for the disk is not.
          await client.query('set constraints all immediate')
          const spentBefore = spent
          await client.query('commit')
          spent = spentBefore
          return result
        } catch (error) {
          await client.query('rollback')
          throw error
        }
      },
      close: () => client.end(),
    },
    spentMs() {
      const said = spent
      spent = 0
      return said
    },
    cpuMs: () => ranMs(pid),
    close: () => client.end(),
  }
}

async function pidOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]?.pid ?? 0
}

/** To the nanosecond, unlike the ticks in `stat`. */
function ranMs(pid: number): number | null {
  try {
    return Number(fs.readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1_000_000
  } catch {
    return null
  }
}
