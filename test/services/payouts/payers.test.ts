import type { StoredWithdrawal } from '../../../src/db/store'
import type { PaymentProvider } from '../../../src/ports/payment-provider'
import {
  answerLost,
  BatchBank,
  type BatchBankOptions,
  type Fate,
  lostOnTheWay,
} from '../../helpers/batch-bank'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { World } from '../../helpers/world'

const HOUR_MS = 3_600_000
const SOME_QUERY = {
  ...{ key: 'BW-1', orderKey: 'BW-1', endToEndId: 'E1', reference: null, orderReference: null },
  ...{ currency: 'eur', amount: '10' },
}
const EVIDENCE = { reason: 'asked', evidence: 'statement of the account, page 3' }

/**
 * Goal: what was sent through one account is neither looked for nor sent through another one, which would prove that it
 * never had it. Method: two accounts at one bank; whoever starts the program says which of them pays.
 */
describe('a payout that was sent through an account', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  /** `names`: null for a provider that tells no account from another. */
  async function twoAccounts(
    fates: readonly Fate[],
    { names = 'numbers', ...options }: BatchBankOptions & { names?: 'numbers' | null; mode?: string } = {},
  ) {
    const { mode = 'immediate', ...bank } = options
    const clock = () => world.clock
    const [first, second] = [new BatchBank(clock, bank), new BatchBank(clock, bank)]
    const stops: BatchBank[] = []
    const through = (account: BatchBank) => (): PaymentProvider => ({
      ...account.provider(),
      cancel: () => Promise.resolve((stops.push(account), 'too_late')),
      ...(names !== null && { payer: () => (account === first ? 'DE-1' : 'DE-2') }),
    })
    const world: World = await World.create(database, {
      config: { mode },
      around: { provider: through(first) },
    })
    first.fates.push(...fates)
    /** A restart, with another account in the environment. */
    const setTo = (account: BatchBank) => world.start({ provider: through(account) })
    return { world, first, second, setTo, stops }
  }

  const kept = (row: StoredWithdrawal) => ({ state: row.state, reasonCode: row.reasonCode })
  const openQuestions = async (world: World, id: string) =>
    (await world.asked()).flatMap(([asked, about]) => (about === id ? [asked] : []))

  it('that took it, and whose answer was lost, is not asked for or sent through another one', async () => {
    const { world, first, second, setTo } = await twoAccounts([answerLost])
    const { id } = await world.withdrawn(10)
    await setTo(second)
    await world.runToRest(26 * HOUR_MS)

    expect({ orders: second.orders, lookups: second.lookups, paid: first.amounts }).toEqual({
      ...{ orders: [], lookups: [], paid: ['10'] },
    })
    expect(kept(await world.row(id))).toEqual({ state: 'in_doubt', reasonCode: 'unresolved' })
    expect(await openQuestions(world, id)).toEqual(['payer_changed'])
    expect(await world.balance()).toEqual({ available: 9_990, locked: 10 })

    await setTo(first)
    await world.runToRest(26 * HOUR_MS)
    expect((await world.row(id)).state).toBe('processed')
    await world.engine.watch.run()
    expect(await openQuestions(world, id)).toEqual([])
    expect([...first.amounts, ...second.amounts]).toEqual(['10'])
  })

  it('and is on its way there is not called vanished, nor sent again, through another one', async () => {
    const { world, second, first, setTo, stops } = await twoAccounts([], { settlesAfterMs: 2 * HOUR_MS })
    const { id } = await world.withdrawn(10)
    expect((await world.row(id)).state).toBe('submitted')
    await setTo(second)
    await world.runToRest(26 * HOUR_MS)

    expect([second.orders, second.lookups]).toEqual([[], []])
    expect(kept(await world.row(id))).toEqual({ state: 'submitted', reasonCode: null })
    expect(await openQuestions(world, id)).toEqual(['payer_changed'])
    const stop = () => world.operate(`/admin/withdrawals/${id}/stop`, { reason: 'wrong payee' })
    await stop().expect(409)
    expect(stops).toEqual([])

    await setTo(first)
    await stop().expect(200)
    expect(stops).toEqual([first])
    await world.runToRest(26 * HOUR_MS)
    expect((await world.row(id)).state).toBe('processed')
    await world.engine.watch.run()
    expect(await openQuestions(world, id)).toEqual([])
  })

  it('is no question any more once that account is set again, though it goes on waiting for the bank', async () => {
    const { world, second, first, setTo } = await twoAccounts([], { settlesAfterMs: 50 * HOUR_MS })
    const { id } = await world.withdrawn(10)
    await setTo(second)
    await world.runToRest(HOUR_MS)
    expect(kept(await world.row(id))).toEqual({ state: 'submitted', reasonCode: null })
    await world.engine.watch.run()
    expect(await openQuestions(world, id)).toEqual(['payer_changed'])
    await setTo(first)
    await world.engine.watch.run()
    expect(await openQuestions(world, id)).toEqual([])
    await world.runToRest(2 * HOUR_MS)
    expect(kept(await world.row(id))).toEqual({ state: 'submitted', reasonCode: null })
    expect(await openQuestions(world, id)).toEqual([])
  })

  it('that tells nothing apart from "not found" leaves again only through the account that said so', async () => {
    const { world, first, second, setTo } = await twoAccounts([lostOnTheWay], { lookup: 'none' })
    const { id } = await world.withdrawn(10)
    await setTo(second)
    await world.runToRest(26 * HOUR_MS)
    expect(second.orders).toEqual([])

    await setTo(first)
    await world.runToRest(26 * HOUR_MS)
    expect((await world.row(id)).state).toBe('processed')
    expect([first.amounts, second.amounts]).toEqual([['10'], []])
  })

  it('and proved that it has nothing of it may leave through the next one', async () => {
    const { world, first, second, setTo } = await twoAccounts([])
    first.float = 0
    const { id } = await world.withdrawn(10)
    await world.runToRest(60_000)
    expect(kept(await world.row(id))).toEqual({ state: 'ready', reasonCode: 'insufficient_float' })
    await setTo(second)
    await world.runToRest(2 * HOUR_MS)
    expect((await world.row(id)).state).toBe('processed')
    expect([first.amounts, second.amounts]).toEqual([[], ['10']])
  })

  it('that is in doubt and waits to be sent again waits for that account', async () => {
    const { world, first, second, setTo } = await twoAccounts([answerLost], { lookup: 'none' })
    const { id } = await world.withdrawn(10)
    // As it is left where the process dies between the doubt and the sending that is to end it.
    await database.query(
      `update bank_withdrawal.withdrawals set state = 'ready', next_run_at = bank_withdrawal.clock() where id = $1`,
      [id],
    )
    await setTo(second)
    await world.runToRest(HOUR_MS)
    expect(second.orders).toEqual([])
    expect(kept(await world.row(id))).toEqual({ state: 'ready', reasonCode: 'unresolved' })
    await setTo(first)
    await world.runToRest(2 * HOUR_MS)
    expect((await world.row(id)).state).toBe('processed')
  })

  it('is settled by a person’s proof, and not sent anew, while another one is set', async () => {
    const { world, second, setTo } = await twoAccounts([answerLost])
    const { id } = await world.withdrawn(10)
    await setTo(second)
    await world.runToRest(26 * HOUR_MS)

    const path = `/admin/withdrawals/${id}`
    const { body } = (await world.operate(`${path}/send-again`, EVIDENCE).expect(409)) as {
      body: { error: { code: string } }
    }
    expect(JSON.stringify(body)).toContain('action_not_possible')
    await world
      .operate(`${path}/resolve`, { ...EVIDENCE, to: 'settling', transaction_id: 'TX-OF-THE-STATEMENT' })
      .expect(200)
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({
      state: 'processed',
      providerTransactionId: 'TX-OF-THE-STATEMENT',
    })
    expect([second.orders, second.lookups]).toEqual([[], []])
    await world.engine.watch.run()
    expect(await openQuestions(world, id)).toEqual([])
  })

  it('and was given up for another there is not looked for elsewhere before that one leaves', async () => {
    const { world, first, second, setTo } = await twoAccounts([lostOnTheWay])
    const { id } = await world.withdrawn(10)
    await world.clock.advance(HOUR_MS)
    await world.operate(`/admin/withdrawals/${id}/hold`, { reason: 'let me see' }).expect(200)
    await world.operate(`/admin/withdrawals/${id}/send-again`, EVIDENCE).expect(200)
    await setTo(second)
    await world.runToRest(HOUR_MS)
    expect([second.orders, second.lookups]).toEqual([[], []])
    expect(await openQuestions(world, id)).toEqual(['payer_changed'])

    await setTo(first)
    await world.engine.watch.run()
    expect(await openQuestions(world, id)).toEqual([])
    await world.runToRest(2 * HOUR_MS)
    expect((await world.row(id)).state).toBe('processed')
    expect(await openQuestions(world, id)).toEqual([])
  })

  it.each(['by_reference', 'by_key', 'none'] as const)(
    'in a batch (%s) is neither asked for nor sent again through another one',
    async (lookup) => {
      const { world, first, second, setTo } = await twoAccounts([answerLost], { mode: 'batch', lookup })
      await world.withdrawn(10)
      await world.withdrawn(11)
      await world.engine.batches.run()
      await setTo(second)
      await world.runToRest(26 * HOUR_MS)
      expect([second.orders, second.lookups]).toEqual([[], []])
      expect((await world.asked()).map(([asked]) => asked)).toEqual(['payer_changed', 'payer_changed'])

      await setTo(first)
      await world.runToRest(26 * HOUR_MS)
      expect((await world.rows()).map(({ state }) => state)).toEqual(['processed', 'processed'])
      expect([[...first.amounts].sort(), second.amounts]).toEqual([['10', '11'], []])
      await world.engine.watch.run()
      expect(await world.asked()).toEqual([])
    },
  )

  it('after it was paid is not called missing by what another account says', async () => {
    const { world, first, second, setTo } = await twoAccounts([])
    const { id } = await world.withdrawn(10)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('processed')
    const looks = first.lookups.length
    await setTo(second)
    const { providerCalls, providerNamed } = world.engine.stepDeps
    const provider = providerNamed('sandbox')
    if (!provider) throw new Error('There is no provider.')
    const { payer, payoutKey: key, endToEndId, currency, payoutAmount: amount } = await world.row(id)
    const query = { key, orderKey: key, endToEndId, reference: null, orderReference: null, currency, amount }
    for (const ask of [providerCalls.lookup, providerCalls.lookupByItself, providerCalls.lookupAnyway])
      expect(await ask(provider, { ...query, payer })).toMatchObject({ kind: 'unknown' })
    expect(await providerCalls.cancel(provider, { ...query, payer })).toBe('unknown')
    expect([first.lookups.length, second.lookups]).toEqual([looks, []])
  })

  it.each<[string, () => unknown]>([
    [
      'fails at it',
      () => {
        throw new Error('not opened yet')
      },
    ],
    ['answers later', () => Promise.resolve('DE-1')],
    ['answers with a number', () => 7],
  ])('does not leave through a provider that names its account and %s', async (_what, odd) => {
    const { world, first, setTo } = await twoAccounts([])
    const payer = odd as NonNullable<PaymentProvider['payer']>
    await world.start({ provider: () => ({ ...first.provider(), payer }) })
    const { id } = await world.withdrawn(10)
    expect([(await world.row(id)).state, first.orders]).toEqual(['ready', []])
    const { providerCalls, providerNamed } = world.engine.stepDeps
    const query = { ...SOME_QUERY, payer: 'kept-before' }
    const provider = providerNamed('sandbox')
    expect(provider && (await providerCalls.lookup(provider, query))).toMatchObject({ kind: 'unknown' })
    expect(first.lookups).toEqual([])
    await setTo(first)
    await world.runToRest(HOUR_MS)
    expect([(await world.row(id)).state, first.amounts]).toEqual(['processed', ['10']])
  })

  it('is known by no number of that account in the books', async () => {
    const { world } = await twoAccounts([])
    const { id } = await world.withdrawn(10)
    const { payer } = await world.row(id)
    expect(payer).toMatch(/^[0-9a-f]{32}$/)
    expect(JSON.stringify(await world.journal(id))).not.toContain('DE-1')
  })

  it('is looked up as ever where the provider names none, or where it was sent before that was kept', async () => {
    const { world, first, second, setTo } = await twoAccounts([answerLost], { names: null })
    const { id } = await world.withdrawn(10)
    expect((await world.row(id)).payer).toBeNull()
    await setTo(second)
    await world.runToRest(HOUR_MS)
    expect(second.lookups.length).toBeGreaterThan(0)
    expect(first.lookups).toEqual([])
  })
})
