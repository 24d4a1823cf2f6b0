import { createSecretKey, randomBytes } from 'node:crypto'

import type { Database } from '../db/connect/database'
import { type DatabaseChoice, openDatabase } from '../db/connect/open'
import { systemClock } from '../runtime/clock'
import { createSandboxKit, type SandboxKit } from '../sandbox/kit'
import { createSandboxTokens } from '../sandbox/tokens'

/**
 * A kit that needs nobody, for tests and examples: users 1 and 2 with 10,000 eur and 10,000 usd each.
 *
 * @returns The kit, whose `toolsLib` stands for a real one's, and its database, which the plugin can share.
 */
export async function openSandboxKit(
  choice: DatabaseChoice = { memory: true },
): Promise<{ kit: SandboxKit; database: Database }> {
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const database = await openDatabase(choice, silent)
  const kit = createSandboxKit({
    database,
    clock: systemClock,
    tokens: createSandboxTokens(createSecretKey(randomBytes(32))),
  })
  await kit.open()
  return { kit, database }
}

export { createSandboxBank, type SandboxBank } from '../providers/sandbox/bank'
export type { SandboxKit, SandboxUser } from '../sandbox/kit'
export * from './conformance'
export {
  type FakeAnswer,
  type FakeApi,
  type FakeApiOptions,
  type FakeRequest,
  startFakeApi,
} from './fake-api'
export { memoryDocuments } from './memory-documents'
