import { between, createGate } from '../helpers/between'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { BASE, World } from '../helpers/world'
import { DEFERRED, expectError, request10, sendRaw } from './support'

let database: TestDatabase
let world: World
beforeAll(async () => {
  database = await openTestDatabase('PostgreSQL')
})
afterAll(() => database.close())

describe('One withdrawal', () => {
  beforeEach(async () => {
    world = await World.create(database)
  })

  it('is shown to its owner as it was answered', async () => {
    const { body: created } = await world.withdraw(10).expect(200)

    const { body } = await world.get(`/${created.id}`).expect(200)

    const { timeline, ...record } = body as { timeline: { stage: string }[] }
    expect(record).toEqual(created)
    expect(timeline.map(({ stage }) => stage)).toEqual(['queued', 'sending', 'completing', 'completed'])
  })

  it('is kept by no cache, nor is any other answer', async () => {
    const created = await world.withdraw(10).expect(200)
    const answers = [
      created,
      ...(await Promise.all([
        world.get(`/${created.body.id}`),
        world.get('/list'),
        world.get('/?format=csv'),
        world.get('/nothing-here'),
        world.see('/admin/withdrawals'),
        world.see(`/admin/withdrawals/${created.body.id}`),
        world.see('/admin/differences'),
      ])),
    ]
    expect(answers.map(({ headers }) => headers['cache-control'])).toEqual(answers.map(() => 'no-store'))
  })

  it('can be canceled while it waits, and the balance is given back', async () => {
    const { body: created } = await world.withdraw(DEFERRED).expect(200)
    expect(await world.balance()).toEqual({ available: 9_989.96, locked: 10.04 })

    const { body } = await world.post({}, { path: `/${created.id}/cancel` }).expect(200)

    expect(body).toMatchObject({
      id: created.id,
      status: 'canceled',
      completed: false,
      cancelable: false,
      reason_code: 'canceled_by_user',
      reason: 'You canceled this withdrawal. Your balance was given back.',
    })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('stays canceled: it is not paid when there is float again', async () => {
    const { body: created } = await world.withdraw(DEFERRED).expect(200)
    await world.post({}, { path: `/${created.id}/cancel` }).expect(200)

    await world.bank.fund()
    await world.clock.advance(24 * 3_600_000)
    await world.runToRest()

    expect(await world.bank.executions()).toEqual([])
    expect((await world.get(`/${created.id}`)).body.status).toBe('canceled')
  })
})

describe('GET /:id', () => {
  beforeAll(async () => {
    world = await World.create(database)
  })

  // As a client would get them by hand; the letters make upper case another id.
  const ABSURD = [
    'unknown',
    '00000000-0000-7000-8000-999999999999',
    '%00',
    'w-%00',
    '..%2F..%2Fetc%2Fpasswd',
    '%2e%2e',
    '%0d%0aSet-Cookie:%20a=b',
    `${'a'.repeat(64)}`,
    `${'a'.repeat(65)}`,
    'a'.repeat(10_000),
    "'%20OR%201=1--",
    '1;drop%20table%20x',
    '%F0%9F%98%80',
    '-1',
    '1e309',
    'NaN',
    'null',
    'undefined',
    '__proto__',
    'constructor',
    '[object%20Object]',
    '*',
    '%25',
  ]

  it("answers another user's, an unknown and an absurd id alike, byte for byte but for the request id", async () => {
    const { body: theirs } = await world.withdraw(10).expect(200)
    await database.query(
      `insert into bank_withdrawal.withdrawals
         select (jsonb_populate_record(w, '{"id": "abc-lower-case", "payout_key": "k", "provider_reference": "r"}')).*
           from bank_withdrawal.withdrawals w where id = $1`,
      [theirs.id],
    )

    const answers = []
    for (const id of [theirs.id, 'ABC-LOWER-CASE', ...ABSURD])
      answers.push(
        await sendRaw(world.host(), {
          method: 'GET',
          path: `${BASE}/${id}`,
          headers: { Authorization: `Bearer ${world.token(2)}`, 'X-Request-Id': 'same-for-all' },
        }),
      )

    for (const answer of answers) expectError(answer, 'withdrawal_not_found', 'No such withdrawal.')
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    const headers = answers.map(({ headers: { date: _date, ...rest } }) => JSON.stringify(rest))
    expect(new Set(headers).size).toBe(1)
    await world.get('/abc-lower-case').expect(200)
  })

  it('gives no clue either on an id of its owner in upper case', async () => {
    expectError(await world.get('/ABC-LOWER-CASE'), 'withdrawal_not_found')
  })

  it.each(['%ff', '%', '%E0%A4%A', '%zz'])('refuses the malformed address /%s with 400', async (id) => {
    const headers = { Authorization: `Bearer ${world.token()}` }

    const answer = await sendRaw(world.host(), { method: 'GET', path: `${BASE}/${id}`, headers })

    expectError(answer, 'invalid_request')
  })

  it.each(['/../secrets', '/a/b', '/a/cancel', '/a/b/cancel', '/%2e%2e/%2e%2e'])(
    'knows no address %s',
    async (path) => {
      const headers = { Authorization: `Bearer ${world.token()}` }

      const answer = await sendRaw(world.host(), { method: 'GET', path: BASE + path, headers })

      expectError(answer, 'route_not_found')
    },
  )
})

describe('POST /:id/cancel', () => {
  beforeEach(async () => {
    world = await World.create(database)
  })

  const cancel = (id: string, userId = 1) => world.post('', { path: `/${id}/cancel`, userId })

  it('is refused after the withdrawal was paid', async () => {
    const { id } = await world.withdrawn(10)

    expectError(await cancel(id), 'not_cancelable', 'This withdrawal can no longer be canceled.')
    expect((await world.row(id)).state).toBe('processed')
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })
  })

  it.each([
    ['with the bank', '10.02'],
    ['in doubt', '10.05'],
  ])('is refused while the payout is %s', async (_what, amount) => {
    const { id, state } = await world.withdrawn(amount)

    expectError(await cancel(id), 'not_cancelable')
    expect((await world.row(id)).state).toBe(state)
    await world.runToRest()
    expect((await world.row(id)).state).toBe('processed')
  })

  it('is refused while the bank is hearing of it', async () => {
    const gate = createGate()
    const provider = between({ submit: (call) => gate.wait().then(call) })
    world = await World.create(database, { around: { provider } })
    const posted = world.withdraw(10).then(({ body }) => body)
    await gate.reached
    const [row] = await world.rows()

    const answer = await cancel(String(row?.id))
    gate.open()

    expectError(answer, 'not_cancelable')
    expect(await posted).toMatchObject({ status: 'processed' })
  })

  it('is refused after the bank declined', async () => {
    const { id } = await world.withdrawn('10.03')

    expectError(await cancel(id), 'not_cancelable')
    expect((await world.row(id)).reasonCode).toBe('account_not_found')
  })

  it('twice is the same as once', async () => {
    const { id } = await world.withdrawn(DEFERRED)

    const first = await cancel(id).expect(200)
    const second = await cancel(id).expect(200)

    expect(second.body).toEqual(first.body)
    expect((await world.kit.ledger()).map(({ kind }) => kind)).toEqual(['lock', 'release'])
  })

  it('ten times at once gives the balance back once', async () => {
    const { id } = await world.withdrawn(DEFERRED)

    const answers = await Promise.all(Array.from({ length: 10 }, () => cancel(id)))

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    await world.runToRest()
    expect((await world.kit.ledger()).map(({ kind }) => kind)).toEqual(['lock', 'release'])
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it("of another user's withdrawal is the same 404 as of an unknown one, and changes nothing", async () => {
    const { id } = await world.withdrawn(DEFERRED)

    for (const wanted of [id, 'unknown', '%00', 'a'.repeat(10_000)])
      expectError(await cancel(wanted, 2), 'withdrawal_not_found', 'No such withdrawal.')
    expect(await world.balance()).toEqual({ available: 9_989.96, locked: 10.04 })
  })

  it('frees the balance for the next withdrawal', async () => {
    const { id } = await world.withdrawn('9999.04')
    expectError(await world.post(request10()), 'insufficient_balance')

    await cancel(id).expect(200)

    await world.post(request10()).expect(200)
  })
})
