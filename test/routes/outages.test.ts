import express from 'express'

import { createGate } from '../helpers/between'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { recordingLogger } from '../helpers/loggers'
import { BASE, World } from '../helpers/world'
import { expectError, expectNoEffect, failingDatabase, kitWith, request10, sendRaw } from './support'

let database: TestDatabase
/** Whoever is not answered waits here, until the test is over. */
let gate = createGate()
beforeAll(async () => {
  database = await openTestDatabase('PostgreSQL')
})
afterAll(() => database.close())
beforeEach(() => {
  gate = createGate()
})
afterEach(() => gate.open())

/** As the kit's network client throws when there is no network: it carries the exchange's api key. */
const networkError = () =>
  Object.assign(new Error('connect ECONNREFUSED'), {
    name: 'RequestError',
    cause: { code: 'ECONNREFUSED' },
    options: { headers: { 'api-key': 'secret-key', 'api-signature': 'secret-signature' } },
  })

interface Question {
  readonly question: string
  /** Puts `instead` in the place of the kit's answer. */
  readonly asked: (instead: () => unknown) => ReturnType<typeof kitWith>
  readonly code: 'user_lookup_failed' | 'exchange_unavailable'
}

const QUESTIONS: readonly Question[] = [
  {
    question: 'who the user is',
    asked: (instead) => kitWith({ user: () => ({ getUserByKitId: instead }) }),
    code: 'user_lookup_failed',
  },
  {
    question: 'what the currency is',
    asked: (instead) => kitWith({ getKitCoin: instead }),
    code: 'exchange_unavailable',
  },
  {
    question: 'whether its rules allow it',
    asked: (instead) => kitWith({ wallet: () => ({ validateWithdrawal: instead }) }),
    code: 'exchange_unavailable',
  },
  {
    question: 'what the balance is',
    asked: (instead) => kitWith({ wallet: () => ({ getUserBalanceByKitId: instead }) }),
    code: 'exchange_unavailable',
  },
  {
    question: 'whether the one-time code is right',
    asked: (instead) => kitWith({ security: () => ({ verifyOtpBeforeAction: instead }) }),
    code: 'exchange_unavailable',
  },
]
const TEXT = {
  user_lookup_failed: 'Error getting user',
  exchange_unavailable: 'The exchange is not answering. Nothing was taken; please try again in a moment.',
}
/** Whether a client is told to come back: the contract has no such word for a user nobody can name. */
const RETRY_AFTER = { user_lookup_failed: undefined, exchange_unavailable: '10' }

describe.each(QUESTIONS)('When the exchange cannot say $question', ({ asked, code }) => {
  /** A world with a user who has one-time codes, so that every question is asked. */
  async function worldWhere(instead: () => unknown, logger = recordingLogger()) {
    const world = await World.create(database, { logger, around: { toolsLib: asked(instead) } })
    await world.kit.addUser({ id: 3, fullName: 'Alan Turing', balances: { eur: '100' }, otpSecret: 's' })
    const post = () => world.post(request10({ otp_code: '123456' }), { userId: 3, key: 'k' })
    return { world, post }
  }

  it.each([
    [
      'throws',
      () => {
        throw networkError()
      },
    ],
    ['rejects', () => Promise.reject(networkError())],
    ['answers 503', () => Promise.reject(Object.assign(new Error('503'), { statusCode: 503 }))],
    ['trips over itself', () => (undefined as unknown as { then: () => unknown }).then()],
  ])(
    'and %s, the request is answered in the words of the contract, without effect',
    async (_how, instead) => {
      const logger = recordingLogger()
      const { world, post } = await worldWhere(instead, logger)

      const answer = await post()

      expectError(answer, code, TEXT[code])
      expect(answer.headers['retry-after']).toBe(RETRY_AFTER[code])
      await expectNoEffect(world)
      expect(answer.text + JSON.stringify(logger.lines)).not.toMatch(/secret|ECONNREFUSED.*api/)
      expect(logger.lines).toContainEqual(
        expect.objectContaining({
          level: 'error',
          event: 'request.failed',
          fields: expect.objectContaining({ code }),
        }),
      )
    },
  )

  it('and never answers, the request is given up on after ten seconds', async () => {
    const { world, post } = await worldWhere(() => gate.wait())
    const posted = post().then((answer) => answer)

    await gate.reached
    await world.clock.advance(10_000)

    expectError(await posted, code, TEXT[code])
    await expectNoEffect(world)
  })

  it('the key of the request is free once the exchange is back', async () => {
    const { world, post } = await worldWhere(() => Promise.reject(networkError()))
    expectError(await post(), code)

    await world.start({})

    const { headers } = await world.post(request10(), { key: 'k' }).expect(200)
    expect(headers).not.toHaveProperty('idempotency-replayed')
  })
})

describe('When the exchange goes down after the withdrawal was accepted', () => {
  it('the request is answered with a withdrawal that waits, and it is paid when the exchange is back', async () => {
    const toolsLib = kitWith({ wallet: () => ({ burnAssetByKitId: () => Promise.reject(networkError()) }) })
    const world = await World.create(database, { around: { toolsLib } })

    const { body } = await world.post(request10()).expect(200)
    expect(body).toMatchObject({ status: 'pending', stage: 'queued', completed: false })

    await world.start({})
    await world.runToRest()
    expect((await world.get(`/${body.id}`)).body).toMatchObject({ status: 'processed' })
    expect(await world.bank.executions()).toHaveLength(1)
  })
})

describe('When the database fails', () => {
  async function worldWhere(pattern: RegExp): Promise<World> {
    const state = { isStarted: false }
    const world = await World.create(database, {
      around: { database: failingDatabase(pattern, () => state.isStarted) },
    })
    state.isStarted = true
    return world
  }

  it.each([
    ['to store the withdrawal', /insert into bank_withdrawal\.withdrawals/],
    ['to look for the key', /idempotency_key = g\.key/],
    ['of withdrawals altogether', /bank_withdrawal\.withdrawals/],
    ['altogether', /./],
  ])('%s, a withdrawal is refused in the words of the contract', async (_what, pattern) => {
    const world = await worldWhere(pattern)

    const answer = await world.post(request10(), { key: 'k' })

    expectError(answer, 'create_failed', 'Error creating withdrawal')
    expect(answer.text).not.toMatch(/secret|terminating/)
    await expectNoEffect(world)
  })

  it.each([
    ['GET', '/some-id'],
    ['POST', '/some-id/cancel'],
  ])('%s %s says that something went wrong, and nothing of what', async (method, path) => {
    const world = await worldWhere(/bank_withdrawal\.withdrawals where id/)

    const headers = { Authorization: `Bearer ${world.token()}` }
    const answer = await sendRaw(world.host(), { method, path: BASE + path, headers })

    expectError(answer, 'internal_error', 'Something went wrong. Please try again.')
    expect(answer.text).not.toMatch(/secret|terminating/)
  })

  it('the process is alive and not ready, and says why without a detail', async () => {
    const world = await worldWhere(/select 1 as one/)

    await world.get('/health/live').expect(200, { live: true })
    const { body } = await world.get('/health').expect(503)

    expect(body).toEqual({ live: true, ready: false, problems: ['the database does not answer (Error)'] })
  })

  it('is told to operators too, who would be told more', async () => {
    const world = await worldWhere(/./)
    const { body } = await world.see('/health').expect(503)
    expect(body).toMatchObject({
      live: true,
      ready: false,
      details: [expect.stringContaining('could not be read')],
    })
  })
})

describe('The health of the plugin', () => {
  it('is good while the database answers, and open to everybody', async () => {
    const world = await World.create(database)

    const { body } = await sendGet(world, '/health')

    expect(body).toEqual({ live: true, ready: true, problems: [] })
    expect((await sendGet(world, '/health/live')).body).toEqual({ live: true })
  })

  it('is bad when the database does not answer within two seconds', async () => {
    const world = await World.create(database, {
      around: {
        database: (real) => ({
          ...real,
          query: (text, parameters) =>
            text.startsWith('select 1 as one') ? gate.wait().then(() => []) : real.query(text, parameters),
        }),
      },
    })
    const asked = sendGet(world, '/health')

    await gate.reached
    await world.clock.advance(2_000)

    expect((await asked).status).toBe(503)
  })

  it('asks the database once for all who ask at the same time, and anew for who comes later', async () => {
    let pings = 0
    const world = await World.create(database, {
      around: {
        database: (real) => ({
          ...real,
          query: (text, parameters) =>
            text.startsWith('select 1 as one') && ++pings > 0
              ? gate.wait().then(() => real.query(text, parameters))
              : real.query(text, parameters),
        }),
      },
    })
    let inside = 0
    const host = express().use((req, res, next) => {
      world.app.router(req, res, next)
      if (++inside === 3) gate.open()
    })
    const health = () => sendRaw(host, { method: 'GET', path: `${BASE}/health` })
    for (const { status } of await Promise.all([health(), health(), health()])) expect(status).toBe(200)
    expect(pings).toBe(1)
    await health()
    expect(pings).toBe(2)
  })

  it('is bad when its worker has stopped, and good when it runs', async () => {
    const world = await World.create(database, { config: { worker: true } })
    expect((await sendGet(world, '/health')).status).toBe(200)

    await world.engine.runner.stop()

    const { status, body } = await sendGet(world, '/health')
    // The schedule ticks until the plugin is stopped; left alone, it would keep this process alive.
    await world.app.stop()
    expect({ status, body }).toEqual({
      status: 503,
      body: { live: true, ready: false, problems: ['the worker is not running'] },
    })
  })
})

const sendGet = (world: World, path: string) => sendRaw(world.host(), { method: 'GET', path: BASE + path })
