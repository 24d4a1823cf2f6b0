import { between } from '../../helpers/between'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { World, type WorldOptions } from '../../helpers/world'

/** Goal: what waits for a person can be answered by one, with a reason, once, and nobody acts on an old picture. */
let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase('PostgreSQL')
})
afterAll(() => database.close())

const HOUR_MS = 3_600_000
const REASON = { reason: 'seen on the statement of today' }

/** A withdrawal that two contradicting answers of the bank have frozen. */
async function frozen(options: WorldOptions = {}) {
  const world = await World.create(database, {
    ...options,
    around: {
      provider: between({
        submit: () => Promise.resolve({ kind: 'settled', reference: 'R1', transactionId: 'T1', amount: '9' }),
      }),
    },
  })
  const { id } = await world.withdrawn(10)
  await world.runToRest(HOUR_MS)
  expect(await world.row(id)).toMatchObject({ state: 'conflict', reasonCode: 'amount_mismatch' })
  return { world, id }
}

/** A withdrawal that the provider refuses alone, and that waits for a person. */
async function reviewed(refusals = Infinity) {
  const world = await World.create(database, {
    around: {
      provider: between({
        submit: (call, times) =>
          times <= refusals ? Promise.resolve({ kind: 'deferred', why: 'batch_refused' }) : call(),
      }),
    },
  })
  const { id } = await world.withdrawn(10)
  await world.runToRest(HOUR_MS)
  expect(await world.row(id)).toMatchObject({ state: 'in_review', reasonCode: 'refused_alone' })
  return { world, id }
}

describe('the withdrawals of an operator', () => {
  it('are found by state, user and whatever name somebody knows one by, with the account masked', async () => {
    const { world, id } = await frozen()
    await world.post(
      { currency: 'eur', amount: 5, bank_account: { iban: 'DE89370400440532013000' } },
      { userId: 2 },
    )
    for (const query of [
      'state=conflict',
      'user_id=1',
      `q=BW-${id}`,
      `q=${id}`,
      'provider=sandbox&state=conflict',
    ]) {
      const { body } = await world.see(`/admin/withdrawals?${query}`).expect(200)
      expect([query, (body.data as { id: string }[]).map((row) => row.id)]).toEqual([query, [id]])
      expect(JSON.stringify(body)).not.toContain('DE89370400440532013000')
    }
    const { body } = await world.see('/admin/withdrawals').expect(200)
    expect(body.data).toHaveLength(2)
  })

  it('show their whole journal', async () => {
    const { world, id } = await frozen()
    const { body } = await world.see(`/admin/withdrawals/${id}`).expect(200)
    expect((body.journal as { to: string }[]).map(({ to }) => to)).toEqual(
      (await world.journal(id)).map(({ to }) => to),
    )
    expect(JSON.stringify(body)).not.toContain('DE89370400440532013000')
  })

  it.each(['state=nonsense', 'limit=101', 'user_id=x', 'q=a&q=b', 'offset=-1'])(
    'are not listed for %s',
    async (query) => {
      const world = await World.create(database)
      await world.see(`/admin/withdrawals?${query}`).expect(400)
    },
  )

  it('are nobody else’s business', async () => {
    const { world, id } = await frozen()
    for (const path of [
      '/admin/withdrawals',
      `/admin/withdrawals/${id}`,
      '/admin/differences',
      '/admin/files/x',
    ])
      await world.get(path, 1).expect(403)
    for (const action of ['approve', 'reject', 'retry', 'resolve', 'approve-return'])
      await world
        .post({ ...REASON, to: 'releasing' }, { path: `/admin/withdrawals/${id}/${action}` })
        .expect(403)
    expect((await world.row(id)).state).toBe('conflict')
  })
})

describe('a frozen withdrawal', () => {
  it('that was paid is settled on an operator’s word, who stands in the journal with the reason', async () => {
    const { world, id } = await frozen()
    await world.operate(`/admin/withdrawals/${id}/resolve`, { ...REASON, to: 'settling' }).expect(200)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('processed')
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })
    expect(await world.journal(id)).toContainEqual(
      expect.objectContaining({
        event: 'conflict.resolved',
        actor: 'operator:2',
        detail: expect.objectContaining(REASON),
      }),
    )
  })

  it('that was not paid is given back', async () => {
    const { world, id } = await frozen()
    await world.operate(`/admin/withdrawals/${id}/resolve`, { ...REASON, to: 'releasing' }).expect(200)
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'canceled_by_operator' })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('is decided once, and not on an old picture', async () => {
    const { world, id } = await frozen()
    const path = `/admin/withdrawals/${id}/resolve`
    const { version } = await world.row(id)
    await world
      .operate(path, { ...REASON, to: 'releasing', version: version - 1 })
      .expect(409, /changed_meanwhile/)
    const answers = await Promise.all(
      ['releasing', 'settling'].map((to) => world.operate(path, { ...REASON, to, version })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it.each([
    ['without a reason', { to: 'releasing' }],
    ['with an empty reason', { to: 'releasing', reason: '  ' }],
    ['to where no person may send it', { ...REASON, to: 'returned' }],
    ['with a key more', { ...REASON, to: 'releasing', amount: 5 }],
    ['with a version that is none', { ...REASON, to: 'releasing', version: '3' }],
  ])('is not resolved %s', async (_what, body) => {
    const { world, id } = await frozen()
    await world.operate(`/admin/withdrawals/${id}/resolve`, body).expect(400)
    expect((await world.row(id)).state).toBe('conflict')
  })

  it('is neither approved nor rejected nor looked at again', async () => {
    const { world, id } = await frozen()
    for (const action of ['approve', 'reject', 'approve-return'])
      await world.operate(`/admin/withdrawals/${id}/${action}`, REASON).expect(409, /action_not_possible/)
    await world.operate(`/admin/withdrawals/${id}/retry`, {}).expect(409, /action_not_possible/)
  })
})

describe('a withdrawal in review', () => {
  it('goes on when it is approved, and is paid', async () => {
    const { world, id } = await reviewed(1)
    await world.operate(`/admin/withdrawals/${id}/approve`, REASON).expect(200)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('processed')
    expect(await world.bank.executions()).toHaveLength(1)
  })

  it('is given back when it is rejected', async () => {
    const { world, id } = await reviewed()
    await world.operate(`/admin/withdrawals/${id}/reject`, REASON).expect(200)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('canceled')
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('is unknown by another name', async () => {
    const world = await World.create(database)
    await world.see('/admin/withdrawals/nobody-knows-it').expect(404, /withdrawal_not_found/)
    await world.operate('/admin/withdrawals/nobody-knows-it/approve', REASON).expect(404)
  })
})

describe('a withdrawal that waits', () => {
  it('is looked at now when an operator wants it', async () => {
    const world = await World.create(database)
    const { id } = await world.withdrawn('10.04')
    await world.bank.fund()
    await world.operate(`/admin/withdrawals/${id}/retry`, {}).expect(200)
    await world.engine.runner.tick()
    expect((await world.row(id)).state).toBe('processed')
  })
})
