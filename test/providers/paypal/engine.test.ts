import type { PaymentProvider } from '../../../src/ports/payment-provider'
import { paypalProvider } from '../../../src/providers/paypal'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { World } from '../../helpers/world'
import { CLIENT, FakePaypal } from './fake'
import { testAuthorities, WEBHOOK_ID } from './fake-webhooks'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Goal: the whole way of a withdrawal through PayPal, with a real database and a real socket. */
describe('a withdrawal to PayPal', () => {
  let database: TestDatabase
  let fake: FakePaypal
  let world: World
  let provider: () => PaymentProvider
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    fake = await FakePaypal.start({ clock: { now: () => world.clock.now() } })
    provider = () =>
      paypalProvider({
        ...CLIENT,
        baseUrl: fake.url,
        webhookId: WEBHOOK_ID,
        trustedRoots: [testAuthorities().root.pem],
      })
    world = await World.create(database, { around: { provider } })
  })
  afterEach(async () => {
    await world.app.stop()
    fake.close()
    expect(fake.violations).toEqual([])
  })

  const withdraw = async (paypalId: string): Promise<string> => {
    const body = { currency: 'eur', amount: 10.5, method: 'PAYPAL', paypal_id: paypalId }
    const answer = (await world.post(body).expect(200)) as { body: { id: string } }
    await world.settled()
    return answer.body.id
  }
  const keyOf = async (id: string) => (await world.row(id)).payoutKey

  it('is paid once, and its user sees PayPal’s transaction', async () => {
    const id = await withdraw('alice@example.com')
    expect((await world.row(id)).state).toBe('submitted')
    await world.runToRest()

    const key = await keyOf(id)
    expect(await world.row(id)).toMatchObject({
      state: 'processed',
      providerReference: fake.item(key).id,
      providerTransactionId: `TX${fake.item(key).id}`,
    })
    expect(fake.payments()).toEqual([key])
    expect(await world.balance()).toEqual({ available: 9_989.5, locked: 0 })
  })

  it.each(['commit_then_drop', 'commit_then_500', 'drop'] as const)(
    'is paid once after %s: it is sent again with the same key',
    async (mishap) => {
      fake.next(mishap)
      const id = await withdraw('alice@example.com')
      expect((await world.row(id)).state).toBe('in_doubt')
      await world.runToRest()

      expect((await world.row(id)).state).toBe('processed')
      expect(fake.payments()).toEqual([await keyOf(id)])
      expect(fake.creates).toHaveLength(2)
      expect(await world.balance()).toEqual({ available: 9_989.5, locked: 0 })
    },
  )

  it('cannot be canceled while PayPal refuses the repetition of a request it may have taken', async () => {
    fake.next('commit_then_drop', { status: 422, body: { name: 'INSUFFICIENT_FUNDS' } })
    const id = await withdraw('alice@example.com')
    // Past the first repetition, before the second.
    await world.runToRest(250_000)
    expect(fake.creates).toHaveLength(2)
    await world.post('', { path: `/${id}/cancel` }).expect(409)

    await world.runToRest()
    expect((await world.row(id)).state).toBe('processed')
    expect(fake.payments()).toHaveLength(1)
  })

  it('that nobody claims is given back to its user after 30 days', async () => {
    const id = await withdraw('nobody@example.com')
    await world.runToRest(HOUR_MS)
    await world.clock.advance(29 * DAY_MS)
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({ state: 'submitted', providerStatus: 'UNCLAIMED' })
    expect(await world.balance()).toEqual({ available: 9_989.5, locked: 10.5 })

    await world.clock.advance(DAY_MS)
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'expired_unclaimed' })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('that PayPal declines is given back at once, with the reason', async () => {
    const id = await withdraw('locked@example.com')
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'account_blocked' })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('whose receiver PayPal refuses is given back after the quiet time, for it cannot be asked; nothing was paid', async () => {
    const id = await withdraw('malformed@example.com')
    expect((await world.row(id)).state).toBe('in_doubt')
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'invalid_identifier' })
    expect(fake.payments()).toEqual([])
  })

  it('waits for the exchange’s PayPal balance, and is paid when there is one', async () => {
    fake.float = 5
    const id = await withdraw('alice@example.com')
    expect(await world.row(id)).toMatchObject({ state: 'ready', reasonCode: 'insufficient_float' })
    fake.float = 50
    await world.runToRest()
    expect((await world.row(id)).state).toBe('processed')
  })

  it('to something that is no PayPal account is refused before anything is locked, naming the field', async () => {
    const body = { currency: 'eur', amount: 10.5, method: 'PAYPAL', paypal_id: 'alice' }
    const answer = await world.post(body).expect(400)
    expect(answer.body).toMatchObject({ code: 'destination_refused', errors: [{ path: 'paypal_id' }] })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
    expect(fake.calls).toEqual([])
  })

  it('becomes a person’s question when another amount was paid', async () => {
    const id = await withdraw('alice@example.com')
    Object.assign(fake.item(await keyOf(id)).request, { amount: { currency: 'EUR', value: '105.00' } })
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'conflict', reasonCode: 'amount_mismatch' })
  })

  describe('in a batch', () => {
    beforeEach(async () => {
      await world.app.stop()
      world = await World.create(database, { config: { mode: 'batch' }, around: { provider } })
    })

    const batchOf = async (...receivers: string[]): Promise<string[]> => {
      const ids: string[] = []
      for (const receiver of receivers) ids.push(await withdraw(receiver))
      while ((await world.engine.runner.tick()) > 0);
      await world.engine.batches.run('paypal')
      return ids
    }
    const states = async (ids: readonly string[]) =>
      Promise.all(ids.map(async (id) => (await world.row(id)).state))

    it('is paid with all others in one call', async () => {
      const ids = await batchOf('alice@example.com', 'bob@example.com', 'locked@example.com')
      await world.runToRest()
      expect(await states(ids)).toEqual(['processed', 'processed', 'canceled'])
      expect(fake.creates).toHaveLength(1)
      expect(await world.balance()).toEqual({ available: 9_979, locked: 0 })
    })

    it('is paid once when the answer to the batch is lost: the same batch is sent again', async () => {
      fake.next('commit_then_drop')
      const ids = await batchOf('alice@example.com', 'bob@example.com')
      expect(await states(ids)).toEqual(['in_doubt', 'in_doubt'])
      await world.runToRest()

      expect(await states(ids)).toEqual(['processed', 'processed'])
      expect(fake.batches.size).toBe(1)
      expect(fake.payments()).toHaveLength(2)
    })

    it('is paid once when PayPal’s refusal of the repetition is about something else', async () => {
      fake.next('commit_then_drop', { status: 422, body: { name: 'INSUFFICIENT_FUNDS' } })
      const ids = await batchOf('alice@example.com', 'bob@example.com')
      await world.runToRest()

      expect(await states(ids)).toEqual(['processed', 'processed'])
      expect(fake.creates.length).toBeGreaterThan(2)
      expect(fake.batches.size).toBe(1)
    })

    it('is paid in the next one when PayPal refuses another’s receiver, who has the money back', async () => {
      const ids = await batchOf('alice@example.com', 'malformed@example.com', 'bob@example.com')
      await world.engine.batches.run('paypal')
      await world.runToRest()
      expect((await world.row(String(ids[1]))).reasonCode).toBe('invalid_identifier')

      expect(await states(ids)).toEqual(['processed', 'canceled', 'processed'])
      expect(fake.payments()).toHaveLength(2)
      expect(await world.balance()).toEqual({ available: 9_979, locked: 0 })
    })
  })
})
