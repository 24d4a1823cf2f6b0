import { createRequire } from 'node:module'
import path from 'node:path'
import { Worker } from 'node:worker_threads'

import type { ThreadData } from '../../../src/db/connect/embedded-messages'

/** What the thread of an embedded database asks of the disk, seen from here, and a disk that can be broken from here. */
export interface WatchedDisk {
  /** For `openEmbedded`. */
  readonly start: (data: ThreadData) => Worker
  syncs(): number
  break(): void
}

const [SYNCS, IS_BROKEN] = [0, 1]
const FILE = path.join(__dirname, '../../../src/db/connect/embedded-thread.ts')

export function watchedDisk(): WatchedDisk {
  const shared = new Int32Array(new SharedArrayBuffer(8))
  const script = `
    const fs = require('node:fs')
    const { workerData } = require('node:worker_threads')
    const { shared, ...data } = workerData
    const sync = fs.fdatasyncSync
    fs.fdatasyncSync = (file) => {
      if (Atomics.load(shared, ${IS_BROKEN}) === 1) throw new Error('the disk is broken')
      Atomics.add(shared, ${SYNCS}, 1)
      sync(file)
    }
    require(${JSON.stringify(createRequire(__filename).resolve('tsx/cjs'))})
    require(${JSON.stringify(FILE)})`
  return {
    start: (data) => new Worker(script, { eval: true, workerData: { ...data, shared }, execArgv: [] }),
    syncs: () => Atomics.load(shared, SYNCS),
    break: () => void Atomics.store(shared, IS_BROKEN, 1),
  }
}
