import { createGateStore, type GateStore } from '../../../src/db/gates'
import {
  CODE_LOCK_RULE,
  type CodeLocks,
  type CodeVerdict,
  createCodeLocks,
} from '../../../src/services/limits/code-locks'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { recordingLogger } from '../../helpers/loggers'
import { TestClock } from '../../helpers/test-clock'

describe.each(DATABASE_KINDS)('Guessing one-time codes, counted in %s', (kind) => {
  let database: TestDatabase
  let clock: TestClock
  let gates: GateStore
  let logger: ReturnType<typeof recordingLogger>
  let asked: number
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await database.reset()
    clock = new TestClock(database)
    gates = createGateStore(database)
    logger = recordingLogger()
    asked = 0
  })
  const instance = () => createCodeLocks({ gates, clock, logger, rule: { ...CODE_LOCK_RULE, free: 4 } })
  const says = (verdict: CodeVerdict) => () => {
    asked++
    return Promise.resolve(verdict)
  }
  /** @returns The verdict, or for how many seconds nobody is asked. */
  const guess = (locks: CodeLocks, verdict: CodeVerdict = 'invalid', userId = 7) =>
    locks.check(userId, says(verdict)).catch((error: { code: string; retryAfterSeconds: number }) => {
      expect(error.code).toBe('otp_locked')
      return error.retryAfterSeconds
    })
  const guesses = async (locks: CodeLocks, count: number) => {
    for (let sent = 0; sent < count; sent++) expect(await guess(locks)).toBe('invalid')
  }

  it('ends after five wrong ones, for twice as long each time, up to an hour', async () => {
    const locks = instance()
    await guesses(locks, 5)

    for (const seconds of [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]) {
      expect((await gates.findCodeLock(7, { ...CODE_LOCK_RULE, free: 4 }))?.lockedSeconds).toBe(seconds)
      const before = asked
      expect(await guess(locks)).toBeGreaterThan(0)
      expect(asked).toBe(before)
      await clock.advance(seconds * 1_000)
      expect(await guess(locks)).toBe('invalid')
    }
  })

  it('costs a hundred guesses at once as much as one after the other', async () => {
    const locks = instance()
    await Promise.all(Array.from({ length: 100 }, () => guess(locks)))

    expect(asked).toBe(5)
  })

  it('is counted for ten instances and over restarts', async () => {
    const instances = Array.from({ length: 10 }, instance)
    await Promise.all(instances.flatMap((locks) => Array.from({ length: 20 }, () => guess(locks))))
    // Each of them may have asked before it heard of the last wrong one.
    expect(asked).toBeLessThanOrEqual(5 + 9)

    const before = asked
    expect(await guess(instance())).toBeGreaterThan(0)
    expect(asked).toBe(before)
  })

  it('says nothing about another user', async () => {
    const locks = instance()
    await guesses(locks, 5)

    expect(await guess(locks, 'ok', 8)).toBe('ok')
  })

  it('begins anew with a right code, and after a day', async () => {
    const locks = instance()
    await guesses(locks, 4)
    expect(await guess(locks, 'ok')).toBe('ok')
    await guesses(locks, 4)
    await clock.advance(25 * 3_600_000)
    await guesses(locks, 4)

    expect(await guess(locks, 'ok')).toBe('ok')
  })

  it('does not count a code that nobody could look at', async () => {
    const locks = instance()
    for (let sent = 0; sent < 9; sent++)
      await expect(locks.check(7, () => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer')

    expect(await guess(locks, 'ok')).toBe('ok')
  })

  it('is told to the operator with each lock, without a code', async () => {
    const locks = instance()
    await guesses(locks, 5)

    expect(logger.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { event: 'security.codes_locked', fields: { userId: 7, wrong: 5, lockedSeconds: 30 } },
    ])
    expect(await gates.listCodeLocks(10)).toMatchObject([{ userId: 7, wrong: 5, lockedSeconds: 30 }])
  })
})
