import { modulrProvider } from '../../../src/providers/modulr'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { World } from '../../helpers/world'
import { ACCOUNT_EUR, FakeModulr, KEY_ID, SECRET } from './fake-modulr'

/** Goal: the engine and Modulr together pay once. Method: the whole plugin against a Modulr that hangs up. */
describe('a withdrawal paid through Modulr', () => {
  let database: TestDatabase
  let modulr: FakeModulr
  let world: World

  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  beforeEach(async () => {
    modulr = new FakeModulr(() => world.clock.now())
    const baseUrl = await modulr.listen()
    world = await World.create(database, {
      provider: () =>
        modulrProvider({ baseUrl, keyId: KEY_ID, secret: SECRET, accounts: { eur: ACCOUNT_EUR } }),
    })
  })
  afterEach(async () => {
    expect(modulr.violations).toEqual([])
    await world.app.stop()
    modulr.close()
  })

  const withdraw = async () => {
    const bank_account = { iban: 'NL91ABNA0417164300', account_holder: 'Jane Roe' }
    const { body } = await world.withdraw('100.50', { bank_account }).expect(200)
    return (body as { id: string }).id
  }
  const path = async (id: string) => (await world.journal(id)).map(({ to }) => to)
  const HOUR_MS = 3_600_000

  it('is paid once when Modulr took it and hung up', async () => {
    modulr.postFaults = ['drop_after']
    const id = await withdraw()
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({
      state: 'submitted',
      providerReference: modulr.byKey(`BW-${id}`).id,
    })

    modulr.process(`BW-${id}`)
    await world.runToRest()
    expect((await world.row(id)).state).toBe('processed')
    expect(modulr.payments).toHaveLength(1)
    expect(await path(id)).toContain('in_doubt')
    expect(await world.balance()).toEqual({ available: 9_899.5, locked: 0 })
  })

  it('is sent again, with the same nonce, when Modulr never saw it', async () => {
    modulr.postFaults = ['drop_before']
    const id = await withdraw()
    await world.runToRest(HOUR_MS)
    modulr.process(`BW-${id}`)
    await world.runToRest()
    expect((await world.row(id)).state).toBe('processed')
    const nonces = modulr.seen
      .filter(({ method }) => method === 'POST')
      .map(({ headers }) => headers['x-mod-nonce'])
    expect(nonces).toHaveLength(2)
    expect(new Set(nonces).size).toBe(1)
  })

  it('is given back when Modulr says, without a webhook, that it expired', async () => {
    const id = await withdraw()
    modulr.byKey(`BW-${id}`).status = 'ER_EXPIRED'
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'canceled', providerStatus: 'ER_EXPIRED' })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('is given back when all of it came back before we heard that it was paid', async () => {
    const id = await withdraw()
    modulr.process(`BW-${id}`)
    modulr.credit(String(modulr.byKey(`BW-${id}`).schemeId), 100.5)
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'account_closed' })
  })

  const watched = async () => {
    await world.clock.advance(HOUR_MS)
    await world.engine.watch.run()
    await world.runToRest(HOUR_MS)
  }

  it('that is sent back after it was paid is credited once, with the scheme’s reason', async () => {
    const id = await withdraw()
    modulr.process(`BW-${id}`)
    await world.runToRest()
    expect(await world.balance()).toEqual({ available: 9_899.5, locked: 0 })

    modulr.credit(String(modulr.byKey(`BW-${id}`).schemeId), 100.5, { via: 'payin' })
    await watched()
    await watched()
    expect(await world.row(id)).toMatchObject({ state: 'returned', reasonCode: 'account_closed' })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('that is sent back in part is credited that part', async () => {
    const id = await withdraw()
    modulr.process(`BW-${id}`)
    await world.runToRest()
    modulr.credit(String(modulr.byKey(`BW-${id}`).schemeId), 60)
    await watched()
    expect(await world.balance()).toEqual({ available: 9_959.5, locked: 0 })
  })

  it('waits, with nothing sent, while Modulr cannot be reached, and is paid when it can', async () => {
    const id = await withdraw()
    modulr.process(`BW-${id}`)
    await world.runToRest()
    modulr.postFaults = [{ status: 429, body: [] }]
    const second = await withdraw()
    // Until Modulr would show it if it had it.
    expect(await world.row(second)).toMatchObject({ state: 'in_doubt', payoutRefusal: 'rate_limited' })
    await world.runToRest(HOUR_MS)
    modulr.process(`BW-${second}`)
    await world.runToRest()
    expect((await world.row(second)).state).toBe('processed')
    expect(modulr.payments).toHaveLength(2)
  })

  it('is a question to a person when two payments carry its key', async () => {
    modulr.postFaults = ['drop_after']
    const id = await withdraw()
    modulr.process(`BW-${id}`)
    modulr.payments.push({ ...modulr.byKey(`BW-${id}`), id: 'P999999999' })
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'conflict', reasonCode: 'amount_mismatch' })
  })

  it('is refused before any balance is locked when the account is no account', async () => {
    const bank_account = { iban: 'NL92ABNA0417164300', account_holder: 'Jane Roe' }
    const { body } = await world.withdraw('100.50', { bank_account }).expect(400)
    expect(body).toMatchObject({ code: 'destination_refused', errors: [{ path: 'iban' }] })
    expect(modulr.seen).toEqual([])
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })
})
