import { batchKeyOf, sealOf } from '../../../src/domain/batch'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { TestClock } from '../../helpers/test-clock'
import { change, createArranger, found, LEASE, seconds } from '../rows'

const HELD = { state: 'ready', held_at: '2026-01-05T09:00:00Z' }
const BATCH = 'batch-0001'

describe.each(DATABASE_KINDS)('a batch on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  const arranged = () => createArranger(database)
  const ready = (rows: ReturnType<typeof arranged>, more = {}) =>
    rows.due('2026-01-05T09:00:00Z', HELD, { mode: 'batch', ...more })
  const draftOf = (id = BATCH) => ({
    ...{ id, provider: 'sandbox', currency: 'eur', batchKey: batchKeyOf(id), seal: sealOf },
  })
  const into = (seen: Awaited<ReturnType<typeof found>>) =>
    change(seen, { to: 'submitting', event: 'payout.started', next: { keepLeaseSeconds: 90 } })

  /** Three payouts, claimed and frozen into a batch. */
  async function frozen(count = 3) {
    const rows = arranged()
    for (let n = 0; n < count; n++) await ready(rows, { payoutAmount: `10.0${n + 1}` })
    const claimed = await rows.store.claimReady({ provider: 'sandbox', currency: 'eur' }, LEASE, 100)
    const members = await rows.store.freezeBatch(draftOf(), claimed.map(into))
    return { rows, members }
  }

  it('says what it holds: members in their order, their exact total, and a hash of what is sent', async () => {
    const { rows, members } = await frozen()
    const batch = await rows.store.findBatch(BATCH)
    expect(batch).toMatchObject({
      ...{ state: 'sending', itemCount: 3, total: '30.06', attempts: 1, batchKey: 'BB-batch-0001' },
      ...sealOf(members),
    })
    expect((await rows.store.listBatchMembers(BATCH)).map(({ id }) => id)).toEqual(
      members.map(({ id }) => id),
    )
    expect(members.map(({ batchId, state }) => [batchId, state])).toEqual(
      Array(3).fill([BATCH, 'submitting']),
    )
  })

  it.each([
    ['a member is taken out', 'delete from bank_withdrawal.batch_items'],
    ['an amount is changed', 'update bank_withdrawal.batch_items set amount = 1'],
    ['all members are removed', 'truncate bank_withdrawal.batch_items'],
    ['its total is changed', 'update bank_withdrawal.batches set total = 1'],
    ['its key is changed', `update bank_withdrawal.batches set batch_key = 'other'`],
    ['its hash is changed', `update bank_withdrawal.batches set payload_hash = 'other'`],
    [
      'somebody joins later',
      `insert into bank_withdrawal.batch_items values ('batch-0001', 'withdrawal-0004', 3, 1)`,
    ],
  ])('does not let it happen that %s', async (_what, statement) => {
    const { rows } = await frozen()
    await ready(rows)
    await expect(database.query(statement)).rejects.toThrow('the members of a batch never change')
    expect(await rows.store.listBatchMembers(BATCH)).toHaveLength(3)
  })

  it('leaves out who has moved on, counts them out of its total, and is not made of nobody', async () => {
    const rows = arranged()
    const [first, second] = [await ready(rows), await ready(rows)]
    const claimed = await rows.store.claimReady({ provider: 'sandbox', currency: 'eur' }, LEASE, 100)
    const leaves = { to: 'releasing', leaseOwner: null, actor: 'user', next: { runInMs: 0 } } as const
    await rows.store.changeState(change(await found(rows.store, first.id), leaves))
    const members = await rows.store.freezeBatch(draftOf(), claimed.map(into))
    expect(members.map(({ id }) => id)).toEqual([second.id])
    expect(await rows.store.findBatch(BATCH)).toMatchObject({ itemCount: 1, total: '10.25' })

    expect(await rows.store.freezeBatch(draftOf('batch-0002'), claimed.map(into))).toEqual([])
    expect(await rows.store.findBatch('batch-0002')).toBeNull()
  })

  it('is known not to be the first of a member that was in another one', async () => {
    const { rows } = await frozen(2)
    const first = await rows.store.listBatchMembers(BATCH)
    expect(first.map(({ orderedBefore }) => orderedBefore)).toEqual([false, false])
    const taken = String(first[0]?.id)
    const unsent = { to: 'ready', patch: { batchId: null }, next: { runInMs: 0 } } as const
    const inDoubt = { to: 'in_doubt', next: { keepLeaseSeconds: 90 } } as const
    await rows.store.changeState(change(await found(rows.store, taken), inDoubt))
    await rows.store.changeState(change(await found(rows.store, taken), unsent))
    expect(await found(rows.store, taken)).toMatchObject({ batchId: null, orderedBefore: false })
    await ready(rows)
    const claimed = await rows.store.claimReady({ provider: 'sandbox', currency: 'eur' }, LEASE, 100)
    await rows.store.freezeBatch(draftOf('batch-0002'), claimed.map(into))
    const members = await rows.store.listBatchMembers('batch-0002')
    expect(members.filter(({ orderedBefore }) => orderedBefore).map(({ id }) => id)).toEqual([taken])
  })

  it('is not made when one of its statements fails: nobody has moved', async () => {
    const { rows } = await frozen(1)
    const other = await ready(rows)
    const claimed = await rows.store.claimReady({ provider: 'sandbox', currency: 'eur' }, LEASE, 100)
    await expect(rows.store.freezeBatch(draftOf(), claimed.map(into))).rejects.toMatchObject({
      code: '23505',
    })
    expect(await found(rows.store, other.id)).toMatchObject({ state: 'ready', batchId: null })
  })

  it('is claimed by one of ten workers, each payout once, in its currency and of its provider', async () => {
    const rows = arranged()
    for (let n = 0; n < 20; n++) await ready(rows)
    await ready(rows, { currency: 'usd' })
    await ready(rows, { provider: 'other' })
    await rows.due('2026-01-05T09:00:00Z', HELD, { mode: 'immediate' })
    await rows.due('2026-01-05T09:00:01Z', HELD, { mode: 'batch' })
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, worker) =>
        rows.store.claimReady(
          { provider: 'sandbox', currency: 'eur' },
          { owner: `worker-${worker}`, seconds: 90 },
          5,
        ),
      ),
    )
    const ids = claims.flat().map(({ id }) => id)
    expect(ids).toHaveLength(20)
    expect(new Set(ids).size).toBe(20)
    const groups = await rows.store.readyGroups()
    expect(groups.map(({ provider, currency, count }) => [provider, currency, count])).toEqual([
      ['other', 'eur', 1],
      ['sandbox', 'usd', 1],
    ])
  })

  it('keeps its leases when they are renewed in time, and loses those that are over or another’s', async () => {
    const clock = new TestClock(database)
    const { rows, members } = await frozen()
    const ids = members.map(({ id }) => id)
    await clock.advance(seconds(60))
    await database.query(`update bank_withdrawal.withdrawals set lease_owner = 'other' where id = $1`, [
      ids[0],
    ])
    expect([...(await rows.store.renewLeases(LEASE, ids))].sort()).toEqual(ids.slice(1).sort())
    await clock.advance(seconds(60))
    expect((await rows.store.renewLeases(LEASE, ids)).size).toBe(2)
    await clock.advance(seconds(90))
    expect((await rows.store.renewLeases(LEASE, ids)).size).toBe(0)
  })

  describe('whose members are in doubt', () => {
    const MINE = { owner: 'of-all', seconds: 90 }
    async function inDoubt() {
      const made = await frozen()
      for (const row of made.members)
        await made.rows.store.changeState(change(row, { to: 'in_doubt', next: { runInMs: 0 } }))
      return made
    }

    it('is claimed whole, by one of many at once', async () => {
      const { rows } = await inDoubt()
      const tries = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          rows.store.claimBatch(BATCH, { owner: `w-${n}`, seconds: 90 }, { owner: 'none', id: 'none' }),
        ),
      )
      const won = tries.filter((members) => members !== null)
      expect(won).toHaveLength(1)
      expect(won[0]).toHaveLength(3)
    })

    it('is taken out of the hands of the worker who came by one of its members, and not of another', async () => {
      const { rows, members } = await inDoubt()
      await rows.store.claimDue(LEASE, 2)
      expect(await rows.store.claimBatch(BATCH, MINE, { owner: 'another', id: 'none' })).toBeNull()
      const byFirst = { owner: LEASE.owner, id: String(members[0]?.id) }
      const claimed = await rows.store.claimBatch(BATCH, MINE, byFirst)
      expect(claimed?.map(({ id }) => id)).toEqual(members.map(({ id }) => id))
      const [first] = claimed ?? []
      const claim = { id: String(first?.id), version: Number(first?.version), leaseOwner: LEASE.owner }
      expect(await rows.store.postpone(claim, 0, undefined)).toBe(false)
    })

    it('is not claimed by a member that a neighbour has taken out of its hands, though all are free again', async () => {
      const { rows, members } = await inDoubt()
      await rows.store.claimDue(LEASE, 3)
      const by = (place: number) => ({ owner: LEASE.owner, id: String(members[place]?.id) })
      const claimed = (await rows.store.claimBatch(BATCH, MINE, by(0))) ?? []
      for (const row of claimed)
        await rows.store.postpone({ id: row.id, version: row.version, leaseOwner: MINE.owner }, 0, undefined)
      expect(await rows.store.claimBatch(BATCH, { owner: 'once more', seconds: 90 }, by(1))).toBeNull()
    })

    it('is not claimed when a person has decided about one, and then nobody is leased', async () => {
      const { rows, members } = await inDoubt()
      const [one] = members
      const row = await found(rows.store, String(one?.id))
      const decided = {
        to: 'conflict',
        leaseOwner: null,
        actor: 'operator:2',
        next: { runInMs: null },
      } as const
      await rows.store.changeState(change(row, decided))
      expect(await rows.store.claimBatch(BATCH, MINE, { ...LEASE, id: 'none' })).toBeNull()
      expect(await found(rows.store, String(members[1]?.id))).toMatchObject({ leased: false })
    })

    it('is noted as sent again once, and its earlier answer is not the last word then', async () => {
      const { rows } = await inDoubt()
      const claimed = (await rows.store.claimBatch(BATCH, MINE, { ...LEASE, id: 'none' })) ?? []
      const again = claimed.map((row) =>
        change(row, { to: 'in_doubt', leaseOwner: MINE.owner, event: 'payout.sent_again' }),
      )
      const batch = { id: BATCH, attempts: 1 }
      expect(await rows.store.freezeResend(batch, again)).toHaveLength(3)
      expect(await rows.store.freezeResend(batch, again)).toBeNull()
      const result = { state: 'sent', providerReference: 'R', reasonCode: null } as const
      expect(await rows.store.concludeBatch(batch, result)).toBe(false)
      expect(await rows.store.concludeBatch({ id: BATCH, attempts: 2 }, result)).toBe(true)
      expect(await rows.store.findBatch(BATCH)).toMatchObject({ attempts: 2, providerReference: 'R' })
    })
  })

  it('whose sender has died is in doubt after a while, and one that was answered is not', async () => {
    const clock = new TestClock(database)
    const { rows } = await frozen()
    await rows.store.doubtAbandonedBatches(180)
    expect(await rows.store.findBatch(BATCH)).toMatchObject({ state: 'sending' })
    await clock.advance(seconds(181))
    await rows.store.doubtAbandonedBatches(180)
    expect(await rows.store.findBatch(BATCH)).toMatchObject({ state: 'in_doubt' })
    const late = { state: 'sent', providerReference: 'R', reasonCode: null } as const
    await rows.store.concludeBatch({ id: BATCH, attempts: 1 }, late)
    await rows.store.doubtAbandonedBatches(180)
    expect(await rows.store.findBatch(BATCH)).toMatchObject({ state: 'sent' })
  })

  it('cannot hold what waits', async () => {
    const { rows } = await frozen()
    const waiting = await ready(rows)
    await expect(
      database.query('update bank_withdrawal.withdrawals set batch_id = $1 where id = $2', [
        BATCH,
        waiting.id,
      ]),
    ).rejects.toThrow('what_waits_is_in_no_batch')
  })
})
