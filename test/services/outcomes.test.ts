import type { State } from '../../src/domain/states'
import { between, createGate } from '../helpers/between'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { World } from '../helpers/world'

/**
 * Goal: every answer a provider can give ends as the design says. Method: the sandbox bank gives each of them on
 * request; the withdrawal is run to rest on a clock that the test moves.
 */
interface Expected {
  readonly amount: string
  readonly what: string
  /** The states in order, as the journal has them. */
  readonly path: readonly State[]
  readonly paidTimes: 0 | 1
}

const PAID: readonly State[] = ['requested', 'ready', 'submitting', 'settling', 'processed']
const PAID_AFTER_DOUBT: readonly State[] = [
  'requested',
  'ready',
  'submitting',
  'in_doubt',
  'settling',
  'processed',
]
const SENT_AGAIN: readonly State[] = [
  'requested',
  'ready',
  'submitting',
  'in_doubt',
  'ready',
  'submitting',
  'settling',
  'processed',
]

const OUTCOMES: readonly Expected[] = [
  { amount: '10', what: 'succeeds', path: PAID, paidTimes: 1 },
  { amount: '10.01', what: 'succeeds', path: PAID, paidTimes: 1 },
  {
    amount: '10.02',
    what: 'is pending and then succeeds',
    path: ['requested', 'ready', 'submitting', 'submitted', 'settling', 'processed'],
    paidTimes: 1,
  },
  {
    amount: '10.03',
    what: 'is declined',
    path: ['requested', 'ready', 'submitting', 'in_doubt', 'releasing', 'canceled'],
    paidTimes: 0,
  },
  { amount: '10.05', what: 'times out after it was paid', path: PAID_AFTER_DOUBT, paidTimes: 1 },
  { amount: '10.06', what: 'times out before it was paid', path: SENT_AGAIN, paidTimes: 1 },
  { amount: '10.07', what: 'is answered with 500 the first time', path: SENT_AGAIN, paidTimes: 1 },
  { amount: '10.14', what: 'is answered with something unreadable', path: PAID_AFTER_DOUBT, paidTimes: 1 },
]

describe.each(DATABASE_KINDS)('a payout on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  it.each(OUTCOMES)(
    'that $what ($amount) ends in the right state, paid $paidTimes times',
    async (expected) => {
      const world = await World.create(database)

      const { id } = await world.withdrawn(expected.amount)
      await world.runToRest()

      expect((await world.journal(id)).map(({ to }) => to)).toEqual(expected.path)
      expect(await world.bank.executions()).toHaveLength(expected.paidTimes)
      const spent = expected.paidTimes === 1 ? Number(expected.amount) : 0
      expect(await world.balance()).toEqual({ available: 10_000 - spent, locked: 0 })
    },
  )

  it('that is deferred waits with the balance locked, stays cancelable, and is paid once there is float', async () => {
    const world = await World.create(database)

    const { body } = await world.withdraw('10.04').expect(200)
    expect(body).toMatchObject({
      status: 'pending',
      stage: 'queued',
      reason_code: 'insufficient_float',
      cancelable: true,
    })
    expect(await world.balance()).toEqual({ available: 9_989.96, locked: 10.04 })

    await world.bank.fund()
    await world.clock.advance(60_000)
    await world.runToRest()

    expect((await world.row(body.id)).state).toBe('processed')
    expect(await world.bank.executions()).toHaveLength(1)
  })

  it('that never gets an answer is looked up after the deadline, and sent again only after the quiet time', async () => {
    const gate = createGate()
    // Counted by the gate: the world starts the plugin a second time, which counts its calls anew.
    const provider = between({ submit: (call) => (gate.wasReached ? call() : gate.wait().then(call)) })
    const world = await World.create(database, { around: { provider } })
    const posted = world.withdraw('10').then(({ body }) => body)

    await gate.reached
    await world.clock.advance(10_000)
    const { id, status } = await posted
    expect(status).toBe('pending')
    await world.settled()
    expect((await world.row(id)).state).toBe('in_doubt')

    await world.clock.advance(60_000)
    await world.engine.runner.tick()
    expect(await world.bank.executions()).toHaveLength(0)

    await world.runToRest()
    expect(await world.bank.executions()).toHaveLength(1)
    expect((await world.row(id)).state).toBe('processed')
  })
})
