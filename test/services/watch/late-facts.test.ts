import type { LookupOutcome, PayoutOutcome } from '../../../src/ports/payment-provider'
import { between, betweenExchange, noEffect } from '../../helpers/between'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { recordingLogger } from '../../helpers/loggers'
import { World } from '../../helpers/world'

/**
 * Goal: whatever can still change after the end is seen, and said aloud. Method: every end that a withdrawal has
 * against every fact that may come later; the exchange burns twice under one id, and the bank says what it likes.
 */
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const SETTLED = { kind: 'settled', reference: 'R-1', transactionId: 'T-1', amount: '10' } as const
const RETURNED = { kind: 'returned', reference: 'R-1', amount: '10', code: 'account_closed' } as const
const NOT_FOUND = { kind: 'not_found', conclusive: true } as const
const DECLINED = { kind: 'declined', code: 'account_closed', reference: 'R-1' } as const

type End = 'processed' | 'canceled' | 'returned'
interface Way {
  readonly submit: PayoutOutcome
  /** What the bank says from then on; null for the word it gave. */
  readonly then: LookupOutcome
}
const WAYS: Readonly<Record<End, Way>> = {
  processed: { submit: SETTLED, then: SETTLED },
  canceled: { submit: DECLINED, then: DECLINED },
  returned: { submit: SETTLED, then: { ...RETURNED, amount: '4' } },
}

const FACTS = ['a second lock', 'a payout', 'a return'] as const
type Fact = (typeof FACTS)[number]

/** The question each puts to a person; null where the machine answers by itself, by a credit. */
const QUESTIONS: Readonly<Record<End, Readonly<Record<Fact, string | null>>>> = {
  processed: { 'a second lock': 'orphan_hold', 'a payout': 'another_payout', 'a return': null },
  canceled: {
    'a second lock': 'orphan_hold',
    'a payout': 'paid_after_release',
    'a return': 'returned_after_release',
  },
  returned: {
    'a second lock': 'orphan_hold',
    'a payout': 'paid_after_release',
    'a return': 'returned_again',
  },
}

const LATER: Readonly<Record<Exclude<Fact, 'a second lock'>, LookupOutcome>> = {
  'a payout': { ...SETTLED, reference: 'R-2' },
  'a return': RETURNED,
}

describe('a fact that comes after the end', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  const watched = async (world: World, ms: number, everyMs = 6 * HOUR_MS): Promise<void> => {
    for (let passed = 0; passed < ms; passed += everyMs) {
      await world.clock.advance(everyMs)
      await world.engine.watch.run()
      await world.runToRest(1_000)
    }
  }
  const open = (world: World) => world.engine.store.listDifferences({ isOpen: true, limit: 10 })

  /** A withdrawal that ended so, whose first request for a lock is still on its way. */
  async function ended(end: End) {
    const way = WAYS[end]
    const bank: { says: LookupOutcome } = { says: NOT_FOUND }
    const late: { lands: () => Promise<unknown> } = { lands: () => Promise.resolve() }
    const logger = recordingLogger()
    const world = await World.create(database, {
      logger,
      repeatedBurn: 'burns_again',
      around: {
        provider: (provider) => ({
          ...between({
            submit: () => Promise.resolve(way.submit),
            lookup: () => Promise.resolve(bank.says),
          })(provider),
          capabilities: { ...provider.capabilities, returnWindowMs: 30 * DAY_MS },
        }),
        exchange: betweenExchange({
          placeHold: (call, times) => {
            if (times > 1) return call()
            late.lands = call
            return noEffect()
          },
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    bank.says = way.then
    await world.runToRest(HOUR_MS)
    if (end === 'returned') await watched(world, 2 * HOUR_MS, HOUR_MS)
    expect((await world.row(id)).state).toBe(end)
    expect(await open(world)).toEqual([])
    const lockedBefore = (await world.balance()).locked
    expect(lockedBefore).toBe(0)
    return { world, id, bank, late, logger }
  }

  const CELLS = (Object.keys(WAYS) as End[]).flatMap((end) => FACTS.map((fact) => [end, fact] as const))

  it.each(CELLS)('of %s, %s, is a question to a person or answered by the machine', async (end, fact) => {
    const { world, id, bank, late, logger } = await ended(end)
    if (fact === 'a second lock') await late.lands()
    else bank.says = LATER[fact]
    await watched(world, 2 * DAY_MS)

    const kind = QUESTIONS[end][fact]
    const all = [
      ...(await open(world)),
      ...(await world.engine.store.listDifferences({ isOpen: false, limit: 9 })),
    ]
    if (kind === null) {
      expect((await world.row(id)).state).toBe('returned')
      expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
      return
    }
    expect(all).toMatchObject([{ kind, withdrawalId: id }])
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ level: 'error', event: 'difference.opened' }),
    )
    // Nobody is left with a lock that no person was asked about.
    expect((await world.balance()).locked === 0 || (await open(world)).length > 0).toBe(true)
  })

  it('never undoes the burn that paid for the payout, though the lock has its name', async () => {
    const { world, id, late } = await ended('processed')
    await late.lands()
    await watched(world, 2 * DAY_MS)

    expect(await world.balance()).toEqual({ available: 9_980, locked: 10 })
    expect((await world.kit.ledger()).map(({ kind }) => kind)).toEqual(['lock', 'settle', 'lock'])
    expect(await open(world)).toMatchObject([{ kind: 'orphan_hold', withdrawalId: id }])
  })

  it('is found on the list of pending burns when nobody looks at the withdrawal any more', async () => {
    const world = await World.create(database, { repeatedBurn: 'burns_again' })
    const { id } = await world.withdrawn(10)
    const row = await world.row(id)
    expect(row).toMatchObject({ state: 'processed', holdRepeated: false })
    await world.clock.advance(90 * DAY_MS)
    await world.kit.wallet.burn(1, 'eur', 10, { transactionId: id, status: false })

    expect(await world.engine.strayLocks()).toBe(1)
    // The burn that paid has the bank's name by now, so this one can only be a lock too many.
    expect(row.settledBurnId).not.toBe(id)
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })
    const closed = await world.engine.store.listDifferences({ isOpen: false, limit: 9 })
    expect(closed).toMatchObject([{ kind: 'orphan_hold', withdrawalId: id, resolvedBy: 'worker' }])
  })

  it('that is no new fact is none: what came back in full before it was called paid may be said again', async () => {
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: () => Promise.resolve({ kind: 'accepted', reference: 'R-1' }),
          lookup: () => Promise.resolve(RETURNED),
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('canceled')
    await watched(world, 3 * DAY_MS)
    expect(await open(world)).toEqual([])
  })

  it('is listened for as long as the bank can bring one, and then no more', async () => {
    const { world, id, bank } = await ended('canceled')
    bank.says = DECLINED
    await watched(world, 40 * DAY_MS, DAY_MS)
    expect((await world.row(id)).watchAt).toBeNull()
  })
})
