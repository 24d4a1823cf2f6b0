import type { Figures, FigureStore } from '../../db/figures'
import { errorFields } from '../../errors'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import { withDeadline } from '../../runtime/deadline'

/** What was last read, and whether the database has answered this time. */
export interface SeenFigures {
  /** null where it has never answered. */
  readonly figures: Figures | null
  readonly ageSeconds: number
  readonly databaseAnswers: boolean
}

/** Many ask at once, and again and again: the database is asked once for all of them. Never throws. */
export type WatchFigures = () => Promise<SeenFigures>

/** Nobody looks more closely than this. */
const KNOWN_FOR_MS = 5_000
/** Whoever collects gives up after ten seconds; what is known is told before that. */
const READ_TIMEOUT_MS = 2_000

export function createFigures({
  store,
  clock,
  logger,
}: {
  readonly store: FigureStore
  readonly clock: Clock
  readonly logger: Logger
}): WatchFigures {
  let known: { figures: Figures; atMs: number } | null = null
  let askedAtMs = -Infinity
  let answers = true
  let asking: Promise<void> | null = null

  async function ask(): Promise<void> {
    askedAtMs = clock.monotonicMs()
    try {
      const figures = await withDeadline(clock, READ_TIMEOUT_MS, 'the database', store.readFigures)
      known = { figures, atMs: clock.monotonicMs() }
      answers = true
    } catch (error) {
      if (answers) logger.warn('figures.unread', errorFields(error))
      answers = false
    }
  }

  return async () => {
    // One that is down is asked no more often than one that answers.
    if (clock.monotonicMs() - askedAtMs >= KNOWN_FOR_MS)
      asking ??= ask().finally(() => {
        asking = null
      })
    await asking
    return {
      figures: known?.figures ?? null,
      ageSeconds: known ? Math.max(0, (clock.monotonicMs() - known.atMs) / 1_000) : 0,
      databaseAnswers: answers,
    }
  }
}
