import { createCircuits } from '../../../src/services/payouts/circuit'
import { createProviderCalls } from '../../../src/services/payouts/provider-calls'
import { lostOnTheWay } from '../../helpers/batch-bank'
import { createBatchWorld } from '../../helpers/batch-world'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { clockAlone } from '../clock-alone'
import { fakeProvider, ORDER, QUERY } from '../fake-provider'

const bare = (fraction = 0.5) => {
  const clock = clockAlone()
  return { clock, circuits: createCircuits({ clock, random: { fraction: () => fraction } }) }
}
const call = ({ circuits }: ReturnType<typeof bare>, wasHeard: boolean): boolean => {
  const leave = circuits.enter('acme')
  leave?.(wasHeard)
  return leave !== null
}
const silence = (rig: ReturnType<typeof bare>, times: number) => {
  for (let n = 0; n < times; n++) call(rig, false)
}

describe('the breaker of a provider', () => {
  it('opens after five silent calls in a row, and for this provider alone', () => {
    const rig = bare()
    silence(rig, 4)
    expect(rig.circuits.waitMs('acme')).toBe(0)
    silence(rig, 1)
    expect(rig.circuits.waitMs('acme')).toBe(30_000)
    expect(rig.circuits.enter('acme')).toBeNull()
    expect(rig.circuits.waitMs('other')).toBe(0)
  })

  it('counts from the start again after each call that is heard', () => {
    const rig = bare()
    silence(rig, 4)
    call(rig, true)
    silence(rig, 4)
    expect(rig.circuits.waitMs('acme')).toBe(0)
  })

  it('lets one probe through at a time once its time is over, and closes when it is heard', async () => {
    const rig = bare()
    silence(rig, 5)
    await rig.clock.advance(30_000)
    const probe = rig.circuits.enter('acme')
    expect(probe).not.toBeNull()
    expect(rig.circuits.enter('acme')).toBeNull()
    expect(rig.circuits.waitMs('acme')).toBe(2_000)
    probe?.(true)
    expect(rig.circuits.waitMs('acme')).toBe(0)
    expect([rig.circuits.enter('acme'), rig.circuits.enter('acme')]).not.toContain(null)
  })

  it('stays open ever longer while its probes are silent, and at most about six minutes', async () => {
    const rig = bare(0.999)
    silence(rig, 5)
    const waits: number[] = []
    for (let probe = 0; probe < 10; probe++) {
      waits.push(rig.circuits.waitMs('acme'))
      await rig.clock.advance(Number(waits.at(-1)))
      call(rig, false)
    }
    expect(waits[1]).toBeGreaterThan(Number(waits[0]))
    expect(Math.max(...waits)).toBeLessThanOrEqual(5 * 60_000 * 1.25)
  })

  it('is not opened for longer by calls that were under way when it opened, nor is a second probe let through', async () => {
    const rig = bare()
    const underWay = Array.from({ length: 10 }, () => rig.circuits.enter('acme'))
    for (const leave of underWay.slice(0, 8)) leave?.(false)
    expect(rig.circuits.waitMs('acme')).toBe(30_000)
    await rig.clock.advance(30_000)
    expect(rig.circuits.enter('acme')).not.toBeNull()
    underWay[8]?.(false)
    expect(rig.circuits.enter('acme')).toBeNull()
    underWay[9]?.(true)
    expect(rig.circuits.enter('acme')).not.toBeNull()
  })

  it('keeps calls from a provider: a payout is put off, a look-up says nothing', async () => {
    const { clock, circuits } = bare()
    let heard = 0
    const silent = () => {
      heard++
      return Promise.reject(new Error('ECONNREFUSED'))
    }
    const provider = fakeProvider({ submit: silent, lookup: silent })
    const calls = createProviderCalls({ clock, circuits })
    for (let n = 0; n < 5; n++) await calls.submit(provider, ORDER)
    expect(heard).toBe(5)
    expect(await calls.submit(provider, ORDER)).toEqual({
      ...{ kind: 'deferred', why: 'provider_unavailable', retryAfterMs: 30_000 },
      wasNotSent: true,
    })
    expect(await calls.lookup(provider, QUERY)).toMatchObject({ kind: 'unknown' })
    expect(heard).toBe(5)
  })

  it('lets a person’s question through, and is what it was afterwards', async () => {
    const { clock, circuits } = bare()
    let isBack = false
    const provider = fakeProvider({
      lookup: () =>
        isBack
          ? Promise.resolve({ kind: 'not_found', conclusive: true })
          : Promise.reject(new Error('ECONNREFUSED')),
    })
    const calls = createProviderCalls({ clock, circuits })
    for (let n = 0; n < 5; n++) await calls.lookup(provider, QUERY)
    isBack = true
    expect(await calls.lookup(provider, QUERY)).toMatchObject({ kind: 'unknown' })
    expect(await calls.lookupAnyway(provider, QUERY)).toMatchObject({ kind: 'not_found' })
    expect(circuits.waitMs(provider.name)).toBe(30_000)
  })
})

describe.each(['immediate', 'batch'])('a provider that is silent, in %s mode,', (mode) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it('is left alone, payouts wait unsent, and all are paid once it answers', async () => {
    const { world, bank, waiting, run, toRest, states, rows } = await createBatchWorld(
      database,
      { maxItems: mode === 'batch' ? 1 : 10 },
      { config: { mode } },
    )
    for (let n = 0; n < 5; n++) bank.fates.push(lostOnTheWay)
    bank.lookupFate = () => {
      throw new Error('ECONNREFUSED')
    }
    await waiting('10', '11', '12', '13', '14', '15', '16')
    if (mode === 'batch') await run()
    await world.settled()

    expect(bank.orders.length).toBeLessThanOrEqual(5)
    const last = (await rows()).at(-1)
    expect(last).toMatchObject({ state: 'ready', reasonCode: 'provider_unavailable' })
    bank.lookupFate = null
    await toRest()
    expect(Object.values(await states())).toEqual(Array(7).fill('processed'))
    expect(new Set(bank.paid.map(({ itemKey }) => itemKey)).size).toBe(7)
    expect(bank.paid).toHaveLength(7)
  })
})

describe('a paused provider', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  const decision = { provider: 'sandbox', reason: 'a bank holiday', actor: 'operator:2' }

  it.each(['immediate', 'batch'])(
    'gets no payout in %s mode, look-ups go on, what waits says why, and a resume lets it go',
    async (mode) => {
      const made = await createBatchWorld(database, { settlesAfterMs: 1_000 }, { config: { mode } })
      const { world, bank, waiting, run, toRest, rows, states } = made
      await waiting('10')
      await run()
      const { store } = world.engine
      await store.setProviderPaused({ ...decision, isPaused: true, version: 0 })
      await waiting('11')
      await run()

      expect(bank.orders).toHaveLength(1)
      expect((await rows())[1]).toMatchObject({ state: 'ready', reasonCode: 'provider_paused' })
      await world.clock.advance(10_000)
      await world.engine.runner.tick()
      expect((await states())['10']).toBe('processed')
      await store.setProviderPaused({ ...decision, isPaused: false, version: 1 })
      expect((await rows())[1]).toMatchObject({ reasonCode: null })
      await (mode === 'batch' ? run() : world.engine.runner.tick())
      expect(bank.orders).toHaveLength(2)
      await toRest()
      expect((await states())['11']).toBe('processed')
    },
  )

  it('is decided over by whoever has seen the last decision', async () => {
    const { world } = await createBatchWorld(database)
    const { store } = world.engine
    const pause = (version: number) => store.setProviderPaused({ ...decision, isPaused: true, version })
    expect(await pause(3)).toBeNull()
    const tries = await Promise.all(Array.from({ length: 8 }, () => pause(0)))
    expect(tries.filter((made) => made !== null)).toHaveLength(1)
    expect(await pause(0)).toBeNull()
    expect(await pause(1)).toMatchObject({ version: 2, isPaused: true })
    const actions = await database.query(
      'select actor, action, subject, reason from bank_withdrawal.operator_actions order by id',
    )
    expect(actions).toEqual(
      Array(2).fill({
        ...{ actor: 'operator:2', action: 'provider.paused', subject: 'sandbox', reason: 'a bank holiday' },
      }),
    )
    for (const change of ['delete from', 'update'])
      await expect(
        database.query(
          `${change} bank_withdrawal.operator_actions ${change === 'update' ? "set reason = ''" : ''}`,
        ),
      ).rejects.toThrow('append-only')
  })
})
