/** The database that a command is told of: a server's, or an embedded one that nobody has open. */
import fs from 'node:fs'

import type { Database } from '../src/db/connect/database'
import { openEmbedded } from '../src/db/connect/embedded'
import { openPlain } from '../src/db/connect/plain'

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
  return openPlain(url, 'bank-withdrawal-tool')
}
