import { between } from '../../helpers/between'
import { testDatabase } from '../../helpers/databases'
import { World, type WorldOptions } from '../../helpers/world'

/** Goal: what waits for a person can be answered by one, with a reason, once, and nobody acts on an old picture. */
const database = testDatabase('PostgreSQL')

const HOUR_MS = 3_600_000
const REASON = { reason: 'seen on the statement of today' }
const PAID = { ...REASON, to: 'settling', transaction_id: 'E2E-77' }
const NOT_PAID = { ...REASON, to: 'releasing', evidence: 'not on the statements of this week' }
/** Until no request of the payout’s can be on its way any more, the clock of the database being set ahead or not. */
const QUIET_MS = 600_000

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
  await world.clock.advance(QUIET_MS)
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
    await world.operate(`/admin/withdrawals/${id}/resolve`, PAID).expect(200)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('processed')
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })
    expect(await world.journal(id)).toContainEqual(
      expect.objectContaining({
        event: 'conflict.resolved',
        actor: 'operator:2',
        detail: expect.objectContaining({ ...REASON, transactionId: 'E2E-77' }),
      }),
    )
  })

  it('that was not paid is given back', async () => {
    const { world, id } = await frozen()
    await world.operate(`/admin/withdrawals/${id}/resolve`, NOT_PAID).expect(200)
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'canceled_by_operator' })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('is decided once, and not on an old picture', async () => {
    const { world, id } = await frozen()
    const path = `/admin/withdrawals/${id}/resolve`
    const { version } = await world.row(id)
    await world.operate(path, { ...NOT_PAID, version: version - 1 }).expect(409, /changed_meanwhile/)
    const answers = await Promise.all(
      [NOT_PAID, PAID].map((answer) => world.operate(path, { ...answer, version })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it.each([
    ['without a reason', { ...NOT_PAID, reason: undefined }],
    ['with an empty reason', { ...NOT_PAID, reason: '  ' }],
    ['to where no person may send it', { ...NOT_PAID, to: 'submitted' }],
    ['to what is no state', { ...NOT_PAID, to: ['releasing'] }],
    ['without saying to what', { ...NOT_PAID, to: undefined }],
    ['with a key more', { ...NOT_PAID, amount: 5 }],
    ['with a version that is none', { ...NOT_PAID, version: '3' }],
    ['as not paid without evidence', { ...REASON, to: 'releasing' }],
    ['as not paid with evidence that is blank', { ...NOT_PAID, evidence: ' ' }],
    ['as not paid with evidence that cannot be stored', { ...NOT_PAID, evidence: 'a\u0000b' }],
    ['as paid without the bank’s reference', { ...REASON, to: 'settling', evidence: 'the bank says so' }],
    ['with a reason that cannot be stored', { ...NOT_PAID, reason: 'a\u0000b' }],
  ])('is not resolved %s', async (_what, body) => {
    const { world, id } = await frozen()
    const before = await world.row(id)
    await world.operate(`/admin/withdrawals/${id}/resolve`, body).expect(400)
    expect(await world.row(id)).toMatchObject({ state: 'conflict', version: before.version })
  })

  it('is neither approved nor rejected nor looked at again', async () => {
    const { world, id } = await frozen()
    for (const action of ['approve', 'reject', 'approve-return'])
      await world.operate(`/admin/withdrawals/${id}/${action}`, REASON).expect(409, /action_not_possible/)
    await world.operate(`/admin/withdrawals/${id}/retry`, REASON).expect(409, /action_not_possible/)
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
    await world.operate(`/admin/withdrawals/${id}/retry`, REASON).expect(200)
    await world.engine.runner.tick()
    expect((await world.row(id)).state).toBe('processed')
  })

  it('is on record with who wanted it looked at, and why', async () => {
    const world = await World.create(database)
    const { id } = await world.withdrawn('10.04')
    const path = `/admin/withdrawals/${id}/retry`
    await world.operate(path, {}).expect(400, /reason/)
    await world.operate(path, { ...REASON, version: 1 }).expect(409, /changed_meanwhile/)
    await world.operate(path, REASON).expect(200)
    const { body } = await world.see(`/admin/withdrawals/${id}`).expect(200)
    expect(body.operator_actions).toMatchObject([
      { actor: 'operator:2', action: 'withdrawal.retry', reason: REASON.reason },
    ])
  })
})
