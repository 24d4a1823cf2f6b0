import type { LookupOutcome } from '../../src/ports/payment-provider'
import { answerLost } from '../helpers/batch-bank'
import { createBatchWorld } from '../helpers/batch-world'
import { between } from '../helpers/between'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { World } from '../helpers/world'
import { fakeProvider } from './fake-provider'

const DAY_MS = 24 * 3_600_000

/**
 * Goal: a "no" moves no money by itself. To a repetition it says nothing about the first request; to a first request
 * it is what a look-up confirms, for a network may have delivered it twice.
 */
describe('a refusal', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  const refusing = { kind: 'declined', code: 'duplicate_business' } as const

  it('that is the answer to the second of two deliveries is not believed: the first one paid', async () => {
    const world = await World.create(database, {
      around: { provider: between({ submit: (call) => call().then(() => refusing) }) },
    })
    const { id } = await world.withdrawn(10)
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'processed' })
    expect(await world.bank.executions()).toHaveLength(1)
  })

  it('that a look-up confirms gives the balance back at once', async () => {
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: () => Promise.resolve({ kind: 'declined', code: 'account_closed', status: 'AC04' }),
          lookup: () => Promise.resolve({ kind: 'not_found', conclusive: true }),
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    expect(await world.row(id)).toMatchObject({
      ...{ state: 'canceled', reasonCode: 'account_closed', providerStatus: 'AC04', payoutRefusal: null },
    })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('waits for a provider that cannot say yet whether it has the payout', async () => {
    let isDown = true
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: () => Promise.resolve({ kind: 'declined', code: 'account_closed' }),
          lookup: (call) => (isDown ? Promise.reject(new Error('ECONNREFUSED')) : call()),
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.runToRest(3_600_000)
    expect(await world.row(id)).toMatchObject({ state: 'in_doubt', payoutRefusal: 'account_closed' })
    isDown = false
    await world.runToRest(3_600_000)
    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'account_closed' })
  })

  it('"not now" to a request that was delivered twice does not let it be canceled, nor sent a second time', async () => {
    let sends = 0
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: (call) => {
            sends++
            return call().then(() => ({ kind: 'deferred', why: 'insufficient_float', retryAfterMs: 60_000 }))
          },
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'processed' })
    expect(sends).toBe(1)
  })

  it('"not now" does not let one leave again that an operator canceled meanwhile, and had looked up', async () => {
    let isDown = true
    let sends = 0
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: (call) =>
            ++sends === 1
              ? Promise.resolve({ kind: 'deferred', why: 'insufficient_float', retryAfterMs: 60_000 })
              : call(),
          lookup: (call) => (isDown ? Promise.reject(new Error('ECONNREFUSED')) : call()),
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.runToRest(3_600_000)
    expect(await world.row(id)).toMatchObject({ state: 'in_doubt', payoutRefusal: 'insufficient_float' })

    await world.kit.wallet.updateBurn(id, { onhold: true })
    const notPaid = { reason: 'it was refused', to: 'releasing', evidence: 'the bank’s word' }
    await world.operate(`/admin/withdrawals/${id}/resolve`, notPaid).expect(200)
    await world.runToRest(60_000)
    expect((await world.row(id)).state).toBe('releasing')
    await world.operate(`/admin/withdrawals/${id}/hold`, { reason: 'the police called' }).expect(200)
    await world.kit.wallet.updateBurn(id, {})
    isDown = false
    const lookedUp = { reason: 'to be sure', to: 'in_doubt' }
    await world.operate(`/admin/withdrawals/${id}/resolve`, lookedUp).expect(200)
    await world.runToRest(3_600_000)

    expect(await world.bank.executions()).toEqual([])
    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'canceled_by_operator' })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('of a resend says nothing about the first request, at a provider without a look-up either', async () => {
    let sends = 0
    const world = await World.create(database, {
      provider: () =>
        fakeProvider({
          capabilities: { lookup: 'none', keyLifetimeMs: 30 * DAY_MS },
          submit: () => {
            if (++sends === 1) throw new Error('ECONNRESET')
            return refusing
          },
        }),
    })
    const { id } = await world.withdrawn(10)
    await world.runToRest(1.1 * DAY_MS)
    expect(await world.row(id)).toMatchObject({ state: 'in_doubt' })
    expect(await world.balance()).toEqual({ available: 9_990, locked: 10 })
    expect(await world.asked()).toEqual([['unresolved', id]])
  })

  it('of the only request is taken after the quiet time where nobody can be asked, unless it speaks of a repetition', async () => {
    let code = 'account_closed'
    const world = await World.create(database, {
      provider: () =>
        fakeProvider({
          capabilities: { lookup: 'none', keyLifetimeMs: 30 * DAY_MS },
          submit: () => ({ kind: 'declined', code }),
        }),
    })
    const { id } = await world.withdrawn(10)
    expect((await world.row(id)).state).toBe('in_doubt')
    await world.runToRest(DAY_MS)
    expect((await world.row(id)).state).toBe('canceled')

    code = 'duplicate_business'
    const other = await world.withdrawn(10)
    await world.runToRest(DAY_MS)
    expect((await world.row(other.id)).state).toBe('in_doubt')
    expect(await world.asked()).toEqual([['unresolved', other.id]])
  })
})

describe('a batch', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it('that was taken, and whose members are not found later, is a question: nobody is paid by another one', async () => {
    const made = await createBatchWorld(database, { lookup: 'by_reference', settlesAfterMs: 1_000_000 })
    const { world, bank } = made
    // It answers for the whole only: the members have no reference of their own.
    bank.fates.push((take) => {
      const { items: _items, ...whole } = take()
      return whole
    })
    await made.waiting('10', '11')
    await made.run()
    bank.lookupFate = () => ({ kind: 'not_found', conclusive: true })
    await world.runToRest(3_600_000)
    expect(bank.orders).toHaveLength(1)
    expect(await made.states()).toEqual({ 10: 'in_doubt', 11: 'in_doubt' })
    expect((await world.asked()).map(([kind]) => kind)).toEqual(['vanished', 'vanished'])

    bank.lookupFate = null
    await world.runToRest()
    expect(await made.states()).toEqual({ 10: 'processed', 11: 'processed' })
    expect([...bank.amounts].sort()).toEqual(['10', '11'])
  })

  it.each([
    ['naming one of them', true],
    ['naming nobody', false],
  ])(
    'that is sent again and refused, %s, leaves all in doubt: nobody joins another one',
    async (_what, names) => {
      const made = await createBatchWorld(database, { lookup: 'by_reference', validation: 'all_named' })
      const { world, bank } = made
      bank.fates.push(answerLost)
      await made.waiting('10', '11', '12')
      await made.run()
      // The account of one of them is closed meanwhile; this bank validates before it looks at the key.
      const closed = { kind: 'declined', code: 'account_closed' } as const
      bank.fates.push((_take, order) => ({
        ...({ kind: 'deferred', why: 'batch_refused' } as const),
        items: names ? { [String(order.items[1]?.key)]: closed } : {},
      }))
      await world.runToRest(3_600_000)
      expect(new Set(bank.orders.map(({ key }) => key)).size).toBe(1)
      expect(await made.states()).toEqual({ 10: 'processed', 11: 'processed', 12: 'processed' })
      expect([...bank.amounts].sort()).toEqual(['10', '11', '12'])
      expect(await world.balance()).toEqual({ available: 9_967, locked: 0 })
    },
  )

  it('that was refused as a whole, and is found all the same, is not dealt anew', async () => {
    const made = await createBatchWorld(database)
    const { world, bank } = made
    bank.fates.push((take) => {
      take()
      return { kind: 'deferred', why: 'batch_refused' }
    })
    await made.waiting('10', '11', '12')
    await made.run()
    expect(await made.batches()).toMatchObject([{ state: 'in_doubt' }])
    await world.runToRest()
    expect(bank.orders).toHaveLength(1)
    expect(await made.states()).toEqual({ 10: 'processed', 11: 'processed', 12: 'processed' })
  })

  it('asks once whether it is there when it was put off as a whole, however many are in it', async () => {
    const made = await createBatchWorld(database)
    made.bank.float = 5
    await made.waiting(...Array.from({ length: 20 }, (_, index) => String(10 + index)))
    await made.run()
    expect(made.bank.lookups).toHaveLength(1)
    expect(new Set(Object.values(await made.states()))).toEqual(new Set(['ready']))
  })
})

describe('a payout whose file never reached the bank', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  /** Two payouts with the bank, of which it says later that it never got them. */
  async function voided() {
    const made = await createBatchWorld(database, { settlesAfterMs: 30 * DAY_MS })
    await made.waiting('10', '11')
    await made.run()
    const before = await made.rows()
    const old = new Map<string, LookupOutcome>(
      before.map(({ payoutKey }) => [payoutKey, { kind: 'voided', status: 'VOIDED' }]),
    )
    made.bank.lookupFate = ({ key }, truth) => old.get(key) ?? truth()
    return { ...made, before, old }
  }

  it('leaves again under a new key and a new end-to-end id, and the old ones are remembered', async () => {
    const { world, bank, before, rows } = await voided()
    await world.runToRest(DAY_MS)
    const after = await rows()
    expect(after.map(({ state }) => state)).toEqual(['submitted', 'submitted'])
    expect(after.map(({ retiredPayouts }) => retiredPayouts)).toEqual([1, 1])
    const sentAgain = bank.orders.slice(1).flatMap(({ items }) => items)
    expect(sentAgain).toHaveLength(2)
    for (const [index, row] of after.entries()) {
      const was = before[index]
      expect(row.payoutKey).not.toBe(was?.payoutKey)
      expect(row.endToEndId).not.toBe(was?.endToEndId)
      expect(sentAgain.map(({ key, endToEndId }) => [key, endToEndId])).toContainEqual([
        row.payoutKey,
        row.endToEndId,
      ])
      expect(await world.engine.store.listRetiredPayouts(row.id)).toMatchObject([
        {
          ...{ payoutKey: was?.payoutKey, endToEndId: was?.endToEndId, why: 'voided' },
          ...{ orderKey: bank.orders[0]?.key, providerReference: was?.providerReference },
        },
      ])
    }
    expect(await world.asked()).toEqual([])
  })

  it('and is paid by the bank after all is a question, at the next look and at once when a hint names it', async () => {
    const { world, before, old } = await voided()
    await world.runToRest(DAY_MS)
    const [first, second] = before
    const paid = { kind: 'settled', reference: 'LATE', transactionId: 'T', amount: '10' } as const
    old.set(String(first?.payoutKey), paid)
    await world.clock.advance(2 * DAY_MS)
    await world.engine.watch.run()
    expect(await world.asked()).toEqual([['paid_under_retired_key', first?.id]])

    await world.clock.advance(60 * DAY_MS)
    await world.engine.watch.run()
    await world.engine.watch.run()
    old.set(String(second?.payoutKey), paid)
    const hint = { endToEndId: String(second?.endToEndId) }
    expect(await world.engine.store.wakeHinted('sandbox', [hint])).toBe(1)
    await world.engine.watch.run()
    const paidTwice = (await world.asked()).filter(([kind]) => kind === 'paid_under_retired_key')
    expect(paidTwice.map(([, id]) => id).sort()).toEqual(before.map(({ id }) => id).sort())
  })

  it('does not leave again when the bank has it by then', async () => {
    const { world, bank, before, old, rows } = await voided()
    // Everybody is due again; the next batch has not left.
    for (let looks = 0; looks < 20 && (await rows()).some(({ state }) => state !== 'ready'); looks++) {
      await world.clock.advance(600_000)
      await world.engine.runner.tick()
    }
    const [first] = before
    old.set(String(first?.payoutKey), { kind: 'accepted', reference: 'LATE' })
    await world.engine.batches.run()
    expect((await rows()).map(({ state }) => state)).toEqual(['in_review', 'submitted'])
    expect(bank.orders[1]?.items.map(({ amount }) => amount)).toEqual(['11'])
    expect(await world.asked()).toEqual([['paid_under_retired_key', first?.id]])
  })

  it('for a reason of our own account waits ever longer, says why, and is not paid anew in a quick loop', async () => {
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: () => Promise.resolve({ kind: 'unknown', why: 'no answer' }),
          lookup: () => Promise.resolve({ kind: 'voided', why: 'insufficient_float' }),
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    await world.runToRest(2 * 3_600_000)
    const journal = await world.engine.store.readJournal(id)
    const voided = journal.filter(({ event }) => event === 'payout.voided')
    expect(new Set(voided.map(({ reasonCode }) => reasonCode))).toEqual(new Set(['insufficient_float']))
    const waits = voided.flatMap(({ at, seq }) => {
      const again = journal.find((entry) => entry.seq === seq + 1)
      return again ? [again.at.getTime() - at.getTime()] : []
    })
    expect(waits.length).toBeGreaterThan(4)
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(11_250)
    expect(Math.max(...waits.slice(-2))).toBeGreaterThanOrEqual(11 * 60_000)
    expect(Math.max(...waits)).toBeLessThanOrEqual(19 * 60_000)
  })
})
