import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { createArranger, draft, LEASE } from './rows'

/** Goal: what the code believes, the database holds, even against a person with psql. Method: SQL by hand. */
const CHECK_VIOLATION = { code: '23514' }
const UNIQUE_VIOLATION = { code: '23505' }

describe.each(DATABASE_KINDS)('the database itself on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  const arranged = () => createArranger(database)
  const set = (id: string, columns: Record<string, unknown>) =>
    database.query(
      `update bank_withdrawal.withdrawals
          set ${Object.keys(columns)
            .map((name, index) => `${name} = $${index + 2}`)
            .join(', ')} where id = $1`,
      [id, ...Object.values(columns)],
    )

  it.each([
    ['amount', 'NaN'],
    ['amount', 'Infinity'],
    ['amount', '-Infinity'],
    ['amount', '0'],
    ['amount', '-1'],
    ['fee', 'NaN'],
    ['fee', 'Infinity'],
    ['fee', '-0.01'],
    ['payout_amount', 'NaN'],
    ['payout_amount', 'Infinity'],
    ['payout_amount', '0'],
    ['payout_amount', '-1'],
    ['user_id', 0],
    ['user_id', -1],
    ['currency', 'EUR'],
    ['method', 'CASH'],
    ['mode', 'sometimes'],
    ['state', 'paid'],
    ['version', 0],
    ['idempotency_key', ''],
    ['idempotency_key', 'k'.repeat(256)],
    ['id', 'short'],
    ['id', "has ' quote in it"],
    ['id', 'x'.repeat(65)],
  ])('refuses a withdrawal whose %s is %p', async (column, value) => {
    const { id } = await arranged().row()
    await expect(set(id, { [column]: value })).rejects.toMatchObject(CHECK_VIOLATION)
  })

  it.each(['returning', 'returned'])('credits only what came back: %s needs an amount', async (state) => {
    const { id } = await arranged().row({ held_at: '2026-01-05T09:00:00Z' })
    await expect(set(id, { state, next_run_at: null })).rejects.toMatchObject(CHECK_VIOLATION)
  })

  it('watches only what has ended', async () => {
    const { id } = await arranged().row()
    await expect(set(id, { watch_at: '2026-01-05T09:00:00Z' })).rejects.toMatchObject({
      ...CHECK_VIOLATION,
      constraint: 'only_what_has_ended_is_watched',
    })
  })

  it('takes a fee of nothing', async () => {
    const { id } = await arranged().row()
    await expect(set(id, { fee: '0' })).resolves.toBeDefined()
  })

  it.each(['submitting', 'submitted', 'in_doubt', 'settling', 'returning'])(
    'lets nothing be paid without a lock: %s needs held_at',
    async (state) => {
      const { id } = await arranged().row({ returned_amount: '1' })
      await expect(set(id, { state })).rejects.toMatchObject({
        ...CHECK_VIOLATION,
        constraint: 'nothing_is_paid_without_a_lock',
      })
      await expect(set(id, { state, held_at: '2026-01-05T09:00:00Z' })).resolves.toBeDefined()
    },
  )

  it.each(['processed', 'returned'])('lets nothing be called %s without a lock', async (state) => {
    const { id } = await arranged().row()
    await expect(set(id, { state, next_run_at: null })).rejects.toMatchObject({
      constraint: 'nothing_is_paid_without_a_lock',
    })
  })

  it.each([
    'requested',
    'ready',
    'submitting',
    'submitted',
    'in_doubt',
    'settling',
    'releasing',
    'returning',
  ])('lets nothing be forgotten: %s needs a time to be looked at', async (state) => {
    const { id } = await arranged().row()
    await expect(
      set(id, { state, held_at: '2026-01-05T09:00:00Z', next_run_at: null }),
    ).rejects.toMatchObject({
      ...CHECK_VIOLATION,
      constraint: 'nothing_is_forgotten',
    })
  })

  it.each(['processed', 'canceled', 'returned', 'conflict'])(
    'lets the end be the end: %s is never looked at again',
    async (state) => {
      const { id } = await arranged().row({ returned_amount: '1' })
      await expect(set(id, { state, held_at: '2026-01-05T09:00:00Z' })).rejects.toMatchObject({
        ...CHECK_VIOLATION,
        constraint: 'the_end_is_the_end',
      })
      await expect(
        set(id, { state, held_at: '2026-01-05T09:00:00Z', next_run_at: null }),
      ).resolves.toBeDefined()
    },
  )

  it('lets a withdrawal in review wait with or without a time', async () => {
    const { id } = await arranged().row({ state: 'in_review' })
    await expect(set(id, { next_run_at: null })).resolves.toBeDefined()
  })

  it('never takes one payout for two withdrawals', async () => {
    const rows = arranged()
    await rows.row({ provider_reference: 'R-1' })
    const other = await rows.row()
    await expect(set(other.id, { provider_reference: 'R-1' })).rejects.toMatchObject(UNIQUE_VIOLATION)
    await expect(set(other.id, { provider: 'acme', provider_reference: 'R-1' })).resolves.toBeDefined()
    await rows.row({ provider_reference: null })
  })

  it('names each new withdrawal’s refusal, too', async () => {
    const { store } = arranged()
    await expect(store.insertWithdrawal(draft(1, { amount: 'NaN' }), LEASE)).rejects.toMatchObject(
      CHECK_VIOLATION,
    )
    await expect(store.insertWithdrawal(draft(1, { currency: 'EUR' }), LEASE)).rejects.toMatchObject(
      CHECK_VIOLATION,
    )
    expect(await database.query('select 1 from bank_withdrawal.journal')).toEqual([])
  })

  it.each([
    ['changed', `update bank_withdrawal.journal set event = 'something else'`],
    ['changed to the same', 'update bank_withdrawal.journal set event = event'],
    ['deleted', 'delete from bank_withdrawal.journal'],
    ['emptied', 'truncate bank_withdrawal.journal'],
    ['emptied with the withdrawals', 'truncate bank_withdrawal.withdrawals cascade'],
    [
      'overwritten by an insert',
      `insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, to_state, actor)
       select id, 1, now(), 'forged', 'ready', 'nobody' from bank_withdrawal.withdrawals
       on conflict (withdrawal_id, seq) do update set event = 'forged'`,
    ],
  ])('keeps the journal from being %s', async (_how, statement) => {
    const { store, row } = arranged()
    const { id } = await row()
    await expect(database.query(statement)).rejects.toThrow('bank_withdrawal.journal is append-only')
    expect(await store.readJournal(id)).toMatchObject([{ seq: 1, event: 'withdrawal.requested' }])
  })

  // Six to nine times in the life of a withdrawal each of them is asked or written: see docs/performance.md.
  it('asks no regular expression of a row that is written, whose machine would be made anew each time', async () => {
    const asked = await database.query(
      `select conname from pg_constraint
        where conrelid in ('bank_withdrawal.withdrawals'::regclass, 'bank_withdrawal.journal'::regclass)
          and contype = 'c' and pg_get_constraintdef(oid) ~ '!?~'`,
    )
    expect(asked).toEqual([])
  })

  it.each([
    ['withdrawals', 18],
    ['journal', 4],
  ])('writes a row of %s into %d indexes at most', async (table, most) => {
    const [found] = await database.query<{ count: number }>(
      'select count(*)::int as count from pg_index where indrelid = $1::regclass',
      [`bank_withdrawal.${table}`],
    )
    expect(found?.count).toBeLessThanOrEqual(most)
  })

  // A claim walks past what was worked off since the last vacuum: see docs/evidence/churn.md.
  it('has withdrawals vacuumed by how many are dead of a hundred, indexes and all, however large the table', async () => {
    const options = await database.query<{ name: string; value: string }>(
      `select option_name as name, option_value as value
         from pg_class, pg_options_to_table(reloptions)
        where pg_class.oid = 'bank_withdrawal.withdrawals'::regclass order by 1`,
    )
    expect(options).toEqual([
      { name: 'autovacuum_vacuum_scale_factor', value: '0.01' },
      { name: 'vacuum_index_cleanup', value: 'on' },
    ])
  })

  it('keeps a withdrawal that has a journal from being deleted', async () => {
    const { id } = await arranged().row()
    const remove = database.query('delete from bank_withdrawal.withdrawals where id = $1', [id])
    await expect(remove).rejects.toMatchObject({ code: '23503' })
  })

  it('takes no two journal entries of one number, and none for a withdrawal that is not there', async () => {
    const { id } = await arranged().row()
    const insert = (withdrawalId: string, seq: number) =>
      database.query(
        `insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, to_state, actor)
         values ($1, $2, now(), 'e', 'ready', 'worker')`,
        [withdrawalId, seq],
      )
    await expect(insert(id, 1)).rejects.toMatchObject(UNIQUE_VIOLATION)
    await expect(insert('nobody', 1)).rejects.toMatchObject({ code: '23503' })
  })
})
