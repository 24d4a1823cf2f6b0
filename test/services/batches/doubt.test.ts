import type { StoredWithdrawal } from '../../../src/db/store'
import { createStore } from '../../../src/db/store'
import { systemRandomness } from '../../../src/runtime/clock'
import { contradiction } from '../../../src/services/record-facts'
import { createTransition } from '../../../src/services/transition'
import { createVault } from '../../../src/services/vault'
import { answerLost, answers, type BatchBankOptions, type Fate, lostOnTheWay } from '../../helpers/batch-bank'
import { type BatchWorld, createBatchWorld } from '../../helpers/batch-world'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { recordingLogger, silentLogger } from '../../helpers/loggers'

const QUIET_MS = 120_000

/** Goal: a batch that was not answered is never guessed about: nobody in it is paid twice, and nobody is forgotten. */
describe.each(DATABASE_KINDS)('on %s, a batch without an answer', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  async function unanswered(fate: Fate, options: BatchBankOptions = {}): Promise<BatchWorld> {
    const made = await createBatchWorld(database, options)
    made.bank.fates.push(fate)
    await made.waiting('10', '11', '12')
    await made.run()
    expect(await made.states()).toEqual({ 10: 'in_doubt', 11: 'in_doubt', 12: 'in_doubt' })
    expect(await made.batches()).toMatchObject([{ state: 'in_doubt', attempts: 1 }])
    return made
  }

  it.each<[string, Fate, number]>([
    ['that had been taken is found, item by item, and not sent again', answerLost, 1],
    ['that had not arrived is sent again once the quiet time is over', lostOnTheWay, 2],
  ])('%s', async (_what, fate, orders) => {
    const { world, bank, toRest, states, rows } = await unanswered(fate)
    const batchKey = bank.orders[0]?.key
    await toRest()

    expect(bank.lookups.slice(0, 3).map((query) => query.orderKey)).toEqual(Array(3).fill(batchKey))
    expect(
      bank.lookups
        .slice(0, 3)
        .map((query) => query.key)
        .sort(),
    ).toEqual((await rows()).map((row) => row.payoutKey).sort())
    expect(await states()).toEqual({ 10: 'processed', 11: 'processed', 12: 'processed' })
    expect(bank.orders).toHaveLength(orders)
    expect([...bank.amounts].sort()).toEqual(['10', '11', '12'])
    expect(await world.balance()).toEqual({ available: 9_967, locked: 0 })
  })

  it('is not sent again before the quiet time is over', async () => {
    const { world, bank, toRest } = await unanswered(lostOnTheWay)
    await world.engine.runner.tick()
    await world.clock.advance(QUIET_MS - 1)
    await world.engine.runner.tick()
    await world.engine.batches.run()
    expect(bank.orders).toHaveLength(1)
    await toRest()
    expect(bank.orders).toHaveLength(2)
  })

  it('locks the balances until it is cleared up', async () => {
    const { world, rows } = await unanswered(answerLost)
    for (const { id } of await rows()) await world.post('', { path: `/${id}/cancel` }).expect(409)
    expect(await world.balance()).toEqual({ available: 9_967, locked: 33 })
  })

  describe('from a bank that knows only whole orders', () => {
    const PAYPAL: BatchBankOptions = { lookup: 'by_reference' }

    it.each<[string, Fate]>([
      ['had taken it', answerLost],
      ['had not heard it', lostOnTheWay],
    ])('that %s, is sent once more as it was, and paid once', async (_what, fate) => {
      const { world, bank, toRest, states, batches } = await unanswered(fate, PAYPAL)
      await world.engine.runner.tick()
      await world.clock.advance(QUIET_MS - 1)
      await world.engine.runner.tick()
      expect(bank.orders).toHaveLength(1)
      await toRest()

      expect(bank.orders).toHaveLength(2)
      expect(bank.orders[1]).toEqual(bank.orders[0])
      expect(bank.amounts).toEqual(['10', '11', '12'])
      expect(Object.values(await states())).toEqual(Array(3).fill('processed'))
      expect(await batches()).toMatchObject([{ state: 'sent', attempts: 2 }])
      expect(await world.balance()).toEqual({ available: 9_967, locked: 0 })
    })

    it('is not sent again with somebody in it who was canceled: a person is asked', async () => {
      const { world, bank, toRest, rows } = await unanswered(lostOnTheWay, PAYPAL)
      const canceled = (await rows()).find(({ amount }) => amount === '11')
      const id = String(canceled?.id)
      await world.clock.advance(QUIET_MS + 300_000)
      await world.kit.wallet.updateBurn(id, { onhold: true })
      const notPaid = { reason: 'it is not there', to: 'releasing', evidence: 'the bank’s word' }
      await world.operate(`/admin/withdrawals/${id}/resolve`, notPaid).expect(200)
      await world.operate(`/admin/withdrawals/${id}/hold`, { reason: 'the police called' }).expect(200)
      await world.kit.wallet.updateBurn(id, {})
      const lookedUp = { reason: 'to be sure', to: 'in_doubt' }
      await world.operate(`/admin/withdrawals/${id}/resolve`, lookedUp).expect(200)
      await toRest(3_600_000)

      expect(bank.amounts).toEqual([])
      expect(await world.row(id)).toMatchObject({ state: 'in_doubt', canceledBy: 'operator' })
      expect(new Set(await world.asked())).toEqual(
        new Set((await rows()).map((row) => ['unresolved', row.id])),
      )
    })

    it('is sent again as often as it is not answered, a quiet time apart, until the key is too old: then a person is asked', async () => {
      const { world, bank, toRest, states } = await createBatchWorld(database, {
        ...PAYPAL,
        capabilities: { keyLifetimeMs: 1_000_000 },
      })
      const sentAt: number[] = []
      const neverAnswers: Fate = (take) => {
        sentAt.push(world.clock.monotonicMs())
        take()
        throw new Error('ECONNRESET')
      }
      for (let call = 0; call < 50; call++) bank.fates.push(neverAnswers)
      await waitingThree({ world })
      await toRest()

      expect(Object.values(await states())).toEqual(Array(3).fill('in_doubt'))
      expect((await world.asked()).map(([kind]) => kind)).toEqual(Array(3).fill('unresolved'))
      expect(bank.amounts).toEqual(['10', '11', '12'])
      expect(new Set(bank.orders.map(({ key }) => key)).size).toBe(1)
      sentAt.slice(1).forEach((at, index) => {
        expect(at - Number(sentAt[index])).toBeGreaterThanOrEqual(QUIET_MS)
      })
      expect(sentAt.length).toBeGreaterThan(2)
    })

    it.each(['insufficient_float', 'rate_limited', 'provider_unavailable', 'cut_off'] as const)(
      'and had taken it, is not believed to be unsent when it says "not now" (%s) the second time',
      async (why) => {
        const { world, bank, toRest, rows, states, batches } = await unanswered(answerLost, PAYPAL)
        bank.fates.push(answers({ kind: 'deferred', why, retryAfterMs: 1_000 }))
        await world.engine.runner.tick()
        await world.clock.advance(QUIET_MS)
        await world.runToRest(60_000)

        expect(bank.orders).toHaveLength(2)
        expect(Object.values(await states())).toEqual(Array(3).fill('in_doubt'))
        expect(await batches()).toMatchObject([{ state: 'in_doubt' }])
        for (const { id } of await rows()) await world.post('', { path: `/${id}/cancel` }).expect(409)
        await toRest()
        expect(bank.amounts).toEqual(['10', '11', '12'])
        expect(new Set(bank.orders.map(({ key }) => key)).size).toBe(1)
        expect(Object.values(await states())).toEqual(Array(3).fill('processed'))
      },
    )

    it('is a question about everybody once a person has decided about one of them', async () => {
      const { world, bank, toRest, rows, states } = await unanswered(lostOnTheWay, PAYPAL)
      const [one] = await rows()
      await decideOver(database, one)
      await toRest()
      expect(bank.orders).toHaveLength(1)
      expect(await states()).toEqual({ 10: 'conflict', 11: 'in_doubt', 12: 'in_doubt' })
      const others = (await rows()).slice(1).map(({ id }) => ['unresolved', id])
      expect([...(await world.asked())].sort()).toEqual(others.sort())
      const [asked] = await world.engine.store.listDifferences({ isOpen: true, limit: 1 })
      expect(asked?.detail).toMatchObject({ why: 'the batch is no longer whole' })
    })

    it('is not sent again when what is stored is not what was sent', async () => {
      const { bank, toRest, rows, states } = await unanswered(lostOnTheWay, PAYPAL)
      const [one] = await rows()
      await database.query('update bank_withdrawal.withdrawals set payout_amount = 9 where id = $1', [
        one?.id,
      ])
      await toRest(3_600_000)
      expect(bank.orders).toHaveLength(1)
      expect(Object.values(await states())).toContain('conflict')
    })

    it('is a question while a destination of it cannot be read, asked by the hour, and is sent as it was once it can be', async () => {
      const { world, bank, toRest, rows, states } = await unanswered(lostOnTheWay, PAYPAL)
      const [one] = await rows()
      const store = (destination: string | undefined) =>
        database.query('update bank_withdrawal.withdrawals set destination = $2 where id = $1', [
          one?.id,
          destination,
        ])
      await store('plain:{')
      let looks = 0
      bank.lookupFate = (_query, truth) => {
        looks++
        return truth()
      }
      await toRest(6 * 3_600_000)
      expect(bank.orders).toHaveLength(1)
      expect(Object.values(await states())).toEqual(Array(3).fill('in_doubt'))
      expect((await world.asked()).map(([kind]) => kind)).toEqual(Array(3).fill('unresolved'))
      // Three members, six hours.
      expect(looks).toBeLessThan(3 * 12)

      await store(one?.destination)
      await toRest(6 * 3_600_000)
      expect(bank.orders[1]).toEqual(bank.orders[0])
      expect(bank.amounts).toEqual(['10', '11', '12'])
    })

    it('is sent again by one of the many who find out at the same moment', async () => {
      const { world, bank } = await unanswered(lostOnTheWay, PAYPAL)
      await world.engine.runner.tick()
      await world.clock.advance(QUIET_MS)
      let open = () => {}
      const opened = new Promise<void>((resolve) => (open = resolve))
      let reach = () => {}
      const reached = new Promise<void>((resolve) => (reach = resolve))
      bank.fates.push(async (take) => {
        reach()
        await opened
        return take()
      })
      // The neighbours find out while the batch is already on its way.
      let asked = 0
      bank.lookupFate = async (_query, truth) => {
        if (++asked > 1) await reached
        return truth()
      }
      const tick = world.engine.runner.tick()
      await reached
      // All others have found out, too, and have come to nothing.
      for (let turn = 0; turn < 100; turn++) await world.rows()
      open()
      await tick
      expect(bank.orders).toHaveLength(2)
    })

    it('waits while the provider is paused, and goes on when it is resumed', async () => {
      const { world, bank, toRest, states } = await unanswered(lostOnTheWay, PAYPAL)
      const pause = (isPaused: boolean, version: number) =>
        createStore(database).setProviderPaused({
          ...{ provider: 'sandbox', isPaused, reason: 'looking into it', actor: 'operator:2', version },
        })
      await pause(true, 0)
      await world.engine.runner.tick()
      await world.clock.advance(QUIET_MS)
      await world.engine.runner.tick()
      expect(bank.orders).toHaveLength(1)
      expect(bank.lookups.length).toBeGreaterThan(3)
      await pause(false, 1)
      await toRest()
      expect(Object.values(await states())).toEqual(Array(3).fill('processed'))
    })

    it('whose order it has confirmed and cannot find becomes a question, not an endless one', async () => {
      const { world, bank, waiting, run, toRest, states } = await createBatchWorld(database, PAYPAL)
      bank.fates.push((take, { items }) => ({
        ...take(),
        items: Object.fromEntries(items.map(({ key }) => [key, { kind: 'unknown', why: 'later' } as const])),
      }))
      bank.lookupFate = () => ({ kind: 'not_found', conclusive: false })
      await waiting('10', '11')
      await run()
      await toRest()
      expect(Object.values(await states())).toEqual(['in_doubt', 'in_doubt'])
      expect((await world.asked()).map(([kind]) => kind)).toEqual(['unresolved', 'unresolved'])
      expect(bank.orders).toHaveLength(1)
    })
  })

  const waitingThree = async ({ world }: Pick<BatchWorld, 'world'>) => {
    for (const amount of ['10', '11', '12']) await world.withdrawn(amount)
  }
})

describe('a single payout in doubt at a provider without a look-up', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it.each(['immediate', 'batch'])(
    'stays in doubt when the provider says "not now" to its key the second time (%s)',
    async (mode) => {
      const { world, bank, waiting, toRest, rows, states } = await createBatchWorld(
        database,
        { lookup: 'none', maxItems: null },
        { config: { mode } },
      )
      bank.fates.push(answerLost, answers({ kind: 'deferred', why: 'rate_limited', retryAfterMs: 600_000 }))
      const [first] = await waiting('10')
      if (mode === 'batch') await world.engine.batches.run()
      await world.runToRest(400_000)

      expect(bank.orders).toHaveLength(2)
      expect((await rows())[0]).toMatchObject({ state: 'in_doubt', reasonCode: 'confirming' })
      await world.post('', { path: `/${first?.id}/cancel` }).expect(409)
      bank.lookupFate = () => ({ kind: 'unknown', why: 'not offered' })
      await toRest()
      expect(bank.amounts).toEqual(['10'])
      expect(await states()).toEqual({ 10: 'processed' })
      expect(new Set(bank.orders.map(({ key }) => key)).size).toBe(1)
    },
  )

  it('is never asked for as part of a batch, where it would be another payment', async () => {
    const { bank, waiting, run, toRest, states } = await createBatchWorld(database, { lookup: 'none' })
    const [first] = await waiting('10')
    await waiting('11')
    // It was sent alone, by a version or a setting without batches, and is taken up again.
    await database.query(
      `update bank_withdrawal.withdrawals set payout_started_at = bank_withdrawal.clock(),
         payout_doubt_at = bank_withdrawal.clock() where id = $1`,
      [first?.id],
    )
    await run()
    expect(bank.orders.map(({ key, items }) => [key === first?.payoutKey, items.length]).sort()).toEqual([
      [false, 1],
      [true, 1],
    ])
    await toRest()
    expect(Object.values(await states())).toEqual(['processed', 'processed'])
  })
})

/** As an operator's action will do it: past every worker, with its entry in the journal. */
async function decideOver(database: TestDatabase, row: StoredWithdrawal | undefined): Promise<void> {
  const transition = createTransition({
    store: createStore(database),
    logger: silentLogger,
    watchFrom: () => ({}),
    seals: createVault([], systemRandomness),
  })
  const move = contradiction('in_doubt', 'unresolved', { by: 'hand' })
  expect(row && (await transition(row, move, { actor: 'operator:2', leaseOwner: null }))).toBeTruthy()
}

describe('answers about the members of a batch', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it('come for all of them with one call, poll after poll', async () => {
    const { world, bank, toRest, waiting, states } = await createBatchWorld(database, {
      looksUpOrders: true,
      settlesAfterMs: 6 * 3_600_000,
    })
    await waiting(...Array.from({ length: 12 }, (_, index) => String(10 + index)))
    await world.engine.batches.run()
    await toRest()

    expect(Object.values(await states())).toEqual(Array(12).fill('processed'))
    expect(bank.lookups).toEqual([])
    // Doubling from 2 s to 15 min, and then four an hour; with jitter of 25 % each way.
    expect(bank.orderLookups.length).toBeLessThan(50)
    expect(bank.orderLookups.length).toBeGreaterThan(20)
  })

  it('are asked for ever more slowly, and not more slowly than every twenty minutes', async () => {
    const askedAt: number[] = []
    const { world, bank, toRest, waiting } = await createBatchWorld(database, {
      settlesAfterMs: 6 * 3_600_000,
    })
    bank.lookupFate = (_query, truth) => {
      askedAt.push(world.clock.monotonicMs())
      return truth()
    }
    await waiting('10')
    await world.engine.batches.run()
    await toRest()
    const waits = askedAt.slice(1).map((at, index) => at - Number(askedAt[index]))
    expect(Math.max(...waits)).toBeLessThanOrEqual(15 * 60_000 * 1.25)
    expect(Math.max(...waits)).toBeGreaterThan(10 * 60_000)
    expect(new Set(waits.slice(-5)).size).toBeGreaterThan(1)
  })

  it('that say "not there" for a neighbour are not believed: each is looked up by itself first', async () => {
    const { bank, toRest, waiting, run, states } = await createBatchWorld(
      database,
      {},
      {
        around: {
          provider: (real) => ({
            ...real,
            lookupOrder: ({ orderKey }) => {
              const keys = bank.orders.find(({ key }) => key === orderKey)?.items.map(({ key }) => key) ?? []
              return Promise.resolve(
                Object.fromEntries(
                  keys.map((key) => [key, { kind: 'not_found', conclusive: true } as const]),
                ),
              )
            },
          }),
        },
      },
    )
    bank.fates.push(answerLost)
    await waiting('10', '11')
    await run()
    await toRest()
    expect(Object.values(await states())).toEqual(['processed', 'processed'])
    expect(bank.orders).toHaveLength(1)
    expect(new Set(bank.lookups.map(({ key }) => key)).size).toBe(2)
  })

  it('that cannot be fetched for the whole are fetched one by one', async () => {
    const logger = recordingLogger()
    const { bank, toRest, waiting, run, states } = await createBatchWorld(
      database,
      {},
      {
        logger,
        around: { provider: (real) => ({ ...real, lookupOrder: () => Promise.reject(new Error('down')) }) },
      },
    )
    bank.fates.push(answerLost)
    await waiting('10', '11')
    await run()
    await toRest()
    expect(Object.values(await states())).toEqual(['processed', 'processed'])
    expect(bank.orders).toHaveLength(1)
  })
})
