import type { Exchange } from '../../../src/ports/exchange'
import type { LookupOutcome, PaymentProvider } from '../../../src/ports/payment-provider'
import { between } from '../../helpers/between'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { World, type WorldOptions } from '../../helpers/world'
import { fakeProvider } from '../fake-provider'

/** Goal: a person gets every withdrawal to its end, and no answer is taken that a machine can contradict. */
let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase('PostgreSQL')
})
afterAll(() => database.close())

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const REASON = { reason: 'asked the bank' }
const PAID = { ...REASON, to: 'settling', transaction_id: 'E2E-77' }
const NOT_PAID = { ...REASON, to: 'releasing', evidence: 'the bank has no trace of it' }

const act = (world: World, id: string, action: string, body: object) =>
  world.operate(`/admin/withdrawals/${id}/${action}`, body as Record<string, unknown>)

/** What an operator is shown that may be done. */
async function offered(world: World, id: string): Promise<string[]> {
  const { body } = await world.see(`/admin/withdrawals/${id}`).expect(200)
  return (body.actions as { action: string; to?: string }[]).map(({ action, to }) =>
    to === undefined ? action : `${action} ${to}`,
  )
}

/** A payout that was sent, and of which the provider says what the test wants. */
async function inDoubt(options: WorldOptions = {}, changes: Partial<PaymentProvider> = {}) {
  const said: { now: LookupOutcome } = { now: { kind: 'unknown', why: 'no answer' } }
  const world = await World.create(database, {
    ...options,
    around: {
      ...options.around,
      provider: (provider) => ({
        ...between({
          submit: () => Promise.reject(new Error('ECONNRESET')),
          lookup: () => Promise.resolve(said.now),
        })(provider),
        ...changes,
      }),
    },
  })
  const { id } = await world.withdrawn(10)
  expect((await world.row(id)).state).toBe('in_doubt')
  return { world, id, said }
}

const balanceGivenBack = { available: 10_000, locked: 0 }
const balancePaid = { available: 9_990, locked: 0 }

describe('a withdrawal in doubt', () => {
  it('is called paid with the bank’s reference, and its burn made final', async () => {
    const { world, id } = await inDoubt()
    await act(world, id, 'resolve', PAID).expect(200)
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({ state: 'processed', providerTransactionId: 'E2E-77' })
    expect(await world.balance()).toEqual(balancePaid)
  })

  it('is called not paid only once no request can be on its way any more', async () => {
    const { world, id } = await inDoubt()
    const { version } = await world.row(id)
    const early = await act(world, id, 'resolve', NOT_PAID).expect(409)
    expect(Number(early.headers['retry-after'])).toBeGreaterThan(60)
    expect(await world.row(id)).toMatchObject({ state: 'in_doubt', version })

    // Nor where it only looks so, to a clock that was set ahead meanwhile.
    await world.clock.stepDatabase(4 * 60_000)
    await act(world, id, 'resolve', NOT_PAID).expect(409, /may still be on its way/)
    expect((await world.row(id)).state).toBe('in_doubt')

    await world.clock.advance(HOUR_MS)
    await act(world, id, 'resolve', NOT_PAID).expect(200)
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'canceled_by_operator' })
    expect(await world.balance()).toEqual(balanceGivenBack)
  })

  it.each<[string, LookupOutcome]>([
    ['paid', { kind: 'settled', reference: 'R', transactionId: 'T', amount: '10' }],
    ['accepted', { kind: 'accepted', reference: 'R', status: 'PENDING' }],
    [
      'paid, and a part of it back',
      { kind: 'returned', reference: 'R', amount: '4', code: 'account_closed' },
    ],
  ])('is not called unpaid against a provider that says it is %s', async (_what, outcome) => {
    const { world, id, said } = await inDoubt()
    await world.clock.advance(HOUR_MS)
    said.now = outcome
    const before = await world.row(id)
    await act(world, id, 'resolve', NOT_PAID).expect(409, /The provider says/)
    expect(await world.row(id)).toMatchObject({ state: 'in_doubt', version: before.version })
    expect(await world.balance()).toEqual({ available: 9_990, locked: 10 })
  })

  it('is asked about before a person’s word counts, also while the provider is left alone for its silence', async () => {
    const { world, id, said } = await inDoubt()
    // Nobody answers, look after look; then it would, and nobody asks.
    await world.clock.advance(HOUR_MS)
    while (world.engine.silentForMs('sandbox') === 0) {
      await world.engine.store.wake(id)
      await world.engine.runner.tick()
    }
    said.now = { kind: 'accepted', reference: 'R', status: 'PENDING' }
    await act(world, id, 'resolve', NOT_PAID).expect(409, /The provider says/)
    expect((await world.row(id)).state).toBe('in_doubt')
  })

  it('is called not paid against a provider that has said nothing else for longer than any payout needs', async () => {
    const { world, id, said } = await inDoubt()
    said.now = { kind: 'accepted', status: 'PENDING' }
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('submitted')
    await act(world, id, 'resolve', NOT_PAID).expect(409, /The provider says/)
    await world.clock.advance(30 * DAY_MS)
    await act(world, id, 'resolve', NOT_PAID).expect(200)
  })

  it('keeps what proved it in its journal, without account numbers', async () => {
    const { world, id } = await inDoubt()
    await world.clock.advance(HOUR_MS)
    const evidence = 'mail of the bank about DE89370400440532013000, not FR1420041010050500013M02606'
    await act(world, id, 'resolve', { ...NOT_PAID, evidence }).expect(200)
    const entry = (await world.journal(id)).find(({ event }) => event === 'payout.resolved')
    expect(entry).toMatchObject({
      actor: 'operator:2',
      detail: {
        ...REASON,
        evidence: 'mail of the bank about [payee], not [account]',
        lookup: { kind: 'unknown' },
      },
    })
  })

  it('is held, and nothing more is done with it until a person says what', async () => {
    const { world, id, said } = await inDoubt()
    await act(world, id, 'hold', REASON).expect(200)
    said.now = { kind: 'declined', code: 'account_closed' }
    await world.runToRest(2 * DAY_MS)
    expect(await world.row(id)).toMatchObject({ state: 'conflict', reasonCode: 'held_by_operator' })
    await act(world, id, 'resolve', { ...REASON, to: 'in_doubt' }).expect(200)
    await world.runToRest(DAY_MS)
    expect((await world.row(id)).state).toBe('canceled')
    expect(await world.balance()).toEqual(balanceGivenBack)
  })
})

describe('a withdrawal in review that may have been sent', () => {
  async function flagged() {
    const world = await World.create(database, {
      provider: () =>
        fakeProvider({
          name: 'acme',
          capabilities: { lookup: 'none', keyLifetimeMs: 30 * DAY_MS },
          submit: () => {
            throw new Error('ECONNRESET')
          },
        }),
    })
    const { id } = await world.withdrawn(10)
    await world.kit.changeUser(1, { flagged: true })
    await world.runToRest(2 * DAY_MS)
    const row = await world.row(id)
    expect(row).toMatchObject({ state: 'in_review', reviewedFindings: 'flagged' })
    expect(row.payoutDoubtAt).not.toBeNull()
    return { world, id }
  }

  it('is given back with evidence, though it cannot simply be rejected', async () => {
    const { world, id } = await flagged()
    await act(world, id, 'reject', REASON).expect(409)
    await world.clock.advance(10 * 60_000)
    await act(world, id, 'resolve', NOT_PAID).expect(200)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('canceled')
    expect(await world.balance()).toEqual(balanceGivenBack)
  })

  it('is called paid with the bank’s reference', async () => {
    const { world, id } = await flagged()
    await act(world, id, 'resolve', PAID).expect(200)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('processed')
    expect(await world.balance()).toEqual(balancePaid)
  })

  it('shows each way out with what it does, and the question', async () => {
    const { world, id } = await flagged()
    expect(await offered(world, id)).toEqual([
      ...['approve', 'resume', 'send-again', 'resolve settling', 'resolve releasing', 'resolve in_doubt'],
    ])
    const { body } = await world.see(`/admin/withdrawals/${id}`).expect(200)
    expect(body.question.what_to_do).toMatch(/user in the exchange/)
    for (const action of body.actions as Record<string, string>[])
      expect([action.burn, action.payout]).toEqual([
        expect.stringMatching(/\.$/),
        expect.stringMatching(/\.$/),
      ])
  })
})

describe('a withdrawal that waits to be sent', () => {
  it('is held and let go, and paid once', async () => {
    const world = await World.create(database)
    const { id } = await world.withdrawn('10.04')
    await act(world, id, 'hold', REASON).expect(200)
    await world.bank.fund()
    await world.runToRest(DAY_MS)
    expect(await world.row(id)).toMatchObject({ state: 'in_review', reasonCode: 'held_by_operator' })
    expect(await world.bank.executions()).toHaveLength(0)
    await act(world, id, 'resume', REASON).expect(200)
    await world.runToRest(DAY_MS)
    expect((await world.row(id)).state).toBe('processed')
    expect(await world.bank.executions()).toHaveLength(1)
  })
})

describe('a frozen withdrawal', () => {
  const withExchange = (changes: (exchange: Exchange) => Partial<Exchange>): WorldOptions => ({
    around: { exchange: (exchange) => ({ ...exchange, ...changes(exchange) }) },
  })

  async function frozen(options: WorldOptions = {}) {
    const made = await inDoubt(options)
    await act(made.world, made.id, 'hold', REASON).expect(200)
    await made.world.clock.advance(HOUR_MS)
    return made
  }

  it('does not end as canceled while its balance is locked', async () => {
    const { world, id } = await frozen()
    const answer = { ...NOT_PAID, to: 'canceled' }
    await act(world, id, 'resolve', answer).expect(409, /still pending/)
    expect((await world.row(id)).state).toBe('conflict')
    await world.kit.wallet.updateBurn(id, { rejected: true })
    await act(world, id, 'resolve', answer).expect(200)
    expect(await world.row(id)).toMatchObject({ state: 'canceled', watchAt: expect.any(Date) })
    expect(await world.balance()).toEqual(balanceGivenBack)
  })

  it('does not end as processed while its balance is locked', async () => {
    const { world, id } = await frozen()
    await act(world, id, 'resolve', { ...PAID, to: 'processed' }).expect(409, /still pending/)
    await world.kit.wallet.updateBurn(id, { status: true })
    await act(world, id, 'resolve', { ...PAID, to: 'processed' }).expect(200)
    expect(await world.row(id)).toMatchObject({ state: 'processed', providerTransactionId: 'E2E-77' })
    expect(await world.balance()).toEqual(balancePaid)
  })

  it('stays as it is while the exchange does not say what its burn is', async () => {
    let isDown = false
    const { world, id } = await frozen(
      withExchange((exchange) => ({
        findHold: (query) =>
          isDown ? Promise.resolve({ kind: 'unknown', why: 'down' }) : exchange.findHold(query),
      })),
    )
    isDown = true
    const { version } = await world.row(id)
    for (const answer of [
      { ...NOT_PAID, to: 'canceled' },
      { ...PAID, to: 'processed' },
    ])
      await act(world, id, 'resolve', answer).expect(503, /exchange_unavailable/)
    expect(await world.row(id)).toMatchObject({ state: 'conflict', version })
  })

  it('is still watched for money that comes back when a person has called it processed', async () => {
    const { world, id } = await frozen()
    await world.kit.wallet.updateBurn(id, { status: true })
    await act(world, id, 'resolve', { ...PAID, to: 'processed' }).expect(200)
    expect((await world.row(id)).watchAt).not.toBeNull()
  })
})

describe('a credit that the exchange refused', () => {
  async function refused() {
    const state: { said: LookupOutcome | null; refuses: boolean } = { said: null, refuses: true }
    const world = await World.create(database, {
      around: {
        provider: between({ lookup: (call) => (state.said ? Promise.resolve(state.said) : call()) }),
        exchange: (exchange) => ({
          ...exchange,
          placeCredit: (credit) =>
            state.refuses
              ? Promise.resolve({ kind: 'refused', message: 'User is deactivated' })
              : exchange.placeCredit(credit),
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    state.said = { kind: 'returned', reference: 'SB-1', amount: '10', code: 'account_closed' }
    await world.clock.advance(HOUR_MS)
    await world.engine.watch.run()
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({ state: 'conflict', reasonCode: 'credit_refused' })
    return { world, id, state }
  }
  const EVIDENCE = { ...REASON, evidence: 'ticket 12' }

  it('is tried again, and credits once', async () => {
    const { world, id, state } = await refused()
    state.refuses = false
    await act(world, id, 'resolve', { ...EVIDENCE, to: 'returning' }).expect(200)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('returned')
    expect(await world.balance()).toEqual(balanceGivenBack)
  })

  it('is called given back by hand, with evidence', async () => {
    const { world, id } = await refused()
    await act(world, id, 'resolve', { ...REASON, to: 'returned' }).expect(400, /evidence_required/)
    // A credit may yet appear; that its time is over is not taken from a clock that was set ahead.
    await world.clock.stepDatabase(4 * 60_000)
    await act(world, id, 'resolve', { ...EVIDENCE, to: 'returned' }).expect(409, /may still be on its way/)
    await world.clock.advance(10 * 60_000)
    await act(world, id, 'resolve', { ...EVIDENCE, to: 'returned' }).expect(200)
    await world.runToRest(DAY_MS)
    expect((await world.row(id)).state).toBe('returned')
    expect(await world.balance()).toEqual(balancePaid)
  })
})

describe('a payout that the provider holds', () => {
  const ACCEPTED: LookupOutcome = { kind: 'accepted', reference: 'R-1', status: 'UNCLAIMED' }

  async function held(cancel: PaymentProvider['cancel']) {
    const asked = { lookups: 0, stops: 0 }
    const said: { now: LookupOutcome } = { now: ACCEPTED }
    const world = await World.create(database, {
      around: {
        provider: (provider) => ({
          ...between({
            submit: () => Promise.resolve(ACCEPTED as never),
            lookup: () => {
              asked.lookups++
              return Promise.resolve(said.now)
            },
          })(provider),
          ...(cancel && {
            cancel: (query) => {
              asked.stops++
              return cancel(query)
            },
          }),
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.runToRest(60_000)
    expect((await world.row(id)).state).toBe('submitted')
    return { world, id, said, asked }
  }

  it('is stopped, and given back only once a look-up has proven it', async () => {
    const { world, id, said, asked } = await held(() => Promise.resolve('canceled'))
    await act(world, id, 'stop', REASON).expect(200)
    expect(asked.stops).toBe(1)
    await world.runToRest(60_000)
    expect((await world.row(id)).state).toBe('submitted')
    expect(await world.balance()).toEqual({ available: 9_990, locked: 10 })

    said.now = { kind: 'declined', code: 'expired_unclaimed', reference: 'R-1' }
    await act(world, id, 'retry', REASON).expect(200)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('canceled')
    expect((await world.journal(id)).map(({ event }) => event)).toEqual(
      expect.arrayContaining(['payout.stop_asked', 'payout.stop_answered']),
    )
  })

  it('that was paid all the same is settled, whatever the stop was answered with', async () => {
    const { world, id, said } = await held(() => Promise.resolve('canceled'))
    said.now = { kind: 'settled', reference: 'R-1', transactionId: 'T-1', amount: '10' }
    await act(world, id, 'stop', REASON).expect(200)
    await world.runToRest(60_000)
    expect((await world.row(id)).state).toBe('processed')
  })

  it('is looked up soon also when the stop was never answered', async () => {
    const { world, id, asked } = await held(() => Promise.reject(new Error('ECONNRESET')))
    const before = asked.lookups
    await act(world, id, 'stop', REASON).expect(200)
    await world.engine.runner.tick()
    expect(asked.lookups).toBe(before + 1)
    expect((await world.journal(id)).at(-1)).toMatchObject({
      event: 'payout.stop_answered',
      detail: { answer: 'unknown' },
    })
  })

  it('cannot be stopped at a provider that does not stop payouts', async () => {
    const { world, id } = await held(undefined)
    expect(await offered(world, id)).not.toContain('stop')
    await act(world, id, 'stop', REASON).expect(409, /action_not_possible/)
  })
})

describe('a payout that is sent again under a new key', () => {
  const AGAIN = { ...REASON, evidence: 'the file was never taken to the bank' }

  it.each<[string, LookupOutcome]>([
    ['voided', { kind: 'voided' }],
    ['conclusively not found', { kind: 'not_found', conclusive: true }],
    ['declined', { kind: 'declined', code: 'account_closed' }],
  ])('leaves once its old one is %s, and not before that is proven', async (_what, outcome) => {
    const sent: string[] = []
    const said: { now: LookupOutcome } = { now: { kind: 'accepted', status: 'HANDED_OVER' } }
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: (call, times, order) => {
            sent.push(order.key)
            return times === 1 ? Promise.resolve({ kind: 'accepted', status: 'HANDED_OVER' }) : call()
          },
          lookup: (call, _times, query) => (query.key === sent[0] ? Promise.resolve(said.now) : call()),
        }),
      },
    })
    const { id, payoutKey } = await world.withdrawn(10)
    await world.clock.advance(HOUR_MS)
    for (const silent of [
      said.now,
      { kind: 'unknown', why: 'x' },
      { kind: 'not_found', conclusive: false },
      { kind: 'settled', reference: 'R', transactionId: 'T', amount: '10' },
    ] as const) {
      said.now = silent
      await act(world, id, 'send-again', AGAIN).expect(409, /does not prove/)
    }
    expect(await world.row(id)).toMatchObject({ state: 'submitted', payoutKey })

    said.now = outcome
    await act(world, id, 'send-again', REASON).expect(400, /evidence_required/)
    await act(world, id, 'send-again', AGAIN).expect(200)
    await world.runToRest(HOUR_MS)
    const row = await world.row(id)
    expect(row).toMatchObject({ state: 'processed', retiredPayouts: 1 })
    expect(sent).toEqual([payoutKey, row.payoutKey])
    expect(new Set(sent).size).toBe(2)
    expect(await world.balance()).toEqual(balancePaid)
    expect(await world.journal(id)).toContainEqual(
      expect.objectContaining({
        event: 'payout.to_send_again',
        actor: 'operator:2',
        detail: expect.objectContaining({
          ...AGAIN,
          lookup: expect.objectContaining({ kind: outcome.kind }),
        }),
      }),
    )
  })

  it('does not leave where it was canceled, and its user has the balance back', async () => {
    const { world, id, said } = await inDoubt()
    await world.clock.advance(HOUR_MS)
    await act(world, id, 'resolve', NOT_PAID).expect(200)
    expect(await world.row(id)).toMatchObject({ state: 'releasing', canceledBy: 'operator' })
    await act(world, id, 'hold', REASON).expect(200)
    said.now = { kind: 'not_found', conclusive: true }
    expect(await offered(world, id)).not.toContain('send-again')
    await act(world, id, 'send-again', AGAIN).expect(409, /nobody has canceled it.*action_not_possible/)
    await act(world, id, 'resolve', { ...REASON, to: 'in_doubt' }).expect(200)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('canceled')
    expect(await world.balance()).toEqual(balanceGivenBack)
    expect(await world.bank.executions()).toEqual([])
  })

  it('does not leave while the first one may still be on its way', async () => {
    const { world, id, said } = await inDoubt()
    said.now = { kind: 'not_found', conclusive: true }
    await act(world, id, 'send-again', AGAIN).expect(409, /changed_meanwhile/)
    await world.clock.stepDatabase(4 * 60_000)
    await act(world, id, 'send-again', AGAIN).expect(409, /changed_meanwhile/)
    expect((await world.row(id)).state).toBe('in_doubt')
  })
})

describe('an action', () => {
  it.each(['a%00b', 'a%0Ab', '%F0%9F%98%80', 'x'.repeat(500)])(
    'on a withdrawal called %p finds none, and breaks nothing',
    async (id) => {
      const world = await World.create(database)
      for (const path of ['approve', 'retry', 'stop']) await act(world, id, path, REASON).expect(404)
      await world.see(`/admin/withdrawals/${id}`).expect(404)
    },
  )

  it.each(['q=a%00b', 'provider=%00', 'currency=%00', 'q=%ED%A0%80'])(
    'that searches for %s is answered',
    async (query) => {
      const world = await World.create(database)
      const { status } = await world.see(`/admin/withdrawals?${query}`)
      expect([200, 400]).toContain(status)
    },
  )
})
