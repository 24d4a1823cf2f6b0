import type { RetentionStore } from '../db/retention'
import { createRetentionRun, type Retention } from '../services/retention'
import type { Config } from '../settings/plugin'
import type { Job } from '../workers/schedule'
import type { Wired } from './wired'

/** When few are up, and the day's batches are long gone. */
const EVERY_NIGHT = '40 3 * * *'

/** None where everything is kept for good. */
export function retentionJobs(
  {
    config,
    logger,
    providers,
  }: Pick<Wired, 'config' | 'logger'> & { readonly providers: Pick<Wired['providers'], 'all'> },
  retention: RetentionStore,
): Job[] {
  const keptDays = keptDaysOf(config)
  if (Object.values(keptDays).every((days) => days === 0)) return []
  const run = createRetentionRun({ retention, providers: providers.all, keptDays, logger })
  return [{ name: 'retention', expression: EVERY_NIGHT, timezone: config.scheduleTimezone, run }]
}

const keptDaysOf = (config: Config): Retention => ({
  details: config.detailsKeptDays,
  accounts: config.detailsKeptDays,
  reports: config.reportsKeptDays,
  events: config.eventsKeptDays,
  files: config.filesKeptDays,
})
