import { erasePersonal, readPersonal } from '../../src/db/personal'
import { keysInUse } from '../../src/db/sealed-values'
import type { StoredWithdrawal } from '../../src/db/store'
import { verifyDatabase } from '../../src/db/verify'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { keyNamed } from '../helpers/keys'
import { IBAN, World } from '../helpers/world'

const DAY_MS = 86_400_000

describe.each(DATABASE_KINDS)('A user’s details, on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())
  const erase = (olderThanDays: number, userId = 1) =>
    erasePersonal(database, { userId, olderThanDays, actor: 'command:test', reason: 'Asked by letter' })
  /** As after the years for which what ended is watched. */
  const atRest = () =>
    database.query('update bank_withdrawal.withdrawals set watch_at = null where next_run_at is null')
  const dump = async () =>
    JSON.stringify([
      await database.query('select * from bank_withdrawal.withdrawals where user_id = 1'),
      await database.query('select * from bank_withdrawal.journal'),
      await database.query('select * from bank_withdrawal.operator_actions'),
    ])

  it('that were sealed are gone for `npm run verify`, too, where it is on record that they were erased', async () => {
    const encryptionKeys = keyNamed('k1')
    const world = await World.create(database, { config: { encryptionKeys } })
    const mine = await world.withdrawn(10)
    const { body: other } = await world.post(
      { currency: 'eur', amount: 10, bank_account: { iban: IBAN } },
      { userId: 2 },
    )
    await atRest()
    const { vault } = world.engine.stepDeps
    const judgeRow = (row: StoredWithdrawal) => (vault.judge(row).kind === 'intact' ? null : 'changed')
    const named = async () => {
      const results = await verifyDatabase(database, { stuckMinutes: 30, namedMax: 10, judgeRow })
      return results.flatMap(({ findings }) => findings.map(({ id }) => id))
    }
    await world.clock.advance(32 * DAY_MS)
    await erase(30)
    expect((await world.row(mine.id)).destination).toBe('erased')
    expect(vault.rotate(await world.row(mine.id), false)).toEqual({ kind: 'kept' })
    expect(await named()).toEqual([])
    // It needs no key any more: an old one is let go when the others are sealed anew.
    expect((await keysInUse(database)).map(({ keyId }) => keyId)).toEqual(['k1'])

    await database.query("update bank_withdrawal.withdrawals set destination = 'erased' where id = $1", [
      other.id,
    ])
    expect(await named()).toEqual([other.id])
  })

  it('are gone after the time for which they are kept; sums, states, trail and what others have stay', async () => {
    const world = await World.create(database)
    const mine = await world.withdrawn(10)
    const { body: other } = await world.post(
      { currency: 'eur', amount: 10, bank_account: { iban: IBAN } },
      { userId: 2 },
    )
    await atRest()
    const journal = await world.journal(mine.id)
    await world.clock.advance(100 * DAY_MS)

    expect(await dump()).toContain(IBAN)
    expect(await erase(101)).toEqual({ withdrawals: 0, kept: 1, quarantined: 0 })
    expect(await erase(99)).toEqual({ withdrawals: 1, kept: 0, quarantined: 0 })
    expect(await erase(99)).toEqual({ withdrawals: 0, kept: 0, quarantined: 0 })

    const text = await dump()
    expect(text).not.toContain(IBAN)
    expect(text).not.toContain('Ada Lovelace')
    expect(await world.row(mine.id)).toMatchObject({
      amount: mine.amount,
      state: 'processed',
      version: mine.version,
    })
    expect(await world.journal(mine.id)).toEqual(journal)
    expect(
      (await verifyDatabase(database, { stuckMinutes: 30, namedMax: 10 })).filter(({ count }) => count > 0),
    ).toEqual([])
    expect((await world.get(`/${other.id}`, 2)).body.iban).toBe(IBAN)
    // Its owner still sees that there was one, and an operator what was erased, when, by whom and why.
    expect((await world.get(`/${mine.id}`).expect(200)).body).toMatchObject({ amount: 10, iban: 'erased' })
    expect(
      await world.engine.store.listOperatorActions({ subject: 'user:1', limit: 1, action: 'user.erased' }),
    ).toMatchObject([{ actor: 'command:test', reason: 'Asked by letter' }])
  })

  it('are kept as long as they count for a limit of their month', async () => {
    const world = await World.create(database)
    await world.clock.advanceTo(new Date('2026-03-01T00:30:00Z'))
    await world.withdrawn(10)
    await atRest()
    await world.clock.advanceTo(new Date('2026-03-31T23:40:00Z'))
    expect(await erase(30)).toMatchObject({ withdrawals: 0, kept: 1 })
    await world.clock.advanceTo(new Date('2026-04-01T00:40:00Z'))
    expect(await erase(30)).toMatchObject({ withdrawals: 1, kept: 0 })
  })

  it('are kept while a withdrawal is open, watched or asked about, whatever its age', async () => {
    const world = await World.create(database, { config: { mode: 'batch' } })
    const open = await world.withdrawn(10)
    await world.clock.advance(5_000 * DAY_MS)
    expect(await erase(0)).toMatchObject({ withdrawals: 0, kept: 1 })
    await world.post({}, { path: `/${open.id}/cancel` }).expect(200)
    await world.clock.advance(1)

    expect(await erase(0)).toMatchObject({ withdrawals: 0, kept: 1 })
    await atRest()
    await world.engine.store.openDifference({ kind: 'stuck', withdrawalId: open.id, fact: '', detail: {} })
    expect(await erase(0)).toMatchObject({ withdrawals: 0, kept: 1 })
    await world.engine.store.resolveDifference({
      withdrawalId: open.id,
      kind: 'stuck',
      by: 'operator:2',
      resolution: 'r',
    })
    expect(await erase(0)).toMatchObject({ withdrawals: 1, kept: 0 })
  })

  it('are gone from messages that are not sent any more, too, whatever became of their endpoint', async () => {
    const world = await World.create(database)
    const { id } = await world.withdrawn(10)
    await atRest()
    const messages = (giveUpInDays: number) =>
      database.query(
        `insert into bank_withdrawal.deliveries
           (endpoint_id, event_id, kind, subject, payload, state, created_at, due_at, give_up_at)
         select 'e', 'm' || $1::integer, 'withdrawal.paid', $2, '{}', 'waiting', now.at, now.at,
                now.at + make_interval(days => $1::integer)
           from bank_withdrawal.clock() now (at)`,
        [giveUpInDays, id],
      )
    await messages(3)
    await messages(200)
    await world.clock.advance(100 * DAY_MS)
    await erase(99)
    const left = await database.query<{ id: string }>('select event_id as id from bank_withdrawal.deliveries')
    expect(left.map((message) => message.id)).toEqual(['m200'])
  })

  it('are given out with what operators have proposed about them', async () => {
    const world = await World.create(database, { config: { mode: 'batch' } })
    const { id, version } = await world.withdrawn(10)
    const made = await world.engine.store.proposeApproval({
      ...{ action: 'withdrawal.resume', subjectKind: 'withdrawal', subject: id, subjectVersion: version },
      ...{ content: { amount: '10' }, needed: 2, actor: 'operator:2', reason: 'the user has called' },
    })
    const word = { id: made?.id ?? '', actor: 'operator:3', confirms: true, reason: 'seen the passport' }
    await world.engine.store.sayToApproval(word)
    const records = await readPersonal(database, 1)
    expect(records.filter((each) => each.kind === 'proposal').map(({ data }) => data)).toMatchObject([
      { subject: id, reason: 'the user has called', words: [{ reason: 'seen the passport' }] },
    ])
  })

  it('are given out whole, and nobody else’s with them', async () => {
    const world = await World.create(database)
    const mine = await world.withdrawn(10)
    await world.post({ currency: 'eur', amount: 11, bank_account: { iban: IBAN } }, { userId: 2 }).expect(200)
    const records = await readPersonal(database, 1)

    expect(records.filter((each) => each.kind === 'withdrawal').map(({ data }) => data.id)).toEqual([mine.id])
    expect(records.filter((each) => each.kind === 'journal')).toHaveLength(
      (await world.journal(mine.id)).length,
    )
    expect(JSON.stringify(records)).not.toContain('"amount":"11"')
  })
})
