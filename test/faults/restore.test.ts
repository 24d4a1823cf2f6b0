import { verifyDatabase } from '../../src/db/verify'
import type { BatchBankOptions } from '../helpers/batch-bank'
import { type BatchWorld, createBatchWorld } from '../helpers/batch-world'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { worked } from '../services/books/rig'

const HOUR_MS = 3_600_000

/** All of the plugin's schema as it stands; what the exchange keeps is its own, and the bank is somewhere else. */
const SNAPSHOT = `
  create schema backup;
  do $$ declare name text; begin
    for name in select tablename from pg_tables where schemaname = 'bank_withdrawal'
    loop execute format('create table backup.%I as select * from bank_withdrawal.%I', name, name); end loop;
  end $$`
const RESTORE = `
  set local session_replication_role = replica;
  do $$ declare name text; begin
    for name in select tablename from pg_tables where schemaname = 'bank_withdrawal' and tablename <> 'migrations'
    loop
      execute format('delete from bank_withdrawal.%I', name);
      execute format('insert into bank_withdrawal.%I overriding system value select * from backup.%I', name, name);
    end loop;
  end $$;
  drop schema backup cascade`

/** Goal: a database from an hour ago pays nobody twice and hides nothing. Method: the exchange and the bank go on without it. */
describe('a restore from an hour ago', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  const script = (text: string) => database.transaction((tx) => tx.script(text))

  /** An hour in which everything goes on, and the moment in which all of it is forgotten. */
  async function forgetAnHour(options: BatchBankOptions) {
    const batch = await createBatchWorld(database, { settlesAfterMs: 2 * HOUR_MS, ...options })
    const { world, bank, waiting, run } = batch
    const [ended] = await waiting('11')
    await run()
    await world.clock.advance(2 * HOUR_MS)
    await world.runToRest(HOUR_MS)
    const [underWay] = await waiting('12')
    await run()
    const [waited, canceled] = await waiting('13', '14')
    await script(SNAPSHOT)

    await world.post({}, { path: `/${canceled?.id}/cancel` }).expect(200)
    await world.clock.advance(60_000)
    await run()
    const [forgotten] = await waiting('15')
    await run()
    await world.clock.advance(HOUR_MS)
    await world.engine.runner.tick()
    const paid = [...bank.paid]

    await world.app.stop()
    await script(RESTORE)
    await world.start()
    return { batch, paid, ids: { ended, underWay, waited, canceled, forgotten } }
  }

  /** Batches and looks go on for as long as it takes. */
  async function goOn({ world, run }: BatchWorld): Promise<void> {
    for (let hour = 0; hour < 6; hour++) {
      await run()
      await world.runToRest(HOUR_MS)
      await world.clock.advance(HOUR_MS)
    }
  }

  const paidTimes = (bank: BatchWorld['bank'], key: string | undefined) =>
    bank.paid.filter(({ itemKey }) => itemKey === key).length

  it('finds out by look-up what was paid since, and pays nobody twice', async () => {
    const { batch, ids } = await forgetAnHour({ lookup: 'by_key' })
    await goOn(batch)

    expect(await batch.states()).toEqual({
      ...{ '11': 'processed', '12': 'processed', '13': 'processed', '14': 'canceled' },
    })
    for (const row of Object.values(ids)) expect(paidTimes(batch.bank, row?.payoutKey)).toBeLessThanOrEqual(1)
    const { available, locked } = await batch.world.balance()
    // What was accepted in the forgotten hour is still locked: nobody here knows of it.
    expect({ available, locked }).toEqual({ available: 10_000 - 11 - 12 - 13 - 15, locked: 15 })
    await batch.world.engine.watch.run()
    const results = await verifyDatabase(database, { stuckMinutes: 30, namedMax: 5 })
    expect(results.filter(({ count }) => count > 0)).toEqual([])

    const asked = { reason: 'restored', since: '2026-01-05T00:00:00Z' }
    await batch.world.operate('/admin/reconciliation', asked).expect(202)
    await worked(batch.world)
    const { body } = await batch.world.see('/admin/differences').expect(200)
    expect(body.data).toMatchObject([{ kind: 'burn_without_row', withdrawal_id: ids.forgotten?.id }])

    // It was paid in the hour that is forgotten: taken in again it is looked up, and not sent.
    expect(paidTimes(batch.bank, ids.forgotten?.payoutKey)).toBe(1)
    const [{ id: question }] = body.data as [{ id: string }]
    const { world } = batch
    const why = { reason: 'restored', evidence: 'the burn is there' }
    await world.operate(`/admin/differences/${question}/take-in`, { reason: 'restored' }).expect(200)
    await world
      .operate(`/admin/withdrawals/${String(ids.forgotten?.id)}/resolve`, { to: 'in_doubt', ...why })
      .expect(200)
    await goOn(batch)
    expect((await world.row(String(ids.forgotten?.id))).state).toBe('processed')
    for (const row of Object.values(ids)) expect(paidTimes(batch.bank, row?.payoutKey)).toBeLessThanOrEqual(1)
    expect(await world.balance()).toEqual({ available: 10_000 - 11 - 12 - 13 - 15, locked: 0 })
    await world.operate('/admin/reconciliation', asked).expect(202)
    await worked(world)
    expect((await world.see('/admin/differences').expect(200)).body.data).toEqual([])
  })

  it('asks a person where nobody can be asked by our key, and pays nobody twice', async () => {
    const { batch, ids } = await forgetAnHour({ lookup: 'by_reference' })
    await goOn(batch)

    for (const row of Object.values(ids)) expect(paidTimes(batch.bank, row?.payoutKey)).toBeLessThanOrEqual(1)
    const row = await batch.world.row(String(ids.waited?.id))
    expect(row).toMatchObject({ state: 'in_review', reasonCode: 'unresolved' })
    const { body } = await batch.world.see('/admin/overview').expect(200)
    expect(body.questions.data).toContainEqual(
      expect.objectContaining({ withdrawal_id: row.id, kind: 'in_review' }),
    )
  })
})
