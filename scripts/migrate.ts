/**
 * Brings the schema up to this version, as the role that owns it: `npm run migrate -- --database-url postgres://...`. With
 * `--app-role <name>` that role may then do what the program does, and no more: start the program with it. Without time
 * limits, as a large table needs.
 */
import { parseArgs } from 'node:util'

import { migrate } from '../src/db/connect/migrate'
import { grantTo } from './migrate/grants'
import { openForTool } from './tool-database'

const USAGE = 'Usage: npm run migrate -- --database-url <postgres://...> [--app-role <role>]'

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { 'database-url': { type: 'string' }, 'app-role': { type: 'string' } },
  })
  const role = values['app-role']
  const database = await openForTool(values['database-url'] ?? process.env.DATABASE_URL, undefined, USAGE)
  try {
    await migrate(database)
    console.log('The schema is that of this version.')
    if (role === undefined) return
    await database.transaction((tx) => grantTo(tx, role))
    console.log(`${role} may do what the program does, and no more.`)
  } finally {
    await database.close()
  }
}

main().catch((error: unknown) => {
  const { message, code } = error as { message?: string; code?: string }
  console.error(`Could not migrate: ${message || code || String(error)}`)
  process.exitCode = 2
})
