/**
 * Seals with the newest key what is sealed with older ones: `npm run rotate-keys -- --database-url postgres://...`, with the
 * program's ENCRYPTION_KEYS and HASH_KEY in the environment, while the program runs. `--status` only counts, and
 * `--seal-readable` takes in what was stored before there were keys. Ends with 0 when only the newest key holds
 * anything, 1 when others still do.
 */
import { parseArgs } from 'node:util'

import type { Database } from '../src/db/connect/database'
import { keysInUse } from '../src/db/sealed-values'
import { systemRandomness } from '../src/runtime/clock'
import { rotateKeys } from '../src/services/key-rotation'
import { createReportSeal } from '../src/services/report-seal'
import { createDocumentSeals } from '../src/services/sealed-documents'
import { createSecretReseal } from '../src/services/settings/secrets'
import { createVault } from '../src/services/vault'
import { configFromEnvironment, parseConfig } from '../src/settings/plugin'
import { openForTool } from './tool-database'

const USAGE =
  'Usage: npm run rotate-keys -- --database-url <postgres://...> | --data-dir <directory> [--status] [--seal-readable]'

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      'database-url': { type: 'string' },
      'data-dir': { type: 'string' },
      status: { type: 'boolean', default: false },
      'seal-readable': { type: 'boolean', default: false },
    },
  })
  const { ENCRYPTION_KEYS, HASH_KEY } = process.env
  const { encryptionKeys, hashKey } = parseConfig(configFromEnvironment({ ENCRYPTION_KEYS, HASH_KEY }))
  const [newest] = encryptionKeys
  if (!newest) throw new Error('ENCRYPTION_KEYS is not set: there is nothing to seal with.')
  const database = await openForTool(
    values['database-url'] ?? process.env.DATABASE_URL,
    values['data-dir'],
    USAGE,
  )
  try {
    if (!values.status) {
      const { seen, resealed, failed } = await rotateKeys({
        database,
        documents: createDocumentSeals(encryptionKeys, systemRandomness),
        reports: createReportSeal(encryptionKeys, systemRandomness),
        resealed: createSecretReseal(encryptionKeys, systemRandomness),
        vault: createVault(encryptionKeys, systemRandomness, hashKey),
        sealsReadable: values['seal-readable'],
        onProgress: (done) => console.error(`${done.seen} seen, ${done.resealed} sealed anew`),
      })
      console.log(`${resealed} of ${seen} values were sealed with the key ${newest.id}.`)
      for (const id of failed) console.log(`  ${id} does not open with the keys there are, or is damaged`)
    }
    return await report(database, newest.id)
  } finally {
    await database.close()
  }
}

async function report(database: Database, newest: string): Promise<number> {
  const uses = await keysInUse(database)
  for (const { keyId, count } of uses)
    console.log(keyId === 'readable' ? `readable: ${count} values` : `key ${keyId}: ${count} values`)
  return uses.every(({ keyId }) => keyId === newest) ? 0 : 1
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    const { message, code } = error as { message?: string; code?: string }
    console.error(`Could not rotate: ${message || code || String(error)}`)
    process.exitCode = 2
  },
)
