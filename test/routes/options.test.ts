import { sepaProvider } from '../../src/providers/sepa'
import { testDatabase } from '../helpers/databases'
import { IBAN, World } from '../helpers/world'
import { OPTIONS } from '../providers/sepa/rig'
import { DEFERRED } from './support'

/** Goal: a form says beforehand what would be refused afterwards, to the cent and to the day. */
interface Shown {
  readonly currency: string
  readonly available: number
  readonly otp_required: boolean
  readonly destinations: string
  readonly accounts: readonly Record<string, unknown>[]
  readonly limits: readonly Record<string, unknown>[]
  readonly new_account_waits_hours?: number
  readonly methods: readonly { readonly arrives_by: string; readonly arrives_by_if_new?: string }[]
}

const NOON_OF_A_FRIDAY = new Date('2026-01-09T12:00:00Z')
const REFUSE = { of: 'user', currency: 'eur', amount: '1000', count: 3, then: 'refuse' } as const

describe('What a form is told before anything is asked for', () => {
  const database = testDatabase('PostgreSQL')

  const euro = async (world: World, userId = 1): Promise<Shown> => {
    const { body } = (await world.get('/options', userId).expect(200)) as { body: readonly Shown[] }
    const [shown] = body.filter(({ currency }) => currency === 'eur')
    if (!shown) throw new Error('Nothing is offered in EUR.')
    return shown
  }
  const quote = (world: World, amount: string, more = '') =>
    world.get(`/quote?currency=eur&method=BANK&amount=${amount}${more}`)
  const withPolicy = async (world: World, policy: Record<string, unknown>) => {
    await world.operate('/admin/policy', { reason: 'r', version: 0, policy }).expect(200)
    return world
  }

  it('is what the user can spend, and their own accounts, masked, with those that wait to be verified', async () => {
    const world = await World.create(database)
    expect(await euro(world)).toMatchObject({
      ...{ available: 10_000, otp_required: false, destinations: 'any', limits: [] },
      accounts: [
        { id: 'a1b2c3d4e5f60718', method: 'BANK', account: 'DE…3000', country: 'DE', verified: true },
        { id: 'b1b2c3d4e5f60719', method: 'BANK', account: 'FR…2606', country: 'FR', verified: false },
      ],
    })
    expect(JSON.stringify(await euro(world))).not.toContain(IBAN)
    await world.withdrawn(10)
    expect((await euro(world)).available).toBe(9_990)
    expect((await euro(world, 2)).accounts).toEqual([])
  })

  it('is whether a code is asked for, and whether only stored accounts are paid to', async () => {
    const world = await World.create(database, { config: { destinations: 'stored' } })
    await world.kit.addUser({
      id: 7,
      fullName: 'Otto',
      balances: { eur: '5' },
      otpSecret: 'JBSWY3DPEHPK3PXP',
    })
    expect(await euro(world, 7)).toMatchObject({ otp_required: true, destinations: 'stored', available: 5 })
  })

  it('is what is left of the user’s limits and when they begin anew, and nothing of a limit that lets a person look', async () => {
    const world = await withPolicy(await World.create(database), {
      limits: [
        { ...REFUSE, per: 'day' },
        { ...REFUSE, per: 'month', currency: null, amount: null, count: 20 },
        { ...REFUSE, of: 'exchange', per: 'day', amount: '5000' },
        { ...REFUSE, of: 'user', per: 'month', amount: '700', count: null, then: 'review' },
      ],
    })
    await world.clock.advanceTo(new Date('2026-01-31T23:00:00Z'))
    await world.withdrawn('600.50')
    const { id } = await world.withdrawn(DEFERRED)
    await world.post({}, { path: `/${id}/cancel` }).expect(200)
    expect((await euro(world)).limits).toEqual([
      {
        per: 'day',
        amount: 1000,
        amount_left: 399.5,
        count: 3,
        count_left: 2,
        resets_at: '2026-02-01T00:00:00.000Z',
      },
      {
        per: 'month',
        amount: null,
        amount_left: null,
        count: 20,
        count_left: 19,
        resets_at: '2026-02-01T00:00:00.000Z',
      },
    ])
    await world.withdraw('399.51').expect(409)
    await world.withdraw('399.50').expect(200)
    expect((await euro(world)).limits[0]).toMatchObject({ amount_left: 0, count_left: 1 })
    expect((await euro(world, 2)).limits[0]).toMatchObject({ amount_left: 1000, count_left: 3 })
    await world.clock.advanceTo(new Date('2026-02-01T00:00:01Z'))
    expect((await euro(world)).limits[0]).toMatchObject({ amount_left: 1000, count_left: 3 })
  })

  it('is the day the money comes by, over a weekend, after the cut-off and for an account that has to wait first', async () => {
    const world = await withPolicy(
      await World.create(database, {
        provider: () => sepaProvider({ ...OPTIONS, cutOff: '14:00' }),
        config: { mode: 'batch', schedule: '0 13,15 * * *', scheduleTimezone: 'Europe/Brussels' },
      }),
      { cooling_off_hours: 24 },
    )
    await world.clock.advanceTo(new Date(NOON_OF_A_FRIDAY.getTime() - 3_600_000))
    const [before] = (await euro(world)).methods
    expect(before).toMatchObject({ arrives_by: '2026-01-12T22:59:00.000Z' })
    await world.clock.advanceTo(NOON_OF_A_FRIDAY)
    const shown = await euro(world)
    expect(shown.new_account_waits_hours).toBe(24)
    // The next batch leaves after the cut-off: Monday's business, credited on Tuesday.
    expect(shown.methods[0]).toMatchObject({
      arrives_by: '2026-01-13T22:59:00.000Z',
      arrives_by_if_new: '2026-01-13T22:59:00.000Z',
    })
    const quoted = await quote(world, '10').expect(200)
    expect(quoted.body).toMatchObject({ arrives_by: shown.methods[0]?.arrives_by })
  })

  it.each([
    ['on_top', { fee: 2.5, payout_amount: 100, leaves_balance: 102.5 }],
    ['deducted', { fee: 2.5, payout_amount: 97.5, leaves_balance: 100 }],
  ])('quotes what a request then costs, to the cent, where the fee is %s', async (feeMode, figures) => {
    const world = await World.create(database, {
      config: { feeMode },
      around: {
        exchange: (exchange) => ({ ...exchange, quote: () => Promise.resolve({ kind: 'ok', fee: '2.5' }) }),
      },
    })
    const { body } = await quote(world, '100').expect(200)
    expect(body).toMatchObject({ amount: 100, fee_mode: feeMode, ...figures })
    const before = await world.balance()
    await world.withdraw('100').expect(200)
    expect(before.available - (await world.balance()).available).toBe(figures.leaves_balance)
  })

  it.each([
    ['10.001', 400, 'invalid_amount'],
    ['20000', 400, 'insufficient_balance'],
    ['1000000', 400, 'amount_out_of_range'],
    ['x', 400, 'invalid_amount'],
  ])('refuses to quote %s as the request would be refused', async (amount, status, code) => {
    const world = await World.create(database)
    expect((await quote(world, amount).expect(status)).body).toMatchObject({ code })
    expect((await world.withdraw(amount).expect(status)).body).toMatchObject({ code })
    expect(await world.rows()).toEqual([])
  })

  it('refuses a quote that asks for nothing we know', async () => {
    const world = await World.create(database)
    for (const query of ['currency=eur&amount=1', 'currency=€&amount=1&method=BANK', 'amount=1&method=BANK'])
      await world.get(`/quote?${query}`).expect(400)
    await world.get('/quote?currency=xau&amount=1&method=BANK').expect(400)
    await world.get('/quote?currency=eur&amount=1&method=BANK&amount=2').expect(400)
  })
})

describe('The timeline of a withdrawal', () => {
  const database = testDatabase('PostgreSQL')

  it('has each stage once, when it began, and why it ended', async () => {
    const world = await World.create(database)
    const { id } = await world.withdrawn(DEFERRED)
    const read = async () => {
      const { body } = await world.get(`/${id}`).expect(200)
      return (body as { timeline: { stage: string; at: string; reason_code?: string }[] }).timeline
    }
    expect((await read()).map(({ stage }) => stage)).toEqual(['queued', 'sending', 'confirming', 'queued'])
    await world.post({}, { path: `/${id}/cancel` }).expect(200)
    const timeline = await read()
    expect(timeline.at(-1)).toMatchObject({ stage: 'canceled', reason_code: 'canceled_by_user' })
    expect([...timeline].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))).toEqual(timeline)
  })
})
