import type { ExchangeUser } from '../../src/ports/exchange'
import type { SandboxStanding } from '../../src/sandbox/kit'
import { createBatchWorld } from '../helpers/batch-world'
import { betweenExchange } from '../helpers/between'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { World, type WorldOptions } from '../helpers/world'

/**
 * Goal: what the exchange says of a user counts up to the last moment before money moves. Method: a user is frozen,
 * blocked, flagged or loses their identity while their withdrawal waits for the provider's float.
 */
const HOUR_MS = 3_600_000
const STANDINGS: readonly (readonly [string, SandboxStanding, string])[] = [
  ['frozen', { deactivated: true }, 'blocked'],
  ['blocked for a while', { withdrawal_blocked: '2126-01-01T00:00:00Z' }, 'blocked'],
  ['flagged', { flagged: true }, 'flagged'],
  ['not verified any more', { id_data: { status: 2 } }, 'unverified'],
]
const GOOD: SandboxStanding = {
  ...{ deactivated: false, flagged: false, withdrawal_blocked: null },
  id_data: { status: 3 },
}

describe('the last look at a user who is', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  /** A withdrawal that waits; meanwhile the user stands as given, and then it may go. */
  async function waited(standing: SandboxStanding, options: WorldOptions = {}) {
    const world = await World.create(database, options)
    const { id } = await world.withdrawn('10.04')
    await world.kit.changeUser(1, standing)
    await world.bank.fund()
    await world.runToRest(HOUR_MS)
    return { world, id }
  }
  const paid = async (world: World) => (await world.bank.executions()).length

  it.each(STANDINGS)(
    '%s asks a person, and tells the user nothing of why',
    async (_how, standing, finding) => {
      const { world, id } = await waited(standing)

      expect(await world.row(id)).toMatchObject({ state: 'in_review', reasonCode: 'under_review' })
      expect(await paid(world)).toBe(0)
      expect((await world.journal(id)).at(-1)).toMatchObject({
        event: 'user.questioned',
        detail: { findings: [finding] },
      })
      await world.kit.changeUser(1, GOOD)
      const { text } = await world.get(`/${id}`).expect(200)
      expect(text).not.toContain(finding)
    },
  )

  it.each(STANDINGS)(
    '%s is paid once that person has let it pass, and asked about once',
    async (_how, standing) => {
      const { world, id } = await waited(standing)
      await world.operate(`/admin/withdrawals/${id}/approve`, { reason: 'seen' }).expect(200)
      await world.runToRest(HOUR_MS)

      expect((await world.row(id)).state).toBe('processed')
      expect(await paid(world)).toBe(1)
    },
  )

  it('frozen after a person has let the flag pass asks again', async () => {
    const { world, id } = await waited({ flagged: true })
    await world.kit.changeUser(1, { deactivated: true })
    await world.operate(`/admin/withdrawals/${id}/approve`, { reason: 'the flag is old' }).expect(200)
    await world.runToRest(HOUR_MS)

    expect(await world.row(id)).toMatchObject({ state: 'in_review', reviewedFindings: 'blocked,flagged' })
    expect(await paid(world)).toBe(0)
  })

  it.each(STANDINGS)('%s gives the balance back where the setting says so', async (_how, standing) => {
    const config = { blockedUsers: 'refuse', flaggedUsers: 'refuse', unverifiedUsers: 'refuse' }
    const { world, id } = await waited(standing, { config })

    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'refused_by_exchange' })
    expect(await paid(world)).toBe(0)
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it.each(STANDINGS)('%s pays where the setting says so', async (_how, standing) => {
    const config = { blockedUsers: 'pay', flaggedUsers: 'pay', unverifiedUsers: 'pay' }
    const { world, id } = await waited(standing, { config })

    expect((await world.row(id)).state).toBe('processed')
    expect(await paid(world)).toBe(1)
  })

  it('not to be found at the moment waits, and pays nobody', async () => {
    let isDown = false
    const world = await World.create(database, {
      around: {
        exchange: betweenExchange({
          findUser: (call) => (isDown ? Promise.reject(new Error('down')) : call()),
        }),
      },
    })
    const { id } = await world.withdrawn('10.04')
    isDown = true
    await world.bank.fund()
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({ state: 'ready', reasonCode: 'exchange_unavailable' })
    expect(await paid(world)).toBe(0)

    isDown = false
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('processed')
  })

  it('frozen while a batch waits for its time stays behind, and the others are paid', async () => {
    const made = await createBatchWorld(database)
    await made.waiting('10', '11')
    await made.world.kit.changeUser(1, { deactivated: true })
    await made.run()

    expect(await made.states()).toEqual({ 10: 'in_review', 11: 'in_review' })
    expect(made.bank.amounts).toEqual([])
  })

  it('as they should be costs one question a payout', async () => {
    let questions = 0
    const findUser = (call: () => Promise<ExchangeUser | null>) => {
      questions++
      return call()
    }
    const world = await World.create(database, { around: { exchange: betweenExchange({ findUser }) } })
    await world.withdrawn(10)

    // Once when it was asked for, once when it left.
    expect(questions).toBe(2)
  })
})
