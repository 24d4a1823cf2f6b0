import { type Database, type Queryable, sqlState } from './connect/database'

/** What became of a look at the months of the journal. */
export interface MonthsKept {
  /**
   * `done`: nothing is left to do. `waits`: somebody had a lock, or is at it; in a minute it may be free. `left`: the last
   * part stays open, since what is in it lies years apart.
   */
  readonly end: 'done' | 'waits' | 'left'
  /** What was done, by the words of the function in the database. */
  readonly steps: readonly string[]
}

/** How the journal lies. */
export interface JournalShape {
  readonly isByMonth: boolean
  /** Where a cut was begun and not ended: no withdrawal can be stored whose id is of then or later. */
  readonly fencedFrom: Date | null
}

export async function readJournalShape(db: Queryable): Promise<JournalShape> {
  const [shape] = await db.query<JournalShape>(
    `select j.relkind = 'p' as "isByMonth",
            (select bank_withdrawal.moment_of_id(substring(pg_get_constraintdef(oid) from '''([^'']+)'''))
               from pg_constraint where conname = 'journal_ends'
                and conrelid in (j.oid, to_regclass('bank_withdrawal.journal_later'))) as "fencedFrom"
       from pg_class j where j.oid = 'bank_withdrawal.journal'::regclass`,
  )
  if (!shape) throw new Error('The database did not say how its journal lies.')
  return shape
}

/** Somebody else has the lock; and one of two that wait for each other. */
const GIVES_WAY = new Set(['55P03', '40P01'])

/** So many months stand ready: whoever keeps none for a quarter misses nothing. */
const MONTHS_AHEAD = 3

/** More than any look takes: a fence, its proof and its cut, and the months of years. */
const STEPS_MAX = 100

/**
 * Keeps months ahead where the journal is cut by month, and cuts it where that is wanted. Each step is a transaction of its own
 * and begins with what it finds, so that this may end anywhere, and be called by many at once.
 *
 * @throws What is no lock: above all `42501`, for a role that may not change the schema.
 */
export async function keepJournalMonths(database: Database, wanted: boolean): Promise<MonthsKept> {
  const { isByMonth, fencedFrom } = await readJournalShape(database)
  if (!wanted && !isByMonth && fencedFrom === null) return { end: 'done', steps: [] }
  const own = await database.upkeep?.()
  try {
    return await takeSteps(own ?? database, wanted)
  } finally {
    await own?.close()
  }
}

async function takeSteps(db: Database, wanted: boolean): Promise<MonthsKept> {
  const steps: string[] = []
  while (steps.length < STEPS_MAX) {
    const step = await nextStep(db, wanted)
    if (step === 'busy') break
    if (step === 'done' || step === 'left') {
      // Nobody else counts the whole: the server itself only looks at its parts.
      if (steps.includes('cut')) await unhurried(db, 'analyze bank_withdrawal.journal')
      return { end: step, steps }
    }
    steps.push(step)
  }
  return { end: 'waits', steps }
}

async function nextStep(db: Database, wanted: boolean): Promise<string> {
  try {
    const [row] = await unhurried<{ step: string }>(
      db,
      'select bank_withdrawal.keep_journal_by_month($1, $2) as step',
      [wanted, MONTHS_AHEAD],
    )
    return row?.step ?? 'done'
  } catch (error) {
    if (GIVES_WAY.has(sqlState(error) ?? '')) return 'busy'
    throw error
  }
}

/** A role may have a limit of its own, as behind a pooler; what reads a whole table takes longer. */
const unhurried = <Row extends object>(db: Database, text: string, parameters: readonly unknown[] = []) =>
  db.transaction(async (tx) => {
    await tx.query('set local statement_timeout = 0')
    return tx.query<Row>(text, parameters)
  })
