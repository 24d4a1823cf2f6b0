import { between, createGate } from '../helpers/between'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase, testDatabase } from '../helpers/databases'
import { IBAN, World, type WorldOptions } from '../helpers/world'
import { DEFERRED, expectError, request10, sendRaw } from './support'

const KEY = 'b0c1d2e3-order-4711'
const REPLAYED = 'idempotency-replayed'
const FLAT = { bank: 'Musterbank', iban: IBAN, swift: 'COBADEFFXXX' }

describe.each(DATABASE_KINDS)('A repeated Idempotency-Key on %s', (kind) => {
  let database: TestDatabase
  let world: World
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    world = await World.create(database)
  })

  it('answers with the first withdrawal and says that it is a replay', async () => {
    const first = await world.post(request10(), { key: KEY }).expect(200)
    const second = await world.post(request10(), { key: KEY }).expect(200)

    expect(first.headers).not.toHaveProperty(REPLAYED)
    expect(second.headers[REPLAYED]).toBe('true')
    expect(second.body).toEqual(first.body)
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })
    expect(await world.bank.executions()).toHaveLength(1)
  })

  it('makes one row, one burn and one payout of fifty requests at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => world.post(request10(), { key: KEY }).expect(200)),
    )

    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.filter(({ headers }) => headers[REPLAYED] !== 'true')).toHaveLength(1)
    expect(await world.rows()).toMatchObject([{ state: 'processed' }])
    expect((await world.kit.ledger()).map((line) => line.kind)).toEqual(['lock', 'settle'])
    expect(await world.bank.executions()).toHaveLength(1)
  })
})

describe('An Idempotency-Key', () => {
  let database: TestDatabase
  let world: World
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    world = await World.create(database)
  })

  it.each([
    [
      '1.0 and "1.00"',
      '{"amount":1.0,"currency":"eur","paypal_id":"a@b.c"}',
      '{"amount":"1.00","currency":"eur","paypal_id":"a@b.c"}',
    ],
    [
      'another order of the keys',
      '{"amount":5,"currency":"eur","paypal_id":"a@b.c"}',
      '{"paypal_id":"a@b.c","currency":"eur","amount":5}',
    ],
    ['the currency in capitals', request10(), request10({ currency: 'EUR' })],
    [
      'the IBAN with spaces',
      request10(),
      request10({ bank_account: { iban: 'de89 3704 0044 0532 0130 00' } }),
    ],
    ['the method spelled out', request10(), request10({ method: 'BANK' })],
    [
      'the same account in another form',
      { currency: 'eur', amount: 10, ...FLAT },
      request10({ bank_account: FLAT }),
    ],
    ['empty fields beside it', request10(), request10({ paypal_id: null, bank_id: '' })],
    ['white space in the body', JSON.stringify(request10()), JSON.stringify(request10(), null, 4)],
    ['another one-time code', request10({ otp_code: '123456' }), request10({ otp_code: '654321' })],
    ['no one-time code the second time', request10({ otp_code: '123456' }), request10()],
  ])('takes %s for the same request', async (_what, first, second) => {
    const { body } = await world.post(first, { key: KEY }).expect(200)

    const repeated = await world.post(second, { key: KEY }).expect(200)

    expect(repeated.headers[REPLAYED]).toBe('true')
    expect(repeated.body.id).toBe(body.id)
    expect(await world.rows()).toHaveLength(1)
  })

  it.each([
    ['amount', { amount: 11 }],
    ['currency', { currency: 'usd' }],
    ['IBAN', { bank_account: { iban: 'FR1420041010050500013M02606' } }],
    ['payee', { bank_account: { iban: IBAN, account_holder: 'Grace Hopper' } }],
    ['bank', { bank_account: { iban: IBAN, bank: 'Another' } }],
    ['detail', { bank_account: { iban: IBAN, country: 'FR' } }],
    ['kind of destination', { bank_account: undefined, paypal_id: 'a@b.c' }],
    ['way to the account', { bank_account: undefined, bank_id: 'a1b2c3d4e5f60718' }],
  ])('is refused with 422 for a request with another %s', async (_what, changes) => {
    await world.post(request10(), { key: KEY }).expect(200)

    expectError(await world.post(request10(changes), { key: KEY }), 'idempotency_key_reused')
    expect(await world.rows()).toHaveLength(1)
    expect(await world.bank.executions()).toHaveLength(1)
  })

  it('of another user is a different key', async () => {
    const ada = await world.post(request10(), { key: KEY, userId: 1 }).expect(200)
    const grace = await world.post(request10({ amount: 20 }), { key: KEY, userId: 2 }).expect(200)

    expect(grace.headers).not.toHaveProperty(REPLAYED)
    expect(grace.body.id).not.toBe(ada.body.id)
    expect(await world.balance(2)).toEqual({ available: 9_980, locked: 0 })
  })

  it('that is left out makes a withdrawal each time', async () => {
    const first = await world.post(request10()).expect(200)
    const second = await world.post(request10()).expect(200)

    expect(second.body.id).not.toBe(first.body.id)
    expect(await world.balance()).toEqual({ available: 9_980, locked: 0 })
  })

  it.each([
    ['invalid', { amount: -1 }],
    ['too large for the balance', { amount: 10_001 }],
    ['to an unknown account', { bank_account: 'ffffffffffffffff' }],
  ])('is free again after a request that was %s', async (_what, changes) => {
    await world.post(request10(changes), { key: KEY }).expect(400)

    const { headers } = await world.post(request10(), { key: KEY }).expect(200)

    expect(headers).not.toHaveProperty(REPLAYED)
  })

  it('stays taken by a withdrawal that was declined', async () => {
    const declined = await world.post(request10({ amount: 10.03 }), { key: KEY }).expect(200)
    const again = await world.post(request10({ amount: 10.03 }), { key: KEY }).expect(200)

    expect(again.body).toEqual(declined.body)
    expect(again.body).toMatchObject({ status: 'canceled', reason_code: 'account_not_found' })
  })

  it('shows at a replay what has become of the withdrawal since', async () => {
    const first = await world.post(request10({ amount: DEFERRED }), { key: KEY }).expect(200)
    expect(first.body.status).toBe('pending')

    await world.bank.fund()
    await world.runToRest()
    const second = await world.post(request10({ amount: DEFERRED }), { key: KEY }).expect(200)

    expect(second.body).toMatchObject({ id: first.body.id, status: 'processed', completed: true })
    expect(second.headers[REPLAYED]).toBe('true')
  })

  it('is compared by case', async () => {
    const lower = await world.post(request10(), { key: 'abc' }).expect(200)
    const upper = await world.post(request10(), { key: 'ABC' }).expect(200)

    expect(upper.body.id).not.toBe(lower.body.id)
  })

  it.each(['k', '~'.repeat(255), '"quoted"', "'; drop table x; --"])('may be %s', async (key) => {
    const visible = key.replaceAll(' ', '_')
    const { body } = await world.post(request10(), { key: visible }).expect(200)

    expect((await world.row(body.id)).idempotencyKey).toBe(visible)
  })

  it.each([
    ['empty', ''],
    ['longer than 255 characters', 'k'.repeat(256)],
    ['two words', 'two words'],
    ['not ASCII', 'clé'],
    ['two of them', ['first', 'second']],
  ])('is refused when it is %s, without an effect', async (_what, key) => {
    const headers = {
      Authorization: `Bearer ${world.token()}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
    }

    const answer = await sendRaw(world.host(), {
      path: '/plugins/bank/withdrawal',
      headers,
      body: JSON.stringify(request10()),
    })

    expectError(answer, 'invalid_idempotency_key')
    expect(await world.rows()).toEqual([])
  })
})

describe('While the first request with a key is still running', () => {
  const waitMs = 8_000
  const database = testDatabase('PostgreSQL')

  /** A world whose bank does not answer before the gate is opened. */
  async function withHangingBank() {
    const gate = createGate()
    const provider = between({ submit: (call) => gate.wait().then(call) })
    const options: WorldOptions = { config: { waitMs }, around: { provider } }
    const world = await World.create(database, options)
    const first = world.post(request10(), { key: KEY }).then((answer) => answer)
    await gate.reached
    return { world, gate, first }
  }

  it('a second one is told to come back in a moment', async () => {
    const { world, gate, first } = await withHangingBank()

    const second = await world.post(request10(), { key: KEY })
    gate.open()

    expect((await first).body.status).toBe('processed')
    expectError(second, 'idempotency_key_in_use')
    expect(second.headers['retry-after']).toBe('1')
    await world.post(request10(), { key: KEY }).expect(200).expect(REPLAYED, 'true')
    expect(await world.bank.executions()).toHaveLength(1)
  })

  it('a different request with it is refused at once', async () => {
    const { world, gate, first } = await withHangingBank()

    const second = await world.post(request10({ amount: 11 }), { key: KEY })
    gate.open()

    expect((await first).body.status).toBe('processed')
    expectError(second, 'idempotency_key_reused')
  })

  it('a second one is answered as soon as the first one is, though nothing is decided yet', async () => {
    const { world, gate, first } = await withHangingBank()

    await world.clock.advance(waitMs)
    const { body } = await first
    const second = await world.post(request10(), { key: KEY })
    gate.open()
    await world.engine.runner.stop()
    await world.start({})
    await world.runToRest()

    expect(body).toMatchObject({ status: 'pending', stage: 'sending' })
    expect(second).toMatchObject({ status: 200, body: { id: body.id, status: 'pending' } })
    expect((await world.row(body.id)).state).toBe('processed')
    expect(await world.bank.executions()).toHaveLength(1)
  })
})
