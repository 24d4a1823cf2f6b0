import { execFile } from 'node:child_process'
import path from 'node:path'

import type { Database } from '../../../src/db/connect/database'
import { migrate } from '../../../src/db/connect/migrate'
import { openServer } from '../../../src/db/connect/pool'
import { createStore, type StoredWithdrawal } from '../../../src/db/store'
import { CannotVerifyError, verifyDatabase, type VerifySettings } from '../../../src/db/verify'
import { FUNCTIONS, TRIGGERS } from '../../../src/db/verify/defined'
import { GUARDED } from '../../../src/db/verify/guarded'
import { systemRandomness } from '../../../src/runtime/clock'
import { createVault } from '../../../src/services/vault'
import { keyNamed, keyOf } from '../../helpers/keys'
import { silentLogger } from '../../helpers/loggers'
import { createFreshDatabase, type FreshDatabase } from '../fresh-database'
import { draft, LEASE } from '../rows'

const SETTINGS = { stuckMinutes: 30, namedMax: 3 }
const PAID = 'withdrawal-0001'
const OPEN = 'withdrawal-0002'
const BATCH = 'batch-0001'

const set = (id: string, assignments: string) =>
  `update bank_withdrawal.withdrawals set ${assignments} where id = '${id}'`
const entry = (id: string, seq: number, from: string, to: string) =>
  `insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, from_state, to_state, actor)
   values ('${id}', ${seq}, now(), 'test', '${from}', '${to}', 'worker')`
const without = (constraint: string) =>
  `alter table bank_withdrawal.withdrawals drop constraint ${constraint}`
const bodyOf = (head: string, statement: string) =>
  `create or replace function bank_withdrawal.${head} language plpgsql as $$ begin ${statement}; end $$`
const copy = (columns: string, values: string) =>
  `insert into bank_withdrawal.withdrawals (id, user_id, request_hash, currency, amount, fee, payout_amount, method,
     destination, destination_masked, destination_hash, provider, mode, end_to_end_id, state, version, next_run_at,
     state_since, created_at, updated_at, ${columns})
   select 'withdrawal-0003', user_id, request_hash, currency, amount, fee, payout_amount, method, destination,
     destination_masked, destination_hash, provider, mode, 'E2E3', 'requested', 1, now(), now(), now(), now(), ${values}
   from bank_withdrawal.withdrawals where id = '${PAID}'`
const ITS_JOURNAL = `insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, to_state, actor)
  values ('withdrawal-0003', 1, now(), 'test', 'requested', 'user')`

/**
 * Goal: each broken promise is found and named. Method: a sound database, in which one thing at a time is broken
 * past every constraint, as a bug, a careless hand or a bad disk would.
 */
describe('the check of a live database', () => {
  let fresh: FreshDatabase
  let database: Database

  beforeAll(async () => {
    fresh = await createFreshDatabase()
    database = openServer({ url: fresh.url, connectionsMax: 2, logger: silentLogger })
    await migrate(database)
    await arrange()
  })
  afterAll(async () => {
    await database.close()
    await fresh.drop()
  })

  /** One that was paid in a batch, and one that a worker holds. */
  async function arrange(): Promise<void> {
    const store = createStore(database)
    await store.insertWithdrawal(draft(1, { mode: 'batch' }), LEASE)
    await store.insertWithdrawal(draft(2), LEASE)
    const path = ['requested', 'ready', 'submitting', 'settling', 'processed']
    await database.transaction((tx) =>
      tx.script(
        [
          ...path.slice(1).map((to, index) => entry(PAID, index + 2, String(path[index]), to)),
          `insert into bank_withdrawal.batches
             (id, provider, currency, batch_key, state, item_count, total, payload_hash, created_at, sent_at, updated_at)
           values ('${BATCH}', 'sandbox', 'eur', 'BB-1', 'sent', 1, 10.25, 'hash', now(), now(), now())`,
          `insert into bank_withdrawal.batch_items values ('${BATCH}', '${PAID}', 0, 10.25)`,
          set(
            PAID,
            `state = 'processed', version = 5, held_at = now(), payout_started_at = now(), provider_reference = 'r-1',
             provider_transaction_id = 't-1', settled_burn_id = 't-1', next_run_at = null, lease_owner = null,
             lease_until = null, batch_id = '${BATCH}'`,
          ),
        ].join(';\n'),
      ),
    )
  }

  class UndoError extends Error {}

  /** Breaks it, lets `work` look at it, and undoes it: the next test starts from a sound database again. */
  async function broken<Result>(
    statements: readonly string[],
    work: (seen: Database) => Promise<Result>,
  ): Promise<Result> {
    let result: { of: Result } | null = null
    const undone = database.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica')
      for (const statement of statements) await tx.script(statement)
      const query: Database['query'] = (text, parameters) =>
        // The transaction is this one, and has begun.
        text.startsWith('set transaction') ? Promise.resolve([]) : tx.query(text, parameters)
      result = { of: await work({ ...database, query, transaction: (inner) => inner({ ...tx, query }) }) }
      throw new UndoError()
    })
    await expect(undone).rejects.toThrow(UndoError)
    return (result as unknown as { of: Result }).of
  }

  const failing = async (seen: Database, settings: VerifySettings = SETTINGS) =>
    (await verifyDatabase(seen, settings)).filter(({ count }) => count > 0)

  it('finds nothing in a sound one', async () => {
    expect(await failing(database)).toEqual([])
  })

  it('finds nothing where a hint has come while somebody looks at what has ended', async () => {
    const claimed = `lease_owner = 'w', lease_until = bank_withdrawal.clock() + interval '1 minute'`
    const woken = [set(PAID, `${claimed}, watch_at = bank_withdrawal.clock()`)]
    expect(await broken(woken, failing)).toEqual([])
  })

  it.each<[check: string, id: string, ...statements: string[]]>([
    ['journal_is_there', OPEN, `delete from bank_withdrawal.journal where withdrawal_id = '${OPEN}'`],
    [
      'journal_is_dense',
      PAID,
      `update bank_withdrawal.journal set seq = 9 where withdrawal_id = '${PAID}' and seq = 5`,
    ],
    [
      'journal_is_a_chain',
      PAID,
      `update bank_withdrawal.journal set from_state = 'in_doubt' where withdrawal_id = '${PAID}' and seq = 4`,
    ],
    ['journal_edges_are_legal', OPEN, entry(OPEN, 2, 'requested', 'processed')],
    ['journal_adds_up', OPEN, set(OPEN, 'version = 2')],
    ['amounts_are_amounts', OPEN, without('withdrawals_amount_check'), set(OPEN, `amount = 'NaN'`)],
    ['amounts_are_amounts', OPEN, without('withdrawals_fee_check'), set(OPEN, `fee = -1`)],
    ['payout_is_amount_or_less_the_fee', OPEN, set(OPEN, 'payout_amount = 10')],
    ['held_before_paid', PAID, without('nothing_is_paid_without_a_lock'), set(PAID, 'held_at = null')],
    [
      'one_withdrawal_per_idempotency_key',
      OPEN,
      without('withdrawals_user_id_idempotency_key_key'),
      `update bank_withdrawal.withdrawals set idempotency_key = 'k' where id = '${OPEN}'`,
      copy('idempotency_key, payout_key', `'k', 'BW-3'`),
      ITS_JOURNAL,
    ],
    [
      'one_payout_key_per_withdrawal',
      PAID,
      without('withdrawals_payout_key_key'),
      copy('payout_key', 'payout_key'),
      ITS_JOURNAL,
    ],
    [
      'one_provider_reference_per_withdrawal',
      PAID,
      'drop index bank_withdrawal.withdrawals_provider_reference',
      copy('payout_key, provider_reference', `'BW-3', 'r-1'`),
      ITS_JOURNAL,
    ],
    ['intent_before_payout', PAID, set(PAID, 'payout_started_at = null')],
    ['paid_has_proof', PAID, set(PAID, 'provider_transaction_id = null')],
    [
      'canceled_was_not_paid',
      OPEN,
      set(
        OPEN,
        `state = 'canceled', version = 2, next_run_at = null, lease_owner = null, lease_until = null,
                 provider_transaction_id = 't-2'`,
      ),
      entry(OPEN, 2, 'requested', 'canceled'),
    ],
    ['returned_at_most_what_was_paid', PAID, set(PAID, 'returned_amount = 11')],
    [
      'paid_once',
      PAID,
      ...[6, 7].map((seq) =>
        entry(PAID, seq, seq === 6 ? 'processed' : 'returning', seq === 6 ? 'returning' : 'processed'),
      ),
      set(PAID, 'version = 7'),
    ],
    ['states_are_known', OPEN, without('withdrawals_state_check'), set(OPEN, `state = 'lost'`)],
    ['nothing_is_forgotten', OPEN, without('nothing_is_forgotten'), set(OPEN, 'next_run_at = null')],
    ['the_end_is_the_end', PAID, without('the_end_is_the_end'), set(PAID, 'next_run_at = now()')],
    [
      'nothing_is_stuck',
      OPEN,
      set(OPEN, `lease_owner = null, lease_until = null, next_run_at = now() - interval '31 minutes'`),
    ],
    // Tried again and again: its next look is always near.
    ['nothing_is_stuck', OPEN, set(OPEN, `state_since = now() - interval '5 days'`)],
    ['what_has_ended_is_watched', PAID, set(PAID, `watch_at = now() - interval '3 hours'`)],
    ['leases_make_sense', OPEN, set(OPEN, 'lease_until = null')],
    [
      'leases_make_sense',
      PAID,
      set(PAID, `lease_owner = 'w', lease_until = now(), watch_at = now() + interval '1 second'`),
    ],
    [
      'leases_make_sense',
      OPEN,
      set(OPEN, `lease_until = now() + interval '1 day', next_run_at = now() + interval '1 day'`),
    ],
    ['batches_add_up', BATCH, 'update bank_withdrawal.batches set total = 10'],
    ['members_belong_to_their_batch', PAID, `update bank_withdrawal.batches set currency = 'usd'`],
    ['batch_of_a_withdrawal_has_it', PAID, 'delete from bank_withdrawal.batch_items'],
    [
      'what_waits_is_in_no_batch',
      OPEN,
      without('what_waits_is_in_no_batch'),
      set(OPEN, `batch_id = '${BATCH}'`),
    ],
    [
      'at_most_one_open_batch',
      PAID,
      `update bank_withdrawal.batches set state = 'sending'`,
      `insert into bank_withdrawal.batches select 'batch-0002', provider, currency, 'BB-2', state, item_count, total,
         payload_hash, attempts, provider_reference, reason_code, created_at, sent_at, updated_at
       from bank_withdrawal.batches`,
      `insert into bank_withdrawal.batch_items select 'batch-0002', withdrawal_id, position, amount
       from bank_withdrawal.batch_items`,
    ],
    [
      'no_batch_is_stuck',
      BATCH,
      `update bank_withdrawal.batches set state = 'sending', sent_at = now() - interval '2 hours'`,
    ],
    ['tallies_add_up', 'processed eur sandbox batch', 'delete from bank_withdrawal.tally_moves'],
    [
      'guards_are_on',
      'journal_is_append_only',
      'alter table bank_withdrawal.journal disable trigger journal_is_append_only',
    ],
    ['guards_are_on', 'withdrawals_amount_check', without('withdrawals_amount_check')],
    // A constraint of another table has the same name.
    ['guards_are_on', 'nothing_is_forgotten', without('nothing_is_forgotten')],
    [
      'guards_are_on',
      'nothing_is_accepted_while_stopped',
      'drop trigger nothing_is_accepted_while_stopped on bank_withdrawal.withdrawals',
    ],
    [
      'guards_are_on',
      'nobody_confirms_alone',
      'drop trigger nobody_confirms_alone on bank_withdrawal.approval_words',
    ],
    ['guards_are_on', 'approvals_open', 'drop index bank_withdrawal.approvals_open'],
    [
      'guards_are_on',
      'withdrawals_provider_reference',
      'drop index bank_withdrawal.withdrawals_provider_reference',
    ],
    ['guards_are_on', 'may_leave', bodyOf('may_leave() returns boolean', 'return true')],
    ['guards_are_on', 'refuse_rewriting', bodyOf('refuse_rewriting() returns trigger', 'return null')],
    ['guards_are_on', 'first_id_of', 'alter function bank_withdrawal.first_id_of(timestamptz) volatile'],
    [
      'guards_are_on',
      'journal_is_append_only',
      'drop trigger journal_is_append_only on bank_withdrawal.journal',
      `create trigger journal_is_append_only before truncate on bank_withdrawal.journal
         for each statement execute function bank_withdrawal.refuse_rewriting()`,
    ],
    [
      'guards_are_on',
      'batches_are_frozen',
      'drop trigger batches_are_frozen on bank_withdrawal.batches',
      `create trigger batches_are_frozen before update of id or delete on bank_withdrawal.batches
         for each statement execute function bank_withdrawal.refuse_changing_batches()`,
    ],
    [
      'guards_are_on',
      'nobody_confirms_alone',
      'drop trigger nobody_confirms_alone on bank_withdrawal.approval_words',
      `create trigger nobody_confirms_alone before insert on bank_withdrawal.approval_words
         for each row execute function bank_withdrawal.chain_action()`,
    ],
  ])('names it under %s: %s', async (check, id, ...statements) => {
    const found = await broken(statements, failing)
    expect(found.find(({ name }) => name === check)?.findings).toContainEqual({
      id,
      detail: expect.any(String),
    })
  })

  it('knows of everything in the schema that keeps a rule', async () => {
    const there = await database.query<{ place: string; names: string[] }>(
      `select place, array_agg(name order by name collate "C") as names from (
         select tgrelid as relation, tgname::text as name from pg_trigger where not tgisinternal
         union all
         select conrelid, conname from pg_constraint
          where contype in ('c', 'p', 'u', 'x') or contype = 'f' and conrelid <> 'bank_withdrawal.journal'::regclass
         union
         select indrelid, (select relname from pg_class where oid = indexrelid) from pg_index where indisunique) kept
         join (select oid, relname::text as place from pg_class
                where relnamespace = 'bank_withdrawal'::regnamespace) tables on oid = relation
        group by place`,
    )
    expect(Object.fromEntries(there.map(({ place, names }) => [place, names]))).toEqual(GUARDED)
  })

  it('knows the body of each function in the schema, but of the clock that tests move', async () => {
    const there = await database.query<{ name: string }>(
      `select proname::text as name from pg_proc where pronamespace = 'bank_withdrawal'::regnamespace order by 1`,
    )
    const known = [...FUNCTIONS.map(({ name }) => name), 'clock'].sort()
    expect(there.map(({ name }) => name).sort()).toEqual(known)
    const triggers = await database.query<{ name: string }>(
      `select c.relname || ' ' || tgname as name from pg_trigger join pg_class c on c.oid = tgrelid
        where c.relnamespace = 'bank_withdrawal'::regnamespace and not tgisinternal`,
    )
    expect(triggers.map(({ name }) => name).sort()).toEqual(
      TRIGGERS.map(({ table, name }) => `${table} ${name}`).sort(),
    )
  })

  it('changes nothing, and says so to the database', async () => {
    const checked: string[] = []
    const spied: Database = {
      ...database,
      transaction: (work) =>
        database.transaction((tx) =>
          work({
            ...tx,
            query: async (text, parameters) => {
              const rows = await tx.query<never>(text, parameters)
              const [mode] = await tx.query<{ mode: string }>(
                `select current_setting('transaction_read_only') as mode`,
              )
              checked.push(String(mode?.mode))
              return rows
            },
          }),
        ),
    }
    await verifyDatabase(spied, SETTINGS)
    expect(new Set(checked)).toEqual(new Set(['on']))
  })

  it('names a few of many, and counts them all', async () => {
    const results = await broken(['delete from bank_withdrawal.journal'], (seen) =>
      failing(seen, { ...SETTINGS, namedMax: 1 }),
    )
    const missing = results.find(({ name }) => name === 'journal_is_there')
    expect(missing).toMatchObject({ count: 2, findings: [{ id: PAID }] })
  })

  describe('of a trail that somebody has rewritten, its guards switched off,', () => {
    const JOURNAL = 'bank_withdrawal.journal'
    const ACTIONS = 'bank_withdrawal.operator_actions'
    const acts = [1, 2, 3].map(
      (n) => `insert into ${ACTIONS} (at, actor, action, subject, reason)
              values (now(), 'operator:2', 'provider.paused', 'sandbox', 'reason ${n}')`,
    )
    // Replica mode switches the chain off with the guards: the sound actions are written before.
    const written = [
      'set local session_replication_role = origin',
      ...acts,
      'set local session_replication_role = replica',
    ]

    it.each<[string, string, string]>([
      [
        'who did it was changed',
        `update ${JOURNAL} set actor = 'operator:2' where withdrawal_id = '${PAID}' and seq = 3`,
        PAID,
      ],
      [
        'what it said was changed',
        `update ${JOURNAL} set detail = '{"amount":"6"}' where withdrawal_id = '${PAID}' and seq = 5`,
        PAID,
      ],
      [
        'when it was was changed',
        `update ${JOURNAL} set at = at - interval '1 microsecond' where withdrawal_id = '${OPEN}'`,
        OPEN,
      ],
      ['an entry was removed', `delete from ${JOURNAL} where withdrawal_id = '${PAID}' and seq = 3`, PAID],
      [
        'an entry was removed, and the others closed the gap',
        `delete from ${JOURNAL} where withdrawal_id = '${PAID}' and seq = 3;
         update ${JOURNAL} set seq = 3 where withdrawal_id = '${PAID}' and seq = 4;
         update ${JOURNAL} set seq = 4 where withdrawal_id = '${PAID}' and seq = 5`,
        PAID,
      ],
      [
        'an entry was put in with a hash of somebody else’s',
        `insert into ${JOURNAL} (withdrawal_id, seq, at, event, from_state, to_state, actor, hash)
         select withdrawal_id, 2, at, 'test', 'requested', 'requested', 'worker', hash from ${JOURNAL}
          where withdrawal_id = '${OPEN}'`,
        OPEN,
      ],
      [
        'two entries were exchanged',
        `update ${JOURNAL} set seq = 99 where withdrawal_id = '${PAID}' and seq = 3;
         update ${JOURNAL} set seq = 3 where withdrawal_id = '${PAID}' and seq = 4;
         update ${JOURNAL} set seq = 4 where withdrawal_id = '${PAID}' and seq = 99`,
        PAID,
      ],
    ])('finds that %s', async (_what, statement, id) => {
      const results = await broken([statement], (seen) => failing(seen))
      expect(results.find(({ name }) => name === 'journal_is_as_it_was_written')).toMatchObject({
        count: 1,
        findings: [{ id }],
      })
    })

    it.each<[string, string]>([
      ['changed', `update ${ACTIONS} set reason = 'another' where nth = 2`],
      ['removed', `delete from ${ACTIONS} where nth = 2`],
      [
        'moved',
        `update ${ACTIONS} set nth = 9 where nth = 1; update ${ACTIONS} set nth = 1 where nth = 2; update ${ACTIONS} set nth = 2 where nth = 9`,
      ],
    ])('finds that an action of an operator was %s', async (_what, statement) => {
      expect(await broken(written, (seen) => failing(seen))).toEqual([])
      const results = await broken([...written, statement], (seen) => failing(seen))
      expect(results.map(({ name }) => name)).toEqual(['actions_are_as_they_were_written'])
    })
  })

  it('holds every row against what was sealed with it, and names what was changed', async () => {
    const vault = createVault([keyOf('a')], systemRandomness)
    const judgeRow = (row: StoredWithdrawal): string | null => {
      const verdict = vault.judge(row)
      return verdict.kind === 'intact'
        ? null
        : `${verdict.kind} ${'facts' in verdict ? verdict.facts.join() : ''}`
    }
    const sealed = vault.seal(
      { ...draft(2), returnedAmount: null },
      { method: 'BANK', iban: 'DE89370400440532013000' },
    )
    const statements = [
      set(PAID, `destination = '${sealed}'`),
      set(OPEN, `destination = '${sealed}', fee = 7`),
    ]
    const results = await broken(statements, (seen) => failing(seen, { ...SETTINGS, namedMax: 1, judgeRow }))
    expect(results.find(({ name }) => name === 'rows_are_what_was_accepted')).toMatchObject({
      count: 2,
      findings: [{ id: PAID, detail: 'damaged ' }],
    })
  })

  it('refuses to judge a schema of another version', async () => {
    const future = `insert into bank_withdrawal.migrations values (999, 'future', now())`
    await broken([future], (seen) => expect(failing(seen)).rejects.toThrow(CannotVerifyError))
  })

  describe('as a command', () => {
    let encryptionKeys = ''
    afterEach(() => {
      encryptionKeys = ''
    })
    const run = (...args: string[]): Promise<{ code: number; output: string }> =>
      new Promise((resolve) => {
        const script = path.join(__dirname, '../../../scripts/verify.ts')
        const keys = { ENCRYPTION_KEYS: encryptionKeys }
        const options = { env: { ...process.env, NODE_OPTIONS: '', DATABASE_URL: '', ...keys } }
        execFile(process.execPath, ['--import', 'tsx', script, ...args], options, (error, stdout, stderr) =>
          resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
        )
      })

    it('ends with 0 when all is well, and says what it checked', async () => {
      const { code, output } = await run('--database-url', fresh.url)
      expect(output).toContain('checks hold')
      expect(code).toBe(0)
    })

    it('says that it could not look at what was sealed without the keys, and looks with them', async () => {
      expect((await run('--database-url', fresh.url)).output).toContain('skip rows_are_what_was_accepted')
      encryptionKeys = keyNamed('a')
      const { code, output } = await run('--database-url', fresh.url)
      // The rows of this test were never sealed.
      expect(output).toMatch(/FAIL rows_are_what_was_accepted: 2/)
      expect(code).toBe(1)
    })

    it('ends with 1 and the names when not', async () => {
      await database.query(set(OPEN, 'version = 2'))
      const { code, output } = await run('--database-url', fresh.url)
      await database.query(set(OPEN, 'version = 1'))
      expect(output).toMatch(/FAIL journal_adds_up: 1/)
      expect(output).toContain(OPEN)
      expect(code).toBe(1)
    })

    it.each([
      ['there is no server', ['--database-url', 'postgres://postgres@127.0.0.1:1/none']],
      ['there is no embedded database', ['--data-dir', '/nonexistent']],
      ['it is told of none', []],
    ])('ends with 2 when %s', async (_why, args) => {
      const { code, output } = await run(...args)
      expect(output).toMatch(/Could not check: \S/)
      expect(code).toBe(2)
    })
  })
})
