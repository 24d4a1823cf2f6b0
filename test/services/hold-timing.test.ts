import { betweenExchange, createGate, lostAnswer, noEffect } from '../helpers/between'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { recordingLogger } from '../helpers/loggers'
import { World } from '../helpers/world'

/** Goal: nobody waits longer than the money is in danger, and nobody less. */
const SECOND_MS = 1_000
const MINUTE_MS = 60_000

describe('the time of a lock', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  /** Works for so long, second by second, until it is in that state. @returns The seconds it took, or null. */
  async function secondsUntil(world: World, id: string, state: string, withinMs: number) {
    for (let ms = 0; ms <= withinMs; ms += SECOND_MS) {
      while ((await world.engine.runner.tick()) > 0);
      if ((await world.row(id)).state === state) return ms / SECOND_MS
      await world.clock.advance(SECOND_MS)
    }
    return null
  }

  it('whose answer was lost is a look long: it goes on as soon as the burn shows', async () => {
    const shows = { at: 0 }
    const exchange = betweenExchange({
      placeHold: lostAnswer,
      findHold: (call) =>
        world.clock.monotonicMs() >= shows.at ? call() : Promise.resolve({ kind: 'absent' }),
    })
    const world: World = await World.create(database, { repeatedBurn: 'burns_again', around: { exchange } })
    shows.at = world.clock.monotonicMs() + 5 * SECOND_MS
    const { id } = await world.withdrawn(10)

    expect(await secondsUntil(world, id, 'processed', 10 * MINUTE_MS)).toBeLessThanOrEqual(10)
    expect((await world.kit.ledger()).map(({ kind }) => kind)).toEqual(['lock', 'settle'])
  })

  it('that never was is asked for again only after lease and quiet time, however often it is looked for', async () => {
    const asked: number[] = []
    let looks = 0
    const exchange = betweenExchange({
      placeHold: (call, times) => {
        asked.push(world.clock.monotonicMs())
        return times === 1 ? noEffect() : call()
      },
      findHold: (call) => {
        looks++
        return call()
      },
    })
    const world: World = await World.create(database, { repeatedBurn: 'burns_again', around: { exchange } })
    await world.withdrawn(10)
    await world.runToRest()

    expect(Number(asked[1]) - Number(asked[0])).toBeGreaterThanOrEqual(210 * SECOND_MS)
    expect(looks).toBeGreaterThan(5)
    expect(looks).toBeLessThan(20)
  })

  it('is not shortened by the clock of the database when that jumps ahead', async () => {
    const asked: number[] = []
    const exchange = betweenExchange({
      placeHold: (call, times) => {
        asked.push(world.clock.monotonicMs())
        return times === 1 ? noEffect() : call()
      },
    })
    const world: World = await World.create(database, { repeatedBurn: 'burns_again', around: { exchange } })
    const { id } = await world.withdrawn(10)
    await world.clock.stepDatabase(5 * MINUTE_MS)

    expect(await secondsUntil(world, id, 'processed', 20 * MINUTE_MS)).toBeGreaterThanOrEqual(210)
    expect(Number(asked[1]) - Number(asked[0])).toBeGreaterThanOrEqual(210 * SECOND_MS)
  })

  it('that a canceled withdrawal waits for is not shortened so either', async () => {
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
    await world.clock.stepDatabase(5 * MINUTE_MS)
    expect(await secondsUntil(world, id, 'canceled', 200 * SECOND_MS)).toBeNull()

    await land()
    expect(await secondsUntil(world, id, 'canceled', MINUTE_MS)).not.toBeNull()
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('does not hold up a cancel that comes in the middle of it: the balance is back when the call is over', async () => {
    const gate = createGate()
    const exchange = betweenExchange({
      placeHold: async (call) => {
        await gate.wait()
        return call()
      },
    })
    const world = await World.create(database, { around: { exchange } })
    const posted = world.withdraw(10).then((answer) => answer)
    await gate.reached
    const [row] = await world.rows()
    const id = String(row?.id)
    await world.post('', { path: `/${id}/cancel` }).expect(200)
    expect((await world.row(id)).state).toBe('releasing')

    gate.open()
    await posted
    await world.settled()
    expect(await secondsUntil(world, id, 'canceled', MINUTE_MS)).toBe(0)
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('of a worker that died stays written down for whoever took its row: nobody acts before it is up', async () => {
    const gate = createGate()
    const exchange = betweenExchange({
      placeHold: async () => {
        await gate.wait()
        return new Promise(() => {})
      },
    })
    const world = await World.create(database, { around: { exchange } })
    const posted = world.withdraw(10).then((answer) => answer)
    await gate.reached
    const [row] = await world.rows()
    await world.post('', { path: `/${row?.id}/cancel` }).expect(200)
    await world.start({})

    expect(await secondsUntil(world, String(row?.id), 'canceled', 89 * SECOND_MS)).toBeNull()
    await world.clock.advance(10 * SECOND_MS)
    await posted
  })
})

describe('what is asked for again', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it.each(['settleHold', 'releaseHold', 'placeHold', 'markProcessing'] as const)(
    'is not asked for in silence: %s, with its number and its age',
    async (effect) => {
      const logger = recordingLogger()
      const exchange = betweenExchange({ [effect]: noEffect })
      const world = await World.create(database, { logger, around: { exchange } })
      const { id } = await world.withdrawn(effect === 'releaseHold' ? '10.03' : '10')
      await world.runToRest(5 * MINUTE_MS)

      const repeated = logger.lines.filter(({ event }) => event === 'withdrawal.repeated')
      expect(repeated.length).toBeGreaterThan(1)
      for (const line of repeated) expect(line).toMatchObject({ level: 'warn', fields: { withdrawalId: id } })
      const ages = repeated.map(({ fields }) => Number(fields.ageMs))
      expect(ages.at(-1)).toBeGreaterThan(Number(ages[0]))
    },
  )
})
