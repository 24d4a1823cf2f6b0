import type { Logger } from '../ports/logger'
import type { Database, Dedicated } from './connect/database'
import { CLOCK } from './row'
import { lockOf } from './statements/recovery'

/**
 * Shows other processes that this one lives: a session advisory lock on its id, on a connection of its own. However the
 * process ends, the database lets go of the lock, and others may look at once at what it held.
 */
export interface Presence {
  /** What our lease owners begin with; null while nobody could tell our death from a broken connection. */
  id(): string | null
  /** To be called every few seconds: notices a loss, and comes back from it. Never throws. */
  renew(): Promise<void>
  /** Leaves in good order: there is nothing to recover. */
  close(): Promise<void>
}

export interface PresenceDeps {
  readonly database: Database
  readonly newId: () => string
  readonly logger: Logger
}

/** Where the database cannot show it, leases are waited for to their end. */
export const NO_PRESENCE: Presence = {
  id: () => null,
  renew: () => Promise.resolve(),
  close: () => Promise.resolve(),
}

export function createPresence({ database, newId, logger }: PresenceDeps): Presence {
  const { dedicated } = database
  if (!dedicated) return NO_PRESENCE
  let id = newId()
  let connection: Dedicated | null = null
  let isPossible = true

  const lost = () => {
    if (connection) logger.warn('presence.lost', { process: id })
    connection = null
  }

  async function join(): Promise<void> {
    const opened = await dedicated?.(lost)
    if (!opened) return
    if (!opened.isDirect) {
      isPossible = false
      logger.warn('presence.unseen', {
        explanation:
          'A pooler stands between us and PostgreSQL: after a crash, others wait for the end of the leases.',
      })
      return opened.close()
    }
    const isIn = await enter(opened, id).catch(async (error: unknown) => {
      await opened.close()
      throw error
    })
    if (isIn === 'in') {
      connection = opened
      return
    }
    await opened.close()
    // Others have taken us for dead, and looked: what we hold under the old name is no longer ours.
    if (isIn === 'gone') id = newId()
  }

  /** A connection that hangs shows nobody that we live; and what was taken for dead stays so. */
  async function check(present: Dedicated): Promise<void> {
    const known = await present.query(
      'select id from bank_withdrawal.workers where id = $1 and gone_at is null',
      [id],
    )
    if (known.length > 0) return
    connection = null
    id = newId()
    await present.close()
  }

  return {
    id: () => (connection ? id : null),
    async renew() {
      if (!isPossible) return
      try {
        if (connection) await check(connection)
        if (!connection) await join()
      } catch (error) {
        const present = connection
        lost()
        await present?.close().catch(() => {})
        logger.warn('presence.failed', { error: (error as Error).message })
      }
    },
    async close() {
      isPossible = false
      const present = connection
      connection = null
      if (!present) return
      await present.query('delete from bank_withdrawal.workers where id = $1', [id]).catch(() => {})
      await present.close().catch(() => {})
    },
  }
}

/**
 * The lock first: who is written down without it would be taken for dead.
 *
 * @returns `busy`: an earlier connection of ours still holds the lock; it is tried again. `gone`: this id is dead.
 */
async function enter(connection: Dedicated, id: string): Promise<'in' | 'busy' | 'gone'> {
  const [lock] = await connection.query<{ isOurs: boolean }>(
    `select pg_try_advisory_lock(${lockOf('$1::text')}) as "isOurs"`,
    [id],
  )
  if (!lock?.isOurs) return 'busy'
  const rows = await connection.query(
    `insert into bank_withdrawal.workers as known (id, started_at) values ($1, ${CLOCK})
     on conflict (id) do update set missed_at = null where known.gone_at is null returning id`,
    [id],
  )
  return rows.length > 0 ? 'in' : 'gone'
}
