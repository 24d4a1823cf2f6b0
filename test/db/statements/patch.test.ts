import type { WithdrawalPatch } from '../../../src/domain/withdrawal'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { TestClock } from '../../helpers/test-clock'
import { change, createArranger, found, seconds } from '../rows'

const NOW = new Date('2026-01-05T09:00:00Z')

describe.each(DATABASE_KINDS)('a change of state on %s patches', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  const arranged = () => createArranger(database)
  const AT = new Date('2025-12-31T23:59:59.123Z')
  const values = {
    destination: 'sealed anew',
    payoutKey: 'BW-other',
    endToEndId: 'OTHER',
    providerReference: 'R-1',
    providerTransactionId: 'T-1',
    providerStatus: 'PAID',
    settledBurnId: 'T-1',
    reasonCode: 'confirming',
    contradiction: 'amount_mismatch',
    canceledBy: 'user',
    reviewedFindings: 'flagged',
    creditRefused: true,
    holdDoubtAt: AT,
    holdRepeated: true,
    heldAt: AT,
    payoutStartedAt: AT,
    payoutDoubtAt: AT,
    payoutRefusal: 'account_closed',
    payoutRetryAt: AT,
    takenAt: AT,
    payer: 'a-hash',
    batchSizeMax: 7,
    watchUntil: AT,
    returnedAmount: '4.25',
    creditDoubtAt: AT,
    returnApprovedAt: AT,
    // `batchId` needs a batch, `watchAt` an end: see batches.test.ts and watch.test.ts.
  } as const satisfies Required<Omit<WithdrawalPatch, 'batchId' | 'watchAt'>>
  const names = Object.keys(values) as (keyof typeof values)[]
  const times = names.filter((name) => values[name] instanceof Date)

  it('every column it may', async () => {
    const rows = arranged()
    const row = await rows.row()
    await rows.store.changeState(change(row, { patch: values }))
    expect(await found(rows.store, row.id)).toMatchObject(values)
  })

  it.each(names)('%s alone, and leaves the others as they are', async (name) => {
    const rows = arranged()
    const row = await rows.row()
    await rows.store.changeState(change(row, { patch: { [name]: values[name] } }))
    const after = await found(rows.store, row.id)
    const others = names.filter((other) => other !== name)
    expect(after[name]).toEqual(values[name])
    expect(others.map((other) => after[other])).toEqual(others.map((other) => row[other]))
  })

  it.each(times)('%s with the time of the database', async (name) => {
    const clock = new TestClock(database)
    const rows = arranged()
    const row = await rows.row()
    await clock.advance(seconds(3))
    const moved = await rows.store.changeState(change(row, { patch: { [name]: 'now' } }))
    expect(moved?.[name]).toEqual(new Date(NOW.getTime() + seconds(3)))
  })

  it('a column back to nothing', async () => {
    const rows = arranged()
    const row = await rows.row()
    const filled = await rows.store.changeState(change(row, { patch: values }))
    // Once a burn was asked for twice, that stays true; a payout has a name, and a place to go, at all times.
    const kept: readonly string[] = ['holdRepeated', 'destination', 'payoutKey', 'endToEndId']
    const clearable = names.filter((name) => !kept.includes(name))
    const nothing = {
      ...Object.fromEntries(clearable.map((name) => [name, null])),
      creditRefused: false,
    }
    if (filled)
      await rows.store.changeState(
        change(filled, { to: 'in_review', patch: nothing, next: { runInMs: null } }),
      )
    expect(await found(rows.store, row.id)).toMatchObject(nothing)
  })

  it('a text as it is, whatever it looks like', async () => {
    const rows = arranged()
    const row = await rows.row()
    const status = `x'; drop table bank_withdrawal.withdrawals; --`
    await rows.store.changeState(
      change(row, { event: `it's`, patch: { providerStatus: status }, detail: { status } }),
    )
    expect((await found(rows.store, row.id)).providerStatus).toBe(status)
    expect((await rows.store.readJournal(row.id)).at(-1)).toMatchObject({
      event: `it's`,
      detail: { status },
    })
  })
})
