import type { LookupOutcome } from '../../../src/ports/payment-provider'
import { between } from '../../helpers/between'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { World } from '../../helpers/world'

/** Goal: no fact that comes after an answer is taken as answered, and nobody is asked the same thing twice. */
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const REASON = { reason: 'credited by hand' }

describe.each(['PostgreSQL', 'PGlite'] as const)('a difference, on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const shown = async (world: World, query = '') =>
    (await world.see(`/admin/differences${query}`).expect(200)).body.data as Record<string, unknown>[]

  /** A payout of 10, of which the bank sends back more and more. */
  async function comingBack() {
    const answers: { now: LookupOutcome | null } = { now: null }
    const world = await World.create(database, {
      around: {
        provider: (provider) => ({
          ...between({ lookup: (call) => (answers.now ? Promise.resolve(answers.now) : call()) })(provider),
          capabilities: { ...provider.capabilities, returnWindowMs: 60 * DAY_MS },
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    const cameBack = async (amount: string) => {
      answers.now = { kind: 'returned', reference: 'SB-1', amount, code: 'account_closed' }
      for (let looks = 0; looks < 8; looks++) {
        await world.clock.advance(6 * HOUR_MS)
        await world.engine.watch.run()
        await world.runToRest(1_000)
      }
    }
    return { world, id, cameBack }
  }

  it('that was answered is asked again when more has come back since', async () => {
    const { world, id, cameBack } = await comingBack()
    await cameBack('3')
    await cameBack('6')
    await world.operate(`/admin/differences/${id}/returned_again/resolve`, REASON).expect(200)
    expect(await shown(world)).toEqual([])

    await cameBack('10')
    const open = await shown(world)
    expect(open).toMatchObject([{ kind: 'returned_again', withdrawal_id: id, detail: { amount: '10' } }])
    expect(open[0]?.history).toMatchObject([{ detail: { amount: '6' }, resolution: REASON.reason }])
  })

  it('of one fact is asked once, however often the fact is seen', async () => {
    const { world, id, cameBack } = await comingBack()
    await cameBack('3')
    await cameBack('6')
    await cameBack('6')
    expect(await shown(world)).toHaveLength(1)
    await world.operate(`/admin/differences/${id}/returned_again/resolve`, REASON).expect(200)
    await cameBack('6')
    expect(await shown(world)).toEqual([])
  })

  it('is answered by its number, so that a fact which came meanwhile stays open', async () => {
    const { world, cameBack } = await comingBack()
    await cameBack('3')
    await cameBack('6')
    const [seen] = await shown(world)
    await cameBack('10')
    await world.operate(`/admin/differences/${String(seen?.id)}/resolve`, REASON).expect(200)
    expect(await shown(world)).toMatchObject([{ detail: { amount: '10' } }])
    await world.operate(`/admin/differences/${String(seen?.id)}/resolve`, REASON).expect(404)
  })

  it('that a worker closed by itself opens again when it is seen again, and keeps what it was', async () => {
    const world = await World.create(database)
    const { id } = await world.withdrawn(10)
    const { store } = world.engine
    const difference = { kind: 'orphan_hold', withdrawalId: id, fact: '', detail: { n: 1 } } as const
    const closed = { withdrawalId: id, kind: 'orphan_hold', by: 'worker', resolution: 'given back' }
    expect(await store.openDifference(difference)).toBe(true)
    expect(await store.openDifference(difference)).toBe(false)
    expect(await store.resolveDifference(closed)).toBe(true)
    expect(await store.openDifference({ ...difference, detail: { n: 2 } })).toBe(true)
    expect(await shown(world)).toMatchObject([
      { detail: { n: 2 }, history: [{ detail: { n: 1 }, resolution: 'given back', resolved_by: 'worker' }] },
    ])
  })

  it('says what it means for the money and what to do', async () => {
    const { world, cameBack } = await comingBack()
    await cameBack('3')
    await cameBack('6')
    const [open] = await shown(world)
    expect(open).toMatchObject({
      title: expect.stringMatching(/\S/),
      money: expect.stringMatching(/\.$/),
      what_to_do: expect.stringMatching(/\.$/),
      suggested_actions: expect.any(Array),
    })
  })

  it.each([
    ['no number', 'x', 404],
    ['a number that no table holds', '99999999999999999999', 404],
    ['a NUL', '1%00', 404],
  ])('is not answered by %s', async (_what, id, status) => {
    const world = await World.create(database)
    await world.operate(`/admin/differences/${id}/resolve`, REASON).expect(status)
  })
})

describe('an account that sent money back', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it('is closed to its user and to nobody else, and is let go for one of them', async () => {
    const world = await World.create(database)
    await world.kit.addUser({ id: 3, fullName: 'Grace Hopper', balances: { eur: '1000' } })
    const mine = await world.withdrawn(10)
    const theirs = (userId: number) =>
      world.post(
        { currency: 'eur', amount: 11, bank_account: { iban: 'DE89370400440532013000' } },
        { userId },
      )
    const { destinationHash, destinationMasked: masked } = mine
    const entry = { destinationHash, masked, reasonCode: 'account_closed', withdrawalId: mine.id } as const
    await world.engine.store.quarantine({ ...entry, userId: 1 })
    await theirs(1).expect(400, /destination_quarantined/)
    const { body } = await theirs(3).expect(200)

    await world.engine.store.quarantine({ ...entry, userId: 3, withdrawalId: (body as { id: string }).id })
    await theirs(3).expect(400, /destination_quarantined/)
    const { body: held } = await world.see('/admin/quarantine').expect(200)
    expect((held.data as { user_id: number }[]).map(({ user_id }) => user_id).sort()).toEqual([1, 3])
    const lift = `/admin/quarantine/${destinationHash}/lift`
    await world.operate(lift, { ...REASON, user_id: 3 }).expect(200)
    await theirs(3).expect(200)
    await theirs(1).expect(400, /destination_quarantined/)
    await world.operate(lift, { ...REASON, user_id: 'x' }).expect(400)
    await world.engine.store.quarantine({ ...entry, userId: 2 })
    for (const body of [REASON, { ...REASON, user_id: 2 }])
      await world.operate(lift, body).expect(403, /own_withdrawal/)
    await world.engine.store.liftQuarantine({
      destinationHash,
      userId: 2,
      actor: 'operator:4',
      reason: 'seen',
    })
    await world.operate(lift, { ...REASON, user_id: 3 }).expect(404)
    await world.operate(lift, REASON).expect(200)
    await theirs(1).expect(200)
  })
})
