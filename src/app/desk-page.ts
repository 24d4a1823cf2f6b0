import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** Beside what is built; see scripts/build.ts. */
const CARRIED = path.join(__dirname, '../desk.html')
const BUILDER = path.join(__dirname, '../../web/build.cjs')

/**
 * The operators' page, one HTML. A package carries it; from source it is made of web/ when it is first asked for, by
 * what runs the source.
 *
 * @throws Where there is neither: what was installed is not whole.
 */
export async function readDeskPage(): Promise<string | null> {
  if (fs.existsSync(CARRIED)) return fs.promises.readFile(CARRIED, 'utf8')
  const { buildDesk } = createRequire(__filename)(BUILDER) as { buildDesk: () => Promise<string> }
  return buildDesk()
}
