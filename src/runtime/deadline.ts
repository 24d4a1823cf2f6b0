import { DeadlineError } from '../errors'
import type { Clock } from '../ports/clock'

/**
 * Begins `work`, and waits for its answer at most `ms`. What answers at once, without a promise, is not waited for.
 *
 * @throws {DeadlineError} The work goes on unheard and may still take effect: the outcome is unknown.
 */
export function withDeadline<Result>(
  clock: Pick<Clock, 'setTimer'>,
  ms: number,
  what: string,
  work: () => Result | PromiseLike<Result>,
): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    // What it throws rejects.
    const answer = work()
    if (!isAwaited(answer)) return resolve(answer)
    const cancel = clock.setTimer(ms, () => reject(new DeadlineError(`${what} did not answer in ${ms} ms`)))
    // Of another kind perhaps, or of another realm: only our own is sure to call back once, and later.
    void Promise.resolve(answer).then(resolve, reject).then(cancel)
  })
}

const isAwaited = <Result>(answer: Result | PromiseLike<Result>): answer is PromiseLike<Result> =>
  (typeof answer === 'object' || typeof answer === 'function') && answer !== null && 'then' in answer
