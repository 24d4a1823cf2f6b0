import type { State } from '../../../src/domain/states'
import { isFinal, STATES } from '../../../src/domain/states'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { createArranger } from '../rows'

/** Goal: what a provider says late is looked at, wherever the withdrawal stands, and under whichever name. */
describe.each(DATABASE_KINDS)('a hint on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())
  beforeEach(() => database.reset())

  const LEASE = { owner: 'watch', seconds: 90 }
  const rests: readonly State[] = STATES.filter((state) => isFinal(state))

  it.each(rests)('at a withdrawal that is %s, and watched no more, has it looked at', async (state) => {
    const rows = createArranger(database)
    const row = await rows.row({
      ...{ state, held_at: '2026-01-05T08:00:00Z', watch_at: null },
      ...{ next_run_at: null, lease_owner: null, lease_until: null },
    })
    expect(await rows.store.wakeHinted('sandbox', [{ key: row.payoutKey }])).toBe(1)
    expect(await rows.store.claimWatched(LEASE, 10)).toMatchObject([{ id: row.id, state }])
  })

  it.each([[3_600_000], [null]])(
    'that comes while what has ended is being looked at has it looked at once more, and not in %s ms',
    async (inMs) => {
      const rows = createArranger(database)
      const row = await rows.row({
        ...{ state: 'processed', held_at: '2026-01-05T08:00:00Z', watch_at: '2026-01-05T08:00:00Z' },
        ...{ next_run_at: null, lease_owner: null, lease_until: null },
      })
      const { id, version } = row
      const look = async (comes: () => Promise<unknown>) => {
        const claimed = await rows.store.claimWatched(LEASE, 10)
        await comes()
        await rows.store.watchAgain({ id, version, leaseOwner: LEASE.owner }, inMs)
        return claimed.length
      }
      const nothing = () => Promise.resolve()
      expect(await look(() => rows.store.wakeHinted('sandbox', [{ key: row.payoutKey }]))).toBe(1)
      expect(await look(nothing)).toBe(1)
      expect(await look(nothing)).toBe(0)
    },
  )

  it('that names a payout under its retired key has both looked at, of its provider alone', async () => {
    const rows = createArranger(database)
    const row = await rows.row({ state: 'in_doubt', held_at: '2026-01-05T08:00:00Z' })
    const moved = await rows.store.changeState({
      ...{ id: row.id, from: 'in_doubt', to: 'ready', version: row.version, leaseOwner: 'worker-1' },
      ...{ event: 'payout.voided', actor: 'worker', detail: {}, next: { runInMs: 900_000 } },
      patch: { payoutKey: 'BW-new', endToEndId: 'NEW' },
      retires: { why: 'voided', watchForMs: 1_000 },
    })
    expect(moved).toMatchObject({ payoutKey: 'BW-new', endToEndId: 'NEW', retiredPayouts: 1 })
    const old = { payoutKey: row.payoutKey, endToEndId: row.endToEndId, withdrawalId: row.id }
    expect(await rows.store.listRetiredPayouts(row.id)).toMatchObject([old])

    const hints = [{ endToEndId: row.endToEndId }]
    expect(await rows.store.wakeHinted('other', hints)).toBe(0)
    expect(await rows.store.claimRetired(LEASE, 10)).toEqual([])
    expect(await rows.store.wakeHinted('sandbox', hints)).toBe(1)
    expect(await rows.store.claimRetired(LEASE, 10)).toMatchObject([old])
    // While it is being looked at: what was heard may be older.
    expect(await rows.store.wakeHinted('sandbox', hints)).toBe(1)
    await rows.store.watchRetiredAgain(row.payoutKey, null)
    expect(await rows.store.claimRetired(LEASE, 10)).toMatchObject([old])
    await rows.store.watchRetiredAgain(row.payoutKey, null)
    expect(await rows.store.wakeHinted('other', hints)).toBe(0)
    expect(await rows.store.claimRetired(LEASE, 10)).toEqual([])
    expect(await rows.store.claimOne(LEASE, row.id)).toMatchObject({ id: row.id })
  })

  it('finds what was retired, because nobody can delete it', async () => {
    const forgetting = database.query('delete from bank_withdrawal.retired_payouts')
    await expect(forgetting).rejects.toThrow('not forgotten')
  })
})
