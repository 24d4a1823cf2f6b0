import { createStore } from '../../../src/db/store'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { draft, LEASE } from '../rows'

/** Goal: once the stop has been acknowledged no intent to pay, to credit or to accept is stored, in whatever order. */
const STOP = { isStopped: true, message: 'Come back later.', reason: 'r', actor: 'operator:2', version: 0 }

describe.each(DATABASE_KINDS)('the stop of everything on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())
  beforeEach(() => database.reset())

  /** A withdrawal that is about to be sent. */
  async function ready() {
    const store = createStore(database)
    const row = await store.insertWithdrawal(draft(1), LEASE)
    if (!row) throw new Error('It was not stored.')
    const { id, version } = row
    const next = { keepLeaseSeconds: 60 }
    const made = { id, leaseOwner: LEASE.owner, event: 'a.b', actor: 'worker', detail: {}, next }
    const moved = await store.changeState({
      ...{ ...made, from: 'requested', to: 'ready', version, patch: { heldAt: 'now' } },
    })
    if (!moved) throw new Error('It did not move.')
    const start = { ...made, from: 'ready', to: 'submitting', version: moved.version, patch: {} } as const
    return { store, start, row: moved }
  }

  it('lets nothing start, and all else be written down', async () => {
    const { store, start } = await ready()
    await store.setStopped(STOP)
    expect(await store.changeState({ ...start, leaves: true })).toBeNull()
    expect(await store.changeState({ ...start, to: 'releasing' })).toMatchObject({ state: 'releasing' })
  })

  it('lets what leaves wait and the rest of the same statement through', async () => {
    const { store, start } = await ready()
    const other = await store.insertWithdrawal(draft(2), LEASE)
    await store.setStopped(STOP)
    const change = {
      ...start,
      id: draft(2).id,
      from: 'requested',
      to: 'canceled',
      version: other?.version ?? 0,
    }
    const moved = await store.changeStates([
      { ...start, leaves: true },
      { ...change, from: 'requested', to: 'canceled', next: { runInMs: null } },
    ])
    expect(moved).toEqual([draft(2).id])
    expect(await store.findWithdrawal(draft(2).id)).toMatchObject({ state: 'canceled' })
  })

  it('lets nothing be accepted', async () => {
    const { store } = await ready()
    await store.setStopped(STOP)
    await expect(store.insertWithdrawal(draft(2), LEASE)).rejects.toMatchObject({ code: 'BW001' })
    await expect(store.insertAdopted(draft(3), null)).rejects.toMatchObject({ code: 'BW001' })
    expect(await database.query('select from bank_withdrawal.withdrawals')).toHaveLength(1)
  })

  it('says how many were being sent when it came', async () => {
    const { store, start } = await ready()
    await store.changeState({ ...start, leaves: true })
    expect(await store.setStopped(STOP)).toMatchObject({ isStopped: true, underWay: 1 })
  })

  it('is one decision for two who made it on the same picture', async () => {
    const { store } = await ready()
    const both = await Promise.all([store.setStopped(STOP), store.setStopped(STOP)])
    expect(both.filter((decided) => decided !== null)).toHaveLength(1)
    expect(await store.listOperatorActions({ subject: 'everything', limit: 5 })).toHaveLength(1)
  })

  it('ends with the word to go on', async () => {
    const { store, start } = await ready()
    await store.setStopped(STOP)
    expect(await store.whatStops('sandbox')).toBe('stop')
    await store.setStopped({ ...STOP, isStopped: false, version: 1 })
    expect(await store.whatStops('sandbox')).toBeNull()
    expect(await store.changeState({ ...start, leaves: true })).toMatchObject({ state: 'submitting' })
  })
})

describe('the stop on a server', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it('is seen by a payout that asked while the stop was being written, and waits for one that was told yes', async () => {
    await database.reset()
    const store = createStore(database)
    const told: string[] = []
    let stopping: Promise<unknown> = Promise.resolve()
    await database.transaction(async (tx) => {
      expect(await tx.query('select bank_withdrawal.may_leave() as yes')).toEqual([{ yes: true }])
      stopping = store.setStopped(STOP).then(() => told.push('stopped'))
      // It waits in line, and who asks now waits behind it.
      await waits(1)
      const asking = database.query('select bank_withdrawal.may_leave() as yes')
      const asked = asking.then(([answer]) => told.push(JSON.stringify(answer)))
      await waits(2)
      told.push('the first commits')
      stopping = Promise.all([stopping, asked])
    })
    await stopping
    expect(told[0]).toBe('the first commits')
    expect(told).toEqual(expect.arrayContaining(['stopped', '{"yes":false}']))
  })

  /** Until so many wait for a lock, as the server says. */
  async function waits(count: number): Promise<void> {
    for (;;) {
      const waiting = await database.query(
        `select from pg_locks where locktype = 'advisory' and classid = 480722 and not granted`,
      )
      if (waiting.length >= count) return
    }
  }
})
