import type { Database } from './connect/database'

/**
 * A statement that reads what becomes more each day: what ends after seconds would, once there is enough of it, end there
 * every time. On a connection of its own, so that nobody waits for it.
 */
export async function unhurried<Row extends object>(
  db: Database,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const own = await db.upkeep?.()
  try {
    return await (own ?? db).transaction(async (tx) => {
      // A role may have a limit of its own, as behind a pooler.
      await tx.query('set local statement_timeout = 0')
      return tx.query<Row>(text, parameters)
    })
  } finally {
    await own?.close()
  }
}
