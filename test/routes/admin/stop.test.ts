import { createStore } from '../../../src/db/store'
import { between } from '../../helpers/between'
import { DATABASE_KINDS, testDatabase } from '../../helpers/databases'
import { recordingLogger } from '../../helpers/loggers'
import { World } from '../../helpers/world'
import { countingProvider, expectError } from '../support'
import { as, SEVERAL } from './two-operators'

const SENTENCE = 'We are checking something. Withdrawals are back at noon.'
const HOUR_MS = 3_600_000

describe.each(DATABASE_KINDS)('an operator who stops everything, on %s', (kind) => {
  const database = testDatabase(kind)

  const stop = (world: World, body = {}) => as(world, 2)('/admin/stop', { message: SENTENCE, ...body })

  it('keeps what waits from leaving, lets it be canceled, and lets it leave when two want it', async () => {
    const counting = countingProvider()
    const world = await World.create(database, {
      config: { mode: 'batch', ...SEVERAL },
      around: { provider: counting.provider },
    })
    const [one, two] = [await world.withdrawn(10), await world.withdrawn(20)]
    const stopped = await stop(world).expect(200)
    expect(stopped.body).toMatchObject({
      stopped: true,
      message: SENTENCE,
      under_way: 0,
      by: 'operator:2',
      version: 1,
    })

    await world.runToRest(HOUR_MS)
    expect(counting.submits()).toBe(0)
    expect(await world.row(one.id)).toMatchObject({ state: 'ready', reasonCode: 'stopped' })
    await world.post({}, { path: `/${two.id}/cancel` }).expect(200)
    await world.runToRest(HOUR_MS)
    expect((await world.row(two.id)).state).toBe('canceled')

    const asked = await as(world, 2)('/admin/stop/lift').expect(202)
    const { id } = asked.body.approval as { id: string }
    expect((await world.see('/admin/stop').expect(200)).body).toMatchObject({ stopped: true })
    expectError(await as(world, 2)(`/admin/approvals/${id}/confirm`), 'own_proposal')
    expect((await world.see('/admin/stop')).body).toMatchObject({ stopped: true })
    const confirmed = await as(world, 3)(`/admin/approvals/${id}/confirm`).expect(200)
    expect(confirmed.body).toMatchObject({ state: 'done', action: 'stop.lift' })
    expect((await world.see('/admin/stop')).body).toMatchObject({
      stopped: false,
      by: 'operator:3',
      version: 2,
    })
    await world.runToRest(HOUR_MS)
    expect((await world.row(one.id)).state).toBe('processed')
    expect(counting.submits()).toBe(1)
  })

  it('keeps users from asking for more, in his words, and answers what was accepted before', async () => {
    const world = await World.create(database)
    const body = { currency: 'eur', amount: 10, bank_account: { iban: 'DE89370400440532013000' } }
    const first = await world.post(body, { key: 'k-1' }).expect(200)
    await stop(world).expect(200)
    const refused = await world.post(body)
    expectError(refused, 'withdrawals_stopped', SENTENCE)
    expect(refused.headers['retry-after']).toBe('60')
    const again = await world.post(body, { key: 'k-1' }).expect(200)
    expect(again.body.id).toBe(first.body.id)
    expect(await world.rows()).toHaveLength(1)
    expect((await world.get('/options')).body[0]).toMatchObject({ currency: 'eur', stopped: SENTENCE })
  })

  it('keeps one out who was let in a moment before, and locks nothing', async () => {
    const world = await World.create(database, {
      around: {
        exchange: (exchange) => ({
          ...exchange,
          // The last that is asked before the row is stored.
          findUser: async (id) => {
            const { version } = await createStore(database).readStop()
            const decision = { isStopped: true, message: SENTENCE, reason: 'r', actor: 'operator:2' }
            if (id === 1) await createStore(database).setStopped({ ...decision, version })
            return exchange.findUser(id)
          },
        }),
      },
    })
    expectError(await world.withdraw(10), 'withdrawals_stopped', SENTENCE)
    expect(await world.rows()).toEqual([])
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('lets what has left be found out, settled and given back', async () => {
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: (call) => call().then(() => Promise.reject(new Error('lost'))),
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    expect((await world.row(id)).state).toBe('in_doubt')
    await stop(world).expect(200)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('processed')
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })
  })

  it('keeps what came back from being credited until it goes on', async () => {
    const returned = { kind: 'returned', amount: '10', code: 'account_closed', reference: 'R1' } as const
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: () =>
            Promise.resolve({ kind: 'settled', reference: 'R1', transactionId: 'T1', amount: '10' }),
          lookup: () => Promise.resolve(returned),
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await stop(world).expect(200)
    await world.engine.store.wake(id)
    await world.engine.watch.run()
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({ state: 'returning', reasonCode: 'account_closed' })
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })
    await as(world, 2)('/admin/stop/lift').expect(200)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('returned')
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('goes on alone where the installation says that there is one operator, which is said loudly', async () => {
    const logger = recordingLogger()
    const world = await World.create(database, { logger })
    expect(logger.lines.map(({ event }) => event)).toContain('operators.single')
    await stop(world).expect(200)
    const health = await world.see('/health').expect(200)
    expect(health.body.details).toEqual([
      expect.stringContaining('everything is stopped by operator:2'),
      expect.stringMatching(/^encryptionKeys is not set/),
      expect.stringContaining('one operator alone'),
    ])
    expect((await world.get('/health')).body.details).toBeUndefined()
    const answer = await as(world, 2)('/admin/stop/lift').expect(200)
    expect(answer.body).toMatchObject({ stopped: false, version: 2 })
  })

  it('is asked for a reason, acts on no old picture, and cannot start what runs', async () => {
    const world = await World.create(database)
    expectError(await stop(world, { reason: '' }), 'invalid_request')
    expectError(await stop(world, { message: 'x'.repeat(301) }), 'invalid_request')
    expectError(await stop(world, { message: 7 }), 'invalid_request')
    expectError(await stop(world, { why: 'x' }), 'invalid_request')
    expectError(await as(world, 2)('/admin/stop/lift'), 'action_not_possible')
    await stop(world, { version: 0 }).expect(200)
    expectError(await stop(world, { version: 0 }), 'changed_meanwhile')
    expectError(await as(world, 2)('/admin/stop/lift', { version: 0 }), 'changed_meanwhile')
    await world.post({ reason: 'mine' }, { path: '/admin/stop' }).expect(403)
    await world.get('/admin/stop').expect(403)
  })
})
