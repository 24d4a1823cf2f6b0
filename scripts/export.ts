/**
 * Everything that is stored about a user, as lines of JSON: `npm run --silent export -- --user 7 --database-url ... > user-7.jsonl`.
 * Account details are opened with ENCRYPTION_KEYS from the environment, where they are sealed.
 */
import { parseArgs } from 'node:util'

import { readPersonal } from '../src/db/personal'
import { systemRandomness } from '../src/runtime/clock'
import { createVault, type Vault } from '../src/services/vault'
import { configFromEnvironment, parseConfig } from '../src/settings/plugin'
import { DATABASE_OPTIONS, DATABASE_USAGE, openExisting, readUserId } from './privacy/open'

const USAGE = `Usage: npm run --silent export -- ${DATABASE_USAGE}`

async function main(): Promise<void> {
  const { values } = parseArgs({ options: DATABASE_OPTIONS })
  const userId = readUserId(values.user, USAGE)
  const { encryptionKeys } = parseConfig(configFromEnvironment(process.env))
  const vault = createVault(encryptionKeys, systemRandomness)
  const database = await openExisting(values, USAGE)
  try {
    for (const { kind, data } of await readPersonal(database, userId))
      process.stdout.write(`${JSON.stringify({ kind, ...data, ...opened(vault, kind, data) })}\n`)
  } finally {
    await database.close()
  }
}

/** The user's own account, in words; what no key of ours opens is said to be so. */
function opened(vault: Vault, kind: string, { id, destination }: Readonly<Record<string, unknown>>) {
  if (kind !== 'withdrawal') return {}
  try {
    return { destination: vault.open(String(id), String(destination)) }
  } catch {
    return { destination: destination === 'erased' ? 'erased' : 'sealed with a key that is not here' }
  }
}

main().catch((error: unknown) => {
  console.error((error as Error).message)
  process.exitCode = 2
})
