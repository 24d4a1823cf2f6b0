import { schedule as scheduleCron, type ScheduledTask } from 'node-cron'

import type { Logger } from '../ports/logger'

export interface Job {
  readonly name: string
  /** A cron expression, checked with the settings. */
  readonly expression: string
  readonly timezone: string
  /** Never rejects. */
  readonly run: () => Promise<unknown>
}

/**
 * Runs jobs at their times. The clock only decides when to look: a missed tick loses nothing, for the next one finds
 * what is due, and ticks of many instances at once are sorted out by leases.
 */
export interface Schedule {
  start(): void
  /** Starts nothing more; a job that runs goes on. */
  stop(): Promise<void>
}

export function createSchedule(jobs: readonly Job[], logger: Logger): Schedule {
  let tasks: ScheduledTask[] = []
  return {
    start() {
      if (tasks.length > 0) return
      tasks = jobs.map(({ name, expression, timezone, run }) =>
        scheduleCron(
          expression,
          async () => {
            logger.debug('schedule.tick', { job: name })
            await run()
          },
          { name, timezone, noOverlap: true },
        ),
      )
    },
    async stop() {
      await Promise.all(tasks.map(async (task) => task.destroy()))
      tasks = []
    },
  }
}
