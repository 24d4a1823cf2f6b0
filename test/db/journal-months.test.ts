import pg from 'pg'

import { type Database, sqlState, type Transaction } from '../../src/db/connect/database'
import { openServer } from '../../src/db/connect/pool'
import { keepJournalMonths } from '../../src/db/journal-months'
import { createStore } from '../../src/db/store'
import { verifyDatabase } from '../../src/db/verify'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { silentLogger } from '../helpers/loggers'
import { change, draft, LEASE } from './rows'

const JOURNAL = 'bank_withdrawal.journal'
/** The clock of a test database stands in January 2026: this month and the next one are the old journal's. */
const NEXT = '2026-02-20T00:00:00Z'
const MARCH = '2026-03-01T00:00:00Z'

const OF_THE_CLOCK = new Set(['nothing_is_stuck', 'leases_make_sense'])

/** As our ids are made (UUID version 7), of that moment. */
const idOf = (at: string, nth = 1): string => {
  const hex = Date.parse(at).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-9def-${String(nth).padStart(12, '0')}`
}

describe('a journal by month', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterEach(() => database.close())

  const clockAt = (at: string) => database.query('update public.test_clock set at = $1::timestamptz', [at])
  const store = () => createStore(database)
  const insert = (id: string) => store().insertWithdrawal(draft(1, { id, payoutKey: id }), LEASE)
  const step = async (wanted = true, small = 67_108_864, ahead = 3) => {
    const [row] = await database.query<{ step: string }>(
      'select bank_withdrawal.keep_journal_by_month($1, $2, $3) as step',
      [wanted, ahead, small],
    )
    return row?.step
  }
  const parts = async () => {
    const rows = await database.query<{ name: string }>(
      'select name from bank_withdrawal.journal_parts() order by name',
    )
    return rows.map(({ name }) => name)
  }
  const partOf = async (id: string) => {
    const rows = await database.query<{ name: string }>(
      `select distinct replace(tableoid::regclass::text, 'bank_withdrawal.', '') as name from ${JOURNAL} where withdrawal_id = $1`,
      [id],
    )
    return rows.map(({ name }) => name)
  }
  const faults = async () => {
    const results = await verifyDatabase(database, { stuckMinutes: 30, namedMax: 5 })
    // The clock goes years ahead here, and nobody works meanwhile.
    const found = results.filter(({ count, name }) => count > 0 && !OF_THE_CLOCK.has(name))
    return found.map(({ name, findings }) => ({ name, findings }))
  }
  const begin = () => keepJournalMonths(database, true)

  it('stays in one piece where nobody asks for it', async () => {
    expect(await keepJournalMonths(database, false)).toEqual({ end: 'done', steps: [] })
    expect(await parts()).toEqual([])
  })

  it('has its old rows where they were, this month’s and the next one’s beside them, and each later month apart', async () => {
    await insert(idOf('2026-01-02T00:00:00Z'))
    await insert('withdrawal-of-another-shape')
    const file = `select pg_relation_filenode($1::regclass) as file`
    const before = await database.query(file, [JOURNAL])

    expect(await begin()).toEqual({ end: 'done', steps: ['fenced', 'proven', 'cut', 'cut', 'cut'] })
    expect(await database.query(file, ['bank_withdrawal.journal_before'])).toEqual(before)
    expect(await parts()).toEqual(['journal_2026_03', 'journal_2026_04', 'journal_before', 'journal_later'])
    const ids = [NEXT, MARCH, '2026-04-30T23:59:59.999Z', '2026-05-01T00:00:00Z', '2031-01-01T00:00:00Z']
    for (const at of ids) await insert(idOf(at))
    expect(await Promise.all(ids.map((at) => partOf(idOf(at))))).toEqual([
      ...[['journal_before'], ['journal_2026_03'], ['journal_2026_04'], ['journal_later'], ['journal_later']],
    ])
    expect(await partOf('withdrawal-of-another-shape')).toEqual(['journal_before'])
    expect(await begin()).toEqual({ end: 'done', steps: [] })
    expect(await faults()).toEqual([])
  })

  it('has the indexes, defaults, keys and triggers that it had, in every part', async () => {
    const shape = (table: string) =>
      database.query<{ triggers: string[] }>(
        `select array(select regexp_replace(pg_get_indexdef(indexrelid), '^.* USING', '') from pg_index
                       where indrelid = $1::regclass order by 1) as indexes,
                array(select regexp_replace(pg_get_constraintdef(oid), 'journal_\\w+', '') from pg_constraint
                       where conrelid = $1::regclass and contype <> 'c' and conname not like '%not_null' order by 1) as keys,
                array(select tgname::text from pg_trigger where tgrelid = $1::regclass and not tgisinternal
                         and tgenabled = 'O' order by 1) as triggers,
                array(select attname || ' ' || atttypid::regtype || ' ' || attnotnull || ' ' ||
                             coalesce(pg_get_expr(adbin, adrelid), '-')
                        from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
                       where attrelid = $1::regclass and attnum > 0 order by attnum) as columns`,
        [table],
      )
    const before = await shape(JOURNAL)
    await begin()
    // An entry is chained by the part that it goes into.
    const [whole] = before
    expect(await shape(JOURNAL)).toEqual([{ ...whole, triggers: ['journal_is_append_only'] }])
    for (const table of await parts())
      expect({ table, is: await shape(`bank_withdrawal.${table}`) }).toEqual({ table, is: before })
  })

  it('chains entries in each part as the whole would', async () => {
    await begin()
    const bodies = await database.query<{ name: string; body: string }>(
      `select proname as name, regexp_replace(prosrc, '\\s+', ' ', 'g') as body from pg_proc
        where pronamespace = 'bank_withdrawal'::regnamespace and proname ~ '^chain_(entry|journal_.*)$'`,
    )
    const whole = bodies.find(({ name }) => name === 'chain_entry')?.body
    expect(bodies).toHaveLength(1 + (await parts()).length)
    for (const { name, body } of bodies)
      expect(body.replace(`bank_withdrawal.${name.replace('chain_', '')} `, `${JOURNAL} `)).toBe(whole)
  })

  it('is cut under writers of whom none fails and nothing is lost', async () => {
    const others = [1, 2, 3].map(() => openServer({ url: String(database.url), logger: silentLogger }))
    let isOver = false
    const written: string[] = []
    const write = async (server: Database, nth: number) => {
      const own = createStore(server)
      for (let n = 1; !isOver || n < 20; n++) {
        const id = idOf(n % 2 === 0 ? '2026-01-05T09:00:00Z' : NEXT, nth * 100_000 + n)
        const row = await own.insertWithdrawal(draft(1, { id, userId: nth, payoutKey: id }), LEASE)
        if (!row) throw new Error(`${id} was not stored.`)
        const changed = await own.changeState(change(row, { patch: { heldAt: 'now' } }))
        if (!changed) throw new Error(`${id} was not changed.`)
        expect(await own.readJournal(id)).toHaveLength(2)
        written.push(id)
      }
    }
    const writers = others.map((server, nth) => write(server, nth + 1))
    // Each statement has been planned for good by then.
    while (written.length < 40) await database.query('select pg_sleep(0.01)')
    const steps: string[] = []
    for (let kept = await begin(); ; kept = await begin()) {
      steps.push(...kept.steps)
      if (kept.end === 'done') break
    }
    const atTheEnd = written.length
    while (written.length < atTheEnd + 40) await database.query('select pg_sleep(0.01)')
    isOver = true
    await Promise.all(writers)
    await Promise.all(others.map((server) => server.close()))

    expect(steps).toEqual(['fenced', 'proven', 'cut', 'cut', 'cut'])
    const [counted] = await database.query<{ entries: number }>(
      `select count(*)::int as entries from ${JOURNAL} where withdrawal_id = any($1)`,
      [written],
    )
    expect(counted?.entries).toBe(2 * written.length)
    expect(await faults()).toEqual([])
  })

  it('is cut though the role has a time limit of its own', async () => {
    const name = new URL(String(database.url)).pathname.slice(1)
    await database.query(`alter database ${name} set statement_timeout = '14s'`)
    const limits: string[] = []
    const upkeep = async () => {
      const own = await database.upkeep?.()
      if (!own) throw new Error('There is no connection for upkeep.')
      return {
        ...own,
        transaction: <Result>(work: (tx: Transaction) => Promise<Result>) =>
          own.transaction(async (tx) => {
            const result = await work(tx)
            const [limit] = await tx.query<{ is: string }>(
              `select current_setting('statement_timeout') as is`,
            )
            limits.push(limit?.is ?? '')
            return result
          }),
      }
    }
    expect((await keepJournalMonths({ ...database, upkeep }, true)).end).toBe('done')
    expect(new Set(limits)).toEqual(new Set(['0']))
  })

  it('is cut once by many who try at the same moment', async () => {
    const ends = await Promise.all(Array.from({ length: 6 }, begin))
    while ((await begin()).end === 'waits');
    expect(ends.every(({ end }) => end === 'done' || end === 'waits')).toBe(true)
    expect(await parts()).toEqual(['journal_2026_03', 'journal_2026_04', 'journal_before', 'journal_later'])
  })

  it('gives way to who reads for long, and changes nothing', async () => {
    const reader = new pg.Client({ connectionString: String(database.url) })
    await reader.connect()
    await reader.query(`begin; select count(*) from ${JOURNAL}`)
    expect(await begin()).toEqual({ end: 'waits', steps: [] })
    await reader.query('commit')
    await reader.end()
    expect((await begin()).end).toBe('done')
  })

  it('has months ahead at the end of every month, as long as somebody looks', async () => {
    await begin()
    for (let month = 1; month < 9; month++) {
      const lastDay = new Date(Date.UTC(2026, month, 0, 23)).toISOString()
      await clockAt(lastDay)
      expect((await keepJournalMonths(database, false)).end).toBe('done')
      const next = idOf(new Date(Date.UTC(2026, month + 1, 20)).toISOString())
      await insert(next)
      expect(await partOf(next)).toEqual([
        month < 2 ? 'journal_2026_03' : expect.stringMatching(/^journal_\d{4}_\d\d$/),
      ])
    }
    expect(await parts()).toHaveLength(2 + 9)
    expect(await faults()).toEqual([])
  })

  it.each([
    ['small', 67_108_864, ['cut', 'cut', 'cut', 'cut', 'cut', 'done']],
    [
      'large, and then it is read before it is locked',
      0,
      ['cut', 'fenced', 'proven', 'cut', 'cut', 'cut', 'done'],
    ],
  ])(
    'takes entries for years without anybody’s upkeep, and goes on afterwards: %s',
    async (_what, small, steps) => {
      await begin()
      const ids = ['2026-06-03T00:00:00Z', '2027-01-31T00:00:00Z', '2028-03-15T00:00:00Z'].map((at) =>
        idOf(at),
      )
      for (const id of ids) await insert(id)
      await clockAt('2028-03-15T00:00:00Z')
      const done: unknown[] = []
      while (done.at(-1) !== 'done') done.push(await step(false, small))

      // Nothing was written in May 2026; from June on it is one part, up to the end of what was written.
      expect(done).toEqual(steps)
      expect(await partOf(idOf('2026-06-03T00:00:00Z'))).toEqual(await partOf(idOf('2028-03-15T00:00:00Z')))
      expect((await parts()).at(-1)).toBe('journal_later')
      await insert(idOf('2028-05-20T00:00:00Z'))
      expect(await partOf(idOf('2028-05-20T00:00:00Z'))).toEqual(['journal_2028_05'])
      expect(await faults()).toEqual([])
    },
  )

  it('keeps months where an id from far ahead is stored, of a wrong clock or of another shape', async () => {
    await begin()
    const strange = idOf('2026-12-15T00:00:00Z').replace('-7', '-4')
    await insert(strange)
    await clockAt('2026-06-10T00:00:00Z')
    expect((await keepJournalMonths(database, false)).end).toBe('done')
    expect(await parts()).toContain('journal_2026_08')
    expect(await partOf(strange)).toEqual(['journal_later'])
    // Its own month comes as well.
    await clockAt('2027-01-01T00:00:00Z')
    expect((await keepJournalMonths(database, false)).end).toBe('done')
    expect(await partOf(strange)).toEqual(['journal_2026_12'])
    expect(await faults()).toEqual([])
  })

  it('leaves the last part open where its entries lie too far apart, and takes all that comes', async () => {
    await begin()
    await insert(idOf('2026-05-02T00:00:00Z'))
    await insert(idOf('2035-12-15T00:00:00Z'))
    await clockAt('2026-05-02T00:00:00Z')
    expect((await keepJournalMonths(database, false)).end).toBe('left')
    await insert(idOf('2026-07-02T00:00:00Z'))
    expect(await faults()).toEqual([])
  })

  it('begins before the first id of another shape that lies among the times to come', async () => {
    const strange = '01b0a3c1-9c1f-4d3e-8000-000000000001'
    await insert(strange)
    expect((await begin()).end).toBe('done')
    expect(await partOf(strange)).toEqual(['journal_before'])
  })

  it('says so and stays as it is where such an id lies in the first months', async () => {
    await insert(idOf('2026-03-15T00:00:00Z'))
    await expect(begin()).rejects.toThrow('cannot be cut now')
    expect(await parts()).toEqual([])
    expect(await faults()).toEqual([])
  })

  it.each([
    ['a view', `create view public.seen as select * from ${JOURNAL}`],
    [
      'a trigger',
      `create trigger mine after insert on ${JOURNAL} for each row execute function suppress_redundant_updates_trigger()`,
    ],
    ['a publication', `create publication mine for table ${JOURNAL}`],
  ])('is not cut while %s hangs on it that would be left behind', async (_what, statement) => {
    await database.query(statement)
    await expect(begin()).rejects.toThrow('would be left behind')
    expect(await parts()).toEqual([])
  })

  it('is not fenced for good by who died between two steps', async () => {
    expect(await step()).toBe('fenced')
    // By who does not want it any more.
    expect([await step(false), await step(false)]).toEqual(['unfenced', 'done'])
    expect(await step()).toBe('fenced')
    // Weeks before anything could reach it.
    await clockAt('2026-02-16T00:00:00Z')
    expect([await step(), await step(), await step(), await step()]).toEqual([
      ...['unfenced', 'fenced', 'proven', 'cut'],
    ])
    await insert(idOf('2026-03-20T00:00:00Z'))
    expect(await faults()).toEqual([])
  })

  it('orders ids alike under rules of a language', async () => {
    const ids = [MARCH, NEXT, '2027-01-01T00:00:00Z', '2031-11-09T00:00:00Z'].map((at) => idOf(at)).sort()
    const bounds = await database.query<{ id: string }>(
      `select bank_withdrawal.first_id_of(at::timestamptz) as id from unnest($1::text[]) at`,
      [[MARCH, '2027-01-01T00:00:00Z']],
    )
    const all = [...ids, ...bounds.map(({ id }) => id)]
    for (const collation of ['C', 'en-x-icu', 'de-x-icu', 'unicode'])
      expect(
        await database
          .query(`select id from unnest($1::text[]) id order by id collate "${collation}"`, [all])
          .catch((error: unknown) => sqlState(error)),
      ).toEqual([...all].sort().map((id) => ({ id })))
  })
})
