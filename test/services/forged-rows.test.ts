import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { keyNamed } from '../helpers/keys'
import { recordingLogger } from '../helpers/loggers'
import { World, type WorldOptions } from '../helpers/world'

/**
 * Goal: whoever can write to the table cannot make anybody be paid, settled, given back or credited otherwise than was
 * accepted. Method: every column that says so is changed with SQL in every state from which money moves, and the world
 * works on: nothing is asked of exchange or provider that moves money, and a person is asked, loudly.
 */
const KEYS = { encryptionKeys: `${keyNamed('b')},${keyNamed('a')}` }
const UPDATE = 'update bank_withdrawal.withdrawals set'

/** Another user's, larger, or somebody else's: what a forger would want. */
const FORGERIES = {
  amount: "amount = '6000'",
  fee: "fee = '0.01'",
  payout_amount: "payout_amount = '6000'",
  currency: "currency = 'usd'",
  user_id: 'user_id = 2',
  method: "method = 'PAYPAL'",
  provider: "provider = 'other'",
  payout_key: "payout_key = 'BW-forged'",
  end_to_end_id: "end_to_end_id = 'FORGED'",
  idempotency_key: "idempotency_key = 'forged'",
  destination_masked: "destination_masked = 'FR14…2606'",
  'a flipped destination': `destination = left(destination, -6) || case when right(destination, 6) = 'AAAAAA' then 'BBBBBB' else 'AAAAAA' end`,
  'a truncated destination': 'destination = left(destination, -1)',
  "another row's destination":
    'destination = (select o.destination from bank_withdrawal.withdrawals o where o.id <> withdrawals.id)',
} as const
const CHANGES = Object.entries(FORGERIES)

/** A batch of a provider that is not configured is sent by nobody, whatever its members are. */
const isLookedAt = (state: string, column: string): boolean =>
  state !== 'ready in a batch' || column !== 'provider'

/** Where a worker acts, and the columns without which a row cannot be there. */
const STATES = {
  requested: "state = 'requested', hold_doubt_at = null",
  'ready in a batch': "state = 'ready'",
  ready: "state = 'ready', mode = 'immediate'",
  submitting: "state = 'submitting', payout_started_at = now()",
  submitted: "state = 'submitted', payout_started_at = now(), provider_reference = 'SB-x'",
  in_doubt: "state = 'in_doubt', payout_started_at = now(), payout_doubt_at = now() - interval '1 day'",
  settling:
    "state = 'settling', payout_started_at = now() - interval '1 hour', provider_transaction_id = 'T'",
  releasing: "state = 'releasing'",
} as const

/** What is compared is no matter of SQL: one state shows that the other kind of database reads it back the same. */
const statesOn = (kind: string) =>
  Object.entries(STATES).filter(([state]) => kind === 'PostgreSQL' || state === 'ready')

const UNSENT = ['requested', 'ready', 'ready in a batch']

const EFFECTS = ['placeHold', 'markProcessing', 'settleHold', 'releaseHold', 'placeCredit'] as const

describe.each(DATABASE_KINDS)('a row that was changed past the program, on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  /** Two withdrawals that wait for a batch, and whatever would move money from then on. */
  async function waiting(options: WorldOptions = {}) {
    const effects: string[] = []
    const logger = recordingLogger()
    let isCounting = false
    const counted = <Fn extends (...given: never[]) => unknown>(name: string, call: Fn): Fn =>
      ((...given) => {
        if (isCounting) effects.push(name)
        return call(...given)
      }) as Fn
    const world = await World.create(database, {
      ...options,
      config: { mode: 'batch', ...KEYS, ...options.config },
      logger,
      around: {
        exchange: (exchange) => ({
          ...exchange,
          ...Object.fromEntries(EFFECTS.map((name) => [name, counted(name, exchange[name])])),
        }),
        provider: (provider) => ({ ...provider, submit: counted('submit', provider.submit) }),
      },
    })
    const key = { key: 'order-1' }
    const { body } = (await world
      .post({ currency: 'eur', amount: 10, bank_account: { iban: 'DE89370400440532013000' } }, key)
      .expect(200)) as { body: { id: string } }
    await world.withdrawn(20)
    isCounting = true
    const { id } = body
    const forge = (...changes: readonly string[]) =>
      database.query(`${UPDATE} ${changes.join(', ')} where id = $1`, [id])
    return { world, effects, logger, id, forge }
  }
  /** Only the forged one is worked on. */
  const workOn = async (world: World, id: string) => {
    for (let looks = 0; looks < 5; looks++) await world.engine.runner.driveNow(id)
    const { state, mode } = await world.row(id)
    if (state === 'ready' && mode === 'batch') await world.engine.batches.run()
  }
  const dueNow = 'next_run_at = bank_withdrawal.clock(), lease_owner = null, lease_until = null'

  describe.each(statesOn(kind))('while it is %s', (state, columns) => {
    it.each(CHANGES.filter(([column]) => isLookedAt(state, column)))(
      '%s, moves no money and goes to a person',
      async (name, forgery) => {
        const { world, effects, logger, id, forge } = await waiting()
        // The other one is out of the way: what moves from here on, moves for the forged one.
        await database.query(`${UPDATE} state = 'in_review', next_run_at = null where id <> $1`, [id])
        await forge(columns, dueNow, forgery)

        await workOn(world, id)

        const row = await world.row(id)
        expect({ name, effects, state: row.state }).toEqual({
          name,
          effects: [],
          state: UNSENT.includes(state) ? 'in_review' : 'conflict',
        })
        expect(row.reasonCode).toBe(
          name.includes('destination') && name !== 'destination_masked' && row.state === 'in_review'
            ? 'destination_unreadable'
            : 'row_changed',
        )
        expect(await world.asked()).toContainEqual(['row_changed', id])
        const loud = logger.lines.filter(
          ({ level, fields }) => level === 'error' && fields.withdrawalId === id,
        )
        expect(loud.map(({ event }) => event)).toContain('difference.opened')
      },
    )
  })

  it('is not credited with more than has come back, nor to somebody else', async () => {
    for (const forgery of [
      "returned_amount = '10', payout_amount = '10'",
      'returned_amount = 10, user_id = 2',
    ]) {
      const { world, effects, id, forge } = await waiting()
      await forge("state = 'returning', payout_started_at = now()", forgery, dueNow)
      await workOn(world, id)
      expect(effects).toEqual([])
      expect(await world.row(id)).toMatchObject({ state: 'conflict', reasonCode: 'row_changed' })
    }
  })

  it('is not given back to its user’s own cancel, nor looked after once it has ended', async () => {
    const { world, effects, id, forge } = await waiting()
    await forge("amount = '6000'")
    await world.post({}, { path: `/${id}/cancel` })
    expect(effects).toEqual([])
    expect((await world.row(id)).state).toBe('conflict')

    await forge(
      "state = 'canceled', next_run_at = null, watch_at = bank_withdrawal.clock(), hold_repeated = true",
    )
    await world.engine.watch.run()
    expect(effects).toEqual([])
  })

  it('spoils nobody else’s payout in its batch', async () => {
    const { world, effects, id, forge } = await waiting()
    await forge("payout_amount = '6000'")
    await world.runToRest()
    expect(effects).toEqual(['markProcessing', 'submit', 'settleHold'])
    const states = (await world.rows()).map((row) => [row.id === id, row.state])
    expect(states).toEqual(
      expect.arrayContaining([
        [true, 'in_review'],
        [false, 'processed'],
      ]),
    )
  })

  it('is put back to what was accepted by whoever approves it, and paid so', async () => {
    const { world, id, forge } = await waiting()
    await forge("payout_amount = '6000'", "amount = '6000'", 'user_id = 7')
    await world.runToRest()
    const said = { reason: 'an update by hand, undone' }
    await world.operate(`/admin/withdrawals/${id}/approve`, said).expect(200)
    await world.runToRest()

    expect(await world.row(id)).toMatchObject({
      state: 'processed',
      payoutAmount: '10',
      amount: '10',
      userId: 1,
    })
    const approved = (await world.journal(id)).find(({ event }) => event === 'review.approved')
    expect(approved?.detail).toMatchObject({ putBack: ['userId', 'amount', 'payoutAmount'] })
    expect(await world.balance()).toEqual({ available: 9_970, locked: 0 })
  })

  it('whose destination is lost can be given back, and never paid', async () => {
    const { world, effects, id, forge } = await waiting()
    await forge('destination = left(destination, -1)')
    await world.runToRest()
    const said = { reason: 'its account is lost' }
    await world.operate(`/admin/withdrawals/${id}/approve`, said).expect(200)
    effects.length = 0
    await world.runToRest()
    expect(effects).toEqual([])
    expect((await world.row(id)).state).toBe('in_review')

    await world.operate(`/admin/withdrawals/${id}/reject`, said).expect(200)
    await world.runToRest()
    expect((await world.row(id)).state).toBe('canceled')
    expect(await world.balance()).toEqual({ available: 9_980, locked: 0 })
  })

  it('that is ours to change is sealed anew: what comes back of it is credited', async () => {
    const { world, id } = await waiting()
    await world.runToRest()
    expect((await world.row(id)).state).toBe('processed')
    const before = (await world.row(id)).destination
    await world.engine.transition(
      await world.row(id),
      {
        to: 'returning',
        event: 'payout.returned',
        patch: { returnedAmount: '10', watchAt: null },
        next: { runInMs: 0 },
      },
      { actor: 'worker', leaseOwner: null },
    )
    expect((await world.row(id)).destination).not.toBe(before)
    await workOn(world, id)
    expect((await world.row(id)).state).toBe('returned')
    expect(await world.balance()).toEqual({ available: 9_980, locked: 0 })
  })
})
