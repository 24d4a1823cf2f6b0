import { AppError } from '../errors'

/** More than anybody looks at; fewer than would be felt. */
const WAITING_MAX = 20

export type InTurn = <Result>(userId: number, work: () => Promise<Result>) => Promise<Result>

/**
 * One list at a time for each user, in the order asked for: whoever opens many connections waits behind himself, and
 * the others do not.
 *
 * @throws {AppError} `lists_busy` when too many of the same user wait already.
 */
export function createTurns(): InTurn {
  const waiting = new Map<number, (() => void)[]>()
  return async (userId, work) => {
    const before = waiting.get(userId)
    if (before === undefined) waiting.set(userId, [])
    else if (before.length < WAITING_MAX) await new Promise<void>((resolve) => before.push(resolve))
    else throw listsBusy('Too many of your lists are being read at once. Please wait for their answers.')
    try {
      return await work()
    } finally {
      const next = waiting.get(userId)?.shift()
      if (next) next()
      else waiting.delete(userId)
    }
  }
}

export const listsBusy = (message: string, cause?: unknown): AppError =>
  new AppError('lists_busy', message, { retryAfterSeconds: 2, cause })
