import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

import { PGlite } from '@electric-sql/pglite'

/** As the program has it, which saves memory; and what guards against a power cut is off, as on the tests' server. */
const START_PARAMS = [
  ...PGlite.defaultStartParams,
  ...['shared_buffers=8MB', 'full_page_writes=off', 'synchronous_commit=off', 'wal_recycle=off'].flatMap(
    (setting) => ['-c', setting],
  ),
]

/** An embedded database of a test: files that nobody needs after it. */
export const openImageFiles = (dataDir: string): Promise<PGlite> =>
  PGlite.create({ dataDir, startParams: START_PARAMS })

/**
 * An empty embedded database in `place`, small enough to be copied for each test file. To make one takes as long as all
 * else before the first test, so it is kept with what jest keeps.
 */
export async function emptyEmbedded(place: string, cacheDirectory: string): Promise<PGlite> {
  const kept = path.join(cacheDirectory, `empty-embedded-${madeBy()}`)
  if (!fs.existsSync(kept)) {
    const made = `${kept}-${process.pid}`
    await make(made)
    // Whoever comes first: they are alike.
    if (fs.existsSync(kept)) fs.rmSync(made, { recursive: true })
    else fs.renameSync(made, kept)
  }
  fs.cpSync(kept, place, { recursive: true })
  return openImageFiles(place)
}

/** The program and this file: with another of either it is another one. */
function madeBy(): string {
  const program = path.join(require.resolve('@electric-sql/pglite'), '../../package.json')
  const hash = createHash('sha256')
  for (const file of [program, __filename]) hash.update(fs.readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}

async function make(place: string): Promise<void> {
  const database = await PGlite.create({
    dataDir: place,
    startParams: START_PARAMS,
    // Small log segments: they are copied, too.
    initDbStartParams: ['--wal-segsize=1'],
  })
  await database.exec(`update pg_database set datistemplate = false, datallowconn = true where datistemplate`)
  for (const name of ['template0', 'template1']) await database.exec(`drop database ${name}`)
  await database.close()
}
