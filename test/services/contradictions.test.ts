import type { LookupOutcome, PayoutOutcome } from '../../src/ports/payment-provider'
import { between } from '../helpers/between'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { recordingLogger } from '../helpers/loggers'
import { World } from '../helpers/world'
import { fakeProvider } from './fake-provider'

/** Goal: facts that cannot both be true never move money; they become a visible question to a person. */
describe('facts that contradict each other', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  const conflictOf = async (world: World, id: string) => {
    await world.runToRest()
    const { state, reasonCode } = await world.row(id)
    return { state, reasonCode }
  }

  it('a burn that was validated by an operator in the exchange is not paid', async () => {
    const world = await World.create(database)
    const { id } = await world.withdrawn('10.04') // waits for float
    await world.kit.wallet.updateBurn(id, { status: true })
    await world.bank.fund()

    expect(await conflictOf(world, id)).toEqual({ state: 'conflict', reasonCode: 'hold_changed' })
    expect(await world.bank.executions()).toEqual([])
  })

  it('a burn that its user canceled in the exchange while nothing was sent is canceled, and not paid', async () => {
    const world = await World.create(database)
    const { id } = await world.withdrawn('10.04') // waits for float
    await world.kit.wallet.updateBurn(id, { dismissed: true })
    await world.bank.fund()

    expect(await conflictOf(world, id)).toEqual({ state: 'canceled', reasonCode: 'canceled_at_exchange' })
    expect(await world.bank.executions()).toEqual([])
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('a burn that its user canceled in the exchange while a payout may be out is a conflict', async () => {
    const world = await World.create(database, {
      provider: () =>
        fakeProvider({
          capabilities: { lookup: 'none', keyLifetimeMs: 7 * 24 * 3_600_000 },
          submit: () => {
            throw new Error('ECONNRESET')
          },
        }),
    })
    const { id } = await world.withdrawn(10)
    await world.runToRest(100_000)
    await world.kit.wallet.updateBurn(id, { dismissed: true })

    expect(await conflictOf(world, id)).toMatchObject({ state: 'conflict' })
  })

  it('is said aloud: a withdrawal that is frozen for a person is an error in the log', async () => {
    const logger = recordingLogger()
    const world = await World.create(database, { logger })
    const { id } = await world.withdrawn('10.02')
    await world.kit.wallet.updateBurn(id, { rejected: true })
    await world.runToRest()

    expect(logger.lines).toContainEqual({
      level: 'error',
      event: 'withdrawal.transitioned',
      fields: expect.objectContaining({ withdrawalId: id, to: 'conflict', reasonCode: 'paid_but_released' }),
    })
  })

  it('a burn that was rejected while the bank had the payout is a conflict, and is not made up for', async () => {
    const world = await World.create(database)
    const { id } = await world.withdrawn('10.02')
    await world.kit.wallet.updateBurn(id, { rejected: true })

    expect(await conflictOf(world, id)).toEqual({ state: 'conflict', reasonCode: 'paid_but_released' })
    expect((await world.kit.ledger()).map(({ kind }) => kind)).toEqual(['lock', 'release'])
  })

  it('a burn that was settled while the bank declined is a conflict', async () => {
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: async (call) => (await call()) && accepted('R-1'),
          lookup: declinedLater(),
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.kit.wallet.updateBurn(id, { status: true })

    expect(await conflictOf(world, id)).toEqual({ state: 'conflict', reasonCode: 'released_but_settled' })
  })

  it('another paid amount than ours is never settled', async () => {
    const world = await World.create(database, {
      around: { provider: between({ submit: () => Promise.resolve({ ...settled('R-1'), amount: '9.99' }) }) },
    })
    const { id } = await world.withdrawn(10)

    expect(await conflictOf(world, id)).toEqual({ state: 'conflict', reasonCode: 'amount_mismatch' })
    expect((await world.kit.ledger()).map(({ kind }) => kind)).toEqual(['lock'])
  })

  it('a second reference for one payout is a conflict', async () => {
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: () => Promise.resolve(accepted('R-1')),
          lookup: () => Promise.resolve(settled('R-2')),
        }),
      },
    })
    const { id } = await world.withdrawn(10)

    expect(await conflictOf(world, id)).toEqual({ state: 'conflict', reasonCode: 'duplicate_reference' })
  })

  it('one reference for two withdrawals freezes the second', async () => {
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: () => Promise.resolve(settled('R-1')),
          lookup: () => Promise.resolve(settled('R-1')),
        }),
      },
    })
    const first = await world.withdrawn(10)
    const second = await world.withdrawn(11)

    expect((await world.row(first.id)).state).toBe('processed')
    expect(await conflictOf(world, second.id)).toEqual({
      state: 'conflict',
      reasonCode: 'duplicate_reference',
    })
    expect(await world.balance()).toEqual({ available: 9_979, locked: 11 })
  })

  it('a payout that the provider had and no longer knows is a question, not a second payout', async () => {
    const submits: string[] = []
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: (_call, _times, { key }) => {
            submits.push(key)
            return Promise.resolve(accepted('R-1'))
          },
          lookup: () => Promise.resolve({ kind: 'not_found', conclusive: true }),
        }),
      },
    })
    const { id } = await world.withdrawn(10)

    expect(await conflictOf(world, id)).toEqual({ state: 'in_doubt', reasonCode: 'vanished' })
    expect(await world.asked()).toEqual([['vanished', id]])
    expect(submits).toHaveLength(1)
  })

  it('shows its user a withdrawal that is being checked, still pending and no longer cancelable', async () => {
    const world = await World.create(database)
    const { id } = await world.withdrawn('10.04')
    await world.kit.wallet.updateBurn(id, { status: true })
    await world.bank.fund()
    await world.runToRest()

    const { body } = await world.get(`/${id}`).expect(200)
    expect(body).toMatchObject({ status: 'pending', stage: 'being_checked', cancelable: false })
    await world.post('', { path: `/${id}/cancel` }).expect(409)
  })
})

const accepted = (reference: string): PayoutOutcome => ({ kind: 'accepted', reference })
const settled = (reference: string): PayoutOutcome & { kind: 'settled' } => ({
  kind: 'settled',
  reference,
  transactionId: `TX-${reference}`,
})
const declinedLater = () => (): Promise<LookupOutcome> =>
  Promise.resolve({ kind: 'declined', code: 'account_closed', reference: 'R-1' })
