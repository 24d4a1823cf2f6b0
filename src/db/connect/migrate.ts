import type { Database, Transaction } from './database'
import { MIGRATIONS } from './migrations.generated'

/** Any fixed number will do; it only has to be the same in every version of this program. */
const LOCK_KEY = 4_807_211_530

export class SchemaTooNewError extends Error {
  override readonly name = 'SchemaTooNewError'
}

/** The schema is older than this program, and the role that it runs under may not change that. */
export class MigrationsNeededError extends Error {
  override readonly name = 'MigrationsNeededError'
}

/** For each lock; whoever comes after us waits as long, and an instance that is being replaced goes on serving. */
const LOCK_SECONDS = 15

/**
 * Brings the schema up to this program's version. Safe to run by many processes at once: whichever comes first
 * does it, the others wait for its commit. On a connection of its own: a large table takes longer than any other
 * statement of ours may.
 *
 * @throws {SchemaTooNewError} A newer program has migrated this database; nothing was changed.
 * @throws {MigrationsNeededError} Somebody with more rights has to do it first; nothing was changed.
 */
export async function migrate(database: Database): Promise<void> {
  const there = await database.transaction(appliedMigrations)
  refuseNewerSchema(there)
  if (MIGRATIONS.every(({ number }) => there.has(number))) return
  const own = await database.upkeep?.()
  try {
    await (own ?? database).transaction(migrateIn)
  } finally {
    await own?.close()
  }
}

async function migrateIn(tx: Transaction): Promise<void> {
  // A role may have limits of its own, as behind a pooler.
  await tx.script('set local statement_timeout = 0; set local lock_timeout = 0')
  await tx.query('select pg_advisory_xact_lock($1)', [LOCK_KEY])
  await tx.script(`set local lock_timeout = '${LOCK_SECONDS}s'`)
  await makePlace(tx)
  const applied = await appliedMigrations(tx)
  refuseNewerSchema(applied)
  await refuseWithoutRights(tx, applied)
  for (const { number, name, sql } of MIGRATIONS) {
    if (applied.has(number)) continue
    await tx.script(sql)
    await tx.query(
      'insert into bank_withdrawal.migrations (number, name, applied_at) values ($1, $2, now())',
      [number, name],
    )
  }
}

const isPlaceThere = async (tx: Transaction): Promise<boolean> => {
  const [place] = await tx.query<{ there: boolean }>(
    `select to_regclass('bank_withdrawal.migrations') is not null as there`,
  )
  return place?.there === true
}

async function makePlace(tx: Transaction): Promise<void> {
  if (await isPlaceThere(tx)) return
  await tx.script(`
    create schema if not exists bank_withdrawal;
    create table bank_withdrawal.migrations (
      number integer primary key, name text not null, applied_at timestamptz not null)`)
}

async function appliedMigrations(tx: Transaction): Promise<Map<number, string>> {
  if (!(await isPlaceThere(tx))) return new Map()
  const rows = await tx.query<{ number: number; name: string }>(
    'select number, name from bank_withdrawal.migrations',
  )
  return new Map(rows.map((row) => [row.number, row.name]))
}

/** In words: what PostgreSQL says of the first statement helps nobody. */
async function refuseWithoutRights(tx: Transaction, applied: ReadonlyMap<number, string>): Promise<void> {
  const missing = MIGRATIONS.filter(({ number }) => !applied.has(number)).map(({ number }) => number)
  if (missing.length === 0) return
  const [rights] = await tx.query<{ mayCreate: boolean }>(
    `select has_schema_privilege('bank_withdrawal', 'create') as "mayCreate"`,
  )
  if (rights?.mayCreate === false)
    throw new MigrationsNeededError(
      `The database needs the migrations ${missing.join(', ')}, and this role may not make them. Run npm run migrate ` +
        `with the role that owns the schema, and start again.`,
    )
}

function refuseNewerSchema(applied: ReadonlyMap<number, string>): void {
  const known = new Set(MIGRATIONS.map((migration) => migration.number))
  const unknown = [...applied].find(([number]) => !known.has(number))
  if (unknown)
    throw new SchemaTooNewError(
      `The database has migration ${unknown[0]} (${unknown[1]}), which this program does not know: a newer version ` +
        `was here. Start that version again, or restore a backup from before it; running on would misread its rows.`,
    )
}
