import type { RetentionStore } from '../db/retention'
import { createRetentionRun, type Retention } from '../services/retention'
import type { Config } from '../settings/plugin'
import type { Job } from '../workers/schedule'
import type { Wired } from './wired'

/** When few are up, and the day's batches are long gone. */
const EVERY_NIGHT = '40 3 * * *'

/** None where everything is kept for good. */
export function retentionJobs(
  { config, logger }: Pick<Wired, 'config' | 'logger'>,
  retention: RetentionStore,
): Job[] {
  const keptDays = keptDaysOf(config)
  if (Object.values(keptDays).every((days) => days === 0)) return []
  const run = createRetentionRun({ retention, keptDays, logger })
  return [{ name: 'retention', expression: EVERY_NIGHT, timezone: config.scheduleTimezone, run }]
}

const keptDaysOf = ({ detailsKeptDays, reportsKeptDays, eventsKeptDays }: Config): Retention => ({
  details: detailsKeptDays,
  accounts: detailsKeptDays,
  reports: reportsKeptDays,
  events: eventsKeptDays,
})
