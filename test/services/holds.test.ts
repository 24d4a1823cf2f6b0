import type { HoldOutcome } from '../../src/ports/exchange'
import { betweenExchange, lostAnswer, noEffect } from '../helpers/between'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { World } from '../helpers/world'

/** Goal: whatever the wallet answers, each withdrawal has at most one burn, and the burn ends as the money did. */
describe('the pending burn', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  const kinds = async (world: World) => (await world.kit.ledger()).map(({ kind }) => kind)

  it.each(['placeHold', 'markProcessing', 'settleHold'] as const)(
    'is made and settled once when the answer to %s is lost',
    async (name) => {
      const world = await World.create(database, {
        around: { exchange: betweenExchange({ [name]: onceThenReal(lostAnswer) }) },
      })

      const { id } = await world.withdrawn(10)
      await world.runToRest()

      expect((await world.row(id)).state).toBe('processed')
      expect(await kinds(world)).toEqual(['lock', 'settle'])
      expect(await world.bank.executions()).toHaveLength(1)
    },
  )

  it('is released once when the answer to the release is lost', async () => {
    const exchange = betweenExchange({ releaseHold: onceThenReal(lostAnswer) })
    const world = await World.create(database, { around: { exchange } })

    const { id } = await world.withdrawn('10.03')
    await world.runToRest()

    expect((await world.row(id)).state).toBe('canceled')
    expect(await kinds(world)).toEqual(['lock', 'release'])
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it.each(['placeHold', 'markProcessing', 'settleHold'] as const)(
    'is asked for again when %s had no effect',
    async (name) => {
      const exchange = betweenExchange({ [name]: onceThenReal(noEffect) })
      const world = await World.create(database, { around: { exchange } })

      const { id } = await world.withdrawn(10)
      await world.runToRest()

      expect((await world.row(id)).state).toBe('processed')
      expect(await kinds(world)).toEqual(['lock', 'settle'])
    },
  )

  it('is not asked for again before the quiet time, by a wallet that would burn twice', async () => {
    const asked: Date[] = []
    const exchange = betweenExchange({
      placeHold: (call, times) => {
        asked.push(world.clock.now())
        return times === 1 ? noEffect() : call()
      },
    })
    const world: World = await World.create(database, { repeatedBurn: 'burns_again', around: { exchange } })

    await world.withdrawn(10)
    await world.runToRest()

    expect(asked).toHaveLength(2)
    expect(Number(asked[1]) - Number(asked[0])).toBeGreaterThanOrEqual(120_000)
  })

  it('asked for again late in its lease is not asked for a third time before that one can no longer land', async () => {
    // Attempt 2 leaves 60 s after its intent was stored, and its process dies with it.
    const askedAt: number[] = []
    const exchange = betweenExchange({
      placeHold: async (call) => {
        const times = askedAt.length + 1
        if (times === 2) await world.clock.advance(60_000)
        askedAt.push(world.clock.monotonicMs())
        if (times === 1) return noEffect()
        if (times > 2) return call()
        died()
        return new Promise(() => {})
      },
    })
    let died = () => {}
    const isDead = new Promise<void>((resolve) => {
      died = resolve
    })
    const world: World = await World.create(database, { repeatedBurn: 'burns_again', around: { exchange } })

    const { id } = await world.withdrawn(10)
    const dueAt = async () => Number((await world.row(id)).nextRunAt)
    for (let looks = 0; looks < 20 && askedAt.length < 2; looks++) {
      await world.clock.advanceTo(new Date(await dueAt()))
      await Promise.race([world.engine.runner.tick(), isDead])
    }
    const leaseEndsAt = await dueAt()
    await world.start({ exchange })
    await world.runToRest()

    expect((await world.row(id)).state).toBe('processed')
    expect(askedAt).toHaveLength(3)
    expect(Number(askedAt[2]) - leaseEndsAt).toBeGreaterThanOrEqual(120_000)
  })

  it('that arrives late is found, when a later attempt was refused because of it', async () => {
    // The first burn is on its way for a minute; the second is refused, since the first has taken the balance.
    let late: (() => Promise<unknown>) | null = null
    const exchange = betweenExchange({
      placeHold: async (call, times) => {
        if (times > 1) return call()
        late = call
        return noEffect()
      },
    })
    const world = await World.create(database, {
      around: { exchange },
      config: { uniqueTransactionIds: true },
    })

    const { id } = await world.withdrawn(9_999)
    await (late as unknown as () => Promise<unknown>)()
    await world.runToRest()

    expect((await world.row(id)).state).toBe('processed')
    expect(await kinds(world)).toEqual(['lock', 'settle'])
  })

  it('refused after an unanswered attempt only counts once that attempt can no longer land', async () => {
    // The answer to attempt 1 is lost, it lands 100 s later; attempt 2 is refused for good in between.
    let land: () => Promise<unknown> = () => Promise.resolve()
    const exchange = betweenExchange({
      placeHold: (call, times) => {
        if (times > 1) return Promise.resolve({ kind: 'refused', why: 'balance', message: 'too little' })
        land = call
        return noEffect()
      },
    })
    const world = await World.create(database, {
      around: { exchange },
      config: { uniqueTransactionIds: true },
    })

    const { id } = await world.withdrawn(10)
    await world.clock.advance(90_000)
    await world.engine.runner.tick()
    expect((await world.row(id)).state).toBe('requested')
    await land()
    await world.runToRest()

    expect((await world.row(id)).state).toBe('processed')
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })
  })

  it('refused at once ends the withdrawal with a reason and nothing locked', async () => {
    const exchange = betweenExchange({
      placeHold: () => Promise.resolve({ kind: 'refused', why: 'balance', message: 'too little' }),
    })
    const world = await World.create(database, { around: { exchange } })

    const { body } = await world.withdraw(10).expect(200)

    expect(body).toMatchObject({ status: 'canceled', reason_code: 'insufficient_balance' })
    expect(await kinds(world)).toEqual([])
  })

  it('of a withdrawal canceled while the lock was unanswered is released when it lands late', async () => {
    let land: () => Promise<unknown> = () => Promise.resolve()
    const exchange = betweenExchange({
      placeHold: (call) => {
        land = call
        return noEffect()
      },
    })
    const world = await World.create(database, { around: { exchange } })
    const { id } = await world.withdrawn(10)

    await world.post('', { path: `/${id}/cancel` }).expect(200)
    await world.clock.advance(30_000)
    await world.engine.runner.tick()
    expect((await world.row(id)).state).toBe('releasing')
    await land()
    await world.runToRest()

    expect((await world.row(id)).state).toBe('canceled')
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
    expect(await world.bank.executions()).toEqual([])
  })

  it('never names the account it is paid to', async () => {
    const world = await World.create(database)
    await world.withdrawn(10)

    const burns = await world.kit.wallet.burnsOf(1, null)
    expect(JSON.stringify(burns)).not.toContain('370400440532013000')
  })
})

/** The first call goes wrong, the rest are real. */
const onceThenReal =
  (wrong: (call: () => Promise<HoldOutcome>) => Promise<HoldOutcome>) =>
  (call: () => Promise<HoldOutcome>, times: number): Promise<HoldOutcome> =>
    times === 1 ? wrong(call) : call()
