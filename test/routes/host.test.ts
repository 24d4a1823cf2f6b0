import express from 'express'
import express4 from 'express4'
import request from 'supertest'

import { createBankWithdrawals } from '../../src'
import { ConfigError } from '../../src/errors'
import { sandboxProvider } from '../../src/providers/sandbox'
import { testDatabase } from '../helpers/databases'
import { silentLogger } from '../helpers/loggers'
import { BASE, World } from '../helpers/world'
import { DEFERRED, expectError, expectNoEffect, request10, sendRaw } from './support'

const database = testDatabase('PostgreSQL')

const HOSTS: readonly [name: string, framework: typeof express, hasParser: boolean][] = [
  ['an Express 5 host', express, false],
  ['an Express 5 host that parses JSON of up to 20 MB', express, true],
  ['an Express 4 host', express4, false],
  ['an Express 4 host that parses JSON of up to 20 MB', express4, true],
]

describe.each(HOSTS)('In %s', (_name, framework, hasParser) => {
  let world: World
  let host: express.Express
  beforeEach(async () => {
    world = await World.create(database)
    host = framework()
    // As a kit's plugin server sets itself up.
    if (hasParser) host.use(framework.json({ limit: '20mb' }), framework.urlencoded({ extended: true }))
    host.get('/plugins/bank/user', (_req, res) => {
      res.json({ of: 'the host' })
    })
    host.use(world.app.router)
    host.post('/plugins/bank/withdrawals', (req, res) => {
      res.json({ received: req.body === undefined ? null : JSON.stringify(req.body).length })
    })
    host.use((_req, res) => {
      res.status(404).send('no such page')
    })
  })

  const authorized = (sent: request.Test) => sent.set('Authorization', `Bearer ${world.token()}`)

  it('a withdrawal is made, listed, shown, exported and canceled', async () => {
    const { body: created } = await authorized(request(host).post(BASE))
      .send(request10({ amount: DEFERRED }))
      .expect(200)
    expect(created).toMatchObject({ status: 'pending', amount: DEFERRED })

    const page = await authorized(request(host).get(`${BASE}/?currency=EUR&limit=1`)).expect(200)
    expect(page.body).toEqual({ count: 1, more: false, data: [created] })
    const list = await authorized(request(host).get(`${BASE}/list?draw=2`)).expect(200)
    expect(list.body).toMatchObject({ withdrawals: [created], draw: 2 })
    const one = await authorized(request(host).get(`${BASE}/${created.id}`)).expect(200)
    const { timeline: _timeline, ...record } = one.body as Record<string, unknown>
    expect(record).toEqual(created)
    const csv = await authorized(request(host).get(`${BASE}?format=csv`)).expect(200)
    expect(csv.text).toContain(created.id)
    const canceled = await authorized(request(host).post(`${BASE}/${created.id}/cancel`)).expect(200)
    expect(canceled.body).toMatchObject({ status: 'canceled' })
  })

  it('a bad request is refused in our shape', async () => {
    expectError(
      await authorized(request(host).post(BASE)).send({ amount: -1 }),
      'invalid_method',
      'Invalid method',
    )
    expectError(await authorized(request(host).get(`${BASE}?limit=1&limit=2`)), 'invalid_request')
    expectError(await authorized(request(host).get(`${BASE}/unknown`)), 'withdrawal_not_found')
    expectError(await request(host).get(BASE), 'unauthorized')
    expectError(await authorized(request(host).post(BASE)), 'invalid_method')
    await expectNoEffect(world)
  })

  it('a body of 1 MB is refused, whoever has read it', async () => {
    const huge = request10({ x: 'x'.repeat(1_000_000) })

    expectError(await authorized(request(host).post(BASE)).send(huge), 'body_too_large')
  })

  it('a form is refused, whoever has read it', async () => {
    const form = 'currency=eur&amount=10&paypal_id=a@b.c&__proto__[isAdmin]=1'

    const answer = await authorized(request(host).post(BASE)).type('form').send(form)

    expectError(answer, 'unsupported_media_type')
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined()
  })

  it('an address of ours that does not exist is our 404', async () => {
    for (const path of ['/a/b/c', '/health/nothing', '/list/1'])
      expectError(await authorized(request(host).get(BASE + path)), 'route_not_found')
    expectError(await authorized(request(host).delete(BASE)), 'route_not_found')
    expectError(await authorized(request(host).put(`${BASE}/x`)).send({}), 'route_not_found')
  })

  it('what the host serves beside us stays as it was', async () => {
    const before = await request(host).get('/plugins/bank/user').expect(200, { of: 'the host' })
    expect(before.headers).not.toHaveProperty('x-request-id')

    const large = { x: 'x'.repeat(100_000) }
    const after = await request(host).post('/plugins/bank/withdrawals').send(large).expect(200)
    expect(after.body).toEqual({ received: hasParser ? 100_008 : null })
    expect(after.headers).not.toHaveProperty('x-request-id')

    await request(host).get('/plugins/bank').expect(404, 'no such page')
    await request(host).get('/plugins/bank/withdrawalx').expect(404, 'no such page')
  })
})

describe('The base path', () => {
  it('can be another one', async () => {
    const world = await World.create(database, { config: { basePath: '/bank' } })
    const headers = { Authorization: `Bearer ${world.token()}` }

    expect((await request(world.host()).get('/bank/list').set(headers).expect(200)).body.recordsTotal).toBe(0)
    await request(world.host()).get(`${BASE}/list`).set(headers).expect(404)
  })
})

describe('While the plugin is not started', () => {
  const plugin = async () => {
    const { kit } = await World.create(database)
    const { router, start, stop } = createBankWithdrawals({
      toolsLib: kit.toolsLib,
      providers: [sandboxProvider()],
      database,
      logger: silentLogger,
      config: { dialects: ['iotaap'], worker: false },
    })
    const headers = { Authorization: `Bearer ${kit.tokens.sign(1, ['user'])}` }
    return { host: express().use(router), start, stop, headers }
  }

  it.each([
    ['POST', BASE],
    ['GET', BASE],
    ['GET', `${BASE}/list`],
    ['GET', `${BASE}/some-id`],
    ['POST', `${BASE}/some-id/cancel`],
    ['GET', '/v1/withdrawal/list'],
  ])('%s %s is answered with 503 and when to try again', async (method, path) => {
    const { host, headers } = await plugin()

    const answer = await sendRaw(host, { method, path, headers })

    expectError(answer, 'not_ready')
    expect(answer.headers['retry-after']).toBe('5')
  })

  it('it is alive but not ready', async () => {
    const { host } = await plugin()

    await request(host).get(`${BASE}/health/live`).expect(200, { live: true })
    await request(host)
      .get(`${BASE}/health`)
      .expect(503, { live: true, ready: false, problems: ['not started'] })
  })

  it('operators read why it could not start, and nobody else does', async () => {
    const { kit } = await World.create(database)
    let refusal: Error | null = new Error('permission denied for database kit')
    const plugin = createBankWithdrawals({
      toolsLib: kit.toolsLib,
      providers: [sandboxProvider()],
      database: {
        ...database,
        transaction: (work) => (refusal ? Promise.reject(refusal) : database.transaction(work)),
      },
      logger: silentLogger,
      config: { worker: false },
    })
    const host = express().use(plugin.router)
    const details = async (...scopes: string[]) =>
      (
        await request(host)
          .get(`${BASE}/health`)
          .set('Authorization', `Bearer ${kit.tokens.sign(2, ['user', ...scopes])}`)
      ).body.details
    await expect(plugin.start()).rejects.toThrow('permission denied')

    expect(await details()).toBeUndefined()
    expect(await details('admin')).toEqual(['permission denied for database kit'])

    refusal = new ConfigError(['hash_key must be the other one'])
    await expect(plugin.start()).rejects.toThrow(ConfigError)
    expect(await details('admin')).toEqual(['hash_key must be the other one'])

    refusal = null
    await plugin.start()
    expect(await details('admin')).not.toContain('hash_key must be the other one')
    await plugin.stop()
  })

  it('the same router serves as soon as it is, and refuses again once it is stopped', async () => {
    const { host, start, stop, headers } = await plugin()

    await start()
    await request(host).get(`${BASE}/list`).set(headers).expect(200)
    await stop()

    expectError(await request(host).get(`${BASE}/list`).set(headers), 'not_ready')
  })
})

describe('The id of a request', () => {
  const send = (world: World, id: string | string[]) =>
    sendRaw(world.host(), { method: 'GET', path: `${BASE}/health/live`, headers: { 'X-Request-Id': id } })

  it.each(['abc', 'A-Z_0.9', '0', 'x'.repeat(64)])('is the one of the client: %s', async (id) => {
    const world = await World.create(database)

    expect((await send(world, id)).headers['x-request-id']).toBe(id)
  })

  it.each([
    ['is empty', ''],
    ['holds white space', 'a b'],
    ['holds mark-up', '<script>'],
    ['is longer than 64 characters', 'x'.repeat(65)],
    ['is not ASCII', 'é'],
    ['was sent twice', ['a', 'b']],
  ])('is a new one where that of the client %s', async (_what, id) => {
    const world = await World.create(database)

    const first = (await send(world, id)).headers['x-request-id']
    const second = (await send(world, id)).headers['x-request-id']

    expect(first).toMatch(/^[\w-]{36}$/)
    expect(second).not.toBe(first)
  })

  it('is part of a good answer, too', async () => {
    const world = await World.create(database)

    const { headers } = await world.post(request10()).set('X-Request-Id', 'order-7').expect(200)

    expect(headers['x-request-id']).toBe('order-7')
  })
})
