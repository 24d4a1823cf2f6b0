import fs from 'node:fs'

import type { PGliteInterface, Transaction as PgliteTransaction } from '@electric-sql/pglite'

import type { Database, Transaction } from './database'
import { acquireDirectoryLock } from './lock'

/**
 * PostgreSQL inside this process (PGlite), for trying out and development.
 *
 * @throws {DirectoryInUseError} Another process holds the directory; nothing was touched.
 */
export async function openEmbedded(place: { directory: string } | { memory: true }): Promise<Database> {
  if ('memory' in place) return wrap(await boot(), () => {})
  const unlock = acquireDirectoryLock(place.directory)
  try {
    return wrap(await boot(`${place.directory}/pglite`), unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function boot(dataDir?: string): Promise<PGliteInterface> {
  // Loaded on demand: a plugin on a kit's own PostgreSQL carries no second database with it.
  const { PGlite } = await import('@electric-sql/pglite')
  if (dataDir === undefined) return PGlite.create({ startParams: startParams(PGlite.defaultStartParams) })
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
function makeCommitsReachTheDisk(db: PGliteInterface): void {
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

/** For tests, which start from a prepared image. */
export const fromPglite = (db: PGliteInterface): Database => wrap(db, () => {})

function wrap(db: PGliteInterface, unlock: () => void): Database {
  return {
    kind: 'embedded',
    async query<Row extends object>(text: string, parameters: readonly unknown[] = []) {
      return (await db.query<Row>(text, [...parameters])).rows
    },
    transaction: (work) => db.transaction((tx) => work(transactionOn(tx))),
    async close() {
      await db.close()
      unlock()
    },
  }
}

function transactionOn(tx: PgliteTransaction): Transaction {
  return {
    async query<Row extends object>(text: string, parameters: readonly unknown[] = []) {
      return (await tx.query<Row>(text, [...parameters])).rows
    },
    async script(text) {
      await tx.exec(text)
    },
  }
}
