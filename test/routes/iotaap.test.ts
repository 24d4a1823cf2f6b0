import express from 'express'
import request from 'supertest'

import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { IBAN, World } from '../helpers/world'
import { DEFERRED, expectError, expectNoEffect, insertRows, request10 } from './support'

const PATH = '/v1/withdrawal'
/** As its documentation publishes it; neither the IBAN nor the BIC is a valid one. */
const PUBLISHED = { method: 'BANK', bank: 'iotaap', iban: 'HR21331323153406342304', swift: 'PDDGH2xx' }

const bearer = (world: World, userId = 1): [string, string] => [
  'Authorization',
  `Bearer ${world.token(userId)}`,
]
const post = (world: World, body: object, userId = 1) =>
  request(world.host())
    .post(PATH)
    .set(...bearer(world, userId))
    .send(body)
const get = (world: World, path: string, userId = 1) =>
  request(world.host())
    .get(PATH + path)
    .set(...bearer(world, userId))

let database: TestDatabase
let world: World
beforeAll(async () => {
  database = await openTestDatabase('PostgreSQL')
})
afterAll(() => database.close())
beforeEach(async () => {
  world = await World.create(database)
})

describe('A client of the IoTaaP API', () => {
  it('is paid for the published example, and answered with exactly its fields', async () => {
    const { body } = await post(world, { amount: 10, ...PUBLISHED }).expect(200)

    expect(body).toEqual({
      _id: expect.stringMatching(/^[A-Za-z0-9_-]{8,64}$/),
      created_at: '2026-01-05T09:00:00.000Z',
      amount: 10,
      method: 'BANK',
      bank: 'iotaap',
      iban: 'HR21331323153406342304',
      swift: 'PDDGH2XX',
      owner: 1,
      completed: true,
      status: 'processed',
      __v: 0,
    })
    expect(await world.bank.executions()).toMatchObject([{ amount: '10', currency: 'eur' }])
  })

  it('is paid to PayPal, and answered with paypal_id instead of an account', async () => {
    const { body } = await post(world, { amount: '10.50', method: 'PAYPAL', paypal_id: 'a@b.c' }).expect(200)

    expect(body).toEqual({
      _id: expect.any(String),
      created_at: expect.any(String),
      amount: 10.5,
      method: 'PAYPAL',
      paypal_id: 'a@b.c',
      owner: 1,
      completed: true,
      status: 'processed',
      __v: 0,
    })
  })

  it('finds one withdrawal, and the list of them, as they were answered', async () => {
    const { body: first } = await post(world, { amount: 10, ...PUBLISHED }).expect(200)
    await world.clock.advance(1_000)
    const { body: second } = await post(world, { amount: DEFERRED, ...PUBLISHED }).expect(200)

    expect(second).toMatchObject({ completed: false, status: 'pending' })
    expect((await get(world, `/${first._id}`).expect(200)).body).toEqual(first)
    expect((await get(world, '/list?draw=3').expect(200)).body).toEqual({
      withdrawals: [second, first],
      more: false,
      recordsTotal: 2,
      recordsFiltered: 2,
      draw: 3,
    })
  })
})

describe('The IoTaaP dialect', () => {
  it('withdraws in the default currency', async () => {
    world = await World.create(database, { config: { defaultCurrency: 'usd' } })

    await post(world, { amount: 10, ...PUBLISHED }).expect(200)

    expect(await world.balance(1, 'usd')).toEqual({ available: 9_990, locked: 0 })
    expect(await world.balance(1, 'eur')).toEqual({ available: 10_000, locked: 0 })
  })

  it('withdraws in another currency that is asked for', async () => {
    await post(world, { amount: 10, currency: 'USD', ...PUBLISHED }).expect(200)

    expect(await world.balance(1, 'usd')).toEqual({ available: 9_990, locked: 0 })
  })

  it('has a default currency that the other dialect has not', async () => {
    expectError(await world.post({ amount: 10, ...PUBLISHED }), 'unsupported_currency')
  })

  it.each([
    [{ amount: 10 }, 'invalid_method', 'Invalid method'],
    [{ amount: 10, method: 'CASH' }, 'invalid_method', 'Invalid method'],
    [{ amount: 10, method: 'PAYPAL' }, 'missing_paypal_id', 'Method PAYPAL must provide paypal_id'],
    [
      { amount: 10, method: 'BANK', iban: IBAN },
      'missing_bank_fields',
      'Method BANK must provide bank, swift and iban',
    ],
    [
      { amount: 10_001, ...PUBLISHED },
      'insufficient_balance',
      'Provided amount is larger than current wallet balance',
    ],
    [{ amount: 0, ...PUBLISHED }, 'invalid_amount', undefined],
    [{ amount: 10, ...PUBLISHED, owner: 2 }, 'unknown_field', 'Unknown field: owner'],
    [{ amount: 10, currency: null, ...PUBLISHED }, 'unsupported_currency', undefined],
  ] as const)('refuses %j with %s', async (body, code, message) => {
    expectError(await post(world, body), code, message)
    await expectNoEffect(world)
  })

  it('refuses a user the exchange does not know', async () => {
    expectError(await post(world, { amount: 10, ...PUBLISHED }, 99), 'user_not_found', 'User not found')
  })

  it('pages its list from offset -1, ten at a time, newest first, and never with rows of others', async () => {
    const rows = Array.from({ length: 12 }, (_, n) => ({
      id: `w-${String(n).padStart(8, '0')}`,
      createdAt: new Date(Date.UTC(2026, 0, 1, n)).toISOString(),
    }))
    await insertRows(database, [...rows, { id: 'of-grace-1', userId: 2 }])
    const newestFirst = rows.map(({ id }) => id).reverse()
    const idsAt = async (query: string): Promise<string[]> => {
      const { body }: { body: { withdrawals: { _id: string }[] } } = await get(world, `/list${query}`).expect(
        200,
      )
      return body.withdrawals.map(({ _id }) => _id)
    }

    expect(await idsAt('')).toEqual(newestFirst.slice(0, 10))
    expect(await idsAt('?offset=-1&limit=100')).toEqual(newestFirst)
    expect(await idsAt('?offset=10')).toEqual(newestFirst.slice(10))
    expect(await idsAt('?order=asc&limit=1')).toEqual(newestFirst.slice(11))
  })

  it.each(['?limit=0', '?limit=101', '?offset=-2', '?order=up', '?draw=x', '?limit=1&limit=2'])(
    'refuses the query %s of its list',
    async (query) => {
      expectError(await get(world, `/list${query}`), 'invalid_request')
    },
  )

  it("answers another user's withdrawal and an unknown one with the same 404", async () => {
    const { id } = await world.withdrawn(10)

    for (const wanted of [id, 'unknown', '%00'])
      expectError(await get(world, `/${wanted}`, 2), 'withdrawal_not_found', 'No such withdrawal.')
  })

  it('shares withdrawals and idempotency keys with the other dialect', async () => {
    const body = { currency: 'eur', amount: 10, ...PUBLISHED }
    const { body: record } = await world.post(body, { key: 'k' }).expect(200)

    const replayed = await post(world, { amount: '10.00', ...PUBLISHED })
      .set('Idempotency-Key', 'k')
      .expect(200)

    expect(replayed.headers['idempotency-replayed']).toBe('true')
    expect(replayed.body).toMatchObject({ _id: record.id, __v: 0 })
    expect(await world.rows()).toHaveLength(1)
  })

  it('shows a withdrawal in a currency it cannot name, as the other dialect made it', async () => {
    const { body: record } = await world.post(request10({ currency: 'usd' })).expect(200)

    const { body } = await get(world, `/${record.id}`).expect(200)

    expect(body).toMatchObject({ _id: record.id, amount: 10, iban: IBAN })
  })

  it('is served where the settings say', async () => {
    world = await World.create(database, { config: { iotaapPath: '/iotaap/payouts' } })

    const answer = await request(world.host())
      .post('/iotaap/payouts')
      .set(...bearer(world))
      .send({ amount: 10, ...PUBLISHED })

    expect(answer.body).toMatchObject({ status: 'processed', __v: 0 })
    await get(world, '/list').expect(404)
  })

  it.each([
    ['GET', ''],
    ['POST', '/some-id/cancel'],
    ['DELETE', '/some-id'],
    ['GET', '/a/b'],
  ])('has no %s %s', async (method, path) => {
    const agent = request(world.host())
    const sent =
      method === 'GET'
        ? agent.get(PATH + path)
        : method === 'POST'
          ? agent.post(PATH + path)
          : agent.delete(PATH + path)

    expectError(await sent.set(...bearer(world)), 'route_not_found')
  })

  it.each(['', '/list', '/some-id'])(
    'leaves its address %s to the host when it is switched off',
    async (path) => {
      world = await World.create(database, { config: { dialects: [] } })
      const host = express()
      host.use(world.app.router)
      host.use((_req, res) => {
        res.status(404).json({ message: 'the host has the last word' })
      })

      const answer = await request(host)
        .get(PATH + path)
        .set(...bearer(world))

      expect(answer.status).toBe(404)
      expect(answer.body).toEqual({ message: 'the host has the last word' })
    },
  )
})
