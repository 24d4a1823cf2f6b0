import pg from 'pg'

import type { Database, Queryable } from '../../../src/db/connect/database'
import { openServer } from '../../../src/db/connect/pool'
import { releaseLeases } from '../../../src/db/statements/recovery'
import { createStore } from '../../../src/db/store'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { silentLogger } from '../../helpers/loggers'
import { change, createArranger } from '../rows'

/** Two connections whose statements mean the same rows at the same moment; a third one holds them back until both wait. */
describe('statements that mean the same rows at once', () => {
  let database: TestDatabase
  let other: Database
  let gate: pg.Client
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
    other = openServer({ url: String(database.url), logger: silentLogger })
    gate = new pg.Client({ connectionString: String(database.url) })
    await gate.connect()
  })
  beforeEach(() => database.reset())
  afterAll(async () => {
    await gate.end()
    await other.close()
    await database.close()
  })

  /** Asked outside the gate's transaction, which sees who waits as it saw it first. */
  async function waiting(count: number): Promise<void> {
    const isSo = `select count(*) = ${count} as "isSo" from pg_stat_activity
                   where datname = current_database() and wait_event_type = 'Lock'`
    while (!(await database.query<{ isSo: boolean }>(isSo))[0]?.isSo);
  }

  it('release what is held by the dead also where somebody else writes to it meanwhile, whatever the plan is', async () => {
    const arranged = createArranger(database)
    const held = []
    for (let n = 0; n < 4; n++) held.push(await arranged.row({ lease_owner: 'p1.claim' }))
    const release = new pg.Client({ connectionString: String(database.url) })
    await release.connect()
    // The planner takes this one on a table whose size it does not know yet.
    await release.query('set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off')
    const on: Queryable = {
      query: async (text, given) => (await release.query(text, [...(given ?? [])])).rows,
    }

    await gate.query('begin')
    await gate.query(`update bank_withdrawal.withdrawals set reason_code = null where id = $1`, [held[2]?.id])
    const released = releaseLeases(on, null)
    await waiting(1)
    await gate.query('commit')
    expect(await released).toBe(4)
    await release.end()
  })

  it('queue up in one order: none of them fails because each waits for the other', async () => {
    const arranged = createArranger(database)
    const [a, b] = [await arranged.row(), await arranged.row()]
    const byWorker = { to: 'ready', leaseOwner: 'worker-1' } as const
    await gate.query('begin')
    await gate.query('select from bank_withdrawal.withdrawals where id = $1 for update', [b.id])
    const first = createStore(other).changeStates([change(b, byWorker), change(a, byWorker)])
    await waiting(1)
    const second = createStore(database).changeStates([
      change(a, { to: 'releasing', leaseOwner: null }),
      change(b, { to: 'releasing', leaseOwner: null }),
    ])
    await waiting(2)
    await gate.query('commit')
    const moved = await Promise.all([first, second])
    expect(moved.map((ids) => ids.length).sort()).toEqual([0, 2])
  })

  it('are asked once more where PostgreSQL has ended them for it, and not for ever', async () => {
    await database.query('create sequence ended', [])
    // A sequence counts on whatever is undone.
    await database.query(
      `create function give_way(times bigint) returns text language plpgsql as $$ begin
         if nextval('ended') <= times then raise exception using errcode = 'deadlock_detected'; end if;
         return 'done';
       end $$`,
      [],
    )
    expect(await database.query('select give_way(1) as what', [])).toEqual([{ what: 'done' }])
    await database.query(`select setval('ended', 1, false)`, [])
    await expect(database.query('select give_way(2) as what', [])).rejects.toMatchObject({ code: '40P01' })
  })
})
