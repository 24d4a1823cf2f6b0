import type { CodeLock, GateStore, LockRule } from '../../db/gates'
import { AppError } from '../../errors'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'

/** What the exchange says of a code. */
export type CodeVerdict = 'ok' | 'missing' | 'invalid'

/**
 * Keeps one-time codes from being guessed: after a few wrong ones a user's codes are not looked at for a while, and
 * for twice as long after each further one. Counted in the database, for all instances and across restarts.
 */
export interface CodeLocks {
  /**
   * Asks about a user's code. One at a time: of a hundred guesses sent at once the first wrong ones count, too.
   *
   * @throws {AppError} `otp_locked`: nobody was asked.
   */
  check(userId: number, ask: () => Promise<CodeVerdict>): Promise<CodeVerdict>
}

/** Where there is nothing to guess, and where somebody else counts. */
export const NO_CODE_LOCKS: CodeLocks = { check: (_userId, ask) => ask() }

export function createCodeLocks(deps: {
  readonly gates: Pick<GateStore, 'findCodeLock' | 'addWrongCode' | 'forgetWrongCodes'>
  readonly rule: LockRule
  readonly clock: Clock
  readonly logger: Logger
}): CodeLocks {
  const { gates, rule, clock, logger } = deps
  const turns = new Map<number, Promise<unknown>>()
  /** Until when nobody has to be asked about a lock; it may be lifted meanwhile, so not for long. */
  const knownLocks = new Map<number, number>()

  async function inTurn(userId: number, ask: () => Promise<CodeVerdict>): Promise<CodeVerdict> {
    const lock = await gates.findCodeLock(userId, rule)
    refuseWhileLocked(lock, userId)
    const verdict = await ask()
    if (verdict === 'invalid') tellOf(await gates.addWrongCode(userId, rule))
    if (verdict === 'ok' && lock) await gates.forgetWrongCodes(userId)
    return verdict
  }

  function refuseWhileLocked(lock: CodeLock | null, userId: number): void {
    if (!lock || lock.lockedSeconds === 0) return
    if (knownLocks.size > 10_000) knownLocks.clear()
    knownLocks.set(userId, clock.monotonicMs() + Math.min(lock.lockedSeconds, LOOK_AGAIN_SECONDS) * 1_000)
    throw locked(lock.lockedSeconds)
  }

  function tellOf({ userId, wrong, lockedSeconds }: CodeLock): void {
    const fields = { userId, wrong, lockedSeconds }
    if (lockedSeconds === 0) logger.info('security.wrong_code', fields)
    else logger.warn('security.codes_locked', { ...fields, explanation: EXPLANATION })
  }

  return {
    async check(userId, ask) {
      const knownUntilMs = knownLocks.get(userId) ?? -Infinity
      const leftMs = knownUntilMs - clock.monotonicMs()
      if (leftMs > 0) throw locked(Math.ceil(leftMs / 1_000))
      knownLocks.delete(userId)
      const before = turns.get(userId) ?? Promise.resolve()
      const turn = before.then(() => inTurn(userId, ask))
      const done = turn.catch(() => {})
      turns.set(userId, done)
      void done.then(() => {
        if (turns.get(userId) === done) turns.delete(userId)
      })
      return turn
    },
  }
}

/** How long codes are left alone. `free` is a setting. */
export const CODE_LOCK_RULE = {
  firstSeconds: 30,
  longestSeconds: 3_600,
  forgottenAfterHours: 24,
} as const satisfies Omit<LockRule, 'free'>

const LOOK_AGAIN_SECONDS = 5
const EXPLANATION =
  'Somebody who can sign in as this user guesses one-time codes, or the user’s phone shows another time.'

const locked = (seconds: number): AppError =>
  new AppError(
    'otp_locked',
    `There were too many wrong one-time codes. Please wait ${inWords(seconds)} and try again.`,
    { retryAfterSeconds: seconds },
  )

const inWords = (seconds: number): string =>
  seconds <= 90 ? `${seconds} second${seconds === 1 ? '' : 's'}` : `${Math.ceil(seconds / 60)} minutes`
