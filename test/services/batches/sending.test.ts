import { createStore } from '../../../src/db/store'
import { sum } from '../../../src/domain/money'
import { answers } from '../../helpers/batch-bank'
import { createBatchWorld, insertWaiting } from '../../helpers/batch-world'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { IBAN } from '../../helpers/world'

/** Goal: what is due leaves in as few calls as the provider takes, and each payout once. */
describe.each(DATABASE_KINDS)('on %s, a run of batches', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  it('makes one call per currency, with all that is due, and settles every burn', async () => {
    const { world, bank, waiting, toRest, rows, batches } = await createBatchWorld(database)
    const euros = await waiting('10', '20.55', '30.01')
    await world.withdraw(40, { currency: 'usd' }).expect(200)
    expect(bank.orders).toHaveLength(0)

    await toRest()

    expect(bank.orders.map(({ currency, items, total }) => [currency, items.length, total])).toEqual([
      ['eur', 3, '60.56'],
      ['usd', 1, '40'],
    ])
    expect(bank.amounts).toEqual(['10', '20.55', '30.01', '40'])
    expect((await rows()).map(({ state }) => state)).toEqual(Array(4).fill('processed'))
    expect(await world.balance()).toEqual({ available: 10_000 - 60.56, locked: 0 })
    const [first] = await batches()
    expect(first).toMatchObject({
      ...{ provider: 'sandbox', currency: 'eur', state: 'sent', itemCount: 3, total: '60.56', attempts: 1 },
      ...{ batchKey: bank.orders[0]?.key, providerReference: `O-${bank.orders[0]?.key}` },
    })
    const members = await createStore(database).listBatchMembers(String(first?.id))
    expect(members.map(({ id }) => id)).toEqual(euros.map(({ id }) => id))
  })

  it('keeps to what the provider takes in one call', async () => {
    const { bank, waiting, toRest, states } = await createBatchWorld(database, { maxItems: 2 })
    await waiting('10', '11', '12', '13', '14')

    await toRest()

    expect(bank.orders.map(({ items }) => items.length)).toEqual([2, 2, 1])
    expect(new Set(bank.orders.map(({ key }) => key)).size).toBe(3)
    expect(Object.values(await states())).toEqual(Array(5).fill('processed'))
  })

  it('sends nothing when nothing is due, and takes nothing twice', async () => {
    const { bank, waiting, run, toRest } = await createBatchWorld(database)
    expect(await run()).toEqual([])
    await waiting('10')
    await run()
    await run()
    await toRest()
    expect(bank.orders).toHaveLength(1)
  })

  it('leaves each payout its own outcome: one is declined, the others are paid', async () => {
    const { world, bank, waiting, toRest, states, rows } = await createBatchWorld(database)
    bank.badAmounts.add('11')
    await waiting('10', '11', '12')

    await toRest()

    expect(await states()).toEqual({ 10: 'processed', 11: 'canceled', 12: 'processed' })
    expect((await rows())[1]).toMatchObject({ reasonCode: 'invalid_identifier' })
    expect(bank.amounts).toEqual(['10', '12'])
    expect(await world.balance()).toEqual({ available: 9_978, locked: 0 })
  })

  it('asks what became of those the answer says nothing about', async () => {
    const { bank, waiting, toRest, states } = await createBatchWorld(database, { settlesAfterMs: 3_600_000 })
    bank.fates.push((take) => {
      const { items, ...outcome } = take()
      return { ...outcome, items: Object.fromEntries(Object.entries(items ?? {}).slice(0, 1)) }
    })
    await waiting('10', '11')
    await toRest()
    expect(await states()).toEqual({ 10: 'processed', 11: 'processed' })
    expect(bank.amounts).toEqual(['10', '11'])
  })

  it('notes two payouts with one reference as contradictions, and records the others', async () => {
    const { bank, waiting, toRest, states } = await createBatchWorld(database)
    bank.fates.push((take, { items }) => {
      const truth = take()
      const [, second, third] = items.map(({ key }) => key)
      const same = truth.items?.[String(second)]
      return { ...truth, items: { ...truth.items, ...(same && { [String(third)]: same }) } }
    })
    await waiting('10', '11', '12')
    await toRest()
    expect(await states()).toEqual({ 10: 'processed', 11: 'processed', 12: 'conflict' })
  })

  it('defers all of a batch that the account cannot pay: nobody is declined, anybody may cancel, the rest is paid once it is funded', async () => {
    const { world, bank, waiting, run, toRest, rows, states } = await createBatchWorld(database)
    bank.float = 25
    const [, canceled] = await waiting('10', '20', '30')

    expect(await run()).toMatchObject([{ waiting: 'insufficient_float' }])
    expect((await rows()).map(({ state, reasonCode, batchId }) => [state, reasonCode, batchId])).toEqual(
      Array(3).fill(['ready', 'insufficient_float', null]),
    )
    await world.post('', { path: `/${canceled?.id}/cancel` }).expect(200)
    bank.float = 1_000
    await toRest()

    expect(await states()).toEqual({ 10: 'processed', 20: 'canceled', 30: 'processed' })
    expect([...bank.amounts].sort()).toEqual(['10', '30'])
    expect(await world.balance()).toEqual({ available: 9_960, locked: 0 })
  })

  it('stops at a provider that asks for time, and leaves what it has not sent to the next run', async () => {
    const { world, bank, waiting, run, toRest, states } = await createBatchWorld(database, { maxItems: 2 })
    bank.fates.push(answers({ kind: 'deferred', why: 'rate_limited', retryAfterMs: 0 }))
    await waiting('10', '11', '12', '13')

    expect(await run()).toMatchObject([{ waiting: 'rate_limited' }])
    expect(bank.orders).toHaveLength(1)
    await world.clock.advance(1_000)
    await toRest()
    expect(Object.values(await states())).toEqual(Array(4).fill('processed'))
  })
})

describe('a run of batches', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it('sends three thousand in one call, and all of them are settled', async () => {
    const { world, bank, run } = await createBatchWorld(
      database,
      { maxItems: 15_000 },
      { config: { workerConcurrency: 50 } },
    )
    await insertWaiting(database, 3_000)

    expect(await run()).toMatchObject([{ batches: [{ itemCount: 3_000, total: '30000' }] }])
    expect(bank.orders).toHaveLength(1)
    expect(sum(bank.amounts)).toBe('30000')
    expect(new Set(bank.paid.map(({ itemKey }) => itemKey)).size).toBe(3_000)
    const stood = await database.query(
      'select state, count(*)::int as n, count(distinct batch_id)::int as batches from bank_withdrawal.withdrawals group by 1',
    )
    expect(stood).toEqual([{ state: 'settling', n: 3_000, batches: 1 }])
    // The whole way of a few shows that they go on; settling each is the runner's daily work.
    await world.engine.runner.tick()
    const [{ processed } = {}] = await database.query<{ processed: number }>(
      `select count(*)::int as processed from bank_withdrawal.withdrawals where state = 'processed'`,
    )
    expect(processed).toBe(50)
  }, 60_000)

  it('takes a user who cancels while the batch is prepared out of it', async () => {
    const { world, bank, waiting, toRest, states } = await createBatchWorld(
      database,
      {},
      {
        around: {
          database: (real) => ({
            ...real,
            async transaction(work) {
              const [first] = await real.query<{ id: string }>(
                `select id from bank_withdrawal.withdrawals where state = 'ready' and amount = 11`,
              )
              if (first) await world.post('', { path: `/${first.id}/cancel` }).expect(200)
              return real.transaction(work)
            },
          }),
        },
      },
    )
    await waiting('10', '11', '12')
    await toRest()
    expect(await states()).toEqual({ 10: 'processed', 11: 'canceled', 12: 'processed' })
    expect(bank.orders).toMatchObject([{ total: '22' }])
    expect(bank.amounts).toEqual(['10', '12'])
  })

  it('never shows an account to anybody: neither log nor journal nor batch', async () => {
    const { waiting, toRest } = await createBatchWorld(database)
    await waiting('10', '11')
    await toRest()
    const told = await database.query(
      'select detail::text from bank_withdrawal.journal union all select b::text from bank_withdrawal.batches b',
    )
    expect(JSON.stringify(told)).not.toContain(IBAN)
  })
})
