import pg from 'pg'

import type { Database } from '../../../src/db/connect/database'
import { migrate } from '../../../src/db/connect/migrate'
import { openServer, UnconfirmedCommitError } from '../../../src/db/connect/pool'
import { createStore } from '../../../src/db/store'
import { createSandboxTables } from '../../../src/sandbox/schema'
import { silentLogger } from '../../helpers/loggers'
import { type PostgresServer, startPostgres } from '../../helpers/postgres-server'
import { draft, LEASE } from '../rows'

/**
 * Goal: with a synchronous standby, what was acknowledged is on the standby. Method: a real server that waits for a
 * standby which is not there, so that every commit hangs until somebody cuts its wait short. Then the commit is on
 * the primary, visible to all, and may be undone by a failover.
 */
describe('a commit that waits for a synchronous standby', () => {
  let server: PostgresServer
  let database: Database
  beforeAll(async () => {
    server = await startPostgres()
    database = openServer({ url: server.url('postgres'), logger: silentLogger })
    await migrate(database)
    await createSandboxTables(database)
  }, 60_000)
  beforeEach(async () => {
    await database.query('delete from bank_withdrawal_sandbox.users')
    await waitForStandby('nobody')
  })
  afterEach(() => waitForStandby(''))
  afterAll(async () => {
    await database.close()
    await server.destroy()
  })

  /** As an administrator, whose own commits wait for nobody. */
  async function asAdmin<Row extends pg.QueryResultRow>(...statements: string[]): Promise<Row[]> {
    const client = new pg.Client({ connectionString: server.url('postgres'), application_name: 'admin' })
    await client.connect()
    try {
      await client.query('set synchronous_commit = local')
      let rows: Row[] = []
      for (const statement of statements) rows = (await client.query<Row>(statement)).rows
      return rows
    } finally {
      await client.end()
    }
  }

  async function waitForStandby(name: string): Promise<void> {
    await asAdmin(`alter system set synchronous_standby_names = '${name}'`, 'select pg_reload_conf()')
    if (name !== '') await untilCommitsHang()
  }

  /** The setting is in force when the checkpointer has read it, which no view tells: a commit is tried. */
  async function untilCommitsHang(): Promise<void> {
    const probe = new pg.Client({ connectionString: server.url('postgres'), application_name: 'probe' })
    probe.on('error', () => {})
    await probe.connect()
    let hangs = false
    const tries = (async () => {
      while (!hangs) await probe.query(`select pg_logical_emit_message(true, 'probe', '')`)
    })().catch(() => {})
    const found = `from pg_stat_activity where wait_event = 'SyncRep' and application_name = 'probe'`
    while ((await asAdmin(`select pid ${found}`)).length === 0);
    hangs = true
    await asAdmin(`select pg_terminate_backend(pid) ${found}`)
    await tries
    await probe.end().catch(() => {})
  }

  const WAITING = `from pg_stat_activity where wait_event = 'SyncRep' and application_name = 'bank-withdrawal'`
  async function untilWaiting(): Promise<void> {
    while ((await asAdmin(`select pid ${WAITING}`)).length === 0);
  }
  const cut = async (how: 'cancel' | 'terminate') => {
    await untilWaiting()
    await asAdmin(`select pg_${how}_backend(pid) ${WAITING}`)
  }
  const insert = (id: number) =>
    `insert into bank_withdrawal_sandbox.users (id, email, full_name) values (${id}, 'a@b.example', 'Ada')`

  it.each(['cancel', 'terminate'] as const)('is not taken for done when somebody lets it %s', async (how) => {
    const inserted = database.query(insert(1)).then(
      () => 'done',
      (error: unknown) => error,
    )
    await cut(how)
    expect(await inserted).toBeInstanceOf(Error)
    // It is there all the same: exactly what makes it dangerous.
    expect(await asAdmin('select id from bank_withdrawal_sandbox.users')).toHaveLength(1)
  })

  it('is not taken for done at the end of a transaction either', async () => {
    const done = database
      .transaction((tx) => tx.query(insert(1)))
      .then(
        () => 'done',
        (error: unknown) => error,
      )
    await cut('cancel')
    expect(await done).toBeInstanceOf(UnconfirmedCommitError)
  })

  it('leaves the connection fit for use', async () => {
    const inserted = database.query(insert(1)).catch((error: unknown) => error)
    await cut('cancel')
    await inserted
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }])
  })

  it('is waited for by whoever asks to be sure of a withdrawal that can already be seen', async () => {
    const store = createStore(database)
    const inserted = store.insertWithdrawal(draft(1), LEASE).catch((error: unknown) => error)
    await cut('terminate')
    expect(await inserted).toBeInstanceOf(Error)
    const { id } = draft(1)
    expect(await store.findWithdrawal(id)).toMatchObject({ id })

    let isSure = false
    const confirmed = store.confirmWithdrawal(id).then((row) => {
      isSure = true
      return row
    })
    await untilWaiting()
    expect(isSure).toBe(false)
    await waitForStandby('')
    expect(await confirmed).toMatchObject({ id, version: 1 })
  })

  it('says nothing of a withdrawal that does not exist', async () => {
    expect(await createStore(database).confirmWithdrawal('withdrawal-none')).toBeNull()
  })
})
