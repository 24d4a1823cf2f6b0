import request from 'supertest'

import type { PaymentProvider } from '../../../src/ports/payment-provider'
import { type SepaOptions, sepaProvider } from '../../../src/providers/sepa'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { BASE, World } from '../../helpers/world'
import { booking, statusReport } from './bank-documents'
import { OPTIONS } from './rig'

/**
 * Goal: a withdrawal goes out in a file and ends by what the bank reports. Method: the whole engine on a real database,
 * with a sandbox kit; the bank's reports are written here, as a bank would.
 */
const ACCOUNT = { account_holder: 'Jane Roe', iban: 'NL91ABNA0417164300' }

describe.each(DATABASE_KINDS)('a withdrawal paid by a file, on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  async function createWorld(config: Record<string, unknown> = {}, options: SepaOptions = {}) {
    let provider: PaymentProvider = sepaProvider({ ...OPTIONS, ...options })
    const world = await World.create(database, {
      config,
      around: { provider: () => (provider = sepaProvider({ ...OPTIONS, ...options })) },
    })
    const messageIds = async () =>
      (await provider.outbox!.list()).map(({ name }) => name.replace(/\.xml$/, '')).sort()
    /** As an operator does it. */
    const bring = async (document: string): Promise<readonly string[]> => {
      const { body } = await request(world.host())
        .post(`${BASE}/admin/files/sepa?name=report.xml&reason=from+the+bank`)
        .set('Authorization', `Bearer ${world.token(9, 'admin')}`)
        .set('Content-Type', 'application/xml')
        .send(document)
        .expect(200)
      await world.engine.watch.run()
      await world.runToRest(0)
      return (body as { problems: readonly string[] }).problems
    }
    const withdraw = async (amount: string) => {
      const { body } = await world.withdraw(amount, { bank_account: ACCOUNT }).expect(200)
      return world.row((body as { id: string }).id)
    }
    return { world, provider: () => provider, messageIds, bring, withdraw }
  }

  it('waits with the balance locked until the statement proves it, and is processed then', async () => {
    const { world, messageIds, bring, withdraw } = await createWorld()
    const row = await withdraw('10.5')
    expect(row).toMatchObject({ state: 'submitted', providerStatus: 'FILED' })
    expect(await messageIds()).toHaveLength(1)
    await world.runToRest(24 * 3_600_000)
    expect((await world.row(row.id)).state).toBe('submitted')
    expect(await world.balance()).toEqual({ available: 9_989.5, locked: 10.5 })

    expect(await bring(booking(row.endToEndId, '10.50'))).toEqual([])
    expect(await world.row(row.id)).toMatchObject({
      state: 'processed',
      providerTransactionId: row.endToEndId,
      providerStatus: 'BOOKED',
    })
    expect(await world.balance()).toEqual({ available: 9_989.5, locked: 0 })
  })

  it.each([
    [25, 200],
    [1, 413],
  ])('is proven by a report of 22 MB where %i MB are taken, or not: %i', async (reportMbMax, status) => {
    const { world, withdraw } = await createWorld({}, { reportMbMax })
    const row = await withdraw('10.5')
    const { body } = await request(world.host())
      .post(`${BASE}/admin/files/sepa?name=report.xml&reason=from+the+bank`)
      .set('Authorization', `Bearer ${world.token(9, 'admin')}`)
      .set('Content-Type', 'application/xml')
      .send(`<!--${'x'.repeat(22_000_000)}-->${booking(row.endToEndId, '10.50')}`)
      .expect(status)
    if (status === 200) expect(body).toMatchObject({ problems: [], matched: 1 })
  })

  it('that no report ends within the days that were set is asked about, while it goes on being looked at', async () => {
    const { world, bring, withdraw } = await createWorld({}, { answerDays: 5 })
    const row = await withdraw('10.5')
    const questions = async () => {
      const { body } = await world.see('/admin/differences').expect(200)
      return (body.data as { withdrawal_id: string; kind: string }[]).filter(
        ({ withdrawal_id }) => withdrawal_id === row.id,
      )
    }
    const days = async (count: number) => {
      await world.clock.advance(count * 24 * 3_600_000)
      await world.runToRest(3_600_000)
    }
    await days(4.5)
    expect(await questions()).toEqual([])
    await days(1)
    expect(await questions()).toMatchObject([{ kind: 'overdue' }])
    expect((await world.row(row.id)).state).toBe('submitted')

    await bring(booking(row.endToEndId, '10.50'))
    expect((await world.row(row.id)).state).toBe('processed')
  })

  it('that the bank rejects is canceled, with the balance back and the reason for the user', async () => {
    const { world, messageIds, bring, withdraw } = await createWorld()
    const row = await withdraw('10.5')
    const [messageId = ''] = await messageIds()

    await bring(statusReport(messageId, row.endToEndId, 'RJCT', 'AC04'))
    expect(await world.row(row.id)).toMatchObject({ state: 'canceled', reasonCode: 'account_closed' })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('that comes back before it was called paid is canceled, with the balance back', async () => {
    const { world, bring, withdraw } = await createWorld()
    const row = await withdraw('10.5')
    await bring(booking(row.endToEndId, '10.50', { isReturn: true }))
    expect((await world.row(row.id)).state).toBe('canceled')
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('that comes back after it was paid is credited to the user once, however often it is reported', async () => {
    const { world, bring, withdraw } = await createWorld()
    const row = await withdraw('10.5')
    await bring(booking(row.endToEndId, '10.50'))
    expect(await world.balance()).toEqual({ available: 9_989.5, locked: 0 })

    for (let times = 0; times < 2; times++) {
      await bring(booking(row.endToEndId, '10.50', { isReturn: true }))
      await world.runToRest(3_600_000)
    }
    expect((await world.row(row.id)).state).toBe('returned')
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('that the bank books after it had rejected it, and it was given back, is an open question', async () => {
    const { world, messageIds, bring, withdraw } = await createWorld()
    const row = await withdraw('10.5')
    const [messageId = ''] = await messageIds()
    await bring(statusReport(messageId, row.endToEndId, 'RJCT', 'AC04'))
    expect((await world.row(row.id)).state).toBe('canceled')

    expect(await bring(booking(row.endToEndId, '10.50'))).toHaveLength(1)
    expect(await world.row(row.id)).toMatchObject({ state: 'canceled' })
    const { body } = await world.see('/admin/differences').expect(200)
    expect(body.data).toContainEqual(
      expect.objectContaining({ kind: 'paid_after_release', withdrawal_id: row.id }),
    )
  })

  it('whose file never reached the bank leaves again in another one, once, and ends by that', async () => {
    const { world, provider, messageIds, bring, withdraw } = await createWorld()
    const row = await withdraw('10.5')
    const [lost = ''] = await messageIds()
    expect(await provider().outbox?.void?.(`${lost}.xml`)).toMatchObject({ kind: 'voided' })
    await world.runToRest(3_600_000)

    const again = await world.row(row.id)
    expect(again).toMatchObject({ state: 'submitted', providerStatus: 'FILED' })
    expect(again.endToEndId).not.toBe(row.endToEndId)
    expect(await messageIds()).toHaveLength(2)
    expect(await world.balance()).toEqual({ available: 9_989.5, locked: 10.5 })

    await bring(booking(again.endToEndId, '10.50'))
    expect((await world.row(row.id)).state).toBe('processed')
    expect(await world.balance()).toEqual({ available: 9_989.5, locked: 0 })
  })

  it('leaves no second time where the bank speaks of another payment of its voided file', async () => {
    const { world, messageIds, bring, withdraw } = await createWorld({ mode: 'batch' })
    const rows = [await withdraw('10'), await withdraw('20')]
    await world.engine.batches.run('sepa')
    const [lost = ''] = await messageIds()
    await world.operate(`/admin/files/sepa/${lost}.xml/void`, { reason: 'never handed in' }).expect(200)
    for (let minutes = 0; minutes < 30; minutes++) {
      while ((await world.engine.runner.tick()) > 0);
      await world.clock.advance(60_000)
    }
    for (const { id } of rows) expect((await world.row(id)).state).toBe('ready')

    await bring(booking(rows[0]!.endToEndId, '10.00'))
    await world.runToRest(3_600_000)
    expect(await messageIds()).toEqual([lost])
    for (const { id } of rows)
      expect(await world.row(id)).toMatchObject({
        ...{ state: 'in_review', reasonCode: 'paid_under_retired_key' },
      })
    expect(await world.balance()).toEqual({ available: 9_970, locked: 30 })
  })

  it('that the bank booked with another amount stops for a person', async () => {
    const { world, bring, withdraw } = await createWorld()
    const row = await withdraw('10.5')
    await bring(booking(row.endToEndId, '10.49'))
    await world.runToRest(60_000)
    expect(await world.row(row.id)).toMatchObject({ state: 'conflict', reasonCode: 'amount_mismatch' })
    expect((await world.balance()).locked).toBe(10.5)
  })

  it('is refused before anything is locked when the bank would refuse it', async () => {
    const { world } = await createWorld()
    const { body } = await world
      .withdraw('10', { bank_account: { ...ACCOUNT, account_holder: '張偉' } })
      .expect(400)
    expect(JSON.stringify(body)).toContain('account_holder')
    await world.withdraw('10', { bank_account: { ...ACCOUNT, iban: 'HR21331323153406342304' } }).expect(400)
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('leaves with others in one file, and each ends by itself', async () => {
    const { world, provider, messageIds, bring, withdraw } = await createWorld({ mode: 'batch' })
    const rows = [await withdraw('10'), await withdraw('20'), await withdraw('30.05')]
    expect(rows.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready'])
    await world.engine.batches.run('sepa')

    const [file] = await provider().outbox!.list()
    expect(file).toMatchObject({ itemCount: 3, total: '60.05' })
    const [messageId = ''] = await messageIds()
    await bring(statusReport(messageId, rows[1]!.endToEndId, 'RJCT', 'AC01'))
    // The engine keeps what it heard of a batch for some seconds.
    await world.clock.advance(10_000)
    await bring(booking(rows[0]!.endToEndId, '10.00'))
    const states = await Promise.all(rows.map(async ({ id }) => (await world.row(id)).state))
    expect(states).toEqual(['processed', 'canceled', 'submitted'])
    expect(await world.balance()).toEqual({ available: 9_959.95, locked: 30.05 })
  })

  it('is in one file when the program died after the file was made', async () => {
    const { world, messageIds, withdraw } = await createWorld()
    const around = {
      provider: (): PaymentProvider => {
        const real = sepaProvider(OPTIONS)
        return {
          ...real,
          submit: async (order) => {
            await real.submit(order)
            throw new Error('the connection is gone')
          },
        }
      },
    }
    await world.app.stop()
    await world.start(around)
    const row = await withdraw('10.5')
    expect(row.state).toBe('in_doubt')
    await world.app.stop()
    await world.start()
    await world.runToRest(3_600_000)

    expect((await world.row(row.id)).state).toBe('submitted')
    expect(await messageIds()).toHaveLength(1)
  })
})
