import { MIGRATIONS } from '../../src/db/connect/migrations.generated'
import { createStore } from '../../src/db/store'
import { verifyDatabase } from '../../src/db/verify'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { change, createArranger, found } from './rows'

/** The schema as it was before. */
const UNDONE = `
  drop trigger journal_is_chained on bank_withdrawal.journal;
  drop trigger actions_are_chained on bank_withdrawal.operator_actions;
  drop function bank_withdrawal.chain_entry, bank_withdrawal.chain_action, bank_withdrawal.journal_digest,
    bank_withdrawal.action_digest;
  alter table bank_withdrawal.journal drop column hash;
  alter table bank_withdrawal.operator_actions drop column hash, drop column nth`

const BROKEN = ['journal_is_as_it_was_written', 'actions_are_as_they_were_written']

describe.each(DATABASE_KINDS)('the trail on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  const broken = async () => {
    const results = await verifyDatabase(database, { stuckMinutes: 30, namedMax: 3 })
    return results.filter(({ name, count }) => count > 0 && BROKEN.includes(name)).map(({ name }) => name)
  }
  const act = (reason: string) =>
    createStore(database).recordOperatorAction({
      ...{ actor: 'operator:2', action: 'file.ingested', subject: 'sepa', reason },
      detail: { amount: 1.5, problem: 'ä"\\' },
    })

  it('is a chain in each withdrawal, however many are changed by one statement', async () => {
    const rows = createArranger(database)
    const seen = await Promise.all([rows.row(), rows.row(), rows.row()])
    await rows.store.changeStates(seen.map((row) => change(row, { detail: { a: { b: [1, null] } } })))
    const moved = await Promise.all(seen.map(({ id }) => found(rows.store, id)))
    await rows.store.changeStates(
      moved.map((row) => change(row, { to: 'in_review', next: { runInMs: null } })),
    )
    expect(await broken()).toEqual([])

    const [entry] = await database.query<{ hash: string; before: string }>(
      `select j.hash, b.hash as before from bank_withdrawal.journal j
         join bank_withdrawal.journal b on b.withdrawal_id = j.withdrawal_id and b.seq = 2 where j.seq = 3`,
    )
    expect(entry?.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(entry?.hash).not.toBe(entry?.before)
  })

  it('is one chain over what operators did, of several at once too', async () => {
    await act('first')
    await Promise.all([act('second'), act('third'), act('fourth')])
    const rows = await database.query<{ nth: string }>(
      'select nth::text as nth from bank_withdrawal.operator_actions order by nth',
    )
    expect(rows.map(({ nth }) => nth)).toEqual(['1', '2', '3', '4'])
    expect(await broken()).toEqual([])
  })

  it('takes in what was written before there was one', async () => {
    const rows = createArranger(database)
    const row = await rows.row()
    await rows.row()
    await rows.store.changeState(change(row))
    await act('first')
    await act('second')
    const chains = MIGRATIONS.find(({ name }) => name === 'chains')
    await database.transaction((tx) => tx.script(`${UNDONE}; ${chains?.sql}`))
    expect(await broken()).toEqual([])
    const [hashes] = await database.query<{ count: number }>(
      'select count(distinct hash)::int as count from bank_withdrawal.journal',
    )
    expect(hashes?.count).toBe(3)
  })

  it('does not depend on how a session writes its times', async () => {
    await createArranger(database).row()
    await act('anywhere')
    await database.transaction(async (tx) => {
      await tx.query("set local timezone = 'Asia/Kolkata'")
      await tx.query("set local datestyle = 'German'")
      const inner = { ...database, transaction: <R>(work: (t: typeof tx) => Promise<R>) => work(tx) }
      const query: typeof tx.query = (text, parameters) =>
        text.startsWith('set transaction') ? Promise.resolve([]) : tx.query(text, parameters)
      const results = await verifyDatabase(
        { ...inner, transaction: (work) => work({ ...tx, query }) },
        { stuckMinutes: 30, namedMax: 3 },
      )
      expect(results.filter(({ name, count }) => count > 0 && BROKEN.includes(name))).toEqual([])
    })
  })
})
