import { createRepetition } from '../../src/workers/repeat'
import { recordingLogger } from '../helpers/loggers'
import { clockAlone } from '../services/clock-alone'

function repetition(work: () => Promise<unknown> = () => Promise.resolve()) {
  const clock = clockAlone()
  const logger = recordingLogger()
  let times = 0
  const counted = () => {
    times++
    return work()
  }
  return {
    clock,
    logger,
    times: () => times,
    job: createRepetition('job', counted, { everyMs: 100, clock, logger }),
  }
}

describe('what is repeated', () => {
  it('is done at once, and again after each pause', async () => {
    const { clock, job, times } = repetition()
    job.start()
    job.start()
    expect(times()).toBe(1)
    await clock.advance(99)
    expect(times()).toBe(1)
    await clock.advance(1)
    expect(times()).toBe(2)
    await clock.advance(100)
    expect(times()).toBe(3)
    await job.stop()
  })

  it('is done again when it has just said so itself', async () => {
    const clock = clockAlone()
    const doneAt: number[] = []
    const startMs = clock.monotonicMs()
    const work = () => Promise.resolve(doneAt.push(clock.monotonicMs() - startMs))
    const everyMs = () => doneAt.length * 10
    const job = createRepetition('job', work, { everyMs, clock, logger: recordingLogger() })
    job.start()
    for (let ms = 0; ms < 60; ms++) await clock.advance(1)
    expect(doneAt).toEqual([0, 10, 30, 60])
    await job.stop()
  })

  it('goes on after a failure, which is logged', async () => {
    const { clock, job, times, logger } = repetition(() => Promise.reject(new Error('down')))
    job.start()
    await clock.advance(100)
    expect(times()).toBe(2)
    expect(logger.lines[0]).toMatchObject({
      level: 'error',
      event: 'repetition.failed',
      fields: { name: 'job' },
    })
    await job.stop()
  })

  it('never overlaps, and stops when what is going on has ended', async () => {
    let end = () => {}
    const { clock, job, times } = repetition(() => new Promise<void>((resolve) => (end = resolve)))
    job.start()
    await clock.advance(1_000)
    expect(times()).toBe(1)
    let stopped = false
    const stopping = job.stop().then(() => (stopped = true))
    await clock.advance(1)
    expect(stopped).toBe(false)
    end()
    await stopping
    await clock.advance(1_000)
    expect(times()).toBe(1)
    expect(clock.timersLeft).toBe(0)
  })
})
