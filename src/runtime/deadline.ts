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
    // Neither throws, so that nothing is left unheard.
    void Promise.resolve().then(work).then(resolve, reject).then(cancel)
  })
}
