import { restProvider } from '../../../src/providers/rest'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { World } from '../../helpers/world'
import { exampleConfiguration, OPTIONS } from './example'
import { FakeAcme } from './fake-acme'

/** Goal: the engine and any described API together pay once. Method: the whole plugin against a bank that hangs up. */
describe('a withdrawal paid through the example configuration', () => {
  let database: TestDatabase
  let acme: FakeAcme
  let world: World
  let changes: Record<string, unknown> = {}

  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  const start = async () => {
    acme = new FakeAcme(() => world.clock.now())
    const baseUrl = await acme.listen()
    world = await World.create(database, {
      provider: () =>
        restProvider({ ...OPTIONS, configuration: exampleConfiguration({ baseUrl, ...changes }) }),
    })
  }
  afterEach(async () => {
    await world.app.stop()
    acme.close()
    changes = {}
  })

  const withdraw = async () => {
    const bank_account = { iban: 'NL91ABNA0417164300', account_holder: 'Jane Roe' }
    const { body } = await world.withdraw('100.50', { bank_account }).expect(200)
    return (body as { id: string }).id
  }
  const HOUR_MS = 3_600_000

  it('is paid once when the bank took it and hung up', async () => {
    await start()
    acme.postFaults = ['drop_after']
    const id = await withdraw()
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('submitted')
    acme.pay(`BW-${id}`)
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'processed', providerTransactionId: 'BANK-po_1' })
    expect(acme.payouts).toHaveLength(1)
    expect((await world.journal(id)).map(({ to }) => to)).toContain('in_doubt')
  })

  it('is sent again with the same key when the bank never saw it', async () => {
    await start()
    acme.postFaults = ['drop_before']
    acme.statusOfNew = 'PAID'
    const id = await withdraw()
    await world.runToRest()
    expect((await world.row(id)).state).toBe('processed')
    expect(acme.payouts).toHaveLength(1)
    const keys = acme.seen
      .filter(({ method }) => method === 'POST')
      .map(({ headers }) => headers['idempotency-key'])
    expect(keys).toEqual([`BW-${id}`, `BW-${id}`])
  })

  it('is cleared up by its key alone where the bank has no look-up', async () => {
    changes = { lookup: undefined, notFound: undefined }
    await start()
    acme.postFaults = ['drop_after']
    acme.statusOfNew = 'PAID'
    const id = await withdraw()
    await world.runToRest()
    expect((await world.row(id)).state).toBe('processed')
    expect(acme.payouts).toHaveLength(1)
  })

  it('is given back when the bank sent it back before we heard that it was paid', async () => {
    await start()
    const id = await withdraw()
    acme.pay(`BW-${id}`)
    Object.assign(acme.byKey(`BW-${id}`), { status: 'RETURNED', failure: { code: 'AC04' } })
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'account_closed' })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('that is sent back after it was paid is credited once', async () => {
    await start()
    const id = await withdraw()
    acme.pay(`BW-${id}`)
    await world.runToRest()
    Object.assign(acme.byKey(`BW-${id}`), { returned: { value: 10_050 }, failure: { code: 'AC06' } })
    for (let times = 0; times < 2; times++) {
      await world.clock.advance(HOUR_MS)
      await world.engine.watch.run()
      await world.runToRest(HOUR_MS)
    }
    expect(await world.row(id)).toMatchObject({ state: 'returned', reasonCode: 'account_blocked' })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('stops for a person when the bank paid another amount', async () => {
    await start()
    const id = await withdraw()
    acme.pay(`BW-${id}`)
    acme.byKey(`BW-${id}`).amount.value = 10_051
    await world.runToRest(48 * HOUR_MS)
    expect(await world.row(id)).toMatchObject({ state: 'conflict', reasonCode: 'amount_mismatch' })
  })
})
