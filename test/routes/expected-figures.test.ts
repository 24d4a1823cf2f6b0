import { testDatabase } from '../helpers/databases'
import { World } from '../helpers/world'
import { request10 } from './support'

/**
 * Goal: nobody is charged a fee that they were not shown.
 * Method: a quote is asked for, the exchange changes its fee or the operator who bears it, and what the quote has shown is confirmed.
 */
describe('The figures that a quote has shown', () => {
  const database = testDatabase('PostgreSQL')
  let fee: string
  beforeEach(() => {
    fee = '1.5'
  })

  const worldWith = (feeMode: 'on_top' | 'deducted') =>
    World.create(database, {
      config: { feeMode },
      around: {
        exchange: (exchange) => ({ ...exchange, quote: () => Promise.resolve({ kind: 'ok', fee }) }),
      },
    })
  const quoted = async (world: World): Promise<Record<string, number>> => {
    const { body } = await world.get('/quote?currency=eur&method=BANK&amount=10').expect(200)
    return {
      expected_payout_amount: body.payout_amount as number,
      expected_leaves_balance: body.leaves_balance as number,
    }
  }

  it.each(['on_top', 'deducted'] as const)('let a request pass while they are true, %s', async (feeMode) => {
    const world = await worldWith(feeMode)
    const expected = await quoted(world)
    const { body } = await world.post({ ...request10(), ...expected }).expect(200)
    expect(body).toMatchObject({ fee: 1.5, status: 'processed' })
  })

  it.each([
    ['on_top', '10 EUR would be paid out now, for 12 EUR of the balance'],
    ['deducted', '8 EUR would be paid out now, for 10 EUR of the balance'],
  ] as const)('stop a request for which the fee is another by now, %s', async (feeMode, told) => {
    const world = await worldWith(feeMode)
    const expected = await quoted(world)
    fee = '2'
    const { body } = await world.post({ ...request10(), ...expected }).expect(409)
    expect(body).toMatchObject({ code: 'quote_changed', message: expect.stringContaining(told) as string })
    expect(await world.rows()).toEqual([])
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
    await world.post({ ...request10(), ...(await quoted(world)) }).expect(200)
  })

  it('stop a request whose fee somebody else bears by now', async () => {
    const expected = await quoted(await worldWith('on_top'))
    const world = await worldWith('deducted')
    for (const [name, figure] of Object.entries(expected))
      expect((await world.post({ ...request10(), [name]: figure }).expect(409)).body).toMatchObject({
        code: 'quote_changed',
      })
  })

  it('are no part of what is asked for: the same key is the same withdrawal, whatever it costs by now', async () => {
    const world = await worldWith('deducted')
    const expected = await quoted(world)
    const first = await world.post({ ...request10(), ...expected }, { key: 'k' }).expect(200)
    fee = '2'
    for (const figures of [expected, await quoted(world), {}]) {
      const again = await world.post({ ...request10(), ...figures }, { key: 'k' }).expect(200)
      expect(again.body).toEqual(first.body)
    }
    expect(await world.rows()).toHaveLength(1)
  })

  it.each([
    ['8.50', 200],
    ['8.5', 200],
    [8.5, 200],
    ['', 200],
    [null, 200],
    ['x', 400],
    [0, 400],
    [true, 400],
  ])('may be given as %p, which is answered with %d', async (figure, status) => {
    const world = await worldWith('deducted')
    const { body } = await world.post({ ...request10(), expected_payout_amount: figure }).expect(status)
    if (status === 400)
      expect(body).toMatchObject({
        code: 'invalid_amount',
        message: expect.stringMatching(/^expected_payout_amount must be/) as string,
        errors: [{ path: 'expected_payout_amount' }],
      })
  })
})
