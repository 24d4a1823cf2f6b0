import type { Exchange } from '../../src/ports/exchange'
import type { LookupOutcome, SubmitOutcome } from '../../src/ports/payment-provider'
import { between, betweenExchange } from '../helpers/between'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { World, type WorldOptions } from '../helpers/world'

/**
 * Goal: no refusal of the exchange is believed without a look-up. A network that delivers a request twice answers with
 * the refusal of the second, so a refusal says nothing about what has happened. Method: every effect on the wallet is
 * refused in every way, and the books of the exchange say what is true.
 */
const EFFECTS = ['placeHold', 'markProcessing', 'settleHold', 'releaseHold', 'placeCredit'] as const
type Effect = (typeof EFFECTS)[number]

const HOUR_MS = 3_600_000
const REFUSED = { kind: 'refused', why: 'balance', message: 'User balance is lower than amount' } as const

/** What each effect is part of, and how that ends when the effect has happened once. */
const ENDS: Readonly<Record<Effect, { amount: string; comesBack: boolean; state: string; books: string[] }>> =
  {
    placeHold: { amount: '10', comesBack: false, state: 'processed', books: ['lock', 'settle'] },
    markProcessing: { amount: '10', comesBack: false, state: 'processed', books: ['lock', 'settle'] },
    settleHold: { amount: '10', comesBack: false, state: 'processed', books: ['lock', 'settle'] },
    releaseHold: { amount: '10.03', comesBack: false, state: 'canceled', books: ['lock', 'release'] },
    placeCredit: { amount: '10', comesBack: true, state: 'returned', books: ['lock', 'settle', 'mint'] },
  }

describe('a refusal of the exchange', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  async function ended(effect: Effect, options: WorldOptions) {
    const { amount, comesBack } = ENDS[effect]
    const bank: { says: LookupOutcome | null } = { says: null }
    const world = await World.create(database, {
      ...options,
      around: {
        ...options.around,
        provider: between({ lookup: (call) => (bank.says ? Promise.resolve(bank.says) : call()) }),
      },
    })
    const { id } = await world.withdrawn(amount)
    await world.runToRest(HOUR_MS)
    if (comesBack) {
      bank.says = { kind: 'returned', reference: 'SB-1', amount, code: 'account_closed' }
      await watched(world, 2 * HOUR_MS)
    }
    return { world, id, books: (await world.kit.ledger()).map(({ kind }) => kind) }
  }

  const watched = async (world: World, ms: number): Promise<void> => {
    await world.clock.advance(ms)
    await world.engine.watch.run()
    await world.runToRest(HOUR_MS)
  }

  it.each(EFFECTS)('of %s that has happened all the same changes nothing of the end', async (effect) => {
    const exchange = betweenExchange({
      [effect]: async (call: () => Promise<unknown>, times: number) => {
        const answer = await call()
        return times === 1 ? REFUSED : answer
      },
    })
    const { world, id, books } = await ended(effect, { around: { exchange } })

    expect((await world.row(id)).state).toBe(ENDS[effect].state)
    expect(books).toEqual(ENDS[effect].books)
    expect((await world.balance()).locked).toBe(0)
  })

  it.each(EFFECTS)(
    'of %s for a reason that passes is asked for again, or ends with nothing taken',
    async (effect) => {
      const exchange = betweenExchange({
        [effect]: (call: () => Promise<unknown>, times: number) => (times === 1 ? REFUSED : call()),
      })
      const { world, id, books } = await ended(effect, { around: { exchange } })
      const { state } = await world.row(id)

      if (effect === 'placeHold') expect([state, books]).toEqual(['canceled', []])
      else if (effect === 'placeCredit') expect([state, books]).toEqual(['conflict', ['lock', 'settle']])
      else expect([state, books]).toEqual([ENDS[effect].state, ENDS[effect].books])
    },
  )

  it('of a lock that look-ups show late ends the withdrawal, and the lock is given back as soon as it shows', async () => {
    let isShown = false
    const hidden = <Answer>(call: () => Promise<Answer>, none: Answer) =>
      isShown ? call() : Promise.resolve(none)
    const world = await World.create(database, {
      around: {
        exchange: (exchange) => ({
          ...exchange,
          placeHold: async (hold) => {
            await exchange.placeHold(hold)
            return REFUSED
          },
          findHold: (query) => hidden(() => exchange.findHold(query), { kind: 'absent' }),
          findAllHolds: (query) => hidden(() => exchange.findAllHolds(query), { kind: 'all', holds: [] }),
        }),
      },
    })
    const { id } = await world.withdrawn('6000')
    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'insufficient_balance' })
    expect(await world.balance()).toEqual({ available: 4_000, locked: 6_000 })

    isShown = true
    await watched(world, 60_000)
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
    const found = await world.engine.store.listDifferences({ isOpen: false, limit: 10 })
    expect(found).toMatchObject([{ kind: 'orphan_hold', withdrawalId: id, resolvedBy: 'worker' }])
  })

  it('of a lock that somebody settles before it shows is a question to a person', async () => {
    let settle: (id: string) => Promise<unknown> = () => Promise.resolve()
    const world = await World.create(database, {
      around: {
        exchange: (exchange) => {
          settle = (id) => exchange.settleHold(id, id)
          return {
            ...exchange,
            placeHold: (hold) => exchange.placeHold(hold).then(() => REFUSED),
            findHold: () => Promise.resolve({ kind: 'absent' }),
          }
        },
      },
    })
    const { id } = await world.withdrawn('6000')
    expect((await world.row(id)).state).toBe('canceled')
    await settle(id)
    await watched(world, 60_000)
    expect(await world.asked()).toEqual([['orphan_hold', id]])
    expect(await world.balance()).toEqual({ available: 4_000, locked: 0 })
  })

  it('of a burn that a network has delivered twice, the second for want of balance, is not believed', async () => {
    const world = await World.create(database, {
      around: {
        toolsLib: (lib) => ({
          ...lib,
          wallet: {
            ...lib.wallet,
            burnAssetByKitId: async (...burn) => {
              await lib.wallet.burnAssetByKitId(...burn)
              return lib.wallet.burnAssetByKitId(...burn)
            },
          },
        }),
      },
      repeatedBurn: 'burns_again',
    })
    const { id } = await world.withdrawn('6000')
    await world.runToRest(HOUR_MS)

    expect((await world.row(id)).state).toBe('processed')
    expect(await world.balance()).toEqual({ available: 4_000, locked: 0 })
  })

  it('of a credit that look-ups show late is not asked for again, and credits once', async () => {
    let mints = 0
    let looks = 0
    const { world, id, books } = await ended('placeCredit', {
      around: {
        exchange: (exchange) => ({
          ...exchange,
          placeCredit: async (credit) => {
            mints++
            await exchange.placeCredit(credit)
            return REFUSED
          },
          findCredit: (query) =>
            ++looks > 3 ? exchange.findCredit(query) : Promise.resolve({ kind: 'absent' }),
        }),
      },
    })

    expect((await world.row(id)).state).toBe('returned')
    expect(mints).toBe(1)
    expect(books).toEqual(['lock', 'settle', 'mint'])
  })

  it('of a burn under a bank’s reference that another burn has already been given settles it under its own', async () => {
    const given = new Set<string>()
    const exchange = (real: Exchange): Exchange => ({
      ...real,
      async settleHold(id, settledId) {
        if (settledId !== id && given.has(settledId)) return REFUSED
        given.add(settledId)
        return real.settleHold(id, settledId)
      },
    })
    const bookedAsOne = async (call: () => Promise<SubmitOutcome>): Promise<SubmitOutcome> => {
      const outcome = await call()
      return outcome.kind === 'settled' ? { ...outcome, transactionId: 'ONE-FOR-ALL' } : outcome
    }
    const around = { exchange, provider: between({ submit: bookedAsOne }) }
    const world = await World.create(database, { around })
    const [first, second] = [await world.withdrawn(10), await world.withdrawn(11)]
    await world.runToRest(HOUR_MS)

    expect(await world.row(first.id)).toMatchObject({ state: 'processed', settledBurnId: 'ONE-FOR-ALL' })
    expect(await world.row(second.id)).toMatchObject({ state: 'processed', settledBurnId: second.id })
    expect(await world.balance()).toEqual({ available: 9_979, locked: 0 })
    expect(await world.asked()).toEqual([])
  })

  it('of a credit for good is a question to a person, and not before it can no longer land', async () => {
    const exchange = betweenExchange({ placeCredit: () => Promise.resolve(REFUSED) })
    const { world, id } = await ended('placeCredit', { around: { exchange } })

    expect(await world.row(id)).toMatchObject({ state: 'conflict', reasonCode: 'credit_refused' })
    const journal = await world.journal(id)
    const at = (event: string) => Number(journal.find((entry) => entry.event === event)?.at)
    expect(at('facts.contradict') - at('credit.requested')).toBeGreaterThanOrEqual(210_000)
  })
})
