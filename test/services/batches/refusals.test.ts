import { answers } from '../../helpers/batch-bank'
import { createBatchWorld } from '../../helpers/batch-world'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'

/** Goal: nobody waits for, or pays for, a neighbour's mistake. */
describe.each(DATABASE_KINDS)('on %s, a batch that is refused as a whole', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  it('is sent again in the same run without those that are named, as a new batch with the same item keys', async () => {
    const { world, bank, waiting, run, toRest, states, batches, rows } = await createBatchWorld(database, {
      validation: 'all_named',
    })
    bank.badAmounts.add('11').add('13')
    await waiting('10', '11', '12', '13')

    await run()

    const [first, second] = bank.orders
    expect(bank.orders).toHaveLength(2)
    expect(second?.key).not.toBe(first?.key)
    expect(second?.items.map(({ key }) => key)).toEqual([first?.items[0]?.key, first?.items[2]?.key])
    expect(await batches()).toMatchObject([
      { state: 'refused', itemCount: 4, total: '46', reasonCode: 'batch_refused' },
      { state: 'sent', itemCount: 2, total: '22' },
    ])
    await toRest()
    expect(await states()).toEqual({ 10: 'processed', 11: 'canceled', 12: 'processed', 13: 'canceled' })
    expect((await rows())[1]?.reasonCode).toBe('invalid_identifier')
    expect(await world.balance()).toEqual({ available: 9_978, locked: 0 })
    expect(bank.amounts).toEqual(['10', '12'])
  })

  it.each(['all_unnamed', 'all_declined'] as const)(
    'without a name (%s) is halved until the one at fault is alone; the others are paid in the same run',
    async (validation) => {
      const { world, bank, waiting, run, toRest, rows } = await createBatchWorld(database, { validation })
      const amounts = Array.from({ length: 16 }, (_, index) => String(10 + index))
      bank.badAmounts.add('17')
      await waiting(...amounts)

      await run()

      // One refusal and one success on each of the four levels, and the first refusal.
      expect(bank.orders.length).toBeLessThanOrEqual(1 + 2 * Math.log2(16))
      expect([...bank.amounts.map(Number)].sort((a, b) => a - b)).toEqual(
        amounts.map(Number).filter((amount) => amount !== 17),
      )
      await toRest()
      const ended = (await rows()).map(({ amount, state, reasonCode }) => [amount, state, reasonCode])
      const culprit =
        validation === 'all_declined' ? ['canceled', 'invalid_identifier'] : ['in_review', 'refused_alone']
      expect(ended).toEqual(
        amounts.map((amount) => [amount, ...(amount === '17' ? culprit : ['processed', null])]),
      )
      const held = validation === 'all_declined' ? 0 : 17
      expect((await world.balance()).locked).toBe(held)
    },
  )

  it('and says so of every item isolates the one at fault, too', async () => {
    const { bank, waiting, toRest, states } = await createBatchWorld(database, { validation: 'all_unnamed' })
    bank.badAmounts.add('12')
    const refusesEach = (depth: number) => {
      for (let call = 0; call < depth; call++)
        bank.fates.push((take, { items }) => {
          const truth = take()
          if (truth.kind !== 'deferred') return truth
          return { ...truth, items: Object.fromEntries(items.map(({ key }) => [key, truth])) }
        })
    }
    refusesEach(10)
    await waiting('10', '11', '12', '13')
    await toRest()
    expect(await states()).toEqual({ 10: 'processed', 11: 'processed', 12: 'in_review', 13: 'processed' })
    expect(bank.orders.length).toBeLessThanOrEqual(5)
  })

  it('alone holds nobody up who comes later', async () => {
    const { bank, waiting, run, toRest, states } = await createBatchWorld(database, {
      validation: 'all_unnamed',
    })
    bank.badAmounts.add('11')
    await waiting('11')
    await run()
    await waiting('10')
    await run()
    await toRest()
    expect(await states()).toEqual({ 10: 'processed', 11: 'in_review' })
    expect(bank.orders).toHaveLength(2)
  })

  it('item by item, while the rest is taken, does not go round for ever', async () => {
    const { bank, waiting, toRest, states } = await createBatchWorld(database)
    const leavesOut = (count: number) => {
      for (let call = 0; call < count; call++)
        bank.fates.push((_take, { items }) => ({
          kind: 'accepted',
          items: Object.fromEntries(
            items
              .filter(({ amount }) => amount === '11')
              .map(({ key }) => [key, { kind: 'deferred', why: 'batch_refused', retryAfterMs: 0 } as const]),
          ),
        }))
    }
    leavesOut(20)
    await waiting('11')
    await toRest()
    expect(await states()).toEqual({ 11: 'in_review' })
    expect(bank.orders).toHaveLength(1)
  })

  it('for ever, whatever it holds, ends the run all the same and loses nobody', async () => {
    const { bank, waiting, toRest, states } = await createBatchWorld(database)
    for (let call = 0; call < 100; call++)
      bank.fates.push(answers({ kind: 'deferred', why: 'batch_refused', retryAfterMs: 0 }))
    await waiting('10', '11', '12', '13', '14')
    await toRest()
    expect(Object.values(await states())).toEqual(Array(5).fill('in_review'))
    expect(bank.orders.length).toBeLessThanOrEqual(2 * 5)
    expect(bank.paid).toEqual([])
  })
})
