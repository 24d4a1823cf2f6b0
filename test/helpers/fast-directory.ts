import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const SHARED_MEMORY = '/dev/shm'

/** What a run of all tests writes at most, several times over: a small container's /dev/shm has 64 MB. */
const ENOUGH_BYTES = 4 * 1024 ** 3

/**
 * A new directory in memory where the machine has room there, else among its other temporary files. For databases whose
 * files need not outlive a test: they are made and removed by the hundred, and a disk makes that the longest part.
 */
export const fastDirectory = (prefix: string): string => fs.mkdtempSync(path.join(fastRoot(), prefix))

function fastRoot(): string {
  try {
    const { bavail, bsize } = fs.statfsSync(SHARED_MEMORY)
    fs.accessSync(SHARED_MEMORY, fs.constants.W_OK | fs.constants.X_OK)
    return bavail * bsize > ENOUGH_BYTES ? SHARED_MEMORY : os.tmpdir()
  } catch {
    return os.tmpdir() // not Linux
  }
}
