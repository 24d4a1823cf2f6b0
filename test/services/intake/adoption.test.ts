import { randomUUID } from 'node:crypto'

import { createStore } from '../../../src/db/store'
import type { FeeMode, NetworkFees } from '../../../src/domain/fee'
import { emptyPolicy } from '../../../src/domain/policy'
import type { StandingRules } from '../../../src/domain/standing'
import { createKitExchange } from '../../../src/kit/exchange'
import type { Exchange } from '../../../src/ports/exchange'
import { sandboxProvider } from '../../../src/providers/sandbox'
import { createAdoption } from '../../../src/services/intake/adoption'
import { createVault } from '../../../src/services/vault'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { recordingLogger } from '../../helpers/loggers'
import { IBAN, World } from '../../helpers/world'

const STORED = 'a1b2c3d4e5f60718'
const UNVERIFIED = 'b1b2c3d4e5f60719'
/** What the kit writes: every field of the account but its id and status. */
const DESCRIPTION = `withdrawal to type: bank - bank_name: Musterbank - iban: ${IBAN} - swift: COBADEFFXXX`

describe('A withdrawal made with the exchange’s own form', () => {
  let database: TestDatabase
  let world: World
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  beforeEach(async () => {
    world = await World.create(database)
  })
  afterAll(() => database.close())

  /** As the kit's `POST /fiat/withdrawal` burns. */
  async function asked(changes: Record<string, unknown> = {}, userId = 1, amount = 10, currency = 'eur') {
    const opts = { transactionId: randomUUID(), status: false, address: STORED, description: DESCRIPTION }
    const { transaction_id } = await world.kit.wallet.burn(userId, currency, amount, { ...opts, ...changes })
    return transaction_id
  }
  const logger = recordingLogger()
  function adoption(
    feeMode: FeeMode = 'on_top',
    around = (exchange: Exchange) => exchange,
    networkFees: NetworkFees = 'charged',
    standing: StandingRules = { blocked: 'review', flagged: 'review', unverified: 'review' },
  ) {
    const { clock } = world
    const options = { timeoutMs: 10_000, uniqueTransactionIds: true, mails: false }
    const exchange = createKitExchange({ toolsLib: world.kit.toolsLib, clock, logger, ...options })
    return createAdoption({
      store: createStore(database),
      exchange: around(exchange),
      providers: [sandboxProvider()],
      vault: createVault([], world.random),
      logger,
      feeMode,
      networkFees,
      policy: () =>
        Promise.resolve({ version: 0, policy: emptyPolicy({ users: standing, secondPersonAbove: {} }) }),
      modeOf: () => 'immediate',
    })
  }

  it('is found though the list of another currency cannot be had', async () => {
    const id = await asked({}, 1, 10, 'usd')
    const withoutEuros = (exchange: Exchange): Exchange => ({
      ...exchange,
      listPendingHolds: (currency) =>
        currency === 'eur' ? Promise.reject(new Error('no euros')) : exchange.listPendingHolds(currency),
    })
    expect(await adoption('on_top', withoutEuros)()).toBe(1)
    expect((await world.row(id)).state).toBe('ready')
    expect(logger.lines).toContainEqual(
      expect.objectContaining({
        event: 'adoption.failed',
        fields: expect.objectContaining({ currency: 'eur', error: 'no euros' }),
      }),
    )
  })

  it('is paid like one of ours, under its own id', async () => {
    const id = await asked()

    expect(await adoption()()).toBe(1)
    expect(await world.row(id)).toMatchObject({ state: 'ready', userId: 1, amount: '10', leased: false })
    await world.runToRest()

    const { body } = await world.get(`/${id}`).expect(200)
    expect(body).toMatchObject({
      status: 'processed',
      amount: 10,
      iban: IBAN,
      account_holder: 'Ada Lovelace',
    })
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })
    expect((await world.kit.ledger()).map(({ kind }) => kind)).toEqual(['lock', 'settle'])
    expect(await world.bank.executions()).toHaveLength(1)
    expect((await world.journal(id))[0]).toMatchObject({
      seq: 1,
      event: 'withdrawal.adopted',
      actor: 'adoption',
      from: null,
      to: 'ready',
    })
  })

  it.each([
    ['on_top', 'charged', '10'],
    ['deducted', 'charged', '10'],
    ['on_top', 'shown', '10'],
    ['deducted', 'shown', '9.5'],
  ] as const)(
    'with fees %s that the network has %s is paid out as %s',
    async (feeMode, networkFees, payoutAmount) => {
      const id = await asked({ fee: 0.5 })
      await adoption(feeMode, undefined, networkFees)()

      expect(await world.row(id)).toMatchObject({ amount: '10', fee: '0.5', payoutAmount })
    },
  )

  it.each(['on_top', 'deducted'] as const)(
    'costs its user the fee once, with fees %s too: the network has taken it with the lock',
    async (feeMode) => {
      await asked({ fee: 0.5 })
      await adoption(feeMode)()
      await world.runToRest()

      const paid = (await world.bank.executions()).map(({ amount }) => Number(amount))
      expect(paid).toEqual([10])
      expect(await world.balance()).toEqual({ available: 10_000 - 10 - 0.5, locked: 0 })
    },
  )

  it('waits for a person where the user has one-time codes, which the exchange did not ask for', async () => {
    const account = { id: STORED, type: 'bank', status: 3, iban: IBAN }
    const user = {
      id: 3,
      fullName: 'Alan Turing',
      balances: { eur: '100' },
      otpSecret: 's',
      bankAccounts: [account],
    }
    await world.kit.addUser(user)
    const id = await asked({}, 3)
    await adoption()()
    await world.runToRest()

    expect(await world.row(id)).toMatchObject({ state: 'in_review', reasonCode: 'code_not_checked' })
    expect(await world.bank.executions()).toEqual([])
  })

  it.each([
    ['frozen', { deactivated: true }, ['blocked']],
    ['blocked', { withdrawal_blocked: '2126-01-01T00:00:00Z' }, ['blocked']],
    ['flagged', { flagged: true }, ['flagged']],
    ['not verified', { id_data: { status: 1 } }, ['unverified']],
  ])('of a user who is %s waits for a person, who is not asked again', async (_how, standing, findings) => {
    await world.kit.changeUser(1, standing)
    const id = await asked()

    expect(await adoption()()).toBe(1)
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'in_review', reasonCode: 'under_review' })
    expect((await world.journal(id))[0]).toMatchObject({ detail: { findings } })
    expect(await world.bank.executions()).toEqual([])

    await world.operate(`/admin/withdrawals/${id}/approve`, { reason: 'known to us' }).expect(200)
    await world.runToRest()
    expect((await world.row(id)).state).toBe('processed')
  })

  it('of a user whom a setting refuses is left to whoever stopped them', async () => {
    await world.kit.changeUser(1, { flagged: true })
    const id = await asked()
    const refuse = { blocked: 'refuse', flagged: 'refuse', unverified: 'refuse' } as const

    expect(await adoption('on_top', undefined, 'charged', refuse)()).toBe(0)
    expect(await world.rows()).toEqual([])
    expect((await world.kit.wallet.burnsOf(1, id))[0]).toMatchObject({ rejected: false, processing: false })
  })

  it.each([{ onhold: true }, { waiting: true }])(
    'that somebody put to %p between the list and the look is left alone',
    async (flags) => {
      const id = await asked()
      const late = (exchange: Exchange): Exchange => ({
        ...exchange,
        listPendingHolds: async (currency) => {
          const holds = await exchange.listPendingHolds(currency)
          await world.kit.wallet.updateBurn(id, flags)
          return holds
        },
      })

      expect(await adoption('on_top', late)()).toBe(0)
      expect(await world.rows()).toEqual([])
    },
  )

  it('is adopted once, by however many at once and however often they look', async () => {
    await asked()
    await asked()
    const runs = await Promise.all(Array.from({ length: 6 }, () => adoption()()))
    runs.push(await adoption()())

    expect(runs.reduce((sum, adopted) => sum + adopted, 0)).toBe(2)
    expect(await world.rows()).toHaveLength(2)
    await world.runToRest()
    expect(await adoption()()).toBe(0)
    expect(await world.bank.executions()).toHaveLength(2)
  })

  it('is adopted later when the exchange fails in between, at whichever call', async () => {
    const id = await asked()
    const names = ['listCurrencies', 'listPendingHolds', 'findUser', 'findHold'] as const
    for (const name of names)
      expect(
        await adoption('on_top', (exchange) => ({
          ...exchange,
          [name]: () => Promise.reject(new Error('the exchange is down')),
        }))(),
      ).toBe(0)
    expect(await world.rows()).toEqual([])

    expect(await adoption()()).toBe(1)
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'processed' })
  })

  it('that the user cancels before it is sent is not paid', async () => {
    const id = await asked()
    await adoption()()
    await world.kit.wallet.updateBurn(id, { rejected: true })
    await world.runToRest()

    expect(await world.bank.executions()).toEqual([])
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('that has been decided since it was listed is left alone', async () => {
    const id = await asked()
    const adopted = await adoption('on_top', (exchange) => ({
      ...exchange,
      async findUser(userId) {
        await world.kit.wallet.updateBurn(id, { rejected: true })
        return exchange.findUser(userId)
      },
    }))()

    expect(adopted).toBe(0)
    expect(await world.rows()).toEqual([])
  })

  describe('is nothing else:', () => {
    type Make = () => unknown
    const marked = (flags: Record<string, unknown>) => async () => {
      await world.kit.wallet.updateBurn(await asked(), flags)
    }
    const others: readonly (readonly [string, Make])[] = [
      ['a burn of an operator, without an address', () => asked({ address: undefined })],
      [
        'a burn of another plugin, under an id of its own',
        () => asked({ transactionId: 'bank-payout-000001' }),
      ],
      ['a burn of ours', () => asked({ transactionId: world.random.newId() })],
      ['a burn with a description of its own', () => asked({ description: `P2P trade to ${IBAN}` })],
      ['a burn without a description', () => asked({ description: undefined })],
      ['a final burn', () => asked({ status: true })],
      [
        'a crypto withdrawal',
        async () => {
          await world.kit.toolsLib.wallet.mintAssetByKitId(1, 'usdt', 100, {
            ...{ status: true, transactionId: 'funding', description: 'x', email: false },
          })
          return asked({}, 1, 10, 'usdt')
        },
      ],
      [
        'a mint',
        () =>
          world.kit.toolsLib.wallet.mintAssetByKitId(1, 'eur', 10, {
            ...{ status: true, transactionId: randomUUID(), description: DESCRIPTION, email: false },
          }),
      ],
      ['one that is settled', marked({ status: true })],
      ['one that is rejected', marked({ rejected: true })],
      ['one that is dismissed', marked({ dismissed: true })],
      ['one that somebody is processing', marked({ processing: true })],
      ['one that waits', marked({ waiting: true })],
      ['one that is on hold', marked({ onhold: true })],
    ]
    it.each(others)('%s is never touched', async (_what, make) => {
      await make()
      const before = await database.query('select * from bank_withdrawal_sandbox.burns order by id')

      expect(await adoption()()).toBe(0)
      await world.runToRest()
      expect(await world.rows()).toEqual([])
      expect(await database.query('select * from bank_withdrawal_sandbox.burns order by id')).toEqual(before)
    })

    it.each<readonly [string, Make, string]>([
      [
        'to an account nobody has verified',
        () => asked({ address: UNVERIFIED }),
        'bank_account_not_verified',
      ],
      ['to somebody else’s account', () => asked({}, 2), 'bank_account_not_found'],
      [
        'to an account that has changed since',
        () => asked({ description: 'withdrawal to iban: FR14' }),
        'destination_refused',
      ],
      ['of less than the smallest amount', () => asked({}, 1, 0.5), 'amount_out_of_range'],
      ['of an amount between two steps', () => asked({}, 1, 10.005), 'invalid_amount'],
      ['whose fee takes all of it', () => asked({ fee: 10 }), 'amount_out_of_range'],
    ])('one %s is left to a person, who is told once', async (_what, make, code) => {
      const id = await make()
      logger.lines.length = 0
      const run = adoption('deducted', undefined, 'shown')

      expect([await run(), await run()]).toEqual([0, 0])
      expect(await world.rows()).toEqual([])
      expect(
        logger.lines.map(({ level, event, fields }) => [level, event, fields.burnId, fields.code]),
      ).toEqual([['warn', 'adoption.left_alone', id, code]])
      expect(JSON.stringify(logger.lines)).not.toContain(IBAN)
    })
  })
})
