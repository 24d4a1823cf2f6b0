import http from 'node:http'

import express from 'express'
import type { Response } from 'supertest'

import type { Database, Queryable } from '../../src/db/connect/database'
import { totp } from '../../src/sandbox/totp'
import { testDatabase } from '../helpers/databases'
import { listen } from '../helpers/listen'
import { recordingLogger } from '../helpers/loggers'
import { BASE, World } from '../helpers/world'
import { expectError, kitWith, request10, sendRaw } from './support'

/** The first answers that come, whichever requests they are for. */
const firstOf = (sent: readonly Promise<Response>[], count: number): Promise<Response[]> =>
  new Promise((resolve) => {
    const found: Response[] = []
    for (const each of sent)
      void each.then((answer) => {
        if (found.push(answer) === count) resolve([...found])
      })
  })

/** Goal: one user, or one address, cannot keep the others from being served. Method: ask until refused, then as another. */
describe('Asking too often', () => {
  const database = testDatabase('PostgreSQL')
  const world = (config: Record<string, unknown>, more: object = {}) =>
    World.create(database, { config, ...more })

  /** Lets what was counted reach the database: a test moves its clock in leaps. */
  async function told(here: World): Promise<void> {
    await here.clock.advance(100)
    for (;;) {
      const rows = await database.query('select key from bank_withdrawal.request_levels')
      if (rows.length > 0) return
    }
  }

  it('to withdraw is refused with the time to wait, and nothing is stored; other users are served', async () => {
    const here = await world({ createsPerMinute: 12, mode: 'batch' })
    for (let sent = 0; sent < 3; sent++) await here.post(request10()).expect(200)
    const refused = await here.post(request10())

    expectError(refused, 'too_many_requests', 'That was too often. Please wait 5 seconds and try again.')
    expect(refused.headers['retry-after']).toBe('5')
    expect(await here.rows()).toHaveLength(3)
    await here.post(request10(), { userId: 2 }).expect(200)

    await told(here)
    await here.clock.advance(5_000)
    await here.post(request10()).expect(200)
  })

  it('counts what is refused for its content, too', async () => {
    const here = await world({ createsPerMinute: 12 })
    for (let sent = 0; sent < 3; sent++) await here.post(request10({ amount: -1 })).expect(400)

    expectError(await here.post(request10()), 'too_many_requests')
  })

  it('to cancel is counted by itself', async () => {
    const here = await world({ cancelsPerMinute: 8, mode: 'batch' })
    const { body } = await here.post(request10()).expect(200)
    await here.post({}, { path: `/${body.id}/cancel` }).expect(200)
    await here.post({}, { path: `/nothing-of-mine/cancel` }).expect(404)

    expectError(await here.post({}, { path: `/${body.id}/cancel` }), 'too_many_requests')
    await here.post(request10()).expect(200)
  })

  it('for lists, one record, options and the other dialect is one limit', async () => {
    const here = await world({ readsPerMinute: 20 })
    await here.get('/').expect(200)
    await here.get('/?format=csv').expect(200)
    await here.get('/list').expect(200)
    await here.get('/options').expect(200)
    await here.get('/nothing-of-mine').expect(404)

    for (const path of ['/', '/list', '/options', '/nothing-of-mine'])
      expectError(await here.get(path), 'too_many_requests')
    await here.get('/', 2).expect(200)
    await here.post(request10()).expect(200)
  })

  it('leaves lists of others their place while one user’s are being read', async () => {
    let letGo = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    let reading = 0
    const holding = (inner: Queryable): Queryable => ({
      async query(text, parameters, name) {
        if (/page_id/.test(text) && parameters?.map(String).includes('1')) {
          reading++
          await held
        }
        return inner.query(text, parameters, name)
      },
    })
    const here = await world(
      { readsAtOnce: 2 },
      {
        around: {
          database: (inner: Database) => ({ ...inner, lists: holding(inner.lists ?? inner) }),
        },
      },
    )
    const token = here.token(1)
    const sent = Array.from({ length: 30 }, (_, index) =>
      sendRaw(here.host(), {
        path: `${BASE}/list?limit=${index + 1}`,
        method: 'GET',
        headers: { Authorization: `Bearer ${token}` },
      }),
    )
    // Two have a place, twenty wait in line, and eight are told to come back.
    const refused = await Promise.race([Promise.all(sent).then(() => []), firstOf(sent, 8)])
    for (const answer of refused) expectError(answer, 'too_many_requests')
    while (reading < 1) await new Promise(setImmediate)
    await here.get('/list', 2).expect(200)
    await here.post(request10()).expect(200)
    // A user's lists are read one after the other, whatever places there are.
    expect(reading).toBe(1)
    letGo()
    const answers = await Promise.all(sent)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(22)
    await here.get('/list').expect(200)
  })

  it('keeps no place for who has hung up before the plugin was reached', async () => {
    const here = await world({ readsAtOnce: 1 })
    const headers = { Authorization: `Bearer ${here.token(1)}` }
    const host = express()
    // As a store of sessions: it answers when the client is gone already.
    host.get('/gone', (req, res, next) => {
      req.url = `${BASE}/list`
      res.once('close', () => next())
      asked.destroy()
    })
    const served = new Promise<void>((resolve) => {
      host.use((req, res, next) => {
        here.app.router(req, res, next)
        if (res.closed) resolve()
      })
    })
    const listener = await listen(host)
    const asked = http.get(`${listener.url}/gone`, { headers })
    asked.on('error', () => undefined)
    await served
    listener.close()

    const again = await listen(here.host())
    try {
      const sent = Array.from({ length: 21 }, () => fetch(`${again.url}${BASE}/list`, { headers }))
      // One has the place and twenty wait in line; were the place taken for ever, only a refusal would be answered.
      expect((await Promise.race(sent)).status).toBe(200)
      for (const answer of await Promise.all(sent)) expect(answer.status).toBe(200)
    } finally {
      again.close()
    }
  })

  const from = (here: World, header: Record<string, string>, userId: number, path = '/list') =>
    sendRaw(here.host(), {
      path: `${BASE}${path}`,
      method: 'GET',
      headers: { Authorization: `Bearer ${here.token(userId)}`, ...header },
    })

  it('from one address is one limit for ten users, by what the own proxy says and nobody else', async () => {
    const here = await world({ readsPerMinute: 4, addressHeader: 'x-forwarded-for' })
    const users = Array.from({ length: 12 }, (_, index) => index + 3)
    for (const id of users) await here.kit.addUser({ id, fullName: `User ${id}`, balances: {} })
    const via = (entry: string) => ({
      'X-Forwarded-For': `198.51.100.${Math.floor(Math.random() * 250)}, ${entry}`,
    })
    for (const id of users.slice(0, 10)) expect((await from(here, via('203.0.113.7'), id)).status).toBe(200)

    expectError(await from(here, via('203.0.113.7'), 13), 'too_many_requests')
    expect((await from(here, via('203.0.113.8'), 14)).status).toBe(200)
  })

  it('is counted at the door before a token is looked at, by networks where addresses are cheap', async () => {
    const here = await world({ addressPerMinute: 8, addressHeader: 'x-real-ip' })
    const knock = (address: string, path = '/list') =>
      sendRaw(here.host(), {
        path: `${BASE}${path}`,
        method: 'GET',
        headers: { 'X-Real-Ip': address, Authorization: 'Bearer nonsense' },
      })
    expectError(await knock('2001:db8:1:2::1'), 'unauthorized')
    expectError(await knock('2001:db8:1:2:ffff::9'), 'unauthorized')

    expectError(await knock('2001:db8:1:2:3:4:5:6'), 'too_many_requests')
    expectError(await knock('2001:db8:1:3::1'), 'unauthorized')
    expectError(await knock('2001:db8:1:2::1', '/admin/withdrawals'), 'too_many_requests')
    expect((await knock('2001:db8:1:2::1', '/health')).status).toBe(200)
  })

  it('does not lump together who comes through a proxy that nobody has named', async () => {
    const here = await world({ addressPerMinute: 1, readsPerMinute: 1 })
    for (const header of ['X-Real-Ip', 'X-Forwarded-For'])
      for (let sent = 0; sent < 5; sent++)
        expectError(
          await sendRaw(here.host(), {
            path: `${BASE}/list`,
            method: 'GET',
            headers: { [header]: '203.0.113.7' },
          }),
          'unauthorized',
        )
  })

  it('while being refused is refused before the exchange is asked who it is, and at last slowly', async () => {
    let checked = 0
    const here = await world(
      { readsPerMinute: 1 },
      {
        around: {
          toolsLib: kitWith({
            security: ({ verifyBearerTokenExpressMiddleware: verify }) => ({
              verifyBearerTokenExpressMiddleware: (scopes) => {
                checked++
                return verify(scopes)
              },
            }),
          }),
        },
      },
    )
    // One and the same token: each that is signed anew is another one, and the user behind it is counted all the same.
    const token = here.token(1)
    const listed = () =>
      sendRaw(here.host(), {
        path: `${BASE}/list`,
        method: 'GET',
        headers: { Authorization: `Bearer ${token}` },
      })
    for (let sent = 0; sent < 12; sent++) await listed()
    expect(checked).toBe(2)
    await here.post(request10()).expect(200)

    let isAnswered = false
    const slow = listed().then((answer) => {
      isAnswered = true
      return answer
    })
    // A whole other request is answered meanwhile.
    await here.get('/list', 2).expect(200)
    expect(isAnswered).toBe(false)
    await here.clock.advance(1_000)
    expectError(await slow, 'too_many_requests')
  })

  it('with a token that was told to wait is refused before its body is read', async () => {
    const here = await world({ createsPerMinute: 1 })
    const token = here.token(1)
    const send = (body: string, as = token) =>
      sendRaw(here.host(), {
        path: BASE,
        headers: { Authorization: `Bearer ${as}`, 'Content-Type': 'application/json' },
        body,
      })
    expectError(await send('{'), 'invalid_json')
    expect((await send(JSON.stringify(request10()))).status).toBe(200)
    expectError(await send(JSON.stringify(request10())), 'too_many_requests')

    expectError(await send('{'), 'too_many_requests')
    expectError(await send('{', here.token(2)), 'invalid_json')
  })

  it('does not get faster with a new token for each request', async () => {
    const here = await world({ readsPerMinute: 1 })
    let nth = 0
    const listed = () =>
      sendRaw(here.host(), {
        path: `${BASE}/list`,
        method: 'GET',
        headers: { Authorization: `Bearer ${here.token(1, 'user', `signed-${++nth}`)}` },
      })
    for (let sent = 0; sent < 11; sent++) await listed()

    let isAnswered = false
    const slow = listed().finally(() => {
      isAnswered = true
    })
    await here.get('/list', 2).expect(200)
    expect(isAnswered).toBe(false)
    await here.clock.advance(1_000)
    expectError(await slow, 'too_many_requests')
  })

  it('is told to the operator once a minute, not with each request', async () => {
    const logger = recordingLogger()
    const here = await world({ readsPerMinute: 1 }, { logger })
    for (let sent = 0; sent < 9; sent++) await here.get('/list')

    const refused = logger.lines.filter(({ fields }) => fields.kind === 'limited')
    const once = (actor: string) => ({
      level: 'warn',
      event: 'security.event',
      fields: {
        ...{ kind: 'limited', actor, outcome: 'refused', requestId: expect.any(String) as string },
        ...{ method: 'GET', path: '/list', code: 'too_many_requests' },
      },
    })
    // The rest is turned away before anybody is asked whose token it is.
    expect(refused).toEqual([once('user:1'), once('unknown')])
  })
})

describe('Wrong one-time codes', () => {
  const database = testDatabase('PostgreSQL')
  const otpSecret = 'a secret'
  const here = async (config: Record<string, unknown> = {}) => {
    const world = await World.create(database, { config })
    await world.kit.addUser({ id: 3, fullName: 'Alan Turing', balances: { eur: '100' }, otpSecret })
    return world
  }
  const withCode = (world: World, code?: string) =>
    world.post(request10({ otp_code: code ?? totp(otpSecret, world.clock.now().getTime()) }), { userId: 3 })

  it('lock that user’s codes, the right one too, until the time is over', async () => {
    const world = await here()
    for (let sent = 0; sent < 5; sent++) expectError(await withCode(world, '000000'), 'otp_invalid')
    const refused = await withCode(world)

    expectError(
      refused,
      'otp_locked',
      'There were too many wrong one-time codes. Please wait 30 seconds and try again.',
    )
    expect(refused.headers['retry-after']).toBe('30')
    expect(await world.rows()).toEqual([])
    await world.post(request10()).expect(200)

    await world.clock.advance(31_000)
    await withCode(world).expect(200)
  })

  it('are shown to operators, who can let the user try again, with a reason and on record', async () => {
    const world = await here()
    for (let sent = 0; sent < 5; sent++) await withCode(world, '000000')

    const { body } = await world.see('/admin/code-locks').expect(200)
    expect(body).toEqual({
      data: [
        {
          user_id: 3,
          wrong_codes: 5,
          locked_until: '2026-01-05T09:00:30.000Z',
          last_at: '2026-01-05T09:00:00.000Z',
        },
      ],
    })
    expectError(await world.operate('/admin/code-locks/3/lift', {}), 'invalid_request')
    await world.operate('/admin/code-locks/3/lift', { reason: 'New phone, seen on video' }).expect(200)
    expect(await world.engine.store.listOperatorActions({ subject: 'user:3', limit: 5 })).toMatchObject([
      {
        actor: 'operator:2',
        action: 'codes.lifted',
        reason: 'New phone, seen on video',
        detail: { wrong: 5 },
      },
    ])
    await withCode(world).expect(200)
    for (const nobody of ['3', '0', '-1', '1e3', 'x', '9'.repeat(40), '%00'])
      expectError(
        await world.operate(`/admin/code-locks/${nobody}/lift`, { reason: 'A test' }),
        'code_lock_not_found',
      )
  })

  it('may be so many a minute, right or wrong', async () => {
    const world = await here({ codesPerMinute: 8, wrongCodesMax: 0 })
    for (let sent = 0; sent < 2; sent++) expectError(await withCode(world, '000000'), 'otp_invalid')

    expectError(await withCode(world, '000000'), 'too_many_requests')
  })
})
