import { randomBytes } from 'node:crypto'

import { grantTo } from '../../scripts/migrate/grants'
import { journalMonths } from '../../src/app/journal-months-job'
import type { Database } from '../../src/db/connect/database'
import { openServer } from '../../src/db/connect/pool'
import { readRights } from '../../src/db/connect/rights'
import { keepJournalMonths } from '../../src/db/journal-months'
import { createStore } from '../../src/db/store'
import { verifyDatabase } from '../../src/db/verify'
import { parseConfig } from '../../src/settings/plugin'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { recordingLogger, silentLogger } from '../helpers/loggers'
import { TestClock } from '../helpers/test-clock'
import { until } from '../helpers/until'
import { openLimited } from './limited-role'
import { draft, LEASE } from './rows'

const JOURNAL = 'bank_withdrawal.journal'
const IN_MARCH = '019cabd8-3800-7abc-9def-000000000001'
const HOUR_MS = 3_600_000

const insert = (database: Database, id: string) =>
  createStore(database).insertWithdrawal(draft(1, { id, payoutKey: id }), LEASE)

const parts = async (database: Database) => {
  const rows = await database.query<{ name: string }>(
    'select name from bank_withdrawal.journal_parts() order by 1',
  )
  return rows.map(({ name }) => name)
}

const begin = (database: Database) => keepJournalMonths(database, true)

describe('a journal by month', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await openTestDatabase('PostgreSQL')
    await begin(database)
    await insert(database, IN_MARCH)
  })
  afterEach(() => database.close())

  const faults = async () => {
    const results = await verifyDatabase(database, { stuckMinutes: 30, namedMax: 5 })
    return results.filter(({ count }) => count > 0).map(({ name, findings }) => ({ name, findings }))
  }

  it('is refused to be rewritten, through the whole and in each part', async () => {
    for (const table of ['journal', ...(await parts(database))])
      for (const statement of [
        `update bank_withdrawal.${table} set event = 'x'`,
        `update bank_withdrawal.${table} set event = event where false`,
        `delete from bank_withdrawal.${table}`,
        `truncate bank_withdrawal.${table}`,
      ])
        await expect(database.query(statement)).rejects.toThrow('append-only')
  })

  it.each([
    ['journal_is_append_only', 'disable trigger journal_is_append_only', 'switched off on journal_2026_03'],
    ['journal_is_chained', 'disable trigger journal_is_chained', 'switched off on journal_2026_03'],
  ])('is found by verify where %s is switched off in one part', async (id, what, detail) => {
    await database.query(`alter table bank_withdrawal.journal_2026_03 ${what}`)
    expect(await faults()).toEqual([
      { name: 'guards_are_on', findings: [{ id, detail: `trigger is ${detail}` }] },
    ])
  })

  it('is found by verify where a part has lost its trigger, or is a part no more', async () => {
    await database.transaction((tx) =>
      tx.script(`drop trigger journal_is_append_only on bank_withdrawal.journal_2026_03;
        alter table ${JOURNAL} detach partition bank_withdrawal.journal_2026_04`),
    )
    expect(await faults()).toEqual([
      {
        name: 'guards_are_on',
        findings: [
          { id: 'journal_2026_03', detail: 'journal_is_append_only is missing' },
          { id: 'journal_2026_04', detail: 'is not a part of the journal any more' },
        ],
      },
    ])
  })

  it('is found by verify where what guards a part was exchanged for what guards nothing', async () => {
    await database.transaction((tx) =>
      tx.script(`
        create or replace function bank_withdrawal.chain_journal_2026_03() returns trigger language plpgsql
          as $$ begin return new; end $$;
        drop trigger journal_is_append_only on bank_withdrawal.journal_2026_04;
        create trigger journal_is_append_only before truncate on bank_withdrawal.journal_2026_04
          for each statement execute function bank_withdrawal.refuse_rewriting()`),
    )
    expect(await faults()).toEqual([
      {
        name: 'guards_are_on',
        findings: [
          { id: 'journal_2026_03', detail: 'is chained by another function' },
          { id: 'journal_2026_04', detail: 'can be rewritten' },
        ],
      },
    ])
  })

  it('is read in one part only for one withdrawal, whether its statement is planned anew or kept', async () => {
    const read = `explain (costs off) select * from ${JOURNAL} where withdrawal_id = `
    const plan = async (text: string) =>
      (await database.query<{ 'QUERY PLAN': string }>(text)).map((line) => line['QUERY PLAN']).join('\n')
    expect(await plan(`${read}'${IN_MARCH}'`)).toContain('on journal_2026_03 journal')
    expect(await plan(`${read}'${IN_MARCH}'`)).not.toMatch(/journal_(before|later|2026_04)/)
    const kept = await database.transaction(async (tx) => {
      await tx.script(`set local plan_cache_mode = force_generic_plan;
        prepare one (text) as select * from ${JOURNAL} where withdrawal_id = $1 order by seq`)
      const lines = await tx.query<{ 'QUERY PLAN': string }>(`explain (costs off) execute one('${IN_MARCH}')`)
      return lines.map((line) => line['QUERY PLAN']).join('\n')
    })
    expect(kept).toContain('Subplans Removed: 3')
    expect(kept).toContain('journal_2026_03')
  })

  it('is found by verify where a part is chained by what it should not be', async () => {
    await database.query(
      `create or replace trigger journal_is_chained before insert on bank_withdrawal.journal_2026_03
         for each row execute function bank_withdrawal.chain_journal_before()`,
    )
    expect(await faults()).toEqual([
      {
        name: 'guards_are_on',
        findings: [{ id: 'journal_2026_03', detail: 'is chained by another function' }],
      },
    ])
  })

  it('is too much for a role that may rewrite one part of it', async () => {
    const role = `app_${randomBytes(4).toString('hex')}`
    await database.query(`create role ${role} login`)
    await database.transaction((tx) => grantTo(tx, role))
    const url = new URL(String(database.url))
    url.username = role
    const limited = openServer({ url: url.href, logger: silentLogger })
    try {
      expect(await readRights(limited)).toMatchObject({ mayRewriteTrail: false, mayChangeSchema: false })
      await database.query(`grant delete on bank_withdrawal.journal_2026_03 to ${role}`)
      expect(await readRights(limited)).toMatchObject({ mayRewriteTrail: true })
    } finally {
      await limited.close()
      await database.transaction((tx) => tx.script(`drop owned by ${role}; drop role ${role}`))
    }
  })
})

describe('a program that may not change the schema', () => {
  let admin: TestDatabase
  let limited: Database
  const role = `app_${randomBytes(4).toString('hex')}`
  beforeAll(async () => {
    admin = await openTestDatabase('PostgreSQL')
    limited = await openLimited(admin, role, silentLogger)
  })
  afterAll(async () => {
    await limited.close()
    await admin.transaction((tx) => tx.script(`drop owned by ${role}; drop role ${role}`))
    await admin.close()
  })

  it('says once who has to cut the journal, and cuts nothing', async () => {
    const { logger, clock, stop } = running(limited, { journalByMonth: true })
    await until(() => logger.lines.length > 0)
    await clock.advance(HOUR_MS)
    await stop()
    expect(logger.lines).toMatchObject([
      {
        ...{ level: 'warn', event: 'journal.months_need_rights' },
        fields: { explanation: expect.stringContaining('npm run migrate -- --journal-by-month') },
      },
    ])
    expect(await parts(admin)).toEqual([])
  })

  it.each([
    ['wanted', { journalByMonth: true }],
    ['not wanted', {}],
  ])('says each hour that a cut was begun and not ended, where it is %s', async (_what, given) => {
    await admin.query('select bank_withdrawal.keep_journal_by_month(true, 3)')
    const { logger, clock, stop } = running(limited, given)
    await until(async () => {
      await clock.advance(HOUR_MS)
      return logger.lines.length > 1
    })
    await stop()
    expect(logger.lines[1]).toMatchObject({
      ...{ level: 'error', event: 'journal.fence_stands' },
      fields: {
        from: new Date('2026-03-01T00:00:00Z'),
        explanation: expect.stringContaining('npm run migrate -- --journal-by-month'),
      },
    })
    await keepJournalMonths(admin, false)
  })

  it('works on what somebody else has cut while it ran, by the rights that it had, and rewrites no part of it', async () => {
    const before = '019b9a00-0000-7abc-9def-000000000001'
    for (let n = 0; n < 8; n++) await createStore(limited).readJournal(before)
    await insert(limited, before)
    await begin(admin)

    await insert(limited, IN_MARCH)
    const read = createStore(limited)
    expect(
      [await read.readJournal(before), await read.readJournal(IN_MARCH)].map(({ length }) => length),
    ).toEqual([1, 1])
    const { logger, stop } = running(limited, { journalByMonth: true })
    await stop()
    expect(logger.lines).toEqual([])
    const rights = () =>
      admin.query<{ name: string; may: string }>(
        `select c.relname as name, string_agg(a.privilege_type, ', ' order by 1) as may
           from pg_class c, aclexplode(c.relacl) a
          where a.grantee = $1::regrole and c.relname ~ '^journal(_(before|later|\\d{4}_\\d\\d))?$' group by 1 order by 1`,
        [role],
      )
    const expected = ['journal', ...(await parts(admin))].map((name) => ({
      name,
      may: name === 'journal' ? 'INSERT, SELECT' : 'SELECT',
    }))
    expect(await rights()).toEqual(expected)
    // And no more by the command that says what it may.
    await admin.transaction((tx) => grantTo(tx, role))
    expect(await rights()).toEqual(expected)
    for (const name of await parts(admin))
      for (const statement of [
        `insert into bank_withdrawal.${name} select * from bank_withdrawal.${name}`,
        `update bank_withdrawal.${name} set event = 'x'`,
        `delete from bank_withdrawal.${name}`,
        `truncate bank_withdrawal.${name}`,
        `alter table bank_withdrawal.${name} disable trigger all`,
        `alter table ${JOURNAL} detach partition bank_withdrawal.${name}`,
        `drop table bank_withdrawal.${name}`,
      ])
        await expect(limited.query(statement)).rejects.toMatchObject({ code: '42501' })
  })
})

/** As a worker has it after its start. */
function running(database: Database, given: Record<string, unknown>) {
  const logger = recordingLogger()
  // Ours alone: the database's is another one's here.
  const clock = new TestClock({ ...database, query: () => Promise.resolve([]) })
  const months = journalMonths({ config: parseConfig(given), logger, clock }, database)
  months?.start()
  return { logger, clock, stop: async () => months?.stop() }
}

describe('journalByMonth', () => {
  it('has the journal cut after a start, and months kept ahead when it is not set any more', async () => {
    const database = await openTestDatabase('PostgreSQL')
    const first = running(database, { journalByMonth: true })
    await first.stop()
    expect(first.logger.lines).toMatchObject([
      {
        level: 'info',
        event: 'journal.months',
        fields: { steps: ['fenced', 'proven', 'cut', 'cut', 'cut'] },
      },
    ])
    await database.query(`update public.test_clock set at = '2026-03-31T23:00:00Z'`)
    const second = running(database, {})
    await second.stop()
    expect(second.logger.lines).toMatchObject([
      { event: 'journal.months', fields: { steps: ['cut', 'cut'] } },
    ])
    expect(await parts(database)).toContain('journal_2026_06')
    await database.close()
  })

  it('does nothing, and says so, on an embedded database', async () => {
    const database = await openTestDatabase('PGlite')
    const { logger } = running(database, { journalByMonth: true })
    expect(logger.lines).toMatchObject([{ level: 'warn', event: 'journal.not_by_month' }])
    expect(await parts(database)).toEqual([])
    const unset = running(database, {})
    expect(unset.logger.lines).toEqual([])
    await database.close()
  })

  it('says that the journal could not be cut, and looks again an hour later', async () => {
    const database = await openTestDatabase('PostgreSQL')
    await database.query(`create view public.seen as select * from ${JOURNAL}`)
    const { logger, clock, stop } = running(database, { journalByMonth: true })
    await until(() => logger.lines.length > 0)
    await database.query('drop view public.seen')
    await until(async () => {
      await clock.advance(HOUR_MS)
      return logger.lines.length > 1
    })
    await stop()
    expect(logger.lines).toMatchObject([
      { level: 'error', event: 'journal.months_failed' },
      { level: 'info', event: 'journal.months' },
    ])
    await database.close()
  })
})
