import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { type EngineRig, expectGivenBack, expectPaid, openEngineRig } from './engine-rig'
import type { Fault } from './fake-network'

/**
 * Goal: calls that land late, networks of every habit, and people who decide over our burns meanwhile do not make a
 * withdrawal pay twice, lock twice or vanish. Method: as in engine.test.ts.
 */
const FAILS: Fault = { effect: 'none', reply: { status: 502, body: '<html>502 Bad Gateway</html>' } }
const LANDS_LATE: Fault = { effect: 'later', reply: 'hang' }

let database: TestDatabase
let rig: EngineRig
beforeAll(async () => {
  database = await openTestDatabase('PostgreSQL')
})
afterAll(() => database.close())
beforeEach(async () => {
  rig = await openEngineRig(database)
})
afterEach(() => rig.close())

const decideElsewhere = (id: string, change: Record<string, unknown>) =>
  rig.books.update({ transaction_id: id, ...change })

describe('a call that lands after its deadline', () => {
  it('and is the lock, before anybody has looked, is one lock', async () => {
    rig.network.failNext('burn', LANDS_LATE)
    const id = await rig.withdraw('10.5')
    rig.network.landLate()
    await rig.world.runToRest()

    await expectPaid(rig, id, '10.5')
  })

  it('and is the lock, after a look-up has not found it, is one lock', async () => {
    rig.network.failNext('burn', LANDS_LATE)
    const id = await rig.withdraw('10.5')
    await rig.world.clock.advance(30_000)
    await rig.world.engine.runner.tick()
    expect(rig.network.requestsTo('withdrawals')).not.toHaveLength(0)
    rig.network.landLate()
    await rig.world.runToRest()

    expect(rig.network.requestsTo('burn')).toHaveLength(1)
    await expectPaid(rig, id, '10.5')
  })

  it.each([
    ['marks', '10.5', expectPaid, 0],
    ['settles', '10.5', expectPaid, 1],
    ['rejects', '10.03', expectGivenBack, 1],
  ] as const)(
    'and %s a burn that was dealt with meanwhile changes nothing',
    async (_what, amount, expectEnd, nth) => {
      rig.network.failNext('update', ...Array.from({ length: nth }, () => null), LANDS_LATE)
      const id = await rig.withdrawToRest(amount)
      rig.network.landLate()

      await expectEnd(rig, id, amount)
    },
  )
})

describe.each(['refused', 'answers_the_first'] as const)(
  'on a network where a repeated burn is %s',
  (habit) => {
    beforeEach(async () => {
      await rig.close()
      rig = await openEngineRig(database, { config: { uniqueTransactionIds: true } })
      rig.books.repeatedBurn = habit
    })

    it.each<Fault['effect']>(['none', 'done'])(
      'a lock that times out is asked for again at once, and is one burn (its effect: %s)',
      async (effect) => {
        rig.network.failNext('burn', { effect, reply: 'hang' })

        await expectPaid(rig, await rig.withdrawToRest('10.5'), '10.5')
      },
    )

    it('a lock that lands after it was asked for again is one burn', async () => {
      rig.network.failNext('burn', LANDS_LATE)
      // Keeps the burn its own name for as long as the late one is on its way.
      rig.network.failNext('update', FAILS)
      const id = await rig.withdraw('10.5')
      await rig.world.clock.advance(2_000)
      await rig.world.engine.runner.tick()
      expect(rig.network.requestsTo('burn')).toHaveLength(2)
      rig.network.landLate()
      await rig.world.runToRest()

      await expectPaid(rig, id, '10.5')
    })

    it('a lock that lands after the second one was settled is one burn', async () => {
      rig.network.failNext('burn', LANDS_LATE)
      const id = await rig.withdrawToRest('10.5')
      expect((await rig.world.row(id)).state).toBe('processed')
      rig.network.landLate()

      await expectPaid(rig, id, '10.5')
    })
  },
)

describe('a burn that somebody else decides over', () => {
  const CANCELED = { state: 'canceled', reasonCode: 'canceled_at_exchange' }
  it.each([
    ['dismissed before it is sent is never paid, and canceled', { dismissed: true }, CANCELED],
    ['rejected before it is sent is never paid, and canceled', { rejected: true }, CANCELED],
    [
      'settled before it is sent is never paid, and a person is asked',
      { status: true },
      { state: 'conflict', reasonCode: 'hold_changed' },
    ],
  ])('and that is %s', async (_what, change, end) => {
    rig.network.failNext('update', FAILS)
    const id = await rig.withdraw('10.5')
    decideElsewhere(id, change)
    await rig.world.runToRest()

    expect(await rig.world.row(id)).toMatchObject(end)
    expect(await rig.world.bank.executions()).toHaveLength(0)
    expect(rig.books.burns).toHaveLength(1)
    expect(rig.books.isConserved('eur')).toBe(true)
  })

  it('and that is given back after it was paid is a question, never a silent loss', async () => {
    rig.network.failNext('update', null, FAILS)
    const id = await rig.withdraw('10.5')
    decideElsewhere(id, { dismissed: true })
    await rig.world.runToRest()

    expect(await rig.world.row(id)).toMatchObject({ state: 'conflict', reasonCode: 'paid_but_released' })
    expect(await rig.world.bank.executions()).toHaveLength(1)
  })

  it('and that is settled by hand after it was paid is processed', async () => {
    rig.network.failNext('update', null, FAILS)
    const id = await rig.withdraw('10.5')
    decideElsewhere(id, { status: true, updated_description: 'by hand' })
    await rig.world.runToRest()

    await expectPaid(rig, id, '10.5')
  })

  it('and that is settled by hand though it was declined is a question', async () => {
    rig.network.failNext('update', null, FAILS)
    const id = await rig.withdraw('10.03')
    decideElsewhere(id, { status: true })
    await rig.world.runToRest()

    expect(await rig.world.row(id)).toMatchObject({ state: 'conflict', reasonCode: 'released_but_settled' })
  })

  it('and that an operator puts on hold is still found, left alone, and settled once they let it go', async () => {
    rig.network.failNext('update', null, FAILS)
    const id = await rig.withdraw('10.5')
    decideElsewhere(id, { onhold: true, processing: true })
    await rig.world.runToRest(3_600_000)
    expect((await rig.world.row(id)).state).toBe('settling')
    expect(rig.books.burns).toMatchObject([{ onhold: true, status: false }])

    decideElsewhere(id, { processing: true })
    await rig.world.runToRest()
    await expectPaid(rig, id, '10.5')
  })
})

describe('a kit that is in trouble', () => {
  it('before anything is stored answers an error, and has locked nothing', async () => {
    rig.network.failNext('balance', FAILS)

    const { body } = await rig.world.withdraw('10.5').expect(503).expect('Retry-After', /^\d+$/)

    expect(body).toMatchObject({ code: 'exchange_unavailable' })
    expect(await rig.world.rows()).toEqual([])
    expect(rig.network.requestsTo('burn')).toHaveLength(0)
  })

  it('with its network library gone for an hour settles a paid burn once it is back', async () => {
    rig.network.failNext('update', null, FAILS)
    const id = await rig.withdraw('10.5')
    rig.kit.state.hasNetworkLibrary = false
    await rig.world.runToRest(3_600_000)
    expect((await rig.world.row(id)).state).toBe('settling')

    rig.kit.state.hasNetworkLibrary = true
    await rig.world.runToRest()

    await expectPaid(rig, id, '10.5')
  })

  it('that ignores the filters of a look-up is not taken for one that has no burn', async () => {
    rig.network.failNext('burn', { effect: 'done', reply: 'hang' })
    const id = await rig.withdraw('10.5')
    for (let n = 0; n < 50; n++)
      rig.books.burn({
        user_id: 1001,
        currency: 'eur',
        amount: 1,
        transaction_id: `other-${n}`,
        status: false,
      })
    rig.network.ignoresFilters = true
    await rig.world.runToRest(3_600_000)

    expect(rig.network.requestsTo('burn')).toHaveLength(1)
    expect((await rig.world.row(id)).state).toBe('requested')
  })
})
