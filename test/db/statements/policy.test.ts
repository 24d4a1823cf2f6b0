import { createStore, type GuardRule, type PolicyGuard, type Store } from '../../../src/db/store'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { TestClock } from '../../helpers/test-clock'
import { draft, LEASE } from '../rows'

/**
 * Goal: no two requests are both the last one that fits under a limit. Method: fifty at once, from several connections and
 * several stores, as from several processes.
 */
describe.each(DATABASE_KINDS)('a limit of the policy on %s', (kind) => {
  let database: TestDatabase
  let stores: readonly Store[]
  let clock: TestClock
  beforeAll(async () => {
    database = await openTestDatabase(kind)
    stores = [createStore(database), createStore(database), createStore(database)]
  })
  beforeEach(async () => {
    await database.reset()
    clock = new TestClock(database)
  })
  afterAll(() => database.close())

  const rule = (more: Partial<GuardRule>): GuardRule => ({
    ...{ name: 'a.rule', of: 'user', per: 'day', currency: 'eur', amount: null, count: 3, then: 'refuse' },
    ...more,
  })
  const guardOf = (more: Partial<PolicyGuard>): PolicyGuard => ({
    ...{ version: 4, rules: [], coolingOffHours: 0, causes: [], known: [] },
    ...more,
  })
  let number = 0
  beforeEach(() => {
    number = 0
  })
  const insert = (policy: PolicyGuard, more: Parameters<typeof draft>[1] = {}) => {
    const made = draft(++number, more)
    const store = stores[number % stores.length] as Store
    return store.insertWithdrawal(made, LEASE, { openMax: null, otpCode: null, policy }).then(
      () => 'stored',
      (error: { why?: string; limit?: object }) => error.limit ?? error.why ?? error,
    )
  }
  const times = (outcomes: readonly unknown[], outcome: string) =>
    outcomes.filter((one) => one === outcome).length
  const fifty = (make: (n: number) => Promise<unknown>) =>
    Promise.all(Array.from({ length: 50 }, (_none, n) => make(n)))
  const first = () => stores[0] as Store

  it('of three lets three of fifty at once pass, of one user', async () => {
    const policy = guardOf({ rules: [rule({})] })
    const outcomes = await fifty(() => insert(policy))

    expect(times(outcomes, 'stored')).toBe(3)
    expect(outcomes).toContainEqual({ name: 'a.rule', count: 3, amount: '31.5' })
  })

  it('of three lets three of fifty at once pass, of fifty users to one account', async () => {
    const policy = guardOf({ rules: [rule({ of: 'destination' })] })
    const outcomes = await fifty((n) => insert(policy, { userId: n + 1 }))

    expect(times(outcomes, 'stored')).toBe(3)
  })

  it('of three lets three of fifty at once pass, of fifty users to fifty accounts', async () => {
    const policy = guardOf({ rules: [rule({ of: 'exchange' })] })
    const outcomes = await fifty((n) => insert(policy, { userId: n + 1, destinationHash: `account ${n}` }))

    expect(times(outcomes, 'stored')).toBe(3)
  })

  it.each(['user', 'destination', 'exchange'] as const)(
    'counts amounts of one %s as they are',
    async (of) => {
      const policy = guardOf({ rules: [rule({ of, count: null, amount: '31.5' })] })

      expect(times(await fifty(() => insert(policy)), 'stored')).toBe(3)
    },
  )

  it.each(['user', 'destination', 'exchange'] as const)(
    'gives back what was canceled to one %s, and begins anew with the day',
    async (of) => {
      const policy = guardOf({ rules: [rule({ of, count: 1 })] })
      expect(await insert(policy)).toBe('stored')
      expect(await insert(policy)).toEqual({ name: 'a.rule', count: 1, amount: '10.5' })
      await database.query(
        `update bank_withdrawal.withdrawals set state = 'canceled', next_run_at = null, lease_until = null`,
      )
      expect(await insert(policy)).toBe('stored')
      await first().foldTallies()
      expect(await insert(policy)).toEqual({ name: 'a.rule', count: 1, amount: '10.5' })
      await clock.advance(15 * 3_600_000)

      expect(await insert(policy)).toBe('stored')
    },
  )

  it('of one currency leaves another one alone, and one over all counts every one', async () => {
    const inEur = guardOf({ rules: [rule({ count: 1 })] })
    const overAll = guardOf({ rules: [rule({ count: 2, currency: null })] })
    await insert(inEur)

    expect(await insert(overAll, { currency: 'usd' })).toBe('stored')
    expect(await insert(overAll, { currency: 'usd' })).toMatchObject({ count: 2 })
  })

  it('that asks a person stores it with the reason, and says in the journal which rule and version it was', async () => {
    const policy = guardOf({ rules: [rule({ count: 1, then: 'review' })], known: ['ceiling.eur'] })
    await insert(policy)
    await insert({ ...policy, causes: ['above_ceiling'] })

    const second = draft(2).id
    expect(await first().findWithdrawal(draft(1).id)).toMatchObject({ reviewCauses: null, coolsUntil: null })
    expect(await first().findWithdrawal(second)).toMatchObject({
      reviewCauses: 'above_ceiling,limit_reached',
    })
    expect((await first().readJournal(second))[0]?.detail).toEqual({
      policy: 4,
      rules: ['ceiling.eur', 'a.rule'],
    })
  })

  it('uses up no one-time code, and answers a repetition with what was stored', async () => {
    const policy = guardOf({ rules: [rule({ count: 1 })] })
    const store = first()
    const asked = (n: number, otpCode: string) =>
      store.insertWithdrawal(draft(n, { idempotencyKey: `key-${n}` }), LEASE, {
        ...{ openMax: null, otpCode, policy },
      })
    await asked(1, '111111')

    await expect(asked(2, '222222')).rejects.toMatchObject({ why: 'limited' })
    expect(await store.insertWithdrawal(draft(3), LEASE, { openMax: null, otpCode: '222222' })).not.toBeNull()
    expect(await asked(1, '333333')).toBeNull()
  })

  it('lets an account wait from the first time on that its user withdraws to it', async () => {
    const policy = guardOf({ coolingOffHours: 24 })
    await insert(policy)
    await clock.advance(3_600_000)
    await insert(policy)
    await insert(policy, { userId: 2 })
    await clock.advance(23 * 3_600_000)
    await insert(policy)

    const until = await Promise.all(
      [1, 2, 3, 4].map(async (n) => (await first().findWithdrawal(draft(n).id))?.coolsUntil?.toISOString()),
    )
    expect(until).toEqual([
      '2026-01-06T09:00:00.000Z',
      '2026-01-06T09:00:00.000Z',
      // The account is new to this user.
      '2026-01-06T10:00:00.000Z',
      undefined,
    ])
  })

  it('asks a person about an adopted one, and never refuses it', async () => {
    const policy = guardOf({ rules: [rule({ count: 1 })] })
    const adopt = (n: number, guard: PolicyGuard) => first().insertAdopted(draft(n), null, guard)

    expect(await adopt(1, policy)).toMatchObject({ state: 'ready', reviewCauses: null })
    expect(await adopt(2, policy)).toMatchObject({
      ...{ state: 'in_review', reasonCode: 'limit_reached', nextRunAt: null },
    })
    expect(await adopt(2, policy)).toBeNull()
    expect(await adopt(3, guardOf({ causes: ['above_ceiling'], known: ['ceiling.eur'] }))).toMatchObject({
      ...{ state: 'in_review', reasonCode: 'above_ceiling' },
    })
    const cooling = await first().insertAdopted(
      draft(4, { destinationHash: 'new' }),
      null,
      guardOf({ coolingOffHours: 1 }),
    )
    expect(cooling).toMatchObject({ state: 'in_review', reasonCode: 'cooling_off' })
    expect(cooling?.nextRunAt).toEqual(cooling?.coolsUntil)
  })

  it('asks since when a user has known an account of that account’s first entries, whatever else there is of both', async () => {
    await database.query(
      `insert into bank_withdrawal.withdrawals
         (id, user_id, request_hash, currency, amount, fee, payout_amount, method, destination, destination_masked,
          destination_hash, provider, mode, payout_key, end_to_end_id, state, version, held_at, state_since, created_at,
          updated_at)
       select 'filled-' || n, case n % 2 when 0 then 7 else 100 + n % 400 end, '', 'eur', 10, 0, 10, 'BANK', 'plain:', '',
              'account-' || case n % 2 when 0 then n % 20 else 1000 + n % 2000 end, 'sandbox', 'batch', 'filled-' || n,
              'filled-' || n, 'processed', 2, at, at, at, at
         from (select n, timestamptz '2026-01-05T09:00:00Z' - n * interval '1 minute' as at
                 from generate_series(1, 4000) n) made`,
    )
    await database.query('analyze bank_withdrawal.withdrawals')
    const call = `bank_withdrawal.judge_by_policy(7, 'account-8', 'eur', 1,
                    '{"rules": [], "coolingOffHours": 24, "causes": [], "known": []}')`
    const [said] = await database.transaction(async (tx) => {
      // Its plan is one for all from the sixth time on.
      await tx.query(`select ${call} from generate_series(1, 8)`)
      return tx.query<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }>(
        `explain (analyze, buffers, format json) select ${call}`,
      )
    })
    const { Plan: plan } = said?.['QUERY PLAN'][0] ?? { Plan: {} }

    expect(Number(plan['Shared Hit Blocks']) + Number(plan['Shared Read Blocks'])).toBeLessThan(20)
  })
})

describe.each(DATABASE_KINDS)('the versions of the policy on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  const saying = { content: { n: 1 }, restores: null, actor: 'operator:2', reason: 'r', changes: [] }

  it('follow each other: of two made from the same one, only the first is saved', async () => {
    const store = createStore(database)
    const both = await Promise.all([
      store.savePolicy({ ...saying, seen: 0 }),
      store.savePolicy({ ...saying, seen: 0 }),
    ])

    expect(both.filter((saved) => saved !== null)).toHaveLength(1)
    expect(await store.savePolicy({ ...saying, seen: 1 })).toMatchObject({ version: 2 })
    expect(await store.savePolicy({ ...saying, seen: 7 })).toBeNull()
    expect(await store.listOperatorActions({ subject: 'policy', limit: 9 })).toHaveLength(2)
  })

  it('stay as they were saved', async () => {
    await createStore(database).savePolicy({ ...saying, seen: 0 })

    for (const write of [
      `update bank_withdrawal.policies set reason = 'another'`,
      'delete from bank_withdrawal.policies',
    ])
      await expect(database.query(write)).rejects.toThrow('stays as it was')
  })
})
