import type { Transaction } from '../../src/db/connect/database'
import type { TestDatabase } from './databases'

/** Changes what the database keeps for good: only a test may switch its guards off. */
export const rewritten = (
  database: TestDatabase,
  change: (tx: Transaction) => Promise<unknown>,
): Promise<void> =>
  database.transaction(async (tx) => {
    await tx.script('set local session_replication_role = replica')
    await change(tx)
  })
