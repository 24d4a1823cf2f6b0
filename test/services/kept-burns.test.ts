import { createBatchWorld } from '../helpers/batch-world'
import { between } from '../helpers/between'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { World } from '../helpers/world'

/**
 * Goal: what staff of the exchange stopped stays stopped. Our updates of a burn are absolute, so each of them would
 * wipe their mark. Method: a burn is put on hold, or to waiting, before each of the things we do with it.
 */
const FLAGS = ['onhold', 'waiting'] as const
const HOUR_MS = 3_600_000

describe.each(FLAGS)('a burn that the exchange put to %s', (flag) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  const flagged = async (world: World, id: string) => (await world.kit.wallet.burnsOf(1, id))[0]?.[flag]
  const keep = (world: World, id: string) => world.kit.wallet.updateBurn(id, { [flag]: true })
  const letGo = (world: World, id: string) => world.kit.wallet.updateBurn(id, {})
  const asked = (world: World, isOpen = true) => world.engine.store.listDifferences({ isOpen, limit: 10 })

  it('before its batch left is not paid, and is once they let it go', async () => {
    const made = await createBatchWorld(database)
    const { world, bank } = made
    const [row] = await made.waiting('10')
    const id = String(row?.id)
    await keep(world, id)
    await made.run()
    await world.runToRest(HOUR_MS)

    expect(bank.amounts).toEqual([])
    expect(await flagged(world, id)).toBe(true)
    expect(await world.row(id)).toMatchObject({ state: 'ready', reasonCode: 'held_by_exchange' })
    expect(await asked(world)).toMatchObject([{ kind: 'held_by_exchange', withdrawalId: id }])

    await letGo(world, id)
    await made.toRest()
    expect(bank.amounts).toEqual(['10'])
    expect(await asked(world)).toEqual([])
    expect(await asked(world, false)).toMatchObject([{ kind: 'held_by_exchange', resolvedBy: 'worker' }])
  })

  it('in the moment in which it was made is not paid', async () => {
    const world: World = await World.create(database, {
      around: {
        toolsLib: (lib) => ({
          ...lib,
          wallet: {
            ...lib.wallet,
            burnAssetByKitId: async (...burn) => {
              await lib.wallet.burnAssetByKitId(...burn)
              return keep(world, burn[3].transactionId)
            },
          },
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.runToRest(HOUR_MS)

    expect(await world.row(id)).toMatchObject({ state: 'ready', reasonCode: 'held_by_exchange' })
    expect(await world.bank.executions()).toEqual([])
    expect(await flagged(world, id)).toBe(true)
  })

  it('is not given back to a user who cancels, and is once they let it go', async () => {
    const world = await World.create(database)
    const { id } = await world.withdrawn('10.04') // waits for float
    await keep(world, id)
    await world.post('', { path: `/${id}/cancel` }).expect(200)
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({ state: 'releasing', reasonCode: 'canceled_by_user' })
    expect(await flagged(world, id)).toBe(true)
    expect(await asked(world)).toMatchObject([{ kind: 'held_by_exchange' }])

    await letGo(world, id)
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'canceled_by_user' })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('and that its user canceled is not paid, though an operator held it and had it looked up', async () => {
    const world = await World.create(database)
    const { id } = await world.withdrawn('10.04') // waits for float
    await keep(world, id)
    await world.post('', { path: `/${id}/cancel` }).expect(200)
    await world.operate(`/admin/withdrawals/${id}/hold`, { reason: 'the police called' }).expect(200)
    await letGo(world, id)
    const lookedUp = { reason: 'to be sure', to: 'in_doubt' }
    await world.operate(`/admin/withdrawals/${id}/resolve`, lookedUp).expect(200)
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'canceled_by_user' })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
    expect(await world.bank.executions()).toEqual([])
  })

  it('while the bank had the payout is not made final before they let it go', async () => {
    const isPaid = { now: false }
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: async (call) => (await call()) && { kind: 'accepted', reference: 'R-1' },
          lookup: (call) =>
            isPaid.now
              ? Promise.resolve({ kind: 'settled', reference: 'R-1', transactionId: 'TX-1' })
              : call().then(() => ({ kind: 'accepted', reference: 'R-1' })),
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.clock.advance(HOUR_MS)
    await keep(world, id)
    isPaid.now = true
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('settling')
    expect(await flagged(world, id)).toBe(true)
    expect(await asked(world)).toMatchObject([{ kind: 'held_by_exchange' }])

    await letGo(world, id)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('processed')
    expect(await asked(world)).toEqual([])
  })
})
