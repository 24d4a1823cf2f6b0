import { verifyDatabase } from '../../../src/db/verify'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { keyNamed } from '../../helpers/keys'
import type { World } from '../../helpers/world'
import { books, DAY_MS, HOUR_MS } from './rig'

/** Goal: a withdrawal whose row was lost comes to an end all the same, once, and never by guessing where it was to go. */
let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase('PostgreSQL')
})
afterAll(() => database.close())

const forget = (id: string) =>
  database.transaction((tx) =>
    tx.script(`
      set local session_replication_role = replica;
      delete from bank_withdrawal.journal where withdrawal_id = '${id}';
      delete from bank_withdrawal.withdrawals where id = '${id}'`),
  )

/** A burn of user 1 without a row, and the number of the question about it. */
async function lost(options: { isPaid: boolean; config?: Record<string, unknown> }) {
  const held = await books(database, {
    ...(options.config && { config: options.config }),
    repeatedBurn: 'refused',
  })
  const { world } = held
  // The bank waits for its account to be filled: locked, and not sent.
  const { id } = await world.withdrawn(options.isPaid ? 10 : '10.04')
  await forget(id)
  await held.reconciled()
  const question = (await held.found()).find((one) => one.kind === 'burn_without_row')
  return { ...held, id, number: String(question?.id) }
}

const resolved = (world: World, id: string, to: string) =>
  world.operate(`/admin/withdrawals/${id}/resolve`, {
    ...{ to, reason: 'looked up', evidence: 'the journal', transaction_id: 'TX-1' },
  })

describe.each([
  ['without keys', {}],
  ['with keys', { encryptionKeys: keyNamed('k1') }],
])('a burn without a withdrawal, %s', (_what, config) => {
  it('that was paid is taken into the books, looked up, and ends as paid, with one burn', async () => {
    const { world, id, number, found, reconciled } = await lost({ isPaid: true, config })
    const taken = await world.operate(`/admin/differences/${number}/take-in`, { reason: 'failover at nine' })
    expect(taken.body).toMatchObject({
      id,
      state: 'conflict',
      reason_code: 'row_lost',
      amount: 10,
      user_id: 1,
    })
    expect((await found()).map(({ kind }) => kind)).toEqual(['payout_without_row'])
    await world.clock.advance(HOUR_MS)
    await resolved(world, id, 'in_doubt').expect(200)
    await world.runToRest(DAY_MS)
    expect((await world.row(id)).state).toBe('processed')
    expect(await world.bank.executions()).toHaveLength(1)
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })
    expect((await reconciled()).differences).toEqual({})
    const results = await verifyDatabase(database, { stuckMinutes: 30, namedMax: 3 })
    // What has lost the row here has not counted it out; a restored database has its own counters.
    expect(results.filter(({ count }) => count > 0).map(({ name }) => name)).toEqual(['tallies_add_up'])
  })

  it('is taken in while everything is stopped, as after a restore', async () => {
    const { world, id, number } = await lost({ isPaid: true, config })
    await world.operate('/admin/stop', { message: 'Back at ten.', reason: 'restored' }).expect(200)
    await world.operate(`/admin/differences/${number}/take-in`, { reason: 'restored' }).expect(200)
    await world.clock.advance(HOUR_MS)
    await resolved(world, id, 'in_doubt').expect(200)
    await world.runToRest(DAY_MS)
    expect((await world.row(id)).state).toBe('processed')
  })

  it('that was not paid is given back, and nobody is paid by a guess', async () => {
    const { world, id, number } = await lost({ isPaid: false, config })
    await world.operate(`/admin/differences/${number}/take-in`, { reason: 'restored' }).expect(200)
    await world.clock.advance(HOUR_MS)
    await resolved(world, id, 'in_doubt').expect(200)
    await world.bank.fund()
    await world.runToRest(DAY_MS)
    const row = await world.row(id)
    // Where it was to go is gone: a person gives it back.
    expect(row).toMatchObject({ state: 'in_review', destinationMasked: 'not known: its row was lost' })
    await world.operate(`/admin/withdrawals/${id}/reject`, { reason: 'ask again' }).expect(200)
    await world.runToRest(DAY_MS)
    expect((await world.row(id)).state).toBe('canceled')
    expect(await world.bank.executions()).toEqual([])
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })
})

it('is taken in once, by whom it does not belong to, for a reason, and only while it is so', async () => {
  const { world, id, number } = await lost({ isPaid: true })
  const path = `/admin/differences/${number}/take-in`
  await world.operate(path, {}).expect(400)
  await world.operate(path, { reason: 'r', amount: 5 }).expect(400)
  await world.operate(path, { reason: 'r', provider: { name: 'x' } }).expect(400)
  await world.operate('/admin/differences/x/take-in', { reason: 'r' }).expect(404)
  await world.operate('/admin/differences/999/take-in', { reason: 'r' }).expect(404)
  await world.post({ reason: 'r' }, { path }).expect(403)
  expect(await world.rows()).toEqual([])
  const both = await Promise.all([1, 2].map(() => world.operate(path, { reason: 'r' })))
  expect(both.map(({ status }) => status).sort()[0]).toBe(200)
  expect(both.map(({ status }) => status).sort()[1]).not.toBe(200)
  expect((await world.rows()).map((row) => row.id)).toEqual([id])
  expect((await world.journal(id)).map(({ actor, event }) => [actor, event])).toEqual([
    ['operator:2', 'withdrawal.taken_in'],
  ])
})

it('is not taken in where the balance was given back meanwhile, nor is any other question', async () => {
  const { world, number, found } = await lost({ isPaid: false })
  await database.query('update bank_withdrawal_sandbox.burns set rejected = true')
  await world.operate(`/admin/differences/${number}/take-in`, { reason: 'r' }).expect(409, /not so any more/)
  await database.query(`update bank_withdrawal.differences set kind = 'row_without_burn'`)
  const [other] = await found()
  await world.operate(`/admin/differences/${String(other?.id)}/take-in`, { reason: 'r' }).expect(409)
  expect(await world.rows()).toEqual([])
})
