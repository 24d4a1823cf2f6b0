import type { Express } from 'express'
import express5 from 'express'
import express4 from 'express4'
import request from 'supertest'

import { AcmeBank } from '../../examples/custom-provider'
import { addBankWithdrawals } from '../../examples/express-app'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { listen, type Listener } from '../helpers/listen'
import { silentLogger } from '../helpers/loggers'
import { BASE, IBAN, World } from '../helpers/world'

describe.each([
  ['Express 4', express4 as unknown as () => Express],
  ['Express 5', express5 as () => Express],
])('the example app on %s', (_version, createHost) => {
  it('pays a withdrawal', async () => {
    const app = createHost()
    const { token, stop } = await addBankWithdrawals(app, silentLogger)
    try {
      const { body } = await request(app)
        .post(BASE)
        .set('Authorization', `Bearer ${token}`)
        .send({ currency: 'eur', amount: '25.00', bank_account: { iban: IBAN } })
        .expect(200)
      expect(body).toMatchObject({ status: 'processed', amount: 25, provider: 'sandbox' })
    } finally {
      await stop()
    }
  })
})

describe('the example provider', () => {
  let database: TestDatabase
  let bank: Listener
  const payouts = new Map<
    string,
    { id: string; key: string; amount: string; status: string; reason?: string }
  >()
  /** What Acme does with the next request; it remembers the payout before it answers. */
  let mood: 'pays' | 'drops' | 'refuses' | 'broke' = 'pays'

  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
    const api = express5()
    api.use(express5.json())
    api.post('/payouts', (req, res) => {
      const { key, amount } = req.body as { key: string; amount: string }
      if (mood === 'broke') return void res.status(402).json({})
      const paid = { id: `A-${payouts.size}`, key, amount, status: 'PAID' }
      const refused = { ...paid, status: 'REFUSED', reason: 'ACCOUNT_CLOSED' }
      const payout = payouts.get(key) ?? (mood === 'refuses' ? refused : paid)
      payouts.set(key, payout)
      return mood === 'drops' ? void req.socket.destroy() : void res.json(payout)
    })
    api.get('/payouts/:key', (req, res) => {
      const payout = payouts.get(req.params.key)
      return payout ? void res.json(payout) : void res.status(404).json({ error: 'no_such_payout' })
    })
    bank = await listen(api)
  })
  afterAll(async () => {
    bank.close()
    await database.close()
  })
  beforeEach(() => payouts.clear())

  const withAcme = () =>
    World.create(database, {
      around: { provider: () => new AcmeBank({ baseUrl: bank.url, apiKey: 'k' }) },
    })

  it.each([
    ['pays', 'processed', 9_990],
    ['drops', 'processed', 9_990],
    ['refuses', 'canceled', 10_000],
  ] as const)('of a bank that %s ends in %s', async (how, state, available) => {
    mood = how
    const world = await withAcme()
    const { body } = await world
      .post({ currency: 'eur', amount: 10, bank_account: { iban: IBAN, account_holder: 'Ada' } })
      .expect(200)
    await world.runToRest()

    expect((await world.row(body.id)).state).toBe(state)
    expect(payouts.size).toBe(1)
    expect(await world.balance()).toEqual({ available, locked: 0 })
  })

  it('of a bank without money waits', async () => {
    mood = 'broke'
    const world = await withAcme()
    const { body } = await world.withdraw(10).expect(200)
    expect(body).toMatchObject({ status: 'pending', reason_code: 'confirming' })
    await world.runToRest(10 * 60_000)

    // A look-up has confirmed that the bank did not take it.
    const reasons = (await world.journal(body.id)).map(({ reasonCode }) => reasonCode)
    expect(reasons).toContain('insufficient_float')
    expect(payouts.size).toBe(0)
  })
})
