import { errorFields } from '../errors'
import type { Clock } from '../ports/clock'
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
 * Runs jobs at their times. The clock only decides when to look: ticks of many instances at once are sorted out by leases,
 * and what was due while this process stood still, however long, is run once when it goes on.
 */
export interface Schedule {
  start(): void
  /** Starts nothing more; a job that runs goes on. */
  stop(): Promise<void>
}

interface ScheduleDeps {
  readonly clock: Pick<Clock, 'now' | 'setTimer'>
  /** The first time after `from`; null where it never comes. */
  readonly nextRun: (expression: string, timezone: string, from: Date) => Date | null
  readonly logger: Logger
}

/** The clock may be set, and a timer does not count while a machine sleeps. */
const ASLEEP_MAX_MS = 60_000

export function createSchedule(jobs: readonly Job[], deps: ScheduleDeps): Schedule {
  let stops: readonly (() => void)[] = []
  return {
    start() {
      if (stops.length === 0) stops = jobs.map((job) => startJob(job, deps))
    },
    stop() {
      for (const stop of stops) stop()
      stops = []
      return Promise.resolve()
    },
  }
}

/** @returns Stops it. */
function startJob(
  { name: job, expression, timezone, run }: Job,
  { clock, nextRun, logger }: ScheduleDeps,
): () => void {
  let isRunning = false

  async function begin(): Promise<void> {
    if (isRunning) {
      logger.warn('schedule.notice', { job, notice: 'left out: the last run is not over' })
      return
    }
    isRunning = true
    logger.debug('schedule.tick', { job })
    try {
      await run()
    } catch (error) {
      logger.error('schedule.failed', { job, ...errorFields(error) })
    } finally {
      isRunning = false
    }
  }

  function sleep(): () => void {
    const now = clock.now()
    const next = nextRun(expression, timezone, now)
    if (next === null) {
      logger.error('schedule.notice', { job, notice: 'never begins by itself: its schedule never comes' })
      return () => {}
    }
    return clock.setTimer(Math.min(next.getTime() - now.getTime(), ASLEEP_MAX_MS), () => {
      const isDue = clock.now() >= next
      cancel = sleep()
      if (isDue) void begin()
    })
  }

  let cancel = sleep()
  return () => cancel()
}
