import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { TestClock } from '../../helpers/test-clock'
import { columnsOf, createArranger, draft, found, LEASE, seconds } from '../rows'

describe.each(DATABASE_KINDS)('a new withdrawal on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  const arranged = () => createArranger(database)
  const journalRows = () => database.query('select * from bank_withdrawal.journal')

  it('is stored as it was asked for, leased, with the lock already in question', async () => {
    const { store } = arranged()
    const at = new Date('2026-01-05T09:00:00Z')

    const stored = await store.insertWithdrawal(draft(1), LEASE)

    expect(stored).toEqual({
      ...draft(1),
      ...{ state: 'requested', version: 1, attempts: 1, reasonCode: null },
      ...{ contradiction: null, canceledBy: null, reviewedFindings: null, creditRefused: false },
      ...{ reviewCauses: null, coolsUntil: null },
      ...{ retiredPayouts: 0, payoutRefusal: null, payoutRetryAt: null, takenAt: null, orderTaken: false },
      orderedBefore: false,
      strayUntil: null,
      ...{
        batchId: null,
        batchSizeMax: null,
        ...{ watchAt: null, watchUntil: null, watchLooks: 0, returnedAmount: null },
        ...{ creditDoubtAt: null, returnApprovedAt: null },
        orderReference: null,
        providerReference: null,
        providerTransactionId: null,
        providerStatus: null,
        settledBurnId: null,
      },
      ...{ holdDoubtAt: at, holdRepeated: false, heldAt: null, payoutStartedAt: null, payoutDoubtAt: null },
      payer: null,
      ...{ nextRunAt: new Date(at.getTime() + seconds(90)), stateSince: at, createdAt: at, updatedAt: at },
      ...{ readAt: at, leased: true, createdAtExact: '2026-01-05T09:00:00.000000Z' },
    })
    expect(await store.findWithdrawal(draft(1).id)).toEqual(stored)
  })

  it('has its first journal entry from the same commit', async () => {
    const { store } = arranged()
    await store.insertWithdrawal(draft(1), LEASE)
    expect(await store.readJournal(draft(1).id)).toEqual([
      {
        withdrawalId: draft(1).id,
        ...{ seq: 1, at: new Date('2026-01-05T09:00:00Z'), event: 'withdrawal.requested' },
        ...{ from: null, to: 'requested', actor: 'user', reasonCode: null, detail: {} },
      },
    ])
  })

  it.each([
    ['0.000000000000000001', '0.000000000000000001'],
    ['999999999999999', '999999999999999'],
    ['10.50', '10.50'],
    ['12345678901234567890.123456789', '12345678901234567890.123456789'],
  ])('keeps the amount %s to the last digit', async (amount, kept) => {
    const { store } = arranged()
    const stored = await store.insertWithdrawal(draft(1, { amount, payoutAmount: amount, fee: '0' }), LEASE)
    expect(stored).toMatchObject({ amount: kept, payoutAmount: kept, fee: '0' })
  })

  it('keeps the largest user id that JavaScript can count', async () => {
    const { store } = arranged()
    const stored = await store.insertWithdrawal(draft(1, { userId: Number.MAX_SAFE_INTEGER }), LEASE)
    expect(stored?.userId).toBe(Number.MAX_SAFE_INTEGER)
  })

  it('is refused, and leaves no trace, when its user has used the idempotency key', async () => {
    const { store } = arranged()
    await store.insertWithdrawal(draft(1, { idempotencyKey: 'key' }), LEASE)
    const before = await columnsOf(database, draft(1).id)

    expect(await store.insertWithdrawal(draft(2, { idempotencyKey: 'key', amount: '99' }), LEASE)).toBeNull()

    expect(await store.findWithdrawal(draft(2).id)).toBeNull()
    expect(await journalRows()).toHaveLength(1)
    expect(await columnsOf(database, draft(1).id)).toEqual(before)
  })

  it('may share its idempotency key with another user’s', async () => {
    const { store } = arranged()
    const [a, b] = [draft(1, { idempotencyKey: 'key' }), draft(2, { idempotencyKey: 'key', userId: 2 })]
    expect(await store.insertWithdrawal(a, LEASE)).not.toBeNull()
    expect(await store.insertWithdrawal(b, LEASE)).not.toBeNull()
    expect(await store.findByIdempotencyKey(1, 'key')).toMatchObject({ id: a.id })
    expect(await store.findByIdempotencyKey(2, 'key')).toMatchObject({ id: b.id })
    expect(await store.findByIdempotencyKey(3, 'key')).toBeNull()
    expect(await store.findByIdempotencyKey(1, 'Key')).toBeNull()
  })

  it('without a key never collides with another one without', async () => {
    const { store } = arranged()
    for (const number of [1, 2, 3]) expect(await store.insertWithdrawal(draft(number), LEASE)).not.toBeNull()
  })

  it('is stored once when ten requests with one key arrive together', async () => {
    const { store } = arranged()
    const tries = Array.from({ length: 10 }, (_, number) =>
      store.insertWithdrawal(draft(number, { idempotencyKey: 'key' }), LEASE),
    )
    const stored = (await Promise.all(tries)).filter((row) => row !== null)
    expect(stored).toHaveLength(1)
    expect(await journalRows()).toHaveLength(1)
    expect(await store.findByIdempotencyKey(1, 'key')).toMatchObject({ id: stored[0]?.id })
  })

  it('is refused loudly when its id or its payout key is taken', async () => {
    const { store } = arranged()
    await store.insertWithdrawal(draft(1), LEASE)
    await expect(store.insertWithdrawal(draft(1), LEASE)).rejects.toMatchObject({ code: '23505' })
    const twin = draft(2, { payoutKey: draft(1).payoutKey })
    await expect(store.insertWithdrawal(twin, LEASE)).rejects.toMatchObject({ code: '23505' })
    expect(await journalRows()).toHaveLength(1)
  })

  it('is not found under any other id, and a hostile id is only an id', async () => {
    const { store } = arranged()
    await store.insertWithdrawal(draft(1), LEASE)
    for (const id of ['', draft(1).id.toUpperCase(), `${draft(1).id}' or '1'='1`, '%'])
      expect(await store.findWithdrawal(id)).toBeNull()
  })

  it('is due again when the lease of its process ends', async () => {
    const clock = new TestClock(database)
    const { store } = arranged()
    await store.insertWithdrawal(draft(1), LEASE)
    await clock.advance(seconds(90) - 1)
    expect(await store.claimDue({ owner: 'worker-2', seconds: 90 }, 10)).toEqual([])
    await clock.advance(1)
    expect(await found(store, draft(1).id)).toMatchObject({ leased: false })
    expect(await store.claimDue({ owner: 'worker-2', seconds: 90 }, 10)).toMatchObject([
      { id: draft(1).id, attempts: 2 },
    ])
  })
})
