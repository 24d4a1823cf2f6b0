/**
 * Checks a live database: `npm run verify -- --database-url postgres://...` or `-- --data-dir data`.
 * With the plugin's ENCRYPTION_KEYS and HASH_KEY in the environment it also holds every row against what was sealed with
 * it, and the signed heads over the trail against their signatures; with --heads, against a copy of them, too
 * (`npm run trail-heads`).
 * Reads only. Ends with 0 when all is well, 1 with findings, 2 when it could not check.
 */
import fs from 'node:fs'
import { parseArgs } from 'node:util'

import { type CheckResult, verifyDatabase } from '../src/db/verify'
import type { JudgeRow } from '../src/db/verify/seals'
import type { EncryptionKey } from '../src/domain/encryption-key'
import { readHead, type SignedHead } from '../src/domain/trail-head'
import { systemRandomness } from '../src/runtime/clock'
import { createHeadSigner } from '../src/services/trail-heads'
import { createVault } from '../src/services/vault'
import { configFromEnvironment, parseConfig } from '../src/settings/plugin'
import { openForTool } from './tool-database'

const USAGE =
  'Usage: npm run verify -- --database-url <postgres://...> | --data-dir <directory> [--stuck-minutes 30] [--named 10] [--heads <copy>]'

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      'database-url': { type: 'string' },
      'data-dir': { type: 'string' },
      'stuck-minutes': { type: 'string', default: '30' },
      named: { type: 'string', default: '10' },
      heads: { type: 'string' },
    },
  })
  const stuckMinutes = Number(values['stuck-minutes'])
  const namedMax = Number(values.named)
  if (!(stuckMinutes >= 0) || !Number.isInteger(namedMax) || namedMax < 1) throw new Error(USAGE)
  const database = await openForTool(
    values['database-url'] ?? process.env.DATABASE_URL,
    values['data-dir'],
    USAGE,
  )
  try {
    const { judgeRow, isSigned } = judgesOf(process.env)
    const copies = values.heads === undefined ? [] : copiesIn(values.heads)
    const results = await verifyDatabase(database, {
      ...{ stuckMinutes, namedMax, copies },
      ...(judgeRow && { judgeRow }),
      ...(isSigned && { isSigned }),
    })
    for (const result of results) report(result)
    if (!judgeRow)
      console.log(
        'skip rows_are_what_was_accepted: ENCRYPTION_KEYS is not set, so nobody can say (see docs/operations.md)',
      )
    if (!isSigned)
      console.log(
        'note trail_is_what_was_signed: without ENCRYPTION_KEYS and HASH_KEY signatures are not checked',
      )
    const broken = results.filter(({ count }) => count > 0)
    console.log(
      broken.length === 0
        ? `All ${results.length} checks hold.`
        : `${broken.length} of ${results.length} checks do not hold.`,
    )
    return broken.length === 0 ? 0 : 1
  } finally {
    await database.close()
  }
}

/** Without keys a row that was changed, and a head that was forged, look like any other. */
function judgesOf({ ENCRYPTION_KEYS, HASH_KEY }: NodeJS.ProcessEnv) {
  const given = configFromEnvironment({ ENCRYPTION_KEYS, HASH_KEY })
  const { encryptionKeys, hashKey } = parseConfig(given)
  const judgeRow = encryptionKeys.length === 0 ? null : judgeOf(encryptionKeys)
  return { judgeRow, isSigned: createHeadSigner(encryptionKeys, hashKey)?.isOurs }
}

/** @throws {Error} A line of it is no head. */
const copiesIn = (file: string): SignedHead[] =>
  fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const copy = JSON.parse(line) as SignedHead
      if (readHead(copy.content)?.nth !== copy.nth) throw new Error(`${file} holds a line that is no head.`)
      return copy
    })

function judgeOf(encryptionKeys: readonly EncryptionKey[]): JudgeRow {
  const vault = createVault(encryptionKeys, systemRandomness)
  return (row) => {
    const verdict = vault.judge(row)
    switch (verdict.kind) {
      case 'intact':
      case 'unbound':
      case 'vouched':
        return null
      case 'changed':
        return `${row.state}, changed: ${verdict.facts.join(', ')}`
      case 'key_missing':
        return `${row.state}, sealed with the key ${verdict.keyId}, which is not in ENCRYPTION_KEYS`
      case 'readable':
        return `${row.state}, its destination is readable though there are keys`
      case 'bare':
      case 'damaged':
        return `${row.state}, its sealed value is damaged`
    }
  }
}

function report({ name, holds, count, findings }: CheckResult): void {
  console.log(`${count === 0 ? 'ok  ' : 'FAIL'} ${name}: ${count} (${holds})`)
  for (const { id, detail } of findings) console.log(`       ${id}  ${detail}`)
  if (count > findings.length) console.log(`       and ${count - findings.length} more`)
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    // A connection error may be an aggregate without a text of its own.
    const { message, code } = error as { message?: string; code?: string }
    console.error(`Could not check: ${message || code || String(error)}`)
    process.exitCode = 2
  },
)
