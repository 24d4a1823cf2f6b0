import type { LookupOutcome } from '../../../src/ports/payment-provider'
import { between } from '../../helpers/between'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { World, type WorldOptions } from '../../helpers/world'

/**
 * Goal: money that a bank sends back after it was paid reaches its user exactly once. Method: a paid withdrawal whose
 * bank changes its word, with faults at the mint, on a clock that the test moves.
 */
const HOUR_MS = 3_600_000

describe.each(DATABASE_KINDS)('a payout that comes back, on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  /** A paid withdrawal of 10, whose bank says from then on what `answers` holds. */
  async function paid(options: WorldOptions = {}) {
    const answers: { now: LookupOutcome | null } = { now: null }
    const world = await World.create(database, {
      ...options,
      around: {
        ...options.around,
        provider: between({ lookup: (call) => (answers.now ? Promise.resolve(answers.now) : call()) }),
      },
    })
    const { id } = await world.withdrawn(10)
    expect((await world.row(id)).state).toBe('processed')
    const comesBack = (amount: string): void => {
      answers.now = { kind: 'returned', reference: 'SB-1', amount, code: 'account_closed' }
    }
    return { world, id, comesBack }
  }

  const watched = async (world: World, afterMs = HOUR_MS) => {
    await world.clock.advance(afterMs)
    await world.engine.watch.run()
    await world.runToRest(HOUR_MS)
  }

  it('whole is credited once, with the reason in words for its user', async () => {
    const { world, id, comesBack } = await paid()
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })
    comesBack('10')
    await watched(world)

    const { body } = await world.get(`/${id}`).expect(200)
    expect(body).toMatchObject({
      status: 'canceled',
      stage: 'returned',
      reason_code: 'account_closed',
      reason: 'The receiving account is closed. Your balance was given back.',
    })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
    const events = (await world.journal(id)).map(({ event }) => event)
    expect(events.slice(-3)).toEqual(['payout.returned', 'credit.requested', 'credit.confirmed'])

    await watched(world, 48 * HOUR_MS)
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('in part is credited in part, and what comes back later is a question to a person', async () => {
    const { world, id, comesBack } = await paid()
    comesBack('4')
    await watched(world)
    expect(await world.balance()).toEqual({ available: 9_994, locked: 0 })

    comesBack('10')
    await watched(world, 25 * HOUR_MS)
    expect(await world.balance()).toEqual({ available: 9_994, locked: 0 })
    const open = await world.engine.store.listDifferences({ isOpen: true, limit: 10 })
    expect(open).toMatchObject([{ kind: 'returned_again', withdrawalId: id }])
  })

  it('with more than was paid is frozen, and nothing is credited', async () => {
    const { world, id, comesBack } = await paid()
    comesBack('10.01')
    await watched(world)
    expect(await world.row(id)).toMatchObject({ state: 'conflict', reasonCode: 'amount_mismatch' })
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })
  })

  it('is held for an operator where the setting says so', async () => {
    const { world, id, comesBack } = await paid({ config: { returns: 'approved' } })
    comesBack('10')
    await watched(world)
    expect((await world.row(id)).state).toBe('returning')
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })

    const approve = { path: `/admin/withdrawals/${id}/approve-return`, userId: 2 }
    await world.post({ reason: 'seen on the statement' }, approve).expect(403)
    await world.operate(approve.path, { reason: 'seen on the statement' }).expect(200)
    await world.operate(approve.path, { reason: 'again' }).expect(409)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('returned')
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('is credited once when the answer to the mint is lost, after it is found', async () => {
    let mints = 0
    const { world, id, comesBack } = await paid({
      around: {
        exchange: (exchange) => ({
          ...exchange,
          placeCredit: async (credit) => {
            await exchange.placeCredit(credit)
            mints++
            return { kind: 'unknown', why: 'socket hang up' }
          },
        }),
      },
    })
    comesBack('10')
    await watched(world)
    expect((await world.row(id)).state).toBe('returned')
    expect(mints).toBe(1)
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('is credited once where an operator holds it while nobody can say whether it is, and has it credited', async () => {
    let isAnswering = false
    let mints = 0
    const { world, id, comesBack } = await paid({
      around: {
        exchange: (exchange) => ({
          ...exchange,
          placeCredit: async (credit) => {
            mints++
            await exchange.placeCredit(credit)
            return { kind: 'unknown', why: 'socket hang up' }
          },
          findCredit: (...asked) =>
            isAnswering ? exchange.findCredit(...asked) : Promise.reject(new Error('socket hang up')),
        }),
      },
    })
    comesBack('10')
    await world.clock.advance(HOUR_MS)
    await world.engine.watch.run()
    await world.runToRest(60_000)
    await world.operate(`/admin/withdrawals/${id}/hold`, { reason: 'a look at it' }).expect(200)
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({ state: 'conflict', reasonCode: 'held_by_operator' })

    isAnswering = true
    const answer = { to: 'returning', reason: 'it was seen', evidence: 'statement of today' }
    await world.operate(`/admin/withdrawals/${id}/resolve`, answer).expect(200)
    await world.runToRest(HOUR_MS)
    expect([(await world.row(id)).state, mints]).toEqual(['returned', 1])
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('waits for the quiet time before it is minted again, when the first mint never arrived', async () => {
    const asked: number[] = []
    const { world, id, comesBack } = await paid({
      around: {
        exchange: (exchange) => ({
          ...exchange,
          placeCredit: (credit) => {
            asked.push(world.clock.monotonicMs())
            return asked.length === 1
              ? Promise.resolve({ kind: 'unknown', why: 'socket hang up' })
              : exchange.placeCredit(credit)
          },
        }),
      },
    })
    comesBack('10')
    await watched(world)
    expect((await world.row(id)).state).toBe('returned')
    expect(asked).toHaveLength(2)
    expect(Number(asked[1]) - Number(asked[0])).toBeGreaterThanOrEqual(120_000)
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('keeps its account from further payouts until an operator lifts that', async () => {
    const { world, comesBack } = await paid()
    comesBack('10')
    await watched(world)

    await world.withdraw(20).expect(400, /"code":"destination_quarantined"/)
    expect(await world.rows()).toHaveLength(1)
    const { body } = await world.see('/admin/quarantine').expect(200)
    expect(body.data).toMatchObject([{ destination: 'DE…3000', reason_code: 'account_closed' }])
    await world
      .operate(`/admin/quarantine/${body.data[0].destination_hash}/lift`, { reason: 'account reopened' })
      .expect(200)
    await world.withdraw(20).expect(200)
  })

  it('is not held again by those that still wait to be credited, once an operator has let its account go', async () => {
    const { world, comesBack } = await paid({ config: { returns: 'approved' } })
    await world.withdrawn(10)
    comesBack('10')
    await watched(world)
    const held = async () =>
      (await world.see('/admin/quarantine').expect(200)).body.data as { since: string }[]
    const before = await held()
    expect(before).toHaveLength(1)
    await world.runToRest(3 * HOUR_MS)
    expect(await held()).toEqual(before)

    const { destinationHash } = await world.row((await world.rows())[0]?.id ?? '')
    await world
      .operate(`/admin/quarantine/${destinationHash}/lift`, { reason: 'account reopened' })
      .expect(200)
    await world.runToRest(3 * HOUR_MS)
    expect(await held()).toEqual([])
    await world.withdraw(20).expect(200)
  })

  it('is noticed at the next look after a hint, without waiting for the watch', async () => {
    const { world, id, comesBack } = await paid()
    comesBack('10')
    expect(await world.engine.store.wake(id)).toBe(true)
    await world.engine.watch.run()
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('returned')
  })

  it('is no longer asked for once its rail can no longer return it', async () => {
    const { world, id } = await paid()
    for (let days = 0; days < 4; days++) await watched(world, 24 * HOUR_MS)
    expect((await world.row(id)).watchAt).toBeNull()
  })
})

describe('a payout that its bank has and never ends', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it('becomes a question to a person, once, and is asked for all the same', async () => {
    const world = await World.create(database)
    const { id } = await world.withdrawn('10.13')
    await world.runToRest(6 * 24 * HOUR_MS)
    expect(await world.engine.store.listDifferences({ isOpen: true, limit: 10 })).toEqual([])

    await world.clock.advance(2 * 24 * HOUR_MS)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('submitted')
    const { body } = await world.see('/admin/differences').expect(200)
    expect(body.data).toMatchObject([{ kind: 'overdue', withdrawal_id: id }])

    const answer = { reason: 'the bank is looking into it' }
    await world.operate(`/admin/differences/${id}/overdue/resolve`, answer).expect(200)
    await world.operate(`/admin/differences/${id}/overdue/resolve`, answer).expect(404)
  })
})

describe('a lock that lands after its withdrawal was canceled', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it('is found and given back, and that it happened stays on record', async () => {
    let late: (() => Promise<unknown>) | null = null
    const world = await World.create(database, {
      around: {
        exchange: (exchange) => ({
          ...exchange,
          placeHold: (hold) => {
            late = () => exchange.placeHold(hold)
            return Promise.resolve({ kind: 'unknown', why: 'no answer' })
          },
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.post('', { path: `/${id}/cancel` }).expect(200)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('canceled')

    await (late as unknown as () => Promise<unknown>)()
    expect(await world.balance()).toEqual({ available: 9_990, locked: 10 })
    await world.clock.advance(HOUR_MS)
    await world.engine.watch.run()
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
    const resolved = await world.engine.store.listDifferences({ isOpen: false, limit: 10 })
    expect(resolved).toMatchObject([{ kind: 'orphan_hold', withdrawalId: id, resolvedBy: 'worker' }])
  })

  it('is still looked for after an hour in which the exchange did not answer', async () => {
    let isDown = false
    let late: (() => Promise<unknown>) | null = null
    const world = await World.create(database, {
      around: {
        exchange: (exchange) => ({
          ...exchange,
          findHold: (query) =>
            isDown ? Promise.resolve({ kind: 'unknown', why: 'no answer' }) : exchange.findHold(query),
          placeHold: (hold) => {
            late = () => exchange.placeHold(hold)
            return Promise.resolve({ kind: 'unknown', why: 'no answer' })
          },
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.post('', { path: `/${id}/cancel` }).expect(200)
    await world.runToRest(HOUR_MS)

    isDown = true
    for (let minutes = 0; minutes < 70; minutes += 5) {
      await world.clock.advance(300_000)
      await world.engine.watch.run()
    }
    isDown = false
    for (let looks = 0; looks < 3; looks++) {
      await world.clock.advance(300_000)
      await world.engine.watch.run()
    }
    await (late as unknown as () => Promise<unknown>)()
    await world.clock.advance(6 * HOUR_MS)
    await world.engine.watch.run()
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })
})
