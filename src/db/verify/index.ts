import type { Database, Transaction } from '../connect/database'
import { MIGRATIONS } from '../connect/migrations.generated'
import type { Check } from './check'
import { checksOf } from './checks'
import { checkHeads, type HeadSettings } from './heads'
import { checkSeals, type JudgeRow } from './seals'

export interface Finding {
  readonly id: string
  readonly detail: string
}

export interface CheckResult {
  readonly name: string
  readonly holds: string
  /** All there are; `findings` has the first of them. */
  readonly count: number
  readonly findings: readonly Finding[]
}

export interface VerifySettings extends HeadSettings {
  readonly stuckMinutes: number
  /** How many offenders are named per check. */
  readonly namedMax: number
  /** Left out where the keys are not known: then nobody can say whether rows were changed. */
  readonly judgeRow?: JudgeRow
}

/** Nothing is said about the rows: they could not be read, or would be misread. */
export class CannotVerifyError extends Error {
  override readonly name = 'CannotVerifyError'
}

/**
 * Checks the invariants of a database with plain SQL, in one read-only snapshot: a row that moves meanwhile is seen
 * either before or after, never half. Takes no lock that a writer would wait for.
 *
 * @throws {CannotVerifyError} The schema is not ours, or of another version.
 */
export const verifyDatabase = (
  database: Database,
  settings: VerifySettings,
): Promise<readonly CheckResult[]> =>
  database.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only')
    // The program's own limit is meant for statements that take milliseconds.
    await tx.query('set local statement_timeout = 0')
    await refuseOtherSchema(tx)
    const results: CheckResult[] = []
    for (const check of checksOf(settings)) results.push(await run(tx, check, settings.namedMax))
    results.push(await checkHeads(tx, settings, settings.namedMax))
    if (settings.judgeRow) results.push(await checkSeals(tx, settings.judgeRow, settings.namedMax))
    return results
  })

async function run(tx: Transaction, { name, holds, sql }: Check, namedMax: number): Promise<CheckResult> {
  const rows = await tx.query<{ id: string; detail: string; total: number }>(
    `select id::text as id, detail::text as detail, (count(*) over ())::int as total from (${sql}) found
      order by 1, 2 limit $1`,
    [namedMax],
  )
  return {
    name,
    holds,
    count: rows[0]?.total ?? 0,
    findings: rows.map(({ id, detail }) => ({ id, detail })),
  }
}

async function refuseOtherSchema(tx: Transaction): Promise<void> {
  const [place] = await tx.query<{ there: boolean }>(
    `select to_regclass('bank_withdrawal.migrations') is not null as there`,
  )
  if (!place?.there) throw new CannotVerifyError('There is no schema bank_withdrawal in this database.')
  const applied = await tx.query<{ number: number }>(
    'select number from bank_withdrawal.migrations order by number',
  )
  const has = applied.map(({ number }) => number).join(', ')
  const wanted = MIGRATIONS.map(({ number }) => number).join(', ')
  if (has !== wanted)
    throw new CannotVerifyError(
      `The database has the migrations ${has || 'none'}; this program knows ${wanted}. Use the version that runs on it.`,
    )
}
