import { type GroupedSettings, inGroup } from './groups'
import { flag, inDesk } from './setting'

export const JOURNAL_SETTINGS = inDesk(
  inGroup('rare', {
    journalByMonth: flag(
      'Whether the journal is cut into parts by month, on a PostgreSQL server. What is cut stays cut; the embedded database has one piece.',
      false,
    ),
  }),
) satisfies GroupedSettings
