import { openTestDatabase, type TestDatabase, testDatabase } from '../helpers/databases'
import { recordingLogger } from '../helpers/loggers'
import { BASE, World } from '../helpers/world'
import { countingProvider, expectError, expectNoEffect, kitWith, request10, sendRaw } from './support'
import { FORBIDDEN, genuine, signature, UNAUTHORIZED, withClaims, withUser } from './tokens'

describe('A request', () => {
  let database: TestDatabase
  let world: World
  const counting = countingProvider()
  const logger = recordingLogger()
  async function untouchedWorld(): Promise<void> {
    counting.reset()
    world = await World.create(database, { logger, around: { provider: counting.provider } })
  }
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
    await untouchedWorld()
  })
  afterAll(() => database.close())
  afterEach(() =>
    expectNoEffect(world, counting.submits()).catch(async (effect: unknown) => {
      await untouchedWorld()
      throw effect
    }),
  )

  const post = (headers: Record<string, string | string[]>, body: unknown = request10()) =>
    sendRaw(world.host(), {
      path: BASE,
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })

  it.each(UNAUTHORIZED)('with %s is refused with 401', async (_what, authorization) => {
    expectError(await post({ Authorization: authorization }), 'unauthorized')
  })

  it.each(FORBIDDEN)('with %s is refused with 403', async (_what, scopes) => {
    expectError(await post({ Authorization: `Bearer ${withClaims({ scopes })}` }), 'forbidden')
  })

  it('without an Authorization header is refused with 401', async () => {
    expectError(await post({}), 'unauthorized')
  })

  it('with two Authorization headers is judged by the first', async () => {
    const authorization = [`Bearer ${withUser('1')}`, `Bearer ${genuine}`]

    expectError(await post({ Authorization: authorization }), 'unauthorized')
  })

  it('with a token in the query, the body or a cookie is refused with 401', async () => {
    const answer = await sendRaw(world.host(), {
      path: `${BASE}?access_token=${genuine}&token=${genuine}`,
      headers: { 'Content-Type': 'application/json', Cookie: `token=${genuine}`, 'X-Api-Key': genuine },
      body: JSON.stringify(request10({ access_token: genuine })),
    })

    expectError(answer, 'unauthorized')
  })

  it('with a token of 20 kB is refused by the server', async () => {
    const answer = await post({ Authorization: `Bearer ${'a'.repeat(20_000)}` })

    expect(answer.status).toBe(431)
  })

  it('with a token of 100 kB is refused by the server, which may hang up before it was heard', async () => {
    const answer = await post({ Authorization: `Bearer ${'a'.repeat(100_000)}` }).then(
      ({ status }) => status,
      (error: NodeJS.ErrnoException) => error.code,
    )

    // From Node 24 on the connection is cut while the rest is still being sent.
    expect([431, 'ECONNRESET', 'EPIPE']).toContain(answer)
    expect(await world.rows()).toEqual([])
  })

  it('with a token of 10 kB is refused with 401', async () => {
    const token = withClaims({ padding: 'x'.repeat(7_000), sub: { id: '1' } })

    expectError(await post({ Authorization: `Bearer ${token}` }), 'unauthorized')
  })

  it('is refused before its body is looked at', async () => {
    expectError(await post({}, { amount: 'nonsense', user_id: 1 }), 'unauthorized')
  })

  it.each([
    ['POST', ''],
    ['GET', ''],
    ['GET', '/list'],
    ['GET', '/options'],
    ['GET', '/some-id'],
    ['POST', '/some-id/cancel'],
    ['GET', '?format=csv'],
  ])('%s %s needs a token', async (method, path) => {
    expectError(await sendRaw(world.host(), { method, path: BASE + path }), 'unauthorized')
  })

  it.each([
    ['POST', ''],
    ['GET', '/list'],
    ['GET', '/some-id'],
  ])('%s %s of the IoTaaP dialect needs a token', async (method, path) => {
    expectError(await sendRaw(world.host(), { method, path: `/v1/withdrawal${path}` }), 'unauthorized')
  })

  it('leaves no token in the log', () => {
    expect(JSON.stringify(logger.lines)).not.toContain(signature)
  })
})

describe('A genuine token', () => {
  const database = testDatabase('PostgreSQL')

  /** Proves the forgeries above: the one thing wrong with each is what its line says. */
  it('made by hand is let in', async () => {
    const world = await World.create(database)
    const headers = { Authorization: `Bearer ${genuine}` }

    const { status } = await sendRaw(world.host(), { method: 'GET', path: `${BASE}/list`, headers })

    expect(status).toBe(200)
  })

  it('with a further scope is let in', async () => {
    const world = await World.create(database)

    await world
      .get('/list')
      .set('Authorization', `Bearer ${withClaims({ scopes: ['admin', 'user'] })}`)
      .expect(200)
  })

  it('of a deactivated user is refused with 401, and accepted again after he is activated', async () => {
    const world = await World.create(database)
    const activate = (deactivated: boolean) =>
      database.query('update bank_withdrawal_sandbox.users set deactivated = $1 where id = 1', [deactivated])

    await activate(true)
    expectError(await world.post(request10()), 'unauthorized', 'Access denied: This account is deactivated')
    expectError(await world.get('/list'), 'unauthorized')
    await expectNoEffect(world)

    await activate(false)
    await world.post(request10()).expect(200)
  })

  it.each([
    [
      'throws',
      () => () => {
        throw new Error('redis: password=secret-detail')
      },
    ],
    ['rejects', () => () => Promise.reject(new Error('redis: password=secret-detail'))],
    [
      'hands on an error',
      () => (_req: object, _res: object, next: (error: Error) => void) => next(new Error('secret-detail')),
    ],
  ])('cannot be checked while the check of the kit %s: 503 and when to try again', async (_what, check) => {
    const toolsLib = kitWith({ security: () => ({ verifyBearerTokenExpressMiddleware: check }) })
    const world = await World.create(database, { around: { toolsLib } })

    const answer = await world.post(request10())

    expectError(answer, 'not_ready')
    expect(answer.headers['retry-after']).toBe('5')
    expect(answer.text).not.toContain('secret')
    await expectNoEffect(world)
  })

  it('is given up on when the check of the kit never answers', async () => {
    let asked = () => {}
    const isAsked = new Promise<void>((resolve) => (asked = resolve))
    const toolsLib = kitWith({
      security: () => ({ verifyBearerTokenExpressMiddleware: () => () => asked() }),
    })
    const world = await World.create(database, { around: { toolsLib } })
    const posted = world.post(request10()).then((answer) => answer)

    await isAsked
    await world.clock.advance(10_000)

    expectError(await posted, 'not_ready')
    await expectNoEffect(world)
  })
})
