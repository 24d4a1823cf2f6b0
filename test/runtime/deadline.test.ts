import { DeadlineError } from '../../src/errors'
import { withDeadline } from '../../src/runtime/deadline'
import { clockAlone } from '../services/clock-alone'

const never = () => new Promise<never>(() => {})

describe('a deadline', () => {
  it('hands over the answer that comes in time', async () => {
    await expect(withDeadline(clockAlone(), 1_000, 'the bank', () => Promise.resolve(42))).resolves.toBe(42)
  })

  it('hands over the error that comes in time, thrown or rejected', async () => {
    const boom = new Error('boom')
    await expect(withDeadline(clockAlone(), 1_000, 'x', () => Promise.reject(boom))).rejects.toBe(boom)
    const thrower = (): Promise<never> => {
      throw boom
    }
    await expect(withDeadline(clockAlone(), 1_000, 'x', thrower)).rejects.toBe(boom)
  })

  it('does not wait for what answers, or throws, at once', async () => {
    const clock = clockAlone()
    const boom = new Error('boom')
    const thrower = (): number => {
      throw boom
    }
    await expect(withDeadline(clock, 1_000, 'x', () => 42)).resolves.toBe(42)
    await expect(withDeadline(clock, 1_000, 'x', () => null)).resolves.toBeNull()
    await expect(withDeadline(clock, 1_000, 'x', thrower)).rejects.toBe(boom)
    expect(clock.timersSet).toBe(0)
  })

  it('waits for a promise of another kind, and hears it once', async () => {
    const clock = clockAlone()
    const twice: PromiseLike<number> = {
      then(resolve: (value: number) => never) {
        resolve(1)
        resolve(2)
        throw new Error('after the answer')
      },
    }
    await expect(withDeadline(clock, 1_000, 'x', () => twice)).resolves.toBe(1)
    const silent: PromiseLike<number> = { then: () => never() }
    const ended = expect(withDeadline(clock, 1_000, 'x', () => silent)).rejects.toBeInstanceOf(DeadlineError)
    await clock.advance(1_000)
    await ended
    expect(clock.timersLeft).toBe(0)
  })

  it('ends the waiting, and says who did not answer and for how long', async () => {
    const clock = clockAlone()
    const ended = expect(withDeadline(clock, 1_000, 'the bank', never)).rejects.toMatchObject({
      message: 'the bank did not answer in 1000 ms',
      name: 'DeadlineError',
      code: 'DEADLINE',
    })
    await clock.advance(1_000)
    await ended
  })

  it('does not end it a moment too early', async () => {
    const clock = clockAlone()
    let answer = (_value: string) => {}
    const waiting = withDeadline(
      clock,
      1_000,
      'x',
      () => new Promise<string>((resolve) => (answer = resolve)),
    )
    await clock.advance(999)
    answer('late, but in time')
    await expect(waiting).resolves.toBe('late, but in time')
  })

  it('ignores an answer, and an error, that come after it', async () => {
    const clock = clockAlone()
    let fail = (_error: Error) => {}
    const waiting = withDeadline(
      clock,
      1_000,
      'x',
      () => new Promise<never>((_resolve, reject) => (fail = reject)),
    )
    const ended = expect(waiting).rejects.toBeInstanceOf(DeadlineError)
    await clock.advance(1_000)
    await ended
    // Unheard, this would be an unhandled rejection and end the process.
    fail(new Error('too late'))
  })

  it('leaves no timer behind', async () => {
    const clock = clockAlone()
    await withDeadline(clock, 1_000, 'x', () => Promise.resolve())
    await expect(withDeadline(clock, 1_000, 'x', () => Promise.reject(new Error('boom')))).rejects.toThrow()
    expect(clock.timersSet).toBe(2)
    expect(clock.timersLeft).toBe(0)
  })
})
