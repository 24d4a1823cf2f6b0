import { createStore, type StateChange } from '../../../src/db/store'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { change, createArranger } from '../rows'

const ALL = { offset: 0, limit: 20 }

describe('what operators look for', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  it('is found by whatever name somebody knows it by', async () => {
    const { store, row } = createArranger(database)
    const { id } = await row(
      {
        state: 'processed',
        next_run_at: null,
        held_at: '2026-01-05T09:00:00Z',
        provider_reference: 'the-reference',
        provider_transaction_id: 'the-transaction',
        settled_burn_id: 'the-burn-of-a-third',
      },
      { destinationHash: 'the-account' },
    )
    await row(
      { provider_reference: 'another', provider: 'another' },
      { userId: 2, destinationHash: 'another' },
    )
    const names = [
      'the-reference',
      'the-transaction',
      'the-burn-of-a-third',
      'the-account',
      `BW-${id}`,
      id,
      'E2E1',
    ]
    for (const text of names) {
      const { rows, count } = await store.searchWithdrawals({ ...ALL, text })
      expect([text, rows.map((found) => found.id), count]).toEqual([text, [id], 1])
    }
    expect(await store.searchWithdrawals({ ...ALL, text: 'nobody' })).toEqual({
      rows: [],
      count: 0,
      lookedBackTo: null,
    })
    const otherUser = await store.searchWithdrawals({ ...ALL, text: id, userId: 2 })
    expect(otherUser.rows).toEqual([])
  })

  it('is found by the payout it was once sent as, and by a batch it has left', async () => {
    const arranger = createArranger(database)
    const { store } = arranger
    const seen = await arranger.due('2026-01-05T09:00:00Z', {
      state: 'in_doubt',
      held_at: '2026-01-05T09:00:00Z',
    })
    const renewed: StateChange = change(seen, {
      leaseOwner: null,
      patch: { payoutKey: 'BW-new', endToEndId: 'NEW', batchId: null },
      retires: { why: 'voided', watchForMs: 1_000 },
      next: { runInMs: 0 },
    })
    expect(await store.changeState(renewed)).not.toBeNull()
    await database.transaction((tx) =>
      tx.script(`
        insert into bank_withdrawal.batches (id, provider, currency, batch_key, state, item_count, total, payload_hash,
          created_at, sent_at, updated_at)
        values ('batch-0001', 'sandbox', 'eur', 'BB-1', 'refused', 1, 10, 'h', now(), now(), now());
        insert into bank_withdrawal.batch_items values ('batch-0001', '${seen.id}', 0, 10)`),
    )
    for (const text of [seen.payoutKey, seen.endToEndId, 'BW-new', 'batch-0001', 'BB-1']) {
      const { rows } = await store.searchWithdrawals({ ...ALL, text })
      expect([text, rows.map(({ id }) => id)]).toEqual([text, [seen.id]])
    }
  })

  it('is narrowed down by everything at once, and the rest is counted', async () => {
    const { store, row } = createArranger(database)
    const states = ['conflict', 'conflict', 'conflict', 'in_review', 'requested']
    for (const [n, state] of states.entries())
      await row({
        state,
        ...(state !== 'requested' && { next_run_at: null }),
        created_at: `2026-01-0${n + 1}T00:00:00Z`,
        currency: n === 1 ? 'usd' : 'eur',
        destination_masked: n === 2 ? 'DE89…4711' : 'DE89…3000',
      })
    const found = async (query: object) => {
      const { rows, count } = await store.searchWithdrawals({ ...ALL, ...query })
      return [rows.map(({ createdAt }) => createdAt.getUTCDate()), count]
    }
    expect(await found({})).toEqual([[5, 4, 3, 2, 1], 5])
    expect(await found({ limit: 2, offset: 1 })).toEqual([[4, 3], 5])
    expect(await found({ states: ['conflict', 'in_review', 'conflict'] })).toEqual([[4, 3, 2, 1], 4])
    expect(await found({ states: ['conflict'], userId: 1 })).toEqual([[3, 2, 1], 3])
    expect(await found({ states: ['conflict'], userId: 2 })).toEqual([[], 0])
    expect(await found({ states: ['conflict'], currency: 'eur' })).toEqual([[3, 1], 2])
    expect(await found({ accountEnd: '4711' })).toEqual([[3], 1])
    expect(await found({ from: new Date('2026-01-02'), until: new Date('2026-01-04') })).toEqual([
      [4, 3, 2],
      3,
    ])
    expect(await found({ provider: 'another' })).toEqual([[], 0])
  })

  it('looks through ten thousand, says how far back that was, and goes on from there', async () => {
    await database.query(
      `insert into bank_withdrawal.withdrawals (
         id, user_id, request_hash, currency, amount, fee, payout_amount, method, destination, destination_masked,
         destination_hash, provider, mode, payout_key, end_to_end_id, state, version, held_at, state_since,
         created_at, updated_at)
       select 'withdrawal-' || n, 1, 'h', case when n % 5000 = 100 then 'chf' else 'eur' end, 10, 0, 10, 'BANK', 'x',
              'DE89…3000', 'h', 'sandbox', 'immediate', 'BW-' || n, 'E' || n, 'processed', 1, at, at, at, at
         from (select n, timestamptz '2026-01-01T00:00:00Z' + n * interval '100 microseconds' as at
                 from generate_series(1, 15000) n) made`,
    )
    const store = createStore(database)
    const first = await store.searchWithdrawals({ ...ALL, currency: 'chf' })
    expect(first.rows.map(({ id }) => id)).toEqual(['withdrawal-10100', 'withdrawal-5100'])
    expect(first.lookedBackTo?.toISOString()).toBe('2026-01-01T00:00:00.500Z')
    const until = first.lookedBackTo ?? new Date(0)
    const second = await store.searchWithdrawals({ ...ALL, currency: 'chf', until })
    expect(second).toMatchObject({ count: 1, lookedBackTo: null })
    expect(second.rows.map(({ id }) => id)).toEqual(['withdrawal-100'])
    expect(await store.searchWithdrawals(ALL)).toMatchObject({
      count: 10_000,
      lookedBackTo: expect.any(Date),
    })
  }, 60_000)
})
