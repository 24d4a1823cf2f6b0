import type { Database, Queryable } from '../../../src/db/connect/database'
import { listsOf } from '../../../src/db/connect/database'
import { testDatabase } from '../../helpers/databases'
import { World } from '../../helpers/world'
import { insertRows } from '../support'

/** Goal: a file that ends is all of what was asked for, or says that it is not. */
describe('The operators’ CSV is whole, or says that it is not', () => {
  const database = testDatabase('PostgreSQL')
  const idsIn = (text: string): string[] =>
    text
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0] ?? '')

  it('where rows leave what is looked for while it is read', async () => {
    const rows = Array.from({ length: 620 }, (_, n) => ({
      id: `withdrawal-${String(n).padStart(4, '0')}`,
      createdAt: `2026-01-02T00:00:00.${String(Math.floor(n / 7)).padStart(6, '0')}Z`,
      state: 'in_review' as const,
    }))
    let pages = 0
    /** Decides over thirty of the first page, once that is read. */
    const around = (all: Database): Database => {
      const reading: Queryable = {
        async query(text, parameters) {
          if (text.includes('looked_at') && ++pages === 2)
            await database.query(
              `update bank_withdrawal.withdrawals set state = 'processed' where id >= 'withdrawal-0590'`,
            )
          return listsOf(all).query(text, parameters)
        },
      }
      return { ...all, lists: reading }
    }
    const world = await World.create(database, { around: { database: around } })
    await insertRows(database, rows)
    const { text } = await world.see('/admin/withdrawals?format=csv&state=in_review').expect(200)
    expect(pages).toBe(2)
    expect(idsIn(text)).toEqual(rows.map(({ id }) => id).reverse())
  })

  it('where older ones were not looked at, with the time to go on with', async () => {
    const world = await World.create(database)
    await database.query(
      `insert into bank_withdrawal.withdrawals (
         id, user_id, request_hash, currency, amount, fee, payout_amount, method, destination, destination_masked,
         destination_hash, provider, mode, payout_key, end_to_end_id, state, version, held_at, state_since,
         created_at, updated_at)
       select 'withdrawal-' || n, 1, 'h', case when n in (1, 10002) then 'chf' else 'eur' end, 10, 0, 10, 'BANK',
              'plain:{}', 'DE89…3000', 'h', 'sandbox', 'immediate', 'BW-' || n, 'E' || n, 'processed', 1, at, at, at, at
         from (select n, timestamptz '2026-01-01T00:00:00Z' + n * interval '1 second' as at
                 from generate_series(1, 10002) n) made`,
    )
    const { text } = await world.see('/admin/withdrawals?format=csv&currency=chf').expect(200)
    const back = '2026-01-01T00:00:02.000Z'
    expect(idsIn(text)).toEqual([
      'withdrawal-10002',
      `(older ones were not looked at; ask for them with end_date=${back})`,
    ])
    const rest = await world.see(`/admin/withdrawals?format=csv&currency=chf&end_date=${back}`).expect(200)
    expect(idsIn(rest.text)).toEqual(['withdrawal-1'])
  })
})
