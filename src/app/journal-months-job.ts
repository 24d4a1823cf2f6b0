import { type Database, sqlState } from '../db/connect/database'
import { keepJournalMonths, readJournalShape } from '../db/journal-months'
import { errorFields } from '../errors'
import { createRepetition, type Repetition } from '../workers/repeat'
import type { Wired } from './wired'

const HOUR_MS = 3_600_000
/** Whoever had the lock has had it for long enough then. */
const AGAIN_MS = 60_000
const NOT_ALLOWED = '42501'

/**
 * Cuts the journal by month where that is set, and keeps months ahead wherever it is cut: after a start, and each hour.
 *
 * @returns null on an embedded database, which has no journal that large.
 */
export function journalMonths(
  { config, logger, clock }: Pick<Wired, 'config' | 'logger' | 'clock'>,
  database: Database,
): Repetition | null {
  const wanted = config.journalByMonth
  if (database.kind === 'embedded') {
    if (wanted) logger.warn('journal.not_by_month', { explanation: EMBEDDED })
    return null
  }
  let everyMs = HOUR_MS
  let isSaid = false
  const tell = async (error: unknown): Promise<void> => {
    if (sqlState(error) !== NOT_ALLOWED) {
      logger.error('journal.months_failed', { ...errorFields(error), explanation: FAILED })
      return
    }
    const { fencedFrom } = await readJournalShape(database)
    // Each hour: what has been begun has to be ended by somebody before that day.
    if (fencedFrom) logger.error('journal.fence_stands', { from: fencedFrom, explanation: FENCED })
    else if (!isSaid) {
      logger.warn('journal.months_need_rights', { explanation: NEED_RIGHTS })
      isSaid = true
    }
  }
  const look = async () => {
    everyMs = HOUR_MS
    try {
      const { end, steps } = await keepJournalMonths(database, wanted)
      if (end === 'waits') everyMs = AGAIN_MS
      if (steps.length > 0) logger.info('journal.months', { steps, end })
      if (end === 'left') logger.warn('journal.month_left_open', { explanation: LEFT_OPEN })
    } catch (error) {
      await tell(error)
    }
  }
  return createRepetition('journal months', look, { everyMs: () => everyMs, clock, logger })
}

const EMBEDDED =
  'journalByMonth has no effect on the embedded database: its journal stays in one piece. Set DATABASE_URL for a PostgreSQL server.'
const NEED_RIGHTS =
  'The journal is to be cut by month, or to get its next months, and this database role may not change the schema. Run npm run migrate -- --journal-by-month with the role that owns it. Nothing waits for it.'
const FENCED =
  'Cutting the journal was begun and not ended: withdrawals from that day on could not be stored. Run npm run migrate -- --journal-by-month before it, with the role that owns the journal.'
const LEFT_OPEN =
  'The last part of the journal holds entries that lie years apart, of a clock that was wrong for instance. It stays open at its end, and everything works on in it.'
const FAILED =
  'The journal works on as it is; the next look is in an hour (docs/operations.md, The journal by month).'
