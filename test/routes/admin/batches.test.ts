import request from 'supertest'

import type { ErrorCode } from '../../../src/errors'
import { type BatchWorld, createBatchWorld } from '../../helpers/batch-world'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { BASE, IBAN } from '../../helpers/world'
import { expectError } from '../support'

let database: TestDatabase
let made: BatchWorld
beforeAll(async () => {
  database = await openTestDatabase('PostgreSQL')
})
afterAll(() => database.close())
beforeEach(async () => {
  made = await createBatchWorld(database, { maxItems: 2 })
})

const as = (token: string) => ({
  get: (path: string) =>
    request(made.world.host()).get(`${BASE}/admin${path}`).set('Authorization', `Bearer ${token}`),
  post: (path: string, body?: object) =>
    request(made.world.host())
      .post(`${BASE}/admin${path}`)
      .set('Authorization', `Bearer ${token}`)
      .send(body),
})
const operator = () => as(made.world.token(2, 'admin'))
const actions = () =>
  database.query('select actor, action, subject, reason from bank_withdrawal.operator_actions order by id')

describe('the batches of an operator', () => {
  it('preview shows what would be sent per currency, and changes nothing', async () => {
    await made.waiting('10', '11.5', '12')
    await made.world.withdraw(20, { currency: 'usd' }).expect(200)
    const before = await database.query('select * from bank_withdrawal.withdrawals order by id')

    const { body } = await operator().get('/batches/preview').expect(200)

    expect(body.data).toMatchObject([
      { provider: 'sandbox', currency: 'eur', item_count: 3, total: '33.5' },
      { provider: 'sandbox', currency: 'usd', item_count: 1, total: '20' },
    ])
    expect((await operator().get('/batches/preview?provider=other').expect(200)).body).toEqual({ data: [] })
    expect(await database.query('select * from bank_withdrawal.withdrawals order by id')).toEqual(before)
    expect(made.bank.orders).toEqual([])
  })

  it('run sends what is due now, and says who wanted it and why', async () => {
    await made.waiting('10', '11', '12')
    const { body } = await operator().post('/batches/run', { reason: ' payday ' }).expect(200)
    expect(body.data).toMatchObject([
      {
        ...{ provider: 'sandbox', currency: 'eur', singles: 0 },
        batches: [
          { item_count: 2, total: '21', outcome: 'accepted' },
          { item_count: 1, total: '12', outcome: 'accepted' },
        ],
      },
    ])
    expect(made.bank.amounts).toEqual(['10', '11', '12'])
    expect(await actions()).toEqual([
      { actor: 'operator:2', action: 'batches.run', subject: 'all providers', reason: 'payday' },
    ])
    const again = await operator().post('/batches/run', { reason: 'again', provider: 'sandbox' }).expect(200)
    expect(again.body).toEqual({ data: [] })
  })

  it('the list is the newest first, by page, provider and state; one shows its members with accounts masked', async () => {
    made.bank.badAmounts.add('11')
    const [first] = await made.waiting('10', '11', '12')
    await made.run()
    await made.toRest()

    const { body } = await operator().get('/batches').expect(200)
    expect(body.data).toMatchObject([{ total: '12' }, { total: '21', state: 'sent', attempts: 1 }])
    const page = await operator().get('/batches?offset=1&limit=1&state=sent&provider=sandbox').expect(200)
    expect(page.body.data).toMatchObject([{ total: '21' }])
    expect((await operator().get('/batches?state=refused').expect(200)).body.data).toEqual([])

    const one = await operator().get(`/batches/${body.data[1].id}`).expect(200)
    expect(one.body).toMatchObject({
      item_count: 2,
      items: [
        { id: first?.id, user_id: 1, amount: 10, state: 'processed', left: false },
        { amount: 11, state: 'canceled', reason_code: 'invalid_identifier', left: false },
      ],
    })
    expect(one.body.items[0].destination).toBe('DE…3000')
    expect(one.text).not.toContain(IBAN)
  })

  it('one shows who has left it for another', async () => {
    made = await createBatchWorld(database, { validation: 'all_named' })
    made.bank.badAmounts.add('11')
    await made.waiting('10', '11')
    await made.run()
    const { body } = await operator().get('/batches?state=refused').expect(200)
    const one = await operator().get(`/batches/${body.data[0].id}`).expect(200)
    expect(one.body.items).toMatchObject([
      { amount: 10, left: true },
      { amount: 11, left: false },
    ])
  })

  it.each<[string, ErrorCode]>([
    ['/batches/00000000-0000-7000-8000-000000000000', 'batch_not_found'],
    ["/batches/x'%20or%201=1", 'batch_not_found'],
    ['/batches/%00', 'batch_not_found'],
    ['/batches?limit=101', 'invalid_request'],
    ['/batches?limit=-1', 'invalid_request'],
    ['/batches?offset=x', 'invalid_request'],
    ['/batches?state=open', 'invalid_request'],
    ['/batches?state=sent&state=refused', 'invalid_request'],
    ['/batches/preview?provider=x&provider=y', 'invalid_request'],
    ['/nothing', 'route_not_found'],
  ])('GET %s is answered with %s', async (path, code) => {
    expectError(await operator().get(path), code)
  })

  it.each<[string, object, ErrorCode]>([
    ['no reason', {}, 'invalid_request'],
    ['an empty reason', { reason: ' ' }, 'invalid_request'],
    ['a reason that is none', { reason: 5 }, 'invalid_request'],
    ['a book as a reason', { reason: 'x'.repeat(501) }, 'invalid_request'],
    ['a field nobody knows', { reason: 'x', dryRun: true }, 'invalid_request'],
    ['a list of providers', { reason: 'x', provider: ['sandbox'] }, 'invalid_request'],
    ['a provider that is not there', { reason: 'x', provider: 'other' }, 'provider_not_found'],
    ['a provider without a name', { reason: 'x', provider: '' }, 'provider_not_found'],
    ['a list', [], 'invalid_request'],
  ])('a run with %s is refused, and nothing is sent', async (_what, body, code) => {
    await made.waiting('10')
    expectError(await operator().post('/batches/run', body), code)
    expect(made.bank.orders).toEqual([])
    expect(await actions()).toEqual([])
  })

  it('is for operators alone', async () => {
    for (const path of ['/batches', '/batches/preview', '/batches/x', '/providers', '/nothing']) {
      expectError(await as(made.world.token(1)).get(path), 'forbidden')
      expectError(await request(made.world.host()).get(`${BASE}/admin${path}`), 'unauthorized')
    }
    for (const path of ['/batches/run', '/providers/sandbox/pause', '/providers/sandbox/resume'])
      expectError(await as(made.world.token(1)).post(path, { reason: 'x' }), 'forbidden')
    expect(await actions()).toEqual([])
  })
})

describe('the providers of an operator', () => {
  it('are listed with how they pay and whether they do', async () => {
    const { body } = await operator().get('/providers').expect(200)
    expect(body.data).toEqual([
      {
        ...{ name: 'sandbox', mode: 'batch', schedule: '*/5 * * * *', methods: ['BANK'], batch_items_max: 2 },
        ...{ paused: false, version: 0, silent_for_ms: 0 },
      },
    ])
  })

  it('are paused and resumed with a reason on record; the version that was seen guards it', async () => {
    const paused = await operator().post('/providers/sandbox/pause', { reason: 'outage', version: 0 })
    expect(paused.body).toMatchObject({
      ...{ paused: true, paused_reason: 'outage', paused_by: 'operator:2', version: 1 },
      paused_at: expect.stringMatching(/^2026-01-05T09/),
    })
    await made.waiting('10')
    const run = await operator().post('/batches/run', { reason: 'x' }).expect(200)
    expect(run.body.data).toMatchObject([{ batches: [], waiting: 'provider_paused' }])
    expectError(
      await operator().post('/providers/sandbox/resume', { reason: 'over', version: 0 }),
      'changed_meanwhile',
    )
    const resumed = await operator().post('/providers/sandbox/resume', { reason: 'over' }).expect(200)
    expect(resumed.body).toMatchObject({ paused: false, version: 2 })
    await made.toRest()
    expect(Object.values(await made.states())).toEqual(['processed'])
    expect((await actions()).map((action) => (action as { action: string }).action)).toEqual([
      'provider.paused',
      'batches.run',
      'provider.resumed',
    ])
  })

  it.each<[string, object, ErrorCode]>([
    ['/providers/other/pause', { reason: 'x' }, 'provider_not_found'],
    ['/providers/__proto__/pause', { reason: 'x' }, 'provider_not_found'],
    ['/providers/sandbox/pause', {}, 'invalid_request'],
    ['/providers/sandbox/pause', { reason: 'x', version: '0' }, 'invalid_request'],
    ['/providers/sandbox/pause', { reason: 'x', version: -1 }, 'invalid_request'],
    ['/providers/sandbox/pause', { reason: 'x', until: 'noon' }, 'invalid_request'],
    ['/providers/sandbox/stop', { reason: 'x' }, 'route_not_found'],
  ])('POST %s with %j is answered with %s', async (path, body, code) => {
    expectError(await operator().post(path, body), code)
    expect(await actions()).toEqual([])
  })
})
