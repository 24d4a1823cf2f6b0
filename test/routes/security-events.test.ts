import request from 'supertest'

import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { recordingLogger } from '../helpers/loggers'
import { BASE, IBAN, World } from '../helpers/world'

const ANY = expect.any(String) as string

/** Goal: who asks what happened finds it, and nothing that was a secret. Method: what the log got of requests. */
describe('The security events', () => {
  let database: TestDatabase
  let world: World
  let logger: ReturnType<typeof recordingLogger>
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())
  const open = async (config: Record<string, unknown> = {}) => {
    logger = recordingLogger()
    world = await World.create(database, { config, logger })
  }
  beforeEach(() => open())
  const told = () =>
    logger.lines
      .filter(({ event }) => event === 'security.event')
      .map(({ level, fields }): Record<string, unknown> => ({ level, ...fields }))
  const ask = (path: string) => request(world.host()).get(`${BASE}${path}`)

  it('tell of a request without a token, with a wrong one, and of a role that is not enough', async () => {
    await ask('/list').set('X-Request-Id', 'mine-1').expect(401)
    await ask('/list').set('Authorization', 'Bearer eyJhbGciOiJIUzI1NiJ9.c2VjcmV0.c2VjcmV0').expect(401)
    await world.get('/admin/withdrawals', 1).expect(403)
    expect(told()).toEqual([
      {
        ...{
          level: 'warn',
          kind: 'unauthenticated',
          actor: 'unknown',
          outcome: 'refused',
          requestId: 'mine-1',
        },
        ...{ method: 'GET', path: '/list', code: 'unauthorized' },
      },
      {
        ...{ level: 'warn', kind: 'forbidden', actor: ANY, outcome: 'refused', requestId: ANY },
        ...{ method: 'GET', path: '/admin/withdrawals', code: 'forbidden' },
      },
    ])
    expect(JSON.stringify(logger.lines)).not.toContain('c2VjcmV0')
  })

  it('tell of wrong one-time codes without the code', async () => {
    await world.kit.addUser({
      id: 3,
      fullName: 'Alan Turing',
      balances: { eur: '100' },
      otpSecret: 'a secret',
    })
    const body = { currency: 'eur', amount: 10, bank_account: { iban: IBAN }, otp_code: '417263' }
    await world.post(body, { userId: 3 }).expect(400)
    expect(told()).toEqual([
      {
        ...{ level: 'warn', kind: 'wrong_code', actor: 'user:3', outcome: 'refused', requestId: ANY },
        ...{ method: 'POST', path: '/', code: 'otp_invalid' },
      },
    ])
    expect(JSON.stringify(told())).not.toContain('417263')
  })

  it('tell of each thing that an operator does, however it ends', async () => {
    const { id } = await world.withdrawn(10)
    await world.operate('/admin/providers/sandbox/pause', { reason: `for ${IBAN}` }).expect(200)
    await world.operate('/admin/providers/nobody/pause', { reason: 'r' }).expect(404)
    await world.operate(`/admin/withdrawals/${id}/approve`, { reason: 'r' }).expect(409)
    await world.operate(`/admin/withdrawals/${id}/approve`, { reason: 'r' }).expect(409)
    expect(told().map((each) => [each.kind, each.outcome, each.path])).toEqual([
      ['operator_action', 'done', '/admin/providers/sandbox/pause'],
      ['operator_action', 'refused', '/admin/providers/nobody/pause'],
      ['operator_action', 'refused', `/admin/withdrawals/${id}/approve`],
      ['operator_action', 'refused', `/admin/withdrawals/${id}/approve`],
    ])
    expect(told().every(({ actor }) => actor === 'operator:2')).toBe(true)
    expect(JSON.stringify(told())).not.toContain(IBAN)
  })

  it('tell what operators read of users, once a minute for the same', async () => {
    const { id } = await world.withdrawn(10)
    for (let times = 0; times < 5; times++) await world.see(`/admin/withdrawals/${id}`).expect(200)
    await world.see('/admin/withdrawals?format=csv').expect(200)
    await world.see('/admin/overview').expect(200)
    await world.clock.advance(60_000)
    await world.see(`/admin/withdrawals/${id}`).expect(200)
    expect(told()).toMatchObject([
      {
        level: 'info',
        kind: 'personal_read',
        actor: 'operator:2',
        outcome: 'done',
        path: `/admin/withdrawals/${id}`,
      },
      { kind: 'personal_read', path: '/admin/withdrawals' },
      { kind: 'personal_read', path: `/admin/withdrawals/${id}`, more: 4 },
    ])
  })

  it.each([
    '/admin/approvals',
    '/admin/approvals/1',
    '/admin/deliveries/1',
    '/admin/quarantine',
    '/admin/batches/x',
  ])('tell that an operator has asked for %s, which shows whose withdrawals they are', async (path) => {
    await world.see(path)
    expect(told()).toMatchObject([{ kind: 'personal_read', actor: 'operator:2', path }])
  })

  it('tell it of a path in capitals too, which is the same route', async () => {
    const { id } = await world.withdrawn(10)
    await world.see(`/ADMIN/Withdrawals/${id}`).expect(200)
    await world.see('/admin/WITHDRAWALS?format=csv').expect(200)
    await world.operate('/Admin/Providers/sandbox/Pause', { reason: 'r' }).expect(200)
    await ask('/Webhooks/sandbox/a-secret-of-sixteen-or-more').expect(404)
    await request(world.host())
      .post(`${BASE}/Webhooks/sandbox/a-secret-of-sixteen-or-more`)
      .send({})
      .expect(401)
    expect(told()).toMatchObject([
      { kind: 'personal_read', actor: 'operator:2', path: `/ADMIN/Withdrawals/${id}` },
      { kind: 'personal_read', actor: 'operator:2', path: '/admin/WITHDRAWALS' },
      { kind: 'operator_action', actor: 'operator:2', path: '/Admin/Providers/sandbox/Pause' },
      { kind: 'unauthenticated', path: '/webhooks/sandbox' },
    ])
    expect(JSON.stringify(logger.lines)).not.toContain('a-secret-of-sixteen')
  })

  it('never have the secret that a webhook’s address ends with, nor an account that somebody writes into one', async () => {
    await request(world.host())
      .post(`${BASE}/webhooks/sandbox/a-secret-of-sixteen-or-more`)
      .send({})
      .expect(401)
    await ask(`/${IBAN}`).expect(401)
    await world.see(`/admin/withdrawals/${IBAN}`).expect(404)
    expect(told().map((each) => each.path)).toEqual(['/webhooks/sandbox', '/admin/withdrawals/[account]'])
    expect(JSON.stringify(logger.lines)).not.toMatch(/a-secret-of-sixteen|0532/)
  })

  it('stay few in a flood, from however many addresses it comes', async () => {
    await open({ addressHeader: 'x-real-ip' })
    const host = world.host()
    const flood = (address: string) => request(host).get(`${BASE}/list`).set('x-real-ip', address)
    for (let times = 0; times < 30; times++) await flood('198.51.100.7').expect(401)
    expect(told()).toHaveLength(1)
    for (let block = 0; block < 4; block++)
      await Promise.all(Array.from({ length: 100 }, (_, at) => flood(`203.0.${block}.${at + 1}`)))
    expect(told()).toHaveLength(300)
    // What operators do is never lost among them.
    await world.operate('/admin/providers/sandbox/pause', { reason: 'r' }).expect(200)
    expect(told().at(-1)).toMatchObject({ kind: 'operator_action' })
    await world.clock.advance(60_000)
    await flood('198.51.100.7')
    expect(told().at(-1)).toMatchObject({ kind: 'unauthenticated', more: 29, leftOut: 101 })
  })
})
