import { systemClock } from '../../src/runtime/clock'
import { nextRun } from '../../src/runtime/next-run'
import { parseConfig } from '../../src/settings/plugin'
import { createSchedule, type Job } from '../../src/workers/schedule'
import { anotherProcess, createBatchWorld } from '../helpers/batch-world'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { recordingLogger, silentLogger } from '../helpers/loggers'
import { World } from '../helpers/world'

const EVERY_SECOND = { expression: '* * * * * *', timezone: 'UTC' }

/** Resolves at the nth run of a job. */
function counted(name: string, more: () => Promise<unknown> = () => Promise.resolve()) {
  let runs = 0
  const waiting: { at: number; resolve: () => void }[] = []
  const job: Job = {
    ...EVERY_SECOND,
    name,
    run() {
      runs++
      for (const { at, resolve } of waiting) if (runs >= at) resolve()
      return more()
    },
  }
  const more_ = (count: number) => new Promise<void>((resolve) => waiting.push({ at: runs + count, resolve }))
  return { job, runs: () => runs, more: more_ }
}

describe('the schedule', () => {
  it('runs a job at its time, not while it still runs, and not after it was stopped', async () => {
    const metronome = counted('metronome')
    const slow = counted('slow', () => new Promise(() => {}))
    const ended = counted('ended')
    const clockwork = createSchedule([metronome.job], { clock: systemClock, nextRun, logger: silentLogger })
    const logger = recordingLogger()
    const schedule = createSchedule([slow.job, ended.job], { clock: systemClock, nextRun, logger })
    clockwork.start()
    schedule.start()
    schedule.start()
    await ended.more(3)
    expect(slow.runs()).toBe(1)
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', event: 'schedule.notice', fields: expect.any(Object) }),
    )

    await schedule.stop()
    const before = ended.runs()
    await metronome.more(2)
    expect(ended.runs()).toBe(before)
    await clockwork.stop()
  })

  describe('that has stood still', () => {
    const daily = { name: 'daily', expression: '0 14 * * *', timezone: 'UTC' }

    it.each([
      [
        'for some seconds at its time',
        '2026-03-02T13:59:50Z',
        ['2026-03-02T14:00:07Z', '2026-03-02T14:01:07Z'],
      ],
      ['for days', '2026-03-02T13:59:50Z', ['2026-03-05T15:00:00Z', '2026-03-05T15:01:00Z']],
      [
        'when the clock is set back over it',
        '2026-03-02T14:00:10Z',
        ['2026-03-02T13:59:50Z', '2026-03-02T14:00:00Z'],
      ],
    ])('makes up for it once: %s', async (_how, startsAt, wakesAt) => {
      let now = new Date(startsAt)
      let wake = () => {}
      const clock = {
        now: () => now,
        setTimer(_ms: number, wanted: () => void) {
          wake = wanted
          return () => {}
        },
      }
      const ran: string[] = []
      const run = () => Promise.resolve(ran.push(now.toISOString()))
      const schedule = createSchedule([{ ...daily, run }], { clock, nextRun, logger: silentLogger })
      schedule.start()
      for (const at of wakesAt) {
        now = new Date(at)
        wake()
      }
      await schedule.stop()
      expect(ran).toHaveLength(1)
    })
  })

  it('goes on with the other jobs where one is for a time that never comes, and says so', () => {
    const logger = recordingLogger()
    let timers = 0
    const clock = { now: () => new Date(0), setTimer: () => (timers++, () => {}) }
    const run = () => Promise.resolve()
    const never = { name: 'never', expression: '0 0 31 * 1#2', timezone: 'UTC', run }
    const schedule = createSchedule([never, { ...never, ...EVERY_SECOND, name: 'other' }], {
      ...{ clock, nextRun, logger },
    })
    schedule.start()
    expect(timers).toBe(1)
    expect(logger.lines).toMatchObject([
      { level: 'error', event: 'schedule.notice', fields: { job: 'never' } },
    ])
    return schedule.stop()
  })

  it.each(['every day', '* * * *', '61 * * * *', '*/0 * * * *', '0 0 30 2 *', 5, {}])(
    'is refused at the start when it is %p, together with all other problems',
    (schedule) => {
      const problems = () =>
        parseConfig({
          schedule,
          schedules: { sandbox: schedule },
          scheduleTimezone: 'Mars/Olympus',
          mode: 'x',
        })
      expect(problems).toThrow(/mode must be/)
      expect(problems).toThrow(/schedule must be a cron expression/)
      expect(problems).toThrow(/schedules must be name=value pairs.*cron expression/)
      expect(problems).toThrow(/scheduleTimezone must be a time zone/)
    },
  )

  it.each([5, true, ['sandbox=batch'], 'sandbox', 'Sandbox=batch', 'sandbox=sometimes'])(
    'modes of single providers are refused when they are %p',
    (modes) => {
      expect(() => parseConfig({ modes })).toThrow(/modes must be name=value pairs/)
    },
  )

  it('takes expressions with commas, per provider, from the environment', () => {
    expect(parseConfig({ schedules: 'sandbox=0 9,15 * * 1-5; other=* * * * *' }).schedules).toEqual({
      sandbox: '0 9,15 * * 1-5',
      other: '* * * * *',
    })
  })
})

describe('the schedule of the plugin', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it.each([
    ['modes', { modes: { sandbx: 'batch' } }],
    ['schedules', { schedules: { sandbx: '* * * * *' } }],
  ])('refuses %s for a provider that is not there', async (setting, config) => {
    await expect(World.create(database, { config })).rejects.toThrow(
      `${setting} names a provider that is not configured: sandbx`,
    )
  })

  it('sends what waits for a batch after the mode was changed back, too', async () => {
    const { world, bank, waiting } = await createBatchWorld(database)
    await waiting('10', '11')
    await world.app.stop()

    const sent = new Promise<void>((resolve) => {
      const real = bank.provider()
      const provider = () => ({
        ...real,
        submit: (order: Parameters<typeof real.submit>[0]) => real.submit(order).finally(resolve),
      })
      const config = { mode: 'immediate', schedule: '* * * * * *', worker: true }
      const later = anotherProcess(world, { config, around: { provider } })
      void later.start().then(() => started.push(later))
    })
    const started: World[] = []
    await sent
    for (const process of started) await process.app.stop()

    expect(bank.orders).toMatchObject([{ items: { length: 2 } }])
    await world.start()
    await world.runToRest()
    expect(bank.amounts).toEqual(['10', '11'])
  })
})
