import fs from 'node:fs'

import type { PGliteInterface as Pglite, Transaction as PgliteTransaction } from '@electric-sql/pglite'

import type { Database } from './database'
import { createNamedStatements, type NamedStatements } from './pglite-statements'

/** @param dataDir null: in memory alone. */
export async function bootPglite(dataDir: string | null): Promise<Pglite> {
  // Loaded on demand: a plugin on a kit's own PostgreSQL carries no second database with it.
  const { PGlite } = await import('@electric-sql/pglite')
  if (dataDir === null) return PGlite.create({ startParams: startParams(PGlite.defaultStartParams) })
  fs.mkdirSync(dataDir, { recursive: true })
  const db = await PGlite.create({ dataDir, startParams: startParams(PGlite.defaultStartParams) })
  makeCommitsReachTheDisk(db)
  return db
}

/** The defaults switch fsync off (`-F`); 8 MB of buffers save about 200 MB of resident memory. */
const startParams = (defaults: readonly string[]): string[] => [
  ...defaults.filter((parameter) => parameter !== '-F'),
  ...['-c', 'fsync=on', '-c', 'wal_sync_method=fsync', '-c', 'shared_buffers=8MB'],
]

interface NodeFileSystem {
  stream_ops: { fsync?: (stream: { nfd?: number }) => number }
}

/**
 * PGlite's file system has no fsync operation, so `fsync=on` alone reads "on" and does nothing. This adds it.
 * It rests on an internal of the exactly pinned version; a test counts the calls.
 */
function makeCommitsReachTheDisk(db: Pglite): void {
  const fileSystem = (db as unknown as { Module: { NODEFS?: NodeFileSystem } }).Module.NODEFS
  if (!fileSystem) throw new Error('This version of PGlite keeps its files in a way we do not know.')
  fileSystem.stream_ops.fsync = (stream) => {
    if (stream.nfd === undefined) return 0
    try {
      fs.fdatasyncSync(stream.nfd)
      return 0
    } catch {
      return 29 // EIO: PostgreSQL then refuses the commit
    }
  }
}

/** In the thread of whoever calls, which waits while it works. */
export function fromPglite(db: Pglite): Database {
  const inTurn = createTurns()
  const named = createNamedStatements(db)
  return {
    kind: 'embedded',
    query: (text, parameters = [], name) => inTurn(() => queryOn(db, named)(text, parameters, name)),
    transaction: (work) =>
      inTurn(() =>
        db.transaction((tx) =>
          work({
            query: queryOn(tx, named),
            async script(text) {
              await tx.exec(text)
            },
          }),
        ),
      ),
    close: () => inTurn(() => db.close()),
  }
}

/** There is one session: whoever comes waits for all who came before. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}

const queryOn =
  (by: Pglite | PgliteTransaction, named: NamedStatements) =>
  async <Row extends object>(text: string, parameters: readonly unknown[] = [], name?: string) =>
    name === undefined ? (await by.query<Row>(text, [...parameters])).rows : named<Row>(text, parameters)
