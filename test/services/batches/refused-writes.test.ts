import { createBatchWorld } from '../../helpers/batch-world'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'

/**
 * Goal: one withdrawal that the database refuses to write keeps nobody from being paid who is due with it. Method: a
 * journal that is ahead of its row, as after a restore of one table alone: no next entry has room in it.
 */
describe.each(DATABASE_KINDS)('on %s, one of a batch that cannot be written', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  /** The entry that its change of this number would be. */
  const takePlaceOf = (id: string, changes: number) =>
    database.query(
      `insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, to_state, actor)
       select id, version + $2::integer, updated_at, 'another.time', state, 'worker'
         from bank_withdrawal.withdrawals where id = $1`,
      [id, changes],
    )

  it('stays behind, and the others leave', async () => {
    const { bank, waiting, run, states } = await createBatchWorld(database)
    const made = await waiting('10', '11', '12', '13', '14')
    await takePlaceOf(String(made[2]?.id), 1)

    await run()

    expect([...bank.amounts].sort()).toEqual(['10', '11', '13', '14'])
    expect(await states()).toMatchObject({ 12: 'ready' })
    expect(Object.values(await states()).filter((state) => state === 'ready')).toHaveLength(1)
  })

  it('is in doubt alone where the answer for it cannot be written', async () => {
    const { bank, waiting, run, states } = await createBatchWorld(database)
    const made = await waiting('10', '11', '12')
    await takePlaceOf(String(made[0]?.id), 2)

    await run()

    expect(bank.orders.map(({ items }) => items.length)).toEqual([3])
    expect(Object.values(await states()).filter((state) => state === 'submitting')).toHaveLength(1)
    expect(await states()).toMatchObject({ 10: 'submitting' })
  })
})
