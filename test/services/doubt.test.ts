import type { PaymentProvider } from '../../src/ports/payment-provider'
import { between } from '../helpers/between'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { recordingLogger } from '../helpers/loggers'
import { World } from '../helpers/world'

/** Goal: not knowing is never guessed. What a provider cannot say for certain waits, is looked up, or is asked of a person. */
describe('a payout in doubt', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  const timeout = () => Promise.reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }))

  it('is sent again with the same key, after a conclusive "not found" and the quiet time', async () => {
    const sent: { key: string; at: number }[] = []
    const world: World = await World.create(database, {
      around: {
        provider: between({
          submit: (call, times, { key }) => {
            sent.push({ key, at: world.clock.monotonicMs() })
            return times === 1 ? timeout() : call()
          },
        }),
      },
    })
    await world.withdrawn(10)
    await world.runToRest()

    const [first, second] = sent
    expect(sent).toHaveLength(2)
    expect(second?.key).toBe(first?.key)
    expect(Number(second?.at) - Number(first?.at)).toBeGreaterThanOrEqual(120_000)
    expect(await world.bank.executions()).toHaveLength(1)
  })

  it.each(['by_key', 'none'] as const)(
    'is not sent again early because the clock of the database jumped ahead (look-up: %s)',
    async (lookup) => {
      const sentAt: number[] = []
      const world: World = await World.create(database, {
        around: {
          provider: (provider) => ({
            ...between({
              submit: (call, times) => {
                sentAt.push(world.clock.monotonicMs())
                return times === 1 ? timeout() : call()
              },
            })(provider),
            capabilities: { ...provider.capabilities, lookup },
          }),
        },
      })
      const { id } = await world.withdrawn(10)
      await world.clock.stepDatabase(5 * 60_000)
      await world.runToRest()

      expect(Number(sentAt[1]) - Number(sentAt[0])).toBeGreaterThanOrEqual(120_000)
      expect((await world.row(id)).state).toBe('processed')
      expect(await world.bank.executions()).toHaveLength(1)
    },
  )

  it('counts the quiet time from when the request was given up, not from when it was intended', async () => {
    let givenUpAt = 0
    let sentAgainAt = 0
    const world: World = await World.create(database, {
      around: {
        provider: between({
          submit: async (call, times) => {
            if (times > 1) {
              sentAgainAt = world.clock.monotonicMs()
              return call()
            }
            // A slow host: the request leaves this much later than its intent was stored.
            await world.clock.advance(8_000)
            givenUpAt = world.clock.monotonicMs()
            return timeout()
          },
        }),
      },
    })
    await world.withdrawn(10)
    await world.runToRest()
    expect(sentAgainAt - givenUpAt).toBeGreaterThanOrEqual(120_000)
  })

  it('whose sender died counts the quiet time from the end of its lease, until which it may have sent', async () => {
    let sends = 0
    let reached = () => {}
    const isSending = new Promise<void>((resolve) => {
      reached = resolve
    })
    let sentAgainAt = 0
    const world: World = await World.create(database, {
      around: {
        provider: between({
          submit: (call) => {
            if (++sends === 1) {
              reached()
              return new Promise(() => {})
            }
            sentAgainAt = world.clock.monotonicMs()
            return call()
          },
        }),
      },
    })
    const leaseEndsAt = world.clock.monotonicMs() + 90_000
    world.withdraw(10).end(() => {})
    await isSending
    await world.start()
    await world.clock.advance(90_000)
    await world.runToRest()
    expect(await world.rows()).toMatchObject([{ state: 'processed' }])
    expect(sentAgainAt - leaseEndsAt).toBeGreaterThanOrEqual(120_000)
  })

  it('that arrives after the first look is found by the next, long before the quiet time is over', async () => {
    let arrive: () => Promise<unknown> = () => Promise.reject(new Error('Nothing was sent.'))
    const world: World = await World.create(database, {
      around: {
        provider: between({
          submit: (call) => {
            arrive = call
            return timeout()
          },
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    const askedAt = world.clock.monotonicMs()
    await world.clock.advance(3_000)
    await world.engine.runner.tick()
    expect((await world.row(id)).state).toBe('in_doubt')
    await arrive()

    await world.runToRest()
    expect((await world.row(id)).state).toBe('processed')
    expect(world.clock.monotonicMs() - askedAt).toBeLessThan(60_000)
    expect(await world.bank.executions()).toHaveLength(1)
  })

  it('is looked at again as soon as its age says, however many looks were killed or could not count', async () => {
    const world: World = await World.create(database, {
      around: { provider: between({ submit: timeout, lookup: timeout }) },
    })
    const { id } = await world.withdrawn(10)
    await world.clock.advance(3_000)
    await world.engine.runner.tick()
    await database.query(
      'update bank_withdrawal.withdrawals set attempts = 12, next_run_at = updated_at where id = $1',
      [id],
    )
    await world.clock.advance(60_000)
    await world.engine.runner.tick()
    const { state, nextRunAt, readAt } = await world.row(id)
    expect(state).toBe('in_doubt')
    expect(Number(nextRunAt) - Number(readAt)).toBeLessThan(30_000)
  })

  it('cannot be canceled, and its balance stays locked', async () => {
    const world = await World.create(database, { around: { provider: between({ submit: timeout }) } })
    const { id } = await world.withdrawn(10)

    await world.post('', { path: `/${id}/cancel` }).expect(409)
    expect(await world.balance()).toEqual({ available: 9_990, locked: 10 })
  })

  it('that the provider declines in the meantime is only released after the quiet time', async () => {
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: timeout,
          lookup: () => Promise.resolve({ kind: 'declined', code: 'account_closed' }),
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.clock.advance(100_000)
    await world.engine.runner.tick()
    expect((await world.row(id)).state).toBe('in_doubt')

    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'account_closed' })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('that nobody can clear up becomes a question to a person, and is never sent again', async () => {
    let submits = 0
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: () => {
            submits++
            return timeout()
          },
          lookup: () => Promise.resolve({ kind: 'not_found', conclusive: false }),
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.runToRest()

    expect(await world.row(id)).toMatchObject({ state: 'in_doubt', reasonCode: 'unresolved' })
    expect(await world.asked()).toEqual([['unresolved', id]])
    expect(submits).toBe(1)
  })

  it('is not sent again once the key may have been forgotten by the provider', async () => {
    let submits = 0
    const forgetful = (provider: PaymentProvider): PaymentProvider => ({
      ...between({
        submit: () => {
          submits++
          return timeout()
        },
        lookup: () =>
          Promise.resolve(
            submits === 1 && world.clock.monotonicMs() - startedAt < 3_600_000
              ? { kind: 'unknown', why: 'down' }
              : { kind: 'not_found', conclusive: true },
          ),
      })(provider),
      capabilities: { ...provider.capabilities, keyLifetimeMs: 3_600_000 },
    })
    const world: World = await World.create(database, { around: { provider: forgetful } })
    const startedAt = world.clock.monotonicMs()
    const { id } = await world.withdrawn(10)
    await world.runToRest()

    expect(await world.row(id)).toMatchObject({ state: 'in_doubt', reasonCode: 'unresolved' })
    expect(await world.asked()).toEqual([['unresolved', id]])
    expect(submits).toBe(1)
  })

  it('at a provider without a look-up is cleared up by sending the same key again', async () => {
    const keys: string[] = []
    const blind = (provider: PaymentProvider): PaymentProvider => ({
      ...between({
        submit: async (call, times, { key }) => {
          keys.push(key)
          const outcome = await call()
          return times === 1 ? timeout() : outcome
        },
        lookup: () => Promise.reject(new Error('not offered')),
      })(provider),
      capabilities: { ...provider.capabilities, lookup: 'none' },
    })
    const world = await World.create(database, { around: { provider: blind } })
    const { id } = await world.withdrawn(10)
    await world.runToRest()

    expect((await world.row(id)).state).toBe('processed')
    expect(new Set(keys).size).toBe(1)
    expect(keys).toHaveLength(2)
    expect(await world.bank.executions()).toHaveLength(1)
  })

  it('finds its end alone after an outage of more than a day, though a person was asked meanwhile', async () => {
    const logger = recordingLogger()
    let isDown = true
    const world = await World.create(database, {
      logger,
      around: {
        provider: between({
          submit: (call) => call().then(timeout),
          lookup: (call) => (isDown ? Promise.reject(new Error('ECONNREFUSED')) : call()),
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.runToRest(26 * 3_600_000)
    expect(await world.row(id)).toMatchObject({ state: 'in_doubt', reasonCode: 'unresolved' })
    expect(await world.asked()).toEqual([['unresolved', id]])
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ level: 'error', event: 'difference.opened' }),
    )

    isDown = false
    await world.runToRest(3 * 3_600_000)
    expect(await world.row(id)).toMatchObject({ state: 'processed', reasonCode: null })
    expect(await world.bank.executions()).toHaveLength(1)
  })

  it('is looked up ever more slowly while the provider does not answer', async () => {
    const lookedAt: number[] = []
    const world: World = await World.create(database, {
      around: {
        provider: between({
          submit: timeout,
          lookup: () => {
            lookedAt.push(world.clock.monotonicMs())
            return Promise.reject(new Error('down'))
          },
        }),
      },
    })
    await world.withdrawn(10)
    await world.runToRest(3_600_000)

    const waits = lookedAt.slice(1).map((at, index) => at - Number(lookedAt[index]))
    expect(Math.max(...waits)).toBeLessThanOrEqual(15 * 60_000 * 1.25)
    expect(lookedAt.length).toBeLessThan(20)
    expect(waits.at(-1)).toBeGreaterThan(Number(waits[0]))
  })
})
