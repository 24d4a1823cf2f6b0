/** Prints a bearer token of the standalone server's sandbox: `npm run token -- --user 1 [--scope admin]`. */
import { parseArgs } from 'node:util'

import { createSandboxTokens, sandboxKey } from '../src/sandbox/tokens'
import { readDataDir } from '../src/settings/server'

const { values } = parseArgs({
  options: { user: { type: 'string' }, scope: { type: 'string', multiple: true } },
})
const userId = Number(values.user)
if (!Number.isSafeInteger(userId) || userId <= 0) {
  console.error('Usage: npm run token -- --user <id> [--scope admin]')
  process.exitCode = 1
} else {
  // The key is a file of its own, so this works while the server holds the database.
  const tokens = createSandboxTokens(sandboxKey(readDataDir(process.env)))
  console.log(tokens.sign(userId, ['user', ...(values.scope ?? [])]))
}
