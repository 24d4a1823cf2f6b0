import { DeadlineError } from '../errors'
import type { Clock } from '../ports/clock'

/**
 * Waits for `work` at most `ms`.
 *
 * @throws {DeadlineError} The work goes on unheard and may still take effect: the outcome is unknown.
 */
export function withDeadline<Result>(
  clock: Pick<Clock, 'setTimer'>,
  ms: number,
  what: string,
  work: () => PromiseLike<Result>,
): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    const cancel = clock.setTimer(ms, () => reject(new DeadlineError(`${what} did not answer in ${ms} ms`)))
    const started = Promise.resolve().then(work)
    started
      .then(resolve, reject)
      .finally(cancel)
      .catch(() => {})
  })
}
