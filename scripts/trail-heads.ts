/**
 * The signed heads over the trail, one line of JSON each: `npm run --silent trail-heads -- --database-url ... > heads.jsonl`.
 * Keep the copy where nobody who can write to the database can; `npm run verify -- --heads heads.jsonl` holds the
 * database against it.
 */
import { parseArgs } from 'node:util'

import { createTrailStore } from '../src/db/trail'
import { openForTool } from './tool-database'

const USAGE =
  'Usage: npm run --silent trail-heads -- --database-url <postgres://...> | --data-dir <directory> > heads.jsonl'

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { 'database-url': { type: 'string' }, 'data-dir': { type: 'string' } },
  })
  const url = values['database-url'] ?? process.env.DATABASE_URL
  const database = await openForTool(url, values['data-dir'], USAGE)
  try {
    for (const head of await createTrailStore(database).listHeads())
      process.stdout.write(`${JSON.stringify(head)}\n`)
  } finally {
    await database.close()
  }
}

main().catch((error: unknown) => {
  console.error((error as Error).message)
  process.exitCode = 2
})
