import { WAITS_FOR_BATCH } from '../../src/db/statements/lease-sql'
import { RANK_OF, STATUS_RANK } from '../../src/db/statements/list-withdrawals'
import {
  hasComeBack,
  isFinal,
  isOpen,
  isUnscheduled,
  isUnsent,
  isWorking,
  type State,
  STATES,
  wasSent,
} from '../../src/domain/states'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'

/**
 * Goal: the rules that the schema keeps about states are those of the table in domain/states.ts. Method: the states
 * that the database itself says a rule names. A migration is never edited, so a new state, or one that changes sides,
 * fails here until a migration says the same.
 */
const CONSTRAINTS: Readonly<Record<string, (state: State) => boolean>> = {
  withdrawals_state_check: () => true,
  nothing_is_paid_without_a_lock: wasSent,
  nothing_is_forgotten: (state) => !isWorking(state),
  the_end_is_the_end: isUnscheduled,
  what_waits_is_in_no_batch: isUnsent,
  only_what_came_back_is_credited: hasComeBack,
  only_what_has_ended_is_watched: isFinal,
}

const INDEXES: Readonly<Record<string, (state: State) => boolean>> = {
  withdrawals_due: (state) => state === 'ready',
  withdrawals_for_batch: (state) => state === 'ready',
  withdrawals_oldest: isFinal,
  withdrawals_asking: (state) => ['in_review', 'conflict', 'returning'].includes(state),
}

const named = (definition: string): string[] =>
  [...definition.matchAll(/'([a-z_]+)'::text/g)]
    .map(([, word]) => String(word))
    .filter((word) => STATES.includes(word as State))
    .sort()

describe.each(DATABASE_KINDS)('the states in the schema on %s', (kind) => {
  let database: TestDatabase
  let constraints: Record<string, string>
  let indexes: Record<string, string>

  beforeAll(async () => {
    database = await openTestDatabase(kind)
    const read = async (statement: string) => {
      const rows = await database.query<{ name: string; definition: string }>(statement)
      const ofStates = rows.filter(({ definition }) => /\bstate\b/.test(definition))
      return Object.fromEntries(ofStates.map(({ name, definition }) => [name, definition]))
    }
    const table = `'bank_withdrawal.withdrawals'::regclass`
    constraints = await read(
      `select conname::text as name, pg_get_constraintdef(oid) as definition from pg_constraint
        where conrelid = ${table} and contype = 'c'`,
    )
    indexes = await read(
      `select indexrelid::regclass::text as name, pg_get_expr(indpred, indrelid) as definition
         from pg_index where indrelid = ${table} and indpred is not null`,
    )
  })
  afterAll(() => database.close())

  it('are in no rule that is not compared here', () => {
    expect(Object.keys(constraints).sort()).toEqual(Object.keys(CONSTRAINTS).sort())
    expect(Object.keys(indexes).map((name) => name.replace('bank_withdrawal.', ''))).toEqual(
      expect.arrayContaining(Object.keys(INDEXES)),
    )
    expect(Object.keys(indexes)).toHaveLength(Object.keys(INDEXES).length)
  })

  it.each(Object.entries(CONSTRAINTS))('are those of the table in the rule %s', (name, isMeant) => {
    expect(named(constraints[name] ?? '')).toEqual(STATES.filter(isMeant).sort())
  })

  it.each(Object.entries(INDEXES))('are those of the table in the index %s', (name, isMeant) => {
    expect(named(indexes[`bank_withdrawal.${name}`] ?? '')).toEqual(STATES.filter(isMeant).sort())
  })

  it('are those of the table in the function that counts what a user has open', async () => {
    const [counting] = await database.query<{ text: string }>(
      `select prosrc as text from pg_proc where oid = 'bank_withdrawal.open_withdrawals_of'::regproc`,
    )
    const states = [...(counting?.text ?? '').matchAll(/'([a-z_]+)'/g)].map(([, word]) => word)
    expect(states.sort()).toEqual(STATES.filter((state) => !isOpen(state)).sort())
  })

  it.each([
    ['withdrawals_due', `next_run_at <= now() and next_run_at is not null and not (${WAITS_FOR_BATCH})`],
    [
      'withdrawals_for_batch',
      `${WAITS_FOR_BATCH} and provider = 'p' and currency = 'c' and next_run_at <= now()`,
    ],
    ['withdrawals_of_user_by_status', `user_id = 1 and ${STATUS_RANK} = ${RANK_OF.pending}`],
    ['withdrawals_watched', 'watch_at is not null and watch_at <= now()'],
  ])('are asked for as the index %s has them', async (index, where) => {
    const plan = await database.transaction(async (tx) => {
      await tx.query('set local enable_seqscan = off')
      return tx.query(`explain select id from bank_withdrawal.withdrawals where ${where}`)
    })
    expect(JSON.stringify(plan)).toMatch(new RegExp(`\\b(on|using) ${index}\\b`))
  })
})
