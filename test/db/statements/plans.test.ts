import type { Database, Queryable } from '../../../src/db/connect/database'
import { createGateStore } from '../../../src/db/gates'
import { changeStates } from '../../../src/db/statements/change-state'
import { createStore } from '../../../src/db/store'
import { CODE_LOCK_RULE } from '../../../src/services/limits/code-locks'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { change, createArranger, draft, LEASE } from '../rows'

/**
 * Goal: what is asked for each withdrawal is planned once, and that plan reads no table from end to end, whether it was
 * made on an empty table, a small or a large one, none of which anybody has analysed. Method: PostgreSQL's own word on
 * the plan it keeps for any parameters.
 */
describe('the plan that is kept of', () => {
  let database: TestDatabase
  const statements = new Map<string, string>()

  const noting = (): Database => {
    const noted: Queryable = {
      query: (text, parameters, name) => {
        if (name !== undefined) statements.set(name, text)
        return database.query(text, parameters, name)
      },
    }
    return { ...database, ...noted, lists: noted }
  }

  /** Does each of them once. */
  async function useAll(number: number): Promise<void> {
    const used = createStore(noting())
    const rows = createArranger(database)
    const lease = { owner: 'plans', seconds: 30 }
    const row = await rows.row()
    const policy = { version: 1, rules: [], coolingOffHours: 1, causes: [], known: [] }
    const guards = [
      { openMax: 9, otpCode: null },
      { openMax: 9, otpCode: '123456' },
      { openMax: 9, otpCode: null, policy },
      { openMax: 9, otpCode: '654321', policy },
    ]
    for (const [index, each] of guards.entries())
      await used.insertWithdrawal(draft(number + index, { userId: 7 }), LEASE, each)
    await used.changeState(change(row))
    await used.changeState(change(row, { leaseOwner: null, actor: 'operator:eve' }))
    await used.claimDue(lease, 5)
    await used.claimOne(lease, row.id)
    await used.claimWatched(lease, 5)
    await used.claimReady({ provider: 'sandbox', currency: 'eur' }, lease, 5)
    await used.postpone({ id: row.id, version: 1, leaseOwner: 'plans' }, 0, undefined)
    await used.renewLeases(lease, [row.id])
    await used.findWithdrawal(row.id)
    await used.confirmWithdrawal(row.id)
    await used.findByIdempotencyKey(7, 'key')
    for (const sort of ['created_at', 'status'] as const)
      for (const order of ['asc', 'desc'] as const)
        await used.listWithdrawals({ userId: 7, sort, order, offset: 0, limit: 50 })
    for (const order of ['asc', 'desc'] as const)
      await used.listWithdrawals({ userId: 7, sort: 'created_at', order, offset: 9_000, limit: 50 })
    await used.isQuarantined({ userId: 7, destinationHash: 'hash' })
    await used.whatStops('sandbox')
    await createGateStore(noting()).findCodeLock(7, { ...CODE_LOCK_RULE, free: 4 })
  }

  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
    await useAll(9_000)
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  const fill = (rows: number): Promise<unknown> =>
    database.query(
      `insert into bank_withdrawal.withdrawals
         (id, user_id, request_hash, currency, amount, fee, payout_amount, method, destination, destination_masked,
          destination_hash, provider, mode, payout_key, end_to_end_id, state, version, next_run_at, held_at,
          state_since, created_at, updated_at)
       select 'filled-' || n, n % 50 + 1, '', 'eur', 10, 0, 10, 'BANK', 'plain:', '', 'hash', 'sandbox',
              case n % 2 when 0 then 'batch' else 'immediate' end, 'filled-' || n, 'filled-' || n,
              case n % 3 when 0 then 'processed' else 'ready' end, 2, case when n % 3 > 0 then now() end, now(),
              now(), now(), now()
         from generate_series(1, $1::int) n`,
      [rows],
    )

  const plansNow = async (): Promise<[string, string][]> =>
    Promise.all(
      [...statements].map(async ([name, text]): Promise<[string, string]> => {
        const lines = await database.query<{ 'QUERY PLAN': string }>(`explain (generic_plan) ${text}`)
        return [name, lines.map((line) => line['QUERY PLAN']).join('\n')]
      }),
    )

  it.each([0, 40, 20_000])('every statement of one withdrawal, with %d rows in the table', async (rows) => {
    await database.query('truncate bank_withdrawal.withdrawals cascade').catch(() => {})
    await fill(rows)
    const plans = await plansNow()
    const reading = plans.filter(([, plan]) =>
      /Seq Scan on (withdrawals|journal|used_codes|wrong_codes|batches)/.test(plan),
    )

    expect(reading).toEqual([])
    expect(plans.map(([name]) => name).sort()).toEqual([
      'change',
      'change_alike',
      'claim_due',
      'claim_one',
      'claim_ready',
      'claim_watched',
      'confirm',
      'find',
      'find_by_key',
      'find_code_locks',
      'insert',
      'insert_codes',
      'insert_codes_policy',
      'insert_policy',
      'is_quarantined',
      'list_created_at_asc',
      'list_created_at_desc',
      'list_deep_asc',
      'list_deep_desc',
      'list_status_asc',
      'list_status_desc',
      'postpone',
      'renew_leases',
      'what_stops',
    ])
  })

  /** A state that withdrawals are in for moments: statistics gathered between two batches know of none in it. */
  describe('changes of a thousand that are in a state which statistics know of nobody in', () => {
    const planOf = async (differing: number): Promise<string> => {
      const plans: string[] = []
      const explaining: Queryable = {
        async query(text, parameters) {
          const lines = await database.query<{ 'QUERY PLAN': string }>(`explain ${text}`, parameters)
          plans.push(lines.map((line) => line['QUERY PLAN']).join('\n'))
          return []
        },
      }
      const row = await createArranger(database).row()
      await changeStates(
        explaining,
        Array.from({ length: 1_000 }, (_, n) => ({
          ...change(row, { from: 'submitting', to: 'settling' }),
          ...{ id: `filled-${n}`, event: n < differing ? 'payout.found' : 'payout.settled' },
        })),
      )
      return plans.join('\n')
    }

    it.each([
      ['alike', 0],
      ['of several kinds', 500],
    ])('%s go to each by its id', async (_title, differing) => {
      await fill(20_000)
      await database.query('analyze bank_withdrawal.withdrawals')
      const plan = await planOf(differing)

      expect(plan).toMatch(/using withdrawals_pkey on withdrawals w\b/)
      expect(plan).not.toContain('withdrawals_by_state')
    })
  })

  it('a batch’s queue is read in its order and no further than is claimed', async () => {
    await fill(20_000)
    await database.query('analyze bank_withdrawal.withdrawals')
    const plans = new Map(await plansNow())

    expect(plans.get('claim_ready')).toContain('using withdrawals_for_batch')
    expect(plans.get('claim_ready')).not.toContain('Sort Key: withdrawals.next_run_at')
  })
})
