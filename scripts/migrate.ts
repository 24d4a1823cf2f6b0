/**
 * Brings the schema up to this version, as the role that owns it: `npm run migrate -- --database-url postgres://...`. With
 * `--app-role <name>` that role may then do what the program does, and no more: start the program with it. Without time
 * limits, as a large table needs. `--journal-by-month` cuts the journal by month; where it is cut, months are kept ahead each time.
 */
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import type { Database } from '../src/db/connect/database'
import { migrate } from '../src/db/connect/migrate'
import { keepJournalMonths } from '../src/db/journal-months'
import { grantTo } from './migrate/grants'
import { openForTool } from './tool-database'

const USAGE =
  'Usage: npm run migrate -- --database-url <postgres://...> [--app-role <role>] [--journal-by-month]'

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'database-url': { type: 'string' },
      'app-role': { type: 'string' },
      'journal-by-month': { type: 'boolean', default: false },
    },
  })
  const role = values['app-role']
  const database = await openForTool(values['database-url'] ?? process.env.DATABASE_URL, undefined, USAGE)
  try {
    await migrate(database)
    console.log('The schema is that of this version.')
    await keepMonths(database, values['journal-by-month'])
    if (role === undefined) return
    await database.transaction((tx) => grantTo(tx, role))
    console.log(`${role} may do what the program does, and no more.`)
  } finally {
    await database.close()
  }
}

/** Each try waits half a second for a lock at most, and leaves traffic alone in between. */
const TRIES = 120
const PAUSE_MS = 1_000

/** @throws {Error} Nobody let go of the locks for two minutes. */
async function keepMonths(database: Database, wanted: boolean): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { end, steps } = await keepJournalMonths(database, wanted)
    for (const step of steps) console.log(`The journal by month: ${step}.`)
    if (end === 'left') console.log('The last part of the journal stays open: its entries lie years apart.')
    if (end !== 'waits') return
    await setTimeout(PAUSE_MS)
  }
  throw new Error(
    'The journal is locked by somebody, a backup for instance: run this again later. Nothing is half done.',
  )
}

main().catch((error: unknown) => {
  const { message, code } = error as { message?: string; code?: string }
  console.error(`Could not migrate: ${message || code || String(error)}`)
  process.exitCode = 2
})
