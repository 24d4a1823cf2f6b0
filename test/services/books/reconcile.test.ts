import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { books, DAY_MS, type Found } from './rig'

/**
 * Goal: no difference between the exchange's burns, our rows and the provider's payouts stays unseen, and none is seen
 * that is not there. Method: each is planted behind the engine's back.
 */
describe.each(DATABASE_KINDS)('the books, held against what others say, on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const only = (found: readonly Found[]) => {
    expect(found).toHaveLength(1)
    return found[0] as Found
  }
  const forget = (id: string) =>
    database.transaction((tx) =>
      tx.script(`
        set local session_replication_role = replica;
        delete from bank_withdrawal.journal where withdrawal_id = '${id}';
        delete from bank_withdrawal.withdrawals where id = '${id}'`),
    )
  const unbooked = (id: string) =>
    database.query('delete from bank_withdrawal.provider_documents where id = $1', [`payout/BW-${id}`])

  it('agree after what came and went as it should: paid, declined, sent back, canceled', async () => {
    const { world, reconciled, found } = await books(database)
    for (const amount of ['10', '11', '12.03', '13.08', '14.05']) await world.withdrawn(amount)
    const { id } = await world.withdrawn('15.04')
    await world.post({}, { path: `/${id}/cancel` }).expect(200)
    await world.runToRest(DAY_MS)
    const run = await reconciled()
    expect(run).toMatchObject({ state: 'complete', agrees: true, withdrawals: 6, problems: [] })
    expect(run.lists).toEqual(
      expect.arrayContaining([
        { list: 'burns', of: 'eur', count: 6, read_until: expect.any(String), whole: true },
        { list: 'payouts', of: 'sandbox', count: 5, read_until: expect.any(String), whole: true },
      ]),
    )
    expect(await found()).toEqual([])
  })

  it('show a burn without a row, and who paid for it', async () => {
    const { world, reconciled, found } = await books(database)
    const { id } = await world.withdrawn(10)
    await forget(id)
    expect(await reconciled()).toMatchObject({ agrees: false, differences: { burn_without_row: 1 } })
    expect((await found()).map((one) => [one.kind, one.withdrawal_id]).sort()).toEqual([
      ['burn_without_row', id],
      ['payout_without_row', `BW-${id}`],
    ])
    const burn = (await found()).find((one) => one.kind === 'burn_without_row')
    expect(burn?.detail).toMatchObject({
      burnState: 'settled',
      exchange: { amount: '10', currency: 'eur', userId: 1 },
      ours: null,
      provider: { sandbox: { kind: 'settled', amount: '10' } },
    })
  })

  it('show a row without a burn', async () => {
    const { world, reconciled, found } = await books(database)
    const { id } = await world.withdrawn(10)
    await database.query('delete from bank_withdrawal_sandbox.burns')
    await reconciled()
    expect(only(await found())).toMatchObject({
      ...{ kind: 'row_without_burn', withdrawal_id: id },
      detail: { ours: { state: 'processed', amount: '10' }, exchange: [] },
    })
  })

  it('show a burn that is not final though it was paid, and one that is though it was not', async () => {
    const { world, reconciled, found } = await books(database)
    const paid = await world.withdrawn(10)
    const declined = await world.withdrawn('10.03')
    await database.query('update bank_withdrawal_sandbox.burns set status = not status, rejected = false')
    await reconciled()
    const states = (await found()).map((one) => [one.kind, one.withdrawal_id, one.detail.burnState])
    expect(states.sort((a, b) => String(a[1]).localeCompare(String(b[1])))).toEqual([
      ['burn_state_differs', paid.id, 'pending'],
      ['burn_state_differs', declined.id, 'settled'],
    ])
  })

  it('show an amount that differs at the exchange', async () => {
    const { world, reconciled, found } = await books(database)
    const { id } = await world.withdrawn(10)
    await database.query('update bank_withdrawal_sandbox.burns set amount = 9')
    await reconciled()
    expect(only(await found())).toMatchObject({
      ...{ kind: 'amount_differs', withdrawal_id: id },
      detail: { at: 'exchange', amount: '9', ours: { amount: '10' }, exchange: [{ amount: '9' }] },
    })
  })

  it('show an amount that differs at the provider', async () => {
    const { world, reconciled, found } = await books(database)
    const { id } = await world.withdrawn(10)
    await database.query(
      `update bank_withdrawal.provider_documents set value = jsonb_set(value, '{amount}', '"9"') where id like 'payout/%'`,
    )
    await reconciled()
    expect(only(await found())).toMatchObject({
      ...{ kind: 'amount_differs', withdrawal_id: id },
      detail: { at: 'provider', amount: '9', ours: { payoutAmount: '10' }, provider: { amount: '9' } },
    })
  })

  it('show a payout without a row', async () => {
    const { world, reconciled, found } = await books(database)
    const { id } = await world.withdrawn(10)
    await forget(id)
    await database.query('delete from bank_withdrawal_sandbox.burns')
    await reconciled()
    expect(only(await found())).toMatchObject({
      ...{ kind: 'payout_without_row', withdrawal_id: `BW-${id}` },
      detail: { payoutProvider: 'sandbox', provider: { amount: '10', state: 'paid' }, ours: null },
    })
  })

  it('show a settled row whose payout the provider does not have', async () => {
    const { world, reconciled, found } = await books(database)
    const { id } = await world.withdrawn(10)
    await unbooked(id)
    await reconciled()
    expect(only(await found())).toMatchObject({
      ...{ kind: 'payout_missing', withdrawal_id: id },
      detail: { said: 'not_found', ours: { state: 'processed' } },
    })
  })

  it('show what is wrong with a withdrawal that has ended, though a watch is looking at it just then', async () => {
    const { world, reconciled, found } = await books(database)
    const { id } = await world.withdrawn(10)
    await unbooked(id)
    await world.database.query(
      `update bank_withdrawal.withdrawals
          set lease_owner = 'a watch', lease_until = bank_withdrawal.clock() + interval '1 day', watch_at = bank_withdrawal.clock()
        where id = $1`,
      [id],
    )
    await reconciled()
    expect(only(await found())).toMatchObject({ kind: 'payout_missing', withdrawal_id: id })
  })

  it('show a credit that was made twice', async () => {
    const { world, reconciled, found } = await books(database, { repeatedBurn: 'burns_again' })
    const { id } = await world.withdrawn('10.08')
    await world.clock.advance(2 * 3_600_000)
    await world.engine.watch.run()
    await world.runToRest(DAY_MS)
    expect((await world.row(id)).state).toBe('returned')
    const credit = { status: true, transactionId: `${id}-return`, description: '', email: false } as const
    await world.kit.toolsLib.wallet.mintAssetByKitId(1, 'eur', 10.08, credit)
    await reconciled()
    expect(only(await found())).toMatchObject({
      ...{ kind: 'credited_twice', withdrawal_id: id },
      detail: { credited: '20.16', credits: 2, ours: { returnedAmount: '10.08' } },
    })
  })

  it('ask once more for a credit that a list tells twice, and invent nothing', async () => {
    let isOdd = true
    const { world, reconciled, found } = await books(database, {
      around: {
        exchange: (exchange) => ({
          ...exchange,
          async listCredits(range) {
            const listed = await exchange.listCredits(range)
            if (listed.length === 0 || !isOdd) return listed
            isOdd = false
            return [...listed, ...listed]
          },
        }),
      },
    })
    const { id } = await world.withdrawn('10.08')
    await world.clock.advance(2 * 3_600_000)
    await world.engine.watch.run()
    await world.runToRest(DAY_MS)
    expect((await world.row(id)).state).toBe('returned')
    expect((await reconciled()).state).toBe('complete')
    expect(isOdd).toBe(false)
    expect(await found()).toEqual([])
  })

  it('show two payments for one withdrawal', async () => {
    const { world, reconciled, found } = await books(database)
    const { id } = await world.withdrawn(10)
    await database.query(
      `insert into bank_withdrawal.provider_documents (provider, id, value, version, updated_at)
       select provider, id || '-again', jsonb_set(value, '{reference}', '"SB-again"'), 1, updated_at
         from bank_withdrawal.provider_documents where id = $1`,
      [`payout/BW-${id}`],
    )
    await reconciled()
    expect(only(await found())).toMatchObject({
      ...{ kind: 'paid_twice', withdrawal_id: id },
      detail: { references: expect.arrayContaining(['SB-again', expect.stringMatching(/^SB-0/)]) },
    })
  })

  it('show two payments also for one that a person has brought where it is', async () => {
    const { world, reconciled, found } = await books(database)
    const { id } = await world.withdrawn(10)
    await database.query(
      `insert into bank_withdrawal.provider_documents (provider, id, value, version, updated_at)
       select provider, id || '-again', jsonb_set(value, '{reference}', '"SB-again"'), 1, updated_at
         from bank_withdrawal.provider_documents where id = $1`,
      [`payout/BW-${id}`],
    )
    await database.transaction((tx) =>
      tx.script(`
        set local session_replication_role = replica;
        update bank_withdrawal.journal set actor = 'operator:2'
         where withdrawal_id = '${id}' and to_state = 'processed'`),
    )
    await reconciled()
    expect(only(await found())).toMatchObject({ kind: 'paid_twice', withdrawal_id: id })
  })

  it('show a payment that was made under a key that was given up for another', async () => {
    const { world, reconciled, found } = await books(database)
    const { id } = await world.withdrawn(10)
    await database.query(
      `insert into bank_withdrawal.provider_documents (provider, id, value, version, updated_at)
       select provider, 'payout/BW-old-key-01', value || '{"key": "BW-old-key-01", "reference": "SB-old"}', 1, updated_at
         from bank_withdrawal.provider_documents where id = $1`,
      [`payout/BW-${id}`],
    )
    await database.query(
      `insert into bank_withdrawal.retired_payouts
         (payout_key, withdrawal_id, provider, end_to_end_id, order_key, why, retired_at, watch_until)
       select 'BW-old-key-01', id, provider, 'OLD', 'BW-old-key-01', 'voided', created_at, created_at
         from bank_withdrawal.withdrawals where id = $1`,
      [id],
    )
    await reconciled()
    expect(only(await found())).toMatchObject({ kind: 'paid_under_retired_key', withdrawal_id: id })
  })

  it('ask once about one fact, and never again once a person has answered it', async () => {
    const { world, reconciled, found } = await books(database)
    const { id } = await world.withdrawn(10)
    await unbooked(id)
    await reconciled()
    await reconciled()
    const { id: number } = only(await found())
    await world.operate(`/admin/differences/${number}/resolve`, { reason: 'paid by hand' }).expect(200)
    await reconciled()
    expect(await found()).toEqual([])
  })

  it('leave alone what is moving still, and what was never ours', async () => {
    const { world, reconciled, found, store } = await books(database)
    const { toolsLib } = world.kit
    const other = { status: false, transactionId: 'p2p-77', description: 'P2P', email: false } as const
    await toolsLib.wallet.burnAssetByKitId(1, 'eur', 5, other)
    const { id } = await world.withdrawn(10)
    await world.clock.advance(60_000)
    await unbooked(id)
    const run = await world.operate('/admin/reconciliation', { reason: 'at once' }).expect(202)
    await world.app.reconciliation().work()
    expect((await world.see(`/admin/reconciliation/${String(run.body.id)}`)).body).toMatchObject({
      ...{ state: 'complete', agrees: true, withdrawals: 0 },
    })
    expect(await store.listDifferences({ isOpen: true, limit: 9 })).toEqual([])
    await reconciled()
    expect(only(await found())).toMatchObject({ kind: 'payout_missing' })
  })

  it('say of a provider that cannot list that nobody was asked, and never that all agrees', async () => {
    const { world, reconciled, found } = await books(database, {
      around: {
        provider: (provider) => {
          const { listPayouts: _none, ...rest } = provider
          return rest
        },
      },
    })
    await world.withdrawn(10)
    expect(await reconciled()).toMatchObject({ state: 'complete', agrees: false, not_listed: ['sandbox'] })
    expect(await found()).toEqual([])
  })
})
