import { errorFields } from '../errors'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'

/** Does something again and again, with a pause in between, which may depend on what was just done. */
export interface Repetition {
  start(): void
  /** Resolves when what is going on has ended. */
  stop(): Promise<void>
}

export function createRepetition(
  name: string,
  work: () => Promise<unknown>,
  { everyMs, clock, logger }: { everyMs: number | (() => number); clock: Clock; logger: Logger },
): Repetition {
  let cancel = () => {}
  let running: Promise<void> | null = null
  let isOn = false

  function once(): void {
    running = work()
      .catch((error: unknown) => logger.error('repetition.failed', { name, ...errorFields(error) }))
      .then(() => {
        running = null
        if (isOn) cancel = clock.setTimer(typeof everyMs === 'number' ? everyMs : everyMs(), once)
      })
  }

  return {
    start() {
      if (isOn) return
      isOn = true
      once()
    },
    async stop() {
      isOn = false
      cancel()
      await running
    },
  }
}
