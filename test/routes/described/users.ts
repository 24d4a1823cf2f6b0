import type { Database } from '../../../src/db/connect/database'
import type { TestDatabase } from '../../helpers/databases'
import { World, type WorldOptions } from '../../helpers/world'
import { type Answers, type Asked } from '../answers'
import { DEFERRED, failingDatabase, kitWith } from '../support'
import { type Ask, asker, WHY, WISH } from './asker'

const DIALECTS = ['createWithdrawal', 'createIotaapWithdrawal']
const LISTS = ['listWithdrawals', 'findWithdrawals', 'listIotaapWithdrawals']
const UNVERIFIED = 'b1b2c3d4e5f60719'
/** Has codes, and an account of a kind that euros do not go to. */
const OF_CODES = {
  ...{ id: 3, fullName: 'Alan Turing', balances: { eur: '100' }, otpSecret: 's' },
  bankAccounts: [{ id: 'c1c2c3d4e5f60720', type: 'paypal', status: 3, email: 'alan@example.com' }],
}

/** One world in which requests end so, and what is asked there. */
interface Refusal {
  readonly code: string
  readonly options?: WorldOptions
  readonly prepare?: (world: World, ask: Ask) => Promise<unknown>
  readonly wish?: Record<string, unknown>
  readonly asked?: Asked & { readonly by?: number }
}

const silent = (): Promise<never> => Promise.reject(new Error('connect ECONNREFUSED'))
const KEY = { headers: { 'Idempotency-Key': 'k' } }

const REFUSALS: readonly Refusal[] = [
  { code: 'bank_account_not_verified', wish: { bank_account: UNVERIFIED } },
  { code: 'destination_refused', wish: { bank_account: 'c1c2c3d4e5f60720' }, asked: { by: 3 } },
  { code: 'otp_required', asked: { by: 3 } },
  {
    code: 'otp_locked',
    options: { config: { wrongCodesMax: 1 } },
    prepare: (_world, ask) =>
      ask('createWithdrawal', 'otp_invalid', { body: { ...WISH, otp_code: '000000' }, by: 3 }),
    wish: { otp_code: '000000' },
    asked: { by: 3 },
  },
  {
    code: 'destination_quarantined',
    async prepare(world) {
      const { id, destinationHash, destinationMasked: masked } = await world.withdrawn(10)
      const entry = { destinationHash, masked, reasonCode: 'account_closed', withdrawalId: id } as const
      await world.engine.store.quarantine({ ...entry, userId: 1 })
    },
  },
  {
    code: 'too_many_open_withdrawals',
    options: { config: { maxOpenWithdrawals: 1 } },
    prepare: (world) => world.withdrawn(DEFERRED),
  },
  {
    code: 'limit_reached',
    async prepare(world, ask) {
      const limits = [{ of: 'user', per: 'day', count: 1 }]
      await ask('changePolicy', '200', { body: { ...WHY, policy: { limits } } })
      await world.withdrawn(10)
    },
  },
  { code: 'quote_changed', wish: { expected_payout_amount: '9.99' } },
  { code: 'withdrawals_stopped', prepare: (_world, ask) => ask('stopEverything', '200', { body: WHY }) },
  {
    code: 'idempotency_key_in_use',
    async prepare(world, ask) {
      for (const id of DIALECTS) await ask(id, '200', { body: { ...WISH, amount: DEFERRED }, ...KEY })
      // Somebody is at it, and the first request still waits for the answer.
      await world.database.query(
        `update bank_withdrawal.withdrawals set lease_owner = 'somebody', lease_until = bank_withdrawal.clock() + interval '1 minute',
                created_at = bank_withdrawal.clock() + interval '1 minute'`,
      )
    },
    wish: { amount: DEFERRED },
    asked: KEY,
  },
  {
    code: 'user_lookup_failed',
    options: { around: { toolsLib: kitWith({ user: () => ({ getUserByKitId: silent }) }) } },
  },
  { code: 'exchange_unavailable', options: { around: { toolsLib: kitWith({ getKitCoin: silent }) } } },
  {
    code: 'withdrawal_refused',
    options: {
      around: {
        toolsLib: kitWith({
          wallet: () => ({
            validateWithdrawal: () => Promise.reject(new Error('Upgrade your verification level')),
          }),
        }),
      },
    },
  },
]

export function describeUsers(answers: Answers, database: () => TestDatabase): void {
  const worldWith = async (options: WorldOptions = {}) => {
    const world = await World.create(database(), options)
    await world.kit.addUser(OF_CODES)
    return { world, ask: asker(answers, world) }
  }

  it.each(REFUSALS)('is kept by a request that is refused with $code', async (refusal) => {
    const { code, options, prepare, wish, asked } = refusal
    const { world, ask } = await worldWith(options)
    await prepare?.(world, ask)
    for (const id of DIALECTS) await ask(id, code, { body: { ...WISH, ...wish }, ...asked })
  })

  it('is kept by requests of which nobody can say whether they are stored', async () => {
    const { world, ask } = await worldWith()
    let isCutOff = false
    await world.start({ database: failingDatabase(/./, () => isCutOff) })
    isCutOff = true
    for (const id of DIALECTS) await ask(id, 'create_failed', { body: WISH, ...KEY })
  })

  it('is kept by quotes and options that the exchange does not help with', async () => {
    const quote = { query: '?amount=10&currency=eur&method=BANK' }
    const { ask } = await worldWith()
    for (const [id, asked] of [
      ['getQuote', quote],
      ['getOptions', {}],
    ] as const) {
      await ask(id, 'user_not_found', { ...asked, by: 99 })
    }
    for (const { code, options } of REFUSALS.slice(-3)) {
      const { ask: askThere } = await worldWith(options)
      await askThere('getQuote', code, quote)
      if (code === 'user_lookup_failed') await askThere('getOptions', code)
    }
    const { ask: askThere } = await worldWith({
      around: { toolsLib: kitWith({ wallet: () => ({ getUserBalanceByKitId: silent }) }) },
    })
    await askThere('getOptions', 'exchange_unavailable')
  })

  it('is kept by lists that are too long or take too long', async () => {
    const slow = (inner: Database): Database => ({
      ...inner,
      lists: { query: () => Promise.reject(Object.assign(new Error('canceled'), { code: '57014' })) },
    })
    const { world, ask } = await worldWith({ around: { database: slow } })
    for (const id of LISTS) await ask(id, 'lists_busy')
    // As from a history of so many.
    const long = (inner: Database): Database => ({
      ...inner,
      lists: { query: () => Promise.resolve([{ count: 10_001 }] as never) },
    })
    await world.start({ database: long })
    await ask('findWithdrawals', 'list_too_long', { query: '?order_by=amount' })
  })

  it('is kept by a cancellation that others are always faster than', async () => {
    const overtaken = (inner: Database): Database => ({
      ...inner,
      async query(text, parameters, name) {
        if (JSON.stringify(parameters ?? []).includes('withdrawal.cancel_requested'))
          await inner.query('update bank_withdrawal.withdrawals set version = version + 1')
        return inner.query(text, parameters, name)
      },
    })
    const { world, ask } = await worldWith({ around: { database: overtaken } })
    const { id } = await world.withdrawn(DEFERRED)
    await ask('cancelWithdrawal', 'changed_meanwhile', { at: { id } })
  })
}
