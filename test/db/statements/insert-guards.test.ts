import { createStore, type Store } from '../../../src/db/store'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { TestClock } from '../../helpers/test-clock'
import { createArranger, draft, LEASE } from '../rows'

describe.each(DATABASE_KINDS)('a new withdrawal on %s', (kind) => {
  let database: TestDatabase
  let store: Store
  beforeAll(async () => {
    database = await openTestDatabase(kind)
    store = createStore(database)
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  let number = 1_000
  const insert = (guards: { openMax?: number; otpCode?: string }, userId = 1, key: string | null = null) =>
    store
      .insertWithdrawal(draft(++number, { userId, idempotencyKey: key }), LEASE, {
        openMax: guards.openMax ?? null,
        otpCode: guards.otpCode ?? null,
      })
      .then(
        (row) => (row ? 'stored' : 'key taken'),
        (error: { why?: string }) => error.why ?? error,
      )
  const count = (outcomes: readonly unknown[], outcome: string) =>
    outcomes.filter((one) => one === outcome).length
  const stored = async () => (await database.query('select id from bank_withdrawal.withdrawals')).length

  it('of fifty at once is stored as often as is allowed, and not once more', async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => insert({ openMax: 3 })))

    expect(count(outcomes, 'stored')).toBe(3)
    expect(count(outcomes, 'too_many_open')).toBe(47)
    expect(await stored()).toBe(3)
  })

  it('is not refused for what other users have open', async () => {
    for (const userId of [1, 2, 3]) expect(await insert({ openMax: 1 }, userId)).toBe('stored')
  })

  it.each(['processed', 'canceled', 'returning', 'returned', 'conflict'])(
    'is not refused for one that is %s',
    async (state) => {
      const rests = state === 'returning' ? {} : { next_run_at: null }
      await createArranger(database).row({ state, held_at: '2026-01-05T09:00:00Z', ...rests })

      expect(await insert({ openMax: 1 })).toBe('stored')
    },
  )

  it.each(['requested', 'in_review', 'ready', 'submitted', 'in_doubt', 'settling', 'releasing'])(
    'is refused for one that is %s',
    async (state) => {
      await createArranger(database).row({ state, held_at: '2026-01-05T09:00:00Z' })

      expect(await insert({ openMax: 1 })).toBe('too_many_open')
    },
  )

  it('passes with a code once, however many come at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => insert({ otpCode: '123456' })))

    expect(count(outcomes, 'stored')).toBe(1)
    expect(count(outcomes, 'code_used')).toBe(19)
    expect(await stored()).toBe(1)
  })

  it('passes with the same code of another user, and with another code', async () => {
    await insert({ otpCode: '123456' })

    expect(await insert({ otpCode: '123456' }, 2)).toBe('stored')
    expect(await insert({ otpCode: '654321' })).toBe('stored')
  })

  it('passes with the same digits once they are a new code', async () => {
    const clock = new TestClock(database)
    await insert({ otpCode: '123456' })
    await clock.advance(299_000)
    expect(await insert({ otpCode: '123456' })).toBe('code_used')
    await clock.advance(2_000)
    expect(await insert({ otpCode: '123456' })).toBe('stored')
    expect(await insert({ otpCode: '123456' })).toBe('code_used')
  })

  it('does not use up the code when it is refused, or was there already', async () => {
    await insert({}, 1, 'key')
    expect(await insert({ openMax: 1, otpCode: '123456' })).toBe('too_many_open')
    expect(await insert({ otpCode: '123456' }, 1, 'key')).toBe('key taken')
    expect(await insert({ openMax: 2, otpCode: '123456' })).toBe('stored')
  })

  it('is refused for an account that sent money of the same user back, until that is lifted', async () => {
    const { id } = await createArranger(database).row({ state: 'canceled', next_run_at: null })
    const account = { userId: 1, destinationHash: 'account' }
    await store.quarantine({ ...account, masked: '', reasonCode: 'account_closed', withdrawalId: id })
    const to = (destinationHash: string, userId: number) =>
      store
        .insertWithdrawal(draft(++number, { userId, destinationHash }), LEASE, {
          openMax: null,
          otpCode: '123456',
        })
        .then(
          () => 'stored',
          (error: { why?: string }) => error.why ?? error,
        )

    expect(await to('account', 1)).toBe('quarantined')
    expect(await to('account', 2)).toBe('stored')
    // Nor has it used up the code.
    expect(await to('another', 1)).toBe('stored')
    await store.liftQuarantine({ ...account, actor: 'operator:2', reason: 'reopened' })
    const codes = await database.query('delete from bank_withdrawal.used_codes returning user_id')
    expect(codes).toHaveLength(2)
    expect(await to('account', 1)).toBe('stored')
  })

  it('leaves no code readable, and forgets old ones', async () => {
    const clock = new TestClock(database)
    await insert({ otpCode: '123456' })
    await clock.advance(3_600_000)
    await insert({ otpCode: '654321' })
    const codes = await database.query<{ code: string }>('select code from bank_withdrawal.used_codes')

    expect(codes).toHaveLength(1)
    expect(codes[0]?.code).toMatch(/^[0-9a-f]{64}$/)
  })
})
