import { spawn } from 'node:child_process'
import path from 'node:path'

import type { JudgeRow } from '../../src/db/verify/seals'
import { systemRandomness } from '../../src/runtime/clock'
import { createVault } from '../../src/services/vault'
import { keyNamed, keyOf } from '../helpers/keys'
import type { Cluster } from './cluster'
import { pause } from './monkeys'

const HASH_KEY = Buffer.from(keyOf('hash').secret).toString('base64')

/** Newest first: the first one seals. */
export const sealedWith = (...ids: readonly string[]) => ({
  encryptionKeys: ids.map(keyNamed).join(','),
  hashKey: HASH_KEY,
})

export type KeyNames = readonly string[]

/** Says of a row what `npm run verify` does with these keys. */
export function judgeWith(ids: KeyNames): JudgeRow {
  const vault = createVault(ids.map(keyOf), systemRandomness, keyOf('hash').secret)
  return (row) => {
    const { kind } = vault.judge(row)
    return kind === 'intact' ? null : `${row.state}, ${kind}`
  }
}

/**
 * Changes of keys as docs/operations.md has them, under load: a new key in front, everything sealed anew, the old key
 * out.
 */
export function createKeyChanges(options: {
  cluster: Cluster
  databaseUrl: string
  /** One after the other, as a release does. */
  restartAll: () => Promise<void>
}) {
  const { cluster, databaseUrl, restartAll } = options
  const done = { keyChanges: 0 }
  let current = 'first'
  return {
    done,
    current: (): KeyNames => [current],
    async change(): Promise<void> {
      const next = `key${done.keyChanges + 1}`
      cluster.reconfigure(sealedWith(next, current))
      await restartAll()
      while (!(await rotate(databaseUrl, sealedWith(next, current)))) await pause(500)
      cluster.reconfigure(sealedWith(next))
      await restartAll()
      current = next
      done.keyChanges++
    },
  }
}

/** @returns Whether only the newest key holds anything; false also where the database went away meanwhile. */
const rotate = (databaseUrl: string, keys: ReturnType<typeof sealedWith>): Promise<boolean> =>
  new Promise((resolve) => {
    const script = path.join(__dirname, '../../scripts/rotate-keys.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', script, '--database-url', databaseUrl], {
      stdio: 'ignore',
      env: { ...process.env, NODE_OPTIONS: '', ENCRYPTION_KEYS: keys.encryptionKeys, HASH_KEY: keys.hashKey },
    })
    child.once('exit', (code) => resolve(code === 0))
  })
