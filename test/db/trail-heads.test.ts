import type { Database, Transaction } from '../../src/db/connect/database'
import { createTrailStore } from '../../src/db/trail'
import { verifyDatabase } from '../../src/db/verify'
import type { SignedHead } from '../../src/domain/trail-head'
import { createHeadSigner, createTrailHeads } from '../../src/services/trail-heads'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { recordingLogger } from '../helpers/loggers'
import { TestClock } from '../helpers/test-clock'
import { change, createArranger } from './rows'

const DAY_MS = 86_400_000
const CHECK = 'trail_is_what_was_signed'
const FIRST = 'withdrawal-0001'
const signerOf = (byte: number) => {
  const signer = createHeadSigner([], Buffer.alloc(32, byte))
  if (!signer) throw new Error('There is no key.')
  return signer
}
const signer = signerOf(5)

/** Computes the hashes of a withdrawal anew, as somebody would who covers up what they did. */
const rechained = (id: string) => `
  do $$ declare e record; before text := ''; begin
    for e in select * from bank_withdrawal.journal where withdrawal_id = '${id}' order by seq loop
      before := bank_withdrawal.journal_digest(
        before, e.withdrawal_id, e.seq, e.at, e.event, e.from_state, e.to_state, e.actor, e.reason_code, e.detail);
      update bank_withdrawal.journal set hash = before where withdrawal_id = e.withdrawal_id and seq = e.seq;
    end loop;
  end $$`
const RECHAINED_ACTIONS = `
  do $$ declare a record; before text := ''; begin
    for a in select * from bank_withdrawal.operator_actions order by nth loop
      before := bank_withdrawal.action_digest(
        before, a.nth, a.at, a.actor, a.action, a.subject, a.reason, a.detail);
      update bank_withdrawal.operator_actions set hash = before where id = a.id;
    end loop;
  end $$`
const entry = (seq: number) => `withdrawal_id = '${FIRST}' and seq = ${seq}`

/**
 * Goal: whatever somebody makes of the past who may switch every trigger off, and computes every hash as the database
 * does, is found. Method: three withdrawals of some days, signed each night, and one thing at a time is forged.
 */
describe.each(DATABASE_KINDS)('the signed heads over the trail, on %s', (kind) => {
  let database: TestDatabase
  let clock: TestClock
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await database.reset()
    clock = new TestClock(database)
    const rows = createArranger(database)
    for (const reason of ['first', 'second']) {
      for (const row of await Promise.all([rows.row(), rows.row()])) {
        const moved = await rows.store.changeState(change(row))
        if (moved) await rows.store.changeState(change(moved, { to: 'in_review', next: { runInMs: null } }))
      }
      await rows.store.recordOperatorAction({
        ...{ actor: 'operator:2', action: 'provider.paused', subject: 'sandbox', reason, detail: {} },
      })
      await clock.advance(DAY_MS)
      await makeHeads()
    }
  })

  const logger = recordingLogger()
  const makeHeads = (by = signer) =>
    createTrailHeads({ trail: createTrailStore(database), signer: by, logger })()
  const heads = () => createTrailStore(database).listHeads()
  const found = async (copies: readonly SignedHead[] = [], of: Database = database) => {
    const results = await verifyDatabase(of, {
      stuckMinutes: 30,
      namedMax: 9,
      isSigned: signer.isOurs,
      copies,
    })
    return results.find(({ name }) => name === CHECK)?.findings ?? []
  }
  /** As a superuser who switches the triggers off. */
  const forged = (work: (tx: Transaction) => Promise<unknown>) =>
    database.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica')
      await work(tx)
    })

  it('are made of a trail of any length: what reads it ends after no time', async () => {
    const { upkeep } = database
    if (!upkeep) return
    const limits: unknown[] = []
    const noting = async () => {
      const own = await upkeep()
      await own.query(`set statement_timeout = '9s'`)
      return {
        ...own,
        transaction: <Result>(work: (tx: Transaction) => Promise<Result>) =>
          own.transaction(async (tx) => {
            const result = await work(tx)
            limits.push(...(await tx.query('show statement_timeout')))
            return result
          }),
      }
    }
    const trail = createTrailStore({ ...database, upkeep: noting })
    expect(await trail.beginning()).toEqual(expect.any(Date))
    expect((await trail.digestOf(null, clock.now().toISOString())).entries).toBeGreaterThan(0)
    expect(limits).toEqual([{ statement_timeout: '0' }, { statement_timeout: '0' }])
  })

  it('are one for each day that is over, each over the one before, and vouch for what is there', async () => {
    expect(await found()).toEqual([])
    expect((await heads()).map(({ nth }) => nth)).toEqual([1, 2])
    expect(await makeHeads()).toBe(0)
    await clock.advance(3 * DAY_MS)
    expect(await makeHeads()).toBe(3)
    expect(await found()).toEqual([])
    const contents = (await heads()).map(({ content }) => JSON.parse(content) as Record<string, unknown>)
    expect(contents).toMatchObject([
      { nth: 1, since: null, until: '2026-01-06T00:00:00.000Z', entries: 6, actions: 1, before: '' },
      {
        nth: 2,
        since: '2026-01-06T00:00:00.000Z',
        until: '2026-01-07T00:00:00.000Z',
        entries: 6,
        actions: 2,
      },
      { nth: 3, entries: 0 },
      { nth: 4, entries: 0 },
      { nth: 5, until: '2026-01-10T00:00:00.000Z', entries: 0 },
    ])
    expect(logger.lines.filter(({ event }) => event === 'trail.head').at(-1)?.fields).toEqual(
      (await heads()).at(-1),
    )
  })

  it('wait for an hour after midnight, when the last of the day is surely written', async () => {
    await clock.advanceTo(new Date('2026-01-08T00:59:59Z'))
    expect(await makeHeads()).toBe(0)
    await clock.advanceTo(new Date('2026-01-08T01:00:00Z'))
    expect(await makeHeads()).toBe(1)
  })

  it.each<[what: string, ...statements: string[]]>([
    [
      'an entry that was changed',
      `update bank_withdrawal.journal set actor = 'operator:9' where ${entry(2)}`,
      rechained(FIRST),
    ],
    [
      'an entry whose time was changed',
      `update bank_withdrawal.journal set at = at + interval '30 hours' where ${entry(3)}`,
      rechained(FIRST),
    ],
    [
      'an entry that was taken out',
      `delete from bank_withdrawal.journal where ${entry(2)}`,
      `update bank_withdrawal.journal set seq = 2 where ${entry(3)}`,
      rechained(FIRST),
    ],
    [
      'the last entry of a withdrawal that was cut off, and its row with it',
      `delete from bank_withdrawal.journal where ${entry(3)}`,
      `update bank_withdrawal.withdrawals set version = 2, state = 'ready', next_run_at = now() where id = '${FIRST}'`,
    ],
    [
      'a whole withdrawal that was taken out',
      `delete from bank_withdrawal.journal where withdrawal_id = '${FIRST}'`,
      `delete from bank_withdrawal.withdrawals where id = '${FIRST}'`,
    ],
    [
      'an entry that was put in at the end of a withdrawal',
      `insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, from_state, to_state, actor)
         select withdrawal_id, 4, at, 'approved', to_state, 'ready', 'operator:2' from bank_withdrawal.journal where ${entry(3)}`,
      rechained(FIRST),
    ],
    [
      'a whole withdrawal that was put in, of before there were heads',
      `insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, to_state, actor)
         values ('withdrawal-0009', 1, '2025-12-24T12:00:00Z', 'requested', 'requested', 'user')`,
      rechained('withdrawal-0009'),
    ],
    [
      'entries that changed places',
      `update bank_withdrawal.journal set seq = 9 where ${entry(2)}`,
      `update bank_withdrawal.journal set seq = 2 where ${entry(3)}`,
      `update bank_withdrawal.journal set seq = 3 where ${entry(9)}`,
      rechained(FIRST),
    ],
    [
      "an operator's action that was changed",
      `update bank_withdrawal.operator_actions set actor = 'operator:9' where nth = 2`,
      RECHAINED_ACTIONS,
    ],
    [
      "an operator's last action that was taken out",
      'delete from bank_withdrawal.operator_actions where nth = 2',
    ],
    [
      "an operator's action that was taken out, and the others moved up",
      'delete from bank_withdrawal.operator_actions where nth = 1',
      'update bank_withdrawal.operator_actions set nth = 1',
      RECHAINED_ACTIONS,
    ],
    [
      'a head that was changed',
      `update bank_withdrawal.trail_heads set content = replace(content, '"entries":6', '"entries":5') where nth = 1`,
    ],
    ['a head that was taken out', 'delete from bank_withdrawal.trail_heads where nth = 1'],
    [
      'heads that changed places',
      'update bank_withdrawal.trail_heads set nth = 3 - nth + 10',
      'update bank_withdrawal.trail_heads set nth = nth - 10',
    ],
  ])('show %s', async (_what, ...statements) => {
    await forged(async (tx) => {
      for (const statement of statements) await tx.script(statement)
    })
    expect(await found()).not.toEqual([])
    // Nothing that is made later vouches for it.
    await clock.advance(DAY_MS)
    await makeHeads()
    expect(await found()).not.toEqual([])
  })

  it('show a past that was written anew with heads of another key, which none of ours follows', async () => {
    await forged(async (tx) => {
      await tx.script('delete from bank_withdrawal.trail_heads')
      await tx.script(`delete from bank_withdrawal.journal where ${entry(3)}`)
    })
    await makeHeads(signerOf(6))
    expect(await found()).not.toEqual([])
    await clock.advance(DAY_MS)
    expect(await makeHeads()).toBe(0)
    expect(logger.lines.at(-1)).toMatchObject({
      level: 'error',
      event: 'trail.head_forged',
      fields: { nth: 2 },
    })
  })

  it('that were kept elsewhere show heads that were taken out and made anew by the program itself', async () => {
    const copies = await heads()
    await forged(async (tx) => {
      await tx.script('delete from bank_withdrawal.trail_heads')
      await tx.script(`delete from bank_withdrawal.journal where ${entry(3)}`)
    })
    const gone = await found(copies)
    expect(gone).toContainEqual({ id: 'head 1', detail: 'is gone: there is a copy' })
    expect(gone.some(({ detail }) => detail.startsWith('6 entries until 2026-01-06'))).toBe(true)
    await makeHeads()
    expect(await found()).toEqual([])
    expect(await found(copies)).toContainEqual({ id: 'head 1', detail: 'is another one than the copy' })
  })

  it('are missed when nobody makes them', async () => {
    await clock.advance(3 * DAY_MS)
    expect(await found()).toEqual([
      { id: 'heads', detail: 'nothing has been signed since 2026-01-07T00:00:00.000Z' },
    ])
  })

  it('are made once, however many instances make them', async () => {
    await clock.advance(2 * DAY_MS)
    const made = await Promise.all([makeHeads(), makeHeads(), makeHeads()])
    expect(made.reduce((sum, each) => sum + each, 0)).toBe(2)
    expect(await found()).toEqual([])
  })

  it('cannot be rewritten while the triggers are on', async () => {
    await expect(database.query('update bank_withdrawal.trail_heads set nth = 7')).rejects.toThrow(
      'was signed',
    )
    await expect(database.query('delete from bank_withdrawal.trail_heads')).rejects.toThrow('was signed')
  })
})

it('nothing signs without a key', () => {
  expect(createHeadSigner([], null)).toBeNull()
})
