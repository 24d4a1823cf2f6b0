import pg from 'pg'

import type { Database } from '../../src/db/connect/database'
import { createStatementNames } from '../../src/db/connect/statement-names'
import { silentLogger } from '../../test/helpers/loggers'

export interface TimedDatabase {
  readonly database: Database
  /** What the server took since this was last asked, ms. */
  spentMs(): number
  close(): Promise<void>
}

const DURATION = /^duration: ([\d.]+) ms/
/** The session is told what is otherwise written to the server's log; only a superuser may ask for that. */
const TOLD = '-c log_duration=on -c client_min_messages=log -c log_min_messages=fatal'

/**
 * One session, of whose statements the server says how long it took: to parse, to plan (or to find the plan it has
 * kept), to run and to write out the rows. Neither the way there nor what is made of the answer is in it.
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
  return {
    database: {
      kind: 'server',
      query<Row extends object>(text: string, parameters: readonly unknown[] = [], name?: string) {
        // One session does one thing at a time, also for who asks for several at once.
        const rows = before.then(
          async () => (await client.query<Row>(names.queryOf(text, parameters, name))).rows,
        )
        before = rows.catch(() => {})
        return rows
      },
      transaction: () => Promise.reject(new Error('Lists are read without a transaction.')),
      close: () => client.end(),
    },
    spentMs() {
      const said = spent
      spent = 0
      return said
    },
    close: () => client.end(),
  }
}
