import type { Exchange } from '../../src/ports/exchange'
import type { PaymentProvider } from '../../src/ports/payment-provider'
import { between, betweenExchange, type Instead } from '../helpers/between'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { World } from '../helpers/world'

/** Goal: what a later request hears says nothing about an earlier one that nobody has answered. */
describe('a payout that may have been taken by an earlier request', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  const timeout = () => Promise.reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }))
  /** It has no look-up: whether it has a payout is found out by sending it again. */
  const unlookable =
    (submit: Instead<'submit'>, keyLifetimeMs = 30 * 24 * 3_600_000) =>
    (provider: PaymentProvider): PaymentProvider => ({
      ...between({ submit })(provider),
      capabilities: { ...provider.capabilities, lookup: 'none', keyLifetimeMs },
    })

  it('cannot be canceled because the next request was put off', async () => {
    const world = await World.create(database, {
      around: {
        provider: unlookable((call, times) =>
          times === 1
            ? call().then(timeout)
            : times === 2
              ? Promise.resolve({ kind: 'deferred', why: 'rate_limited', retryAfterMs: 600_000 })
              : call(),
        ),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.runToRest(300_000)
    expect(await world.journal(id)).toContainEqual(
      expect.objectContaining({ event: 'payout.deferred_in_doubt', to: 'in_doubt' }),
    )

    await world.post('', { path: `/${id}/cancel` }).expect(409)
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'processed' })
    expect(await world.bank.executions()).toHaveLength(1)
  })

  it('cannot be canceled either where the clock was set back before the next request was put off', async () => {
    let sends = 0
    let isBehind = false
    const world: World = await World.create(database, {
      around: {
        exchange: betweenExchange({
          findUser: async (call) => {
            // The database fails over to a host whose clock is behind, right before the second request leaves.
            if (sends === 1 && !isBehind) await world.clock.stepDatabase(-10 * 60_000)
            isBehind = sends === 1
            return call()
          },
        }),
        provider: unlookable((call) =>
          ++sends === 1
            ? call().then(timeout)
            : Promise.resolve({ kind: 'deferred', why: 'rate_limited', retryAfterMs: 600_000 }),
        ),
      },
    })
    const { id } = await world.withdrawn(10)
    for (let looks = 0; sends < 2 && looks < 20; looks++) {
      await world.clock.advance(30_000)
      await world.engine.store.wake(id)
      await world.engine.runner.tick()
    }
    expect(sends).toBe(2)
    expect(await world.row(id)).toMatchObject({ state: 'in_doubt' })
    await world.post('', { path: `/${id}/cancel` }).expect(409)
    expect(await world.bank.executions()).toHaveLength(1)
  })

  it('is asked for ever more slowly, and becomes a question to a person', async () => {
    const sentAt: number[] = []
    const world: World = await World.create(database, {
      around: {
        provider: unlookable(() => {
          sentAt.push(world.clock.monotonicMs())
          return timeout()
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.runToRest()

    expect(await world.row(id)).toMatchObject({ state: 'in_doubt' })
    expect(await world.asked()).toEqual([['unresolved', id]])
    const waits = sentAt.slice(1).map((at, index) => at - Number(sentAt[index]))
    expect(waits[0]).toBeGreaterThanOrEqual(120_000)
    expect(waits.at(-1)).toBeGreaterThanOrEqual(15 * 60_000)
    // A day of questions at a quarter of an hour, and not one every two minutes; then one an hour.
    const day = Number(sentAt[0]) + 86_400_000
    expect(sentAt.filter((at) => at < day).length).toBeLessThan(110)
    expect(sentAt.filter((at) => at >= day).length).toBeLessThanOrEqual(6 * 24 + 1)
  })

  it('is asked about at the age that is set, though its next resend is due much later', async () => {
    const world = await World.create(database, {
      config: { doubtReviewHours: 1 },
      around: { provider: unlookable(timeout) },
    })
    const { id } = await world.withdrawn(10)
    // The wait before a resend grows as the doubt does: from the age on it may be an hour.
    await world.runToRest(80 * 60_000)
    expect(await world.row(id)).toMatchObject({ state: 'in_doubt' })
    expect(await world.asked()).toEqual([['unresolved', id]])
  })

  /** A bank that never answers and remembers keys for an hour, and a withdrawal that is on its way to it. */
  async function onItsWay(prepare: (world: World) => void = () => {}) {
    let submits = 0
    const world = await World.create(database, {
      around: {
        provider: unlookable((call) => {
          submits++
          return call().then(timeout)
        }, 3_600_000),
      },
    })
    prepare(world)
    const { id } = await world.withdrawn(10)
    await world.runToRest(30_000)
    const sent = submits
    return {
      world,
      async looks(everyMs: number) {
        for (let look = 0; look < 10; look++) {
          await world.clock.advance(everyMs)
          await world.engine.store.wake(id)
          await world.engine.runner.tick()
        }
      },
      async expectAskedAndNotSent() {
        expect(await world.row(id)).toMatchObject({ state: 'in_doubt', reasonCode: 'unresolved' })
        expect(await world.asked()).toEqual([['unresolved', id]])
        expect(submits).toBe(sent)
      },
    }
  }

  it('is not sent again under a key that is young only by a clock of the database that was set back', async () => {
    const { world, looks, expectAskedAndNotSent } = await onItsWay()
    // An hour passes in which nobody looks, and by the clock it was a minute. Then somebody wants to know.
    await world.clock.advance(3_600_000)
    await world.clock.stepDatabase(-59 * 60_000)
    await looks(60_000)
    await expectAskedAndNotSent()
  })

  it('is not sent again by a process that was started after that clock was set back', async () => {
    const { world, looks, expectAskedAndNotSent } = await onItsWay(({ random, clock }) => {
      // As the ids of a running product are: with the time in them.
      let ids = 0
      random.newId = () => {
        const time = clock.now().getTime().toString(16).padStart(12, '0')
        return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(++ids).padStart(12, '0')}`
      }
    })
    await world.clock.advance(3_600_000)
    await world.clock.stepDatabase(-59 * 60_000)
    await world.start()
    await looks(60_000)
    await expectAskedAndNotSent()
  })

  it('is taken for older than the clock says, by what that clock may have been set back unseen', async () => {
    const { world, looks, expectAskedAndNotSent } = await onItsWay()
    // Four fifths of the hour without lease and quiet time are 44 minutes and a half.
    await world.clock.advance(40 * 60_000)
    await world.start()
    await looks(15_000)
    await expectAskedAndNotSent()
  })

  it('is not sent again by one that waited until the provider had forgotten the key', async () => {
    let submits = 0
    let isDown = false
    const silentWhileDown = (exchange: Exchange): Exchange => ({
      ...exchange,
      findHold: (query) =>
        isDown ? Promise.resolve({ kind: 'unknown', why: 'down' }) : exchange.findHold(query),
      markProcessing: (id) =>
        isDown ? Promise.resolve({ kind: 'unknown', why: 'down' }) : exchange.markProcessing(id),
    })
    const world = await World.create(database, {
      around: {
        exchange: silentWhileDown,
        provider: unlookable((call) => {
          submits++
          isDown = true
          return call().then(timeout)
        }, 3_600_000),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.runToRest(3 * 3_600_000)
    expect(await world.row(id)).toMatchObject({ state: 'ready' })
    isDown = false
    await world.runToRest()

    expect(await world.row(id)).toMatchObject({ state: 'in_doubt', reasonCode: 'unresolved' })
    expect(await world.asked()).toEqual([['unresolved', id]])
    expect(submits).toBe(1)
  })
})

describe('a payout that its bank shows and then does not', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it('is looked at ever more slowly, however often the bank changes its mind', async () => {
    let looks = 0
    const settledAfterMs = 24 * 60_000
    const world: World = await World.create(database, {
      around: {
        provider: between({
          submit: () => Promise.resolve({ kind: 'accepted', reference: 'R-1' }),
          lookup: () => {
            looks++
            const sinceMs = world.clock.monotonicMs() - startedAtMs
            if (sinceMs > settledAfterMs)
              return Promise.resolve({
                kind: 'settled',
                reference: 'R-1',
                transactionId: 'T-1',
                amount: '10',
              })
            return Promise.resolve(
              looks % 2 === 0 ? { kind: 'accepted', reference: 'R-1' } : { kind: 'voided' },
            )
          },
        }),
      },
    })
    const startedAtMs = world.clock.monotonicMs()
    const { id } = await world.withdrawn(10)
    await world.runToRest(2 * settledAfterMs)

    // By each state's own waits, which begin anew with it, it would be several hundred.
    expect(looks).toBeLessThan(200)
    expect(await world.row(id)).toMatchObject({ state: 'processed' })
  })
})

describe('a burn whose request was delivered twice', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it('is found when the answer is the refusal of the second', async () => {
    const world = await World.create(database, {
      around: {
        exchange: (exchange) => ({
          ...exchange,
          placeHold: async (hold) => {
            await exchange.placeHold(hold)
            return { kind: 'refused', why: 'other', message: 'This id is taken' }
          },
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'processed' })
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })
  })
})
