import { ConfigError } from '../../errors'
import type { Logger } from '../../ports/logger'
import type { Database } from './database'
import { openEmbedded } from './embedded'
import { openServer } from './pool'

/** Where the withdrawals are kept. */
export type DatabaseChoice =
  /** A PostgreSQL server; the only choice for production. */
  | {
      readonly url: string
      /** Past a pooler that `url` leads to. */
      readonly directUrl?: string
      readonly connectionsMax?: number
      readonly preparedStatements?: boolean
    }
  /** PostgreSQL inside this process, kept in a directory. */
  | { readonly directory: string }
  /** Gone with the process; for tests. */
  | { readonly memory: true }

/** @throws {ConfigError} */
export function openDatabase(choice: DatabaseChoice, logger: Logger): Promise<Database> {
  if (!('url' in choice)) return openEmbedded(choice)
  // `pg` would take what is missing from PGHOST and its like, or a server on this machine: not the one that was meant.
  if (!choice.url) return Promise.reject(new ConfigError(['database.url says no address']))
  return Promise.resolve(openServer({ ...choice, logger }))
}

export class UnfitDatabaseError extends Error {
  override readonly name = 'UnfitDatabaseError'
}

/** Of the types and functions that the migrations use `xid8` and `pg_current_snapshot` came last. */
const OLDEST = 13

/** What a role or a database may have been given by default, and our statements are wrong under. */
const RELIED_ON: readonly {
  readonly name: string
  readonly isFit: (setting: string) => boolean
  readonly wanted: string
  readonly otherwise: string
}[] = [
  {
    name: 'default_transaction_isolation',
    // A statement that has waited for a lock looks at what the one before it has written.
    isFit: (setting) => setting === 'read committed',
    wanted: `'read committed'`,
    otherwise: 'limits and the stop of everything would not hold, or requests would fail',
  },
  {
    name: 'DateStyle',
    isFit: (setting) => setting.startsWith('ISO'),
    wanted: `'ISO'`,
    otherwise: 'no time could be read',
  },
  {
    name: 'session_replication_role',
    isFit: (setting) => setting !== 'replica',
    wanted: `'origin'`,
    otherwise: 'the triggers that guard the trail would be off',
  },
]

/**
 * Looks at what the database promises before anything is entrusted to it.
 *
 * @throws {UnfitDatabaseError} A standby or read-only database, one too old for the schema, or one whose defaults make our
 *   statements mean something else: nothing can be accepted here.
 */
export async function checkDurability(database: Database, logger: Logger): Promise<void> {
  if (database.kind === 'embedded') {
    logger.warn('database.embedded', {
      explanation:
        'The embedded database is for trying out and development: one process only, and not proven against power loss. Set DATABASE_URL for production.',
    })
    return
  }
  const rows = await database.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings
      where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'synchronous_standby_names', 'transaction_read_only',
                     'statement_timeout', 'server_version_num', 'server_version', 'default_transaction_isolation',
                     'DateStyle', 'session_replication_role')
     union all select 'in_recovery', pg_is_in_recovery()::text`,
  )
  const setting = (name: string) => rows.find((row) => row.name === name)?.setting
  if (Number(setting('server_version_num')) < OLDEST * 10_000)
    throw new UnfitDatabaseError(
      `This is PostgreSQL ${setting('server_version')}: before ${OLDEST} it lacks what the schema is made of.`,
    )
  if (setting('in_recovery') === 'true' || setting('transaction_read_only') === 'on')
    throw new UnfitDatabaseError(
      'This PostgreSQL is a standby or read-only. Withdrawals are decided on the primary only: point the plugin there.',
    )
  refuseOtherDefaults(setting)
  if (setting('statement_timeout') === '0')
    logger.warn('database.no_time_limit', {
      explanation:
        'A pooler stands between us and PostgreSQL, and a statement outside of a transaction may wait for a lock without an end. Give the role one: alter role ... set statement_timeout = 15000.',
    })
  const risky = ['fsync', 'full_page_writes', 'synchronous_commit'].filter((name) => setting(name) === 'off')
  // There is a standby to wait for, and nobody waits: a failover undoes what was acknowledged.
  if (setting('synchronous_commit') === 'local' && setting('synchronous_standby_names') !== '')
    risky.push('synchronous_commit')
  if (risky.length > 0)
    logger.error('database.may_lose_commits', {
      settings: risky,
      explanation:
        'A power cut or a failover may undo withdrawals that were acknowledged. Switch these settings on.',
    })
}

function refuseOtherDefaults(setting: (name: string) => string | undefined): void {
  for (const { name, isFit, wanted, otherwise } of RELIED_ON) {
    const found = setting(name)
    if (found === undefined || isFit(found)) continue
    throw new UnfitDatabaseError(
      `This PostgreSQL gives us ${name} = ${found}, and ${otherwise}. Give the role its own: ` +
        `alter role ... set ${name} = ${wanted}.`,
    )
  }
}
