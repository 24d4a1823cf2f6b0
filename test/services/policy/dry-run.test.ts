import { createStore, type PastWithdrawal } from '../../../src/db/store'
import { emptyPolicy, type LimitRule, type Policy } from '../../../src/domain/policy'
import { createDryRun, Replay } from '../../../src/services/policy/dry-run'
import { guardOf } from '../../../src/services/policy/guard'
import { createArranger, draft, LEASE } from '../../db/rows'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { TestClock } from '../../helpers/test-clock'

const EMPTY = emptyPolicy({
  users: { blocked: 'review', flagged: 'review', unverified: 'review' },
  secondPersonAbove: {},
})
const limit = (more: Partial<LimitRule>): LimitRule => ({
  ...{ of: 'user', per: 'day', currency: 'eur', amount: null, count: null, then: 'refuse' },
  ...more,
})

describe.each(DATABASE_KINDS)('a dry run on %s', (kind) => {
  let database: TestDatabase
  let clock: TestClock
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(async () => {
    await database.reset()
    clock = new TestClock(database)
  })
  afterAll(() => database.close())

  /**
   * Goal: what the dry run says is what the policy does. Method: the same withdrawals, one after the other, go to the
   * statement that stores them under that policy, and as a history to the dry run.
   */
  it('says of every withdrawal what the policy does to it', async () => {
    const policy: Policy = {
      ...EMPTY,
      amounts: [{ currency: 'eur', method: null, min: null, max: '900', then: 'review' }],
      limits: [
        limit({ amount: '1000' }),
        limit({ of: 'destination', per: 'month', currency: null, count: 9 }),
        limit({ of: 'exchange', count: 6, then: 'review' }),
      ],
      ceilings: [{ currency: 'eur', amount: '500', approvers: 1 }],
      coolingOffHours: 30,
    }
    const store = createStore(database)
    const replay = new Replay(policy, new Date(0))
    const said = { refused: 0, held: 0 }
    const firstSeen = new Map<string, Date>()
    for (let n = 1; n <= 60; n++) {
      await clock.advance(((n * 37) % 11) * 1_500_000)
      const amount = String(((n * 131) % 97) * 10 + 10)
      const made = draft(n, {
        ...{ userId: 1 + (n % 3), destinationHash: `account ${n % 2}`, amount, payoutAmount: amount },
        currency: n % 5 === 0 ? 'usd' : 'eur',
      })
      const guard = guardOf({ version: 1, policy }, made)
      const stored = await store
        .insertWithdrawal(made, LEASE, { openMax: null, otpCode: null, policy: guard })
        .catch(() => 'refused' as const)
      if (stored === 'refused') said.refused++
      else if (stored?.reviewCauses != null || stored?.coolsUntil != null) said.held++
      const pair = `${made.userId} ${made.destinationHash}`
      const createdAt = clock.now()
      const past: PastWithdrawal = {
        ...{ ...made, createdAt, createdAtExact: createdAt.toISOString(), isCanceled: false },
        firstSeenAt: firstSeen.get(pair) ?? null,
      }
      replay.next(past)
      if (stored !== 'refused' && !firstSeen.has(pair)) firstSeen.set(pair, createdAt)
    }

    expect(said.refused).toBeGreaterThan(3)
    expect(said.held).toBeGreaterThan(3)
    expect({ refused: replay.refused, held: replay.held }).toEqual(said)
  })

  it('looks at the last 90 days, leaves out what was canceled, and names what it would have held', async () => {
    const { row, store } = createArranger(database)
    const put = (createdAt: string, more: Record<string, unknown> = {}) =>
      row({ created_at: createdAt, ...more })
    await put('2025-09-01T00:00:00Z')
    const within = [await put('2025-12-01T00:00:00Z'), await put('2026-01-05T08:00:00Z')]
    await put('2026-01-05T08:30:00Z', { state: 'canceled', next_run_at: null, lease_until: null })
    const dryRun = createDryRun({ store, clock })

    const found = await dryRun({ ...EMPTY, ceilings: [{ currency: 'eur', amount: '10', approvers: 1 }] })
    expect(found).toMatchObject({
      ...{ looked: 2, refused: 0, held: 2, until: null },
      rules: [{ name: 'ceiling.eur', currency: 'eur', outcome: 'held', count: 2, amount: '21' }],
    })
    expect(found.rules[0]?.sample).toEqual(within.map(({ id }) => id).reverse())
    expect(await dryRun(EMPTY)).toMatchObject({ looked: 2, refused: 0, held: 0, rules: [] })
  })
})
