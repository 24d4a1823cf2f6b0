import { verifyDatabase } from '../../../src/db/verify'
import type { PaymentProvider } from '../../../src/ports/payment-provider'
import { between } from '../../helpers/between'
import { DATABASE_KINDS, testDatabase } from '../../helpers/databases'
import { World, type WorldOptions } from '../../helpers/world'
import { DEFERRED } from '../support'

const HOUR_MS = 3_600_000
const REASON = { reason: 'seen' }

/** The bank tells of another amount than was asked for: a person is asked. */
const contradicting = between({
  submit: (call, times) =>
    times === 1
      ? Promise.resolve({ kind: 'settled', reference: 'R1', transactionId: 'T1', amount: '9' })
      : call(),
})

describe.each(DATABASE_KINDS)('what an operator sees first, on %s', (kind) => {
  const database = testDatabase(kind)

  const seen = async (world: World) => (await world.see('/admin/overview').expect(200)).body

  it('is empty where nothing has happened', async () => {
    const world = await World.create(database)
    expect(await seen(world)).toMatchObject({
      at: '2026-01-05T09:00:00.000Z',
      you: { id: 2, may_act: true },
      questions: { count: 0, data: [] },
      standing: [],
      providers: [{ name: 'sandbox', paused: false, queue: [] }],
      activity: { day: { spans: [], paid: [] }, month: { spans: [], paid: [] } },
    })
  })

  it('says that everything is stopped, by whom and why, and nothing of it where it goes on', async () => {
    const world = await World.create(database)
    expect(await seen(world)).not.toHaveProperty('stopped')
    await world.operate('/admin/stop', REASON).expect(200)
    expect((await seen(world)).stopped).toMatchObject({
      by: 'operator:2',
      reason: 'seen',
      since: expect.any(String),
    })
    await world.operate('/admin/stop/lift', REASON).expect(200)
    expect(await seen(world)).not.toHaveProperty('stopped')
  })

  it('says how long the oldest has been in its state, and after how long a person is asked why', async () => {
    const world = await World.create(database)
    await world.withdrawn(DEFERRED)
    await world.clock.advance(HOUR_MS)
    await world.withdrawn(DEFERRED)
    const held = await world.withdrawn(DEFERRED)
    await world.operate(`/admin/withdrawals/${held.id}/hold`, REASON).expect(200)
    await world.withdrawn(10)

    const { standing } = (await seen(world)) as { standing: { state: string }[] }
    const row = (state: string) => standing.find((one) => one.state === state)
    expect(row('ready')).toMatchObject({
      count: 2,
      oldest_since: '2026-01-05T09:00:00.000Z',
      limit_seconds: 4 * 24 * 3_600,
    })
    expect(row('in_review')).toMatchObject({ oldest_since: '2026-01-05T10:00:00.000Z' })
    // A person decides there anyway, and what has ended gets no older.
    expect(row('in_review')).not.toHaveProperty('limit_seconds')
    expect(row('processed')).not.toHaveProperty('oldest_since')
  })

  it('has what waits for a person, the oldest first, with what is true of the money', async () => {
    const world = await World.create(database, { around: { provider: contradicting } })
    const frozen = await world.withdrawn(10)
    await world.runToRest(HOUR_MS)
    const held = await world.withdrawn(DEFERRED)
    await world.operate(`/admin/withdrawals/${held.id}/hold`, REASON).expect(200)

    const { questions } = await seen(world)
    expect(questions.count).toBe(2)
    expect(questions.data).toMatchObject([
      {
        kind: 'conflict',
        title: 'Another amount than ours',
        money: expect.stringContaining('The bank tells of another amount'),
        withdrawal_id: frozen.id,
        currency: 'eur',
        amount: '10',
      },
      { kind: 'in_review', title: 'An operator holds it', withdrawal_id: held.id, amount: '10.04' },
    ])

    await world.operate(`/admin/withdrawals/${held.id}/reject`, REASON).expect(200)
    expect((await seen(world)).questions.data).toHaveLength(1)
  })

  it('says where the money stands and what came of it, before and after it was added up', async () => {
    const world = await World.create(database)
    await world.withdraw(10).expect(200)
    await world.withdraw('20.5').expect(200)
    await world.withdraw(DEFERRED).expect(200)
    const expected = {
      standing: [
        { state: 'processed', currency: 'eur', count: 2, amount: '30.5' },
        { state: 'ready', currency: 'eur', count: 1, amount: '10.04' },
      ],
      providers: [{ name: 'sandbox', queue: [{ currency: 'eur', count: 1, total: '10.04' }] }],
      activity: {
        day: {
          spans: [{ at: '2026-01-05T09:00:00.000Z', asked: 3, paid: 2, failed: 0 }],
          paid: [{ currency: 'eur', count: 2, amount: '30.5' }],
          half_within_seconds: 1,
        },
        month: { spans: [{ at: '2026-01-05T00:00:00.000Z', asked: 3, paid: 2 }] },
      },
    }
    expect(await seen(world)).toMatchObject(expected)

    const { store } = world.engine
    expect(await store.foldTallies()).toBeGreaterThan(0)
    expect(await store.foldTallies()).toBe(0)
    expect(await seen(world)).toMatchObject(expected)

    await world.clock.advance(30 * HOUR_MS)
    const later = await seen(world)
    expect(later.activity.day.spans).toEqual([])
    expect(later.activity.month.spans).toMatchObject([{ at: '2026-01-05T00:00:00.000Z', paid: 2 }])
  })

  it('counts to what there is, through every way that withdrawals go and when they are gone', async () => {
    const world = await World.create(database, { config: { mode: 'batch' } })
    for (let minor = 0; minor < 12; minor++) {
      await world.withdraw((10 + minor / 100).toFixed(2))
      if (minor === 7) await world.engine.store.foldTallies()
    }
    await world.runToRest(HOUR_MS)
    const results = await verifyDatabase(database, { stuckMinutes: 30, namedMax: 3 })
    expect(results.find(({ name }) => name === 'tallies_add_up')).toMatchObject({ count: 0 })
    // An hour of a dozen withdrawals, on a machine that is at something else.
  }, 120_000)

  it('has what a provider tells of itself, and does without one that does not answer', async () => {
    const telling: Partial<PaymentProvider> = {
      balances: () => Promise.resolve([{ currency: 'eur', available: '120.5' }]),
      health: () => Promise.resolve({ ok: false, message: 'The certificate ends tomorrow.' }),
    }
    const options = (more: Partial<PaymentProvider>): WorldOptions => ({
      around: { provider: (provider) => ({ ...provider, ...more }) },
    })
    const world = await World.create(database, options(telling))
    await world.withdraw(DEFERRED).expect(200)
    expect((await seen(world)).providers).toMatchObject([
      {
        balances: [{ currency: 'eur', available: '120.5' }],
        healthy: false,
        health_message: 'The certificate ends tomorrow.',
        queue: [{ total: '10.04', available: '120.5' }],
      },
    ])

    const silent = await World.create(
      database,
      options({ ...telling, balances: () => Promise.reject(new Error('no')) }),
    )
    const [provider] = (await seen(silent)).providers
    expect(provider).toMatchObject({ healthy: false })
    expect(provider).not.toHaveProperty('balances')
  })

  it('is for operators and viewers alone, and says which of them looks', async () => {
    const world = await World.create(database, { config: { viewerRoles: ['support'] } })
    await world.get('/admin/overview').expect(403)
    const { body } = await world
      .get('/admin/overview')
      .set('Authorization', `Bearer ${world.token(5, 'support')}`)
      .expect(200)
    expect(body.you).toEqual({ id: 5, may_act: false })
  })
})
