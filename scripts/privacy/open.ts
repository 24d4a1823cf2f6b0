import fs from 'node:fs'

import type { Database } from '../../src/db/connect/database'
import { openDatabase } from '../../src/db/connect/open'
import { createLogger } from '../../src/runtime/logger'

export const DATABASE_OPTIONS = {
  user: { type: 'string' },
  'database-url': { type: 'string' },
  'data-dir': { type: 'string' },
} as const

export const DATABASE_USAGE = '--user <id> --database-url <postgres://...> | --data-dir <directory>'

export function readUserId(given: string | undefined, usage: string): number {
  if (given === undefined || !/^[1-9]\d{0,14}$/.test(given)) throw new Error(usage)
  return Number(given)
}

/** The one that is there; opening another would make a new, empty one. */
export function openExisting(
  {
    'database-url': url = process.env.DATABASE_URL,
    'data-dir': directory,
  }: Record<string, string | undefined>,
  usage: string,
): Promise<Database> {
  const logger = createLogger('error', 'text')
  if (directory === undefined) {
    if (url === undefined) throw new Error(usage)
    return openDatabase({ url }, logger)
  }
  if (!fs.existsSync(`${directory}/pglite`)) throw new Error(`There is no embedded database in ${directory}.`)
  return openDatabase({ directory }, logger)
}
