import { ExchangeUnavailableError } from '../../src/kit/calls'
import type { Quote } from '../../src/ports/exchange'
import { coin, type KitState, user } from './fake-kit-state'
import { otherRealm } from './other-realm'
import { aHold, closeRigs, openRig, type Rig, TIMEOUT_MS } from './rig'

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
})
afterEach(closeRigs)

async function quote(amount = '10', currency = 'eur'): Promise<Quote> {
  const found = await rig.exchange.findUser(1)
  if (!found) throw new Error('There is no user 1.')
  return rig.exchange.quote(found, amount, currency)
}

const changedUser = (changes: Parameters<typeof user>[1]) => (state: KitState) =>
  state.users.set(1, user(1, changes))

/** Every refusal of `validateWithdrawal` that a fiat withdrawal can meet, in the kit's order and words. */
const RULES: readonly (readonly [string, (state: KitState) => unknown])[] = [
  ['Invalid coin: eur', (state) => (state.coins = { usd: coin('usd') })],
  [
    'Withdrawals are disabled for coin: eur',
    (state) => (state.coins = { eur: coin('eur', { allow_withdrawal: false }) }),
  ],
  ['User is not registered on the network', changedUser({ network_id: null })],
  ['Verification level must be at or above 1', changedUser({ verification_level: 0 })],
  ['Withdrawal disabled for this user', changedUser({ is_subaccount: true })],
  ['Withdrawal disabled for this user', changedUser({ withdrawal_blocked: new Date('2999-01-01') })],
  ['Two-factor authentication (OTP) must be enabled to withdraw', (state) => (state.forcesOtp = true)],
  ['There is no limit rule defined for the currency eur', (state) => (state.limits = {})],
  [
    'Withdrawals are disabled for coin: eur',
    (state) => (state.limits = { eur: { amount: -1, currency: 'eur' } }),
  ],
  [
    'No conversion found between eur and usdt',
    (state) => {
      state.limits = { eur: { amount: 60, currency: 'usdt' } }
      state.prices = { eur: -1 }
    },
  ],
]

describe('a quote', () => {
  it('of a withdrawal the kit allows is the fee', async () => {
    expect(await quote()).toEqual({ kind: 'ok', fee: '0' })
  })

  it.each([
    ['the coin’s own fee', { eur: coin('eur', { withdrawal_fee: 0.25 }) }, {}, '0.25'],
    [
      'the listed one',
      { eur: coin('eur', { withdrawal_fees: { eur: { value: 0.3, symbol: 'eur' } } }) },
      {},
      '0.3',
    ],
    [
      'the operator’s',
      { eur: coin('eur', { withdrawal_fee: 0.25 }) },
      { eur: { withdrawal_fee: 1.5 } },
      '1.5',
    ],
    [
      'not an operator’s 0',
      { eur: coin('eur', { withdrawal_fee: 0.25 }) },
      { eur: { withdrawal_fee: 0 } },
      '0.25',
    ],
  ])('names %s', async (_what, coins, fiatFees, fee) => {
    Object.assign(rig.kit.state, { coins, fiatFees })

    expect(await quote()).toEqual({ kind: 'ok', fee })
  })

  it.each(RULES)('is refused in the kit’s words: %s', async (message, break_) => {
    break_(rig.kit.state)

    expect(await quote()).toEqual({ kind: 'refused', why: 'rule', message })
  })

  it('over the tier’s limit is refused with the limit and what was withdrawn', async () => {
    rig.kit.state.limits = { eur: { amount: 60, currency: 'usdt' } }
    rig.kit.state.prices = { eur: 1.1 }
    await rig.exchange.placeHold(aHold({ amount: '50' }))

    expect(await quote()).toMatchObject({
      kind: 'refused',
      why: 'rule',
      message: expect.stringContaining('would exceed withdrawal limit of 60 usdt'),
    })
  })

  it('of nothing is refused', async () => {
    expect(await quote('0')).toEqual({ kind: 'refused', why: 'rule', message: 'Invalid amount: 0' })
  })

  it('above the balance is refused because of the balance', async () => {
    expect(await quote('1000.01')).toEqual({
      kind: 'refused',
      why: 'balance',
      message: 'User eur balance is lower than amount "1000.01" + fee "0"',
    })
  })

  it('above the balance only with its fee is refused because of the balance', async () => {
    rig.kit.state.coins = { eur: coin('eur', { withdrawal_fee: 1 }) }

    expect(await quote('999.5')).toMatchObject({ kind: 'refused', why: 'balance' })
  })

  describe('with a fee in another coin', () => {
    beforeEach(() => {
      const withdrawal_fees = { eur: { value: 2, symbol: 'xht' } }
      rig.kit.state.coins = { eur: coin('eur', { withdrawal_fees }) }
    })

    it('is refused by us, since the burn takes its fee in its own currency', async () => {
      rig.network.books.fund(1001, 'xht', '5')

      expect(await quote()).toEqual({
        kind: 'refused',
        why: 'rule',
        message: 'Fees in XHT are not supported for withdrawals in EUR.',
      })
    })

    it('of nothing is a quote: there is no fee to take', async () => {
      const withdrawal_fees = { eur: { value: 0, symbol: 'xht' } }
      rig.kit.state.coins = { eur: coin('eur', { withdrawal_fees }) }
      rig.network.books.fund(1001, 'xht', '5')

      expect(await quote()).toEqual({ kind: 'ok', fee: '0' })
    })

    it('is refused because of the balance where the other coin is short', async () => {
      rig.network.books.fund(1001, 'xht', '1')

      expect(await quote()).toMatchObject({ kind: 'refused', why: 'balance' })
    })
  })

  it.each([
    ['is answered with 503', { effect: 'none', reply: { status: 503, body: '{"message":"maintenance"}' } }],
    ['is answered with 401', { effect: 'none', reply: { status: 401, body: '{"message":"Access denied"}' } }],
    ['is answered with 429', { effect: 'none', reply: { status: 429, body: '{"message":"Too many"}' } }],
    ['is answered with HTML', { effect: 'none', reply: { status: 200, body: '<html>maintenance</html>' } }],
    ['is reset', { effect: 'none', reply: 'reset' }],
    ['breaks off', { effect: 'none', reply: 'cut' }],
  ] as const)('whose look at the balance %s is no refusal', async (_what, fault) => {
    rig.network.failNext('balance', fault)

    await expect(quote()).rejects.toThrow(ExchangeUnavailableError)
  })

  it('whose look at the balance is answered with 400 and a message is refused in the network’s words', async () => {
    rig.network.failNext('balance', {
      effect: 'none',
      reply: { status: 400, body: '{"message":"Exchange is suspended"}' },
    })

    expect(await quote()).toEqual({ kind: 'refused', why: 'rule', message: 'Exchange is suspended' })
  })

  it('that a broken connection inside the kit has ended is no refusal', async () => {
    const validateWithdrawal = () =>
      otherRealm.bluebird((_resolve, reject) =>
        reject(otherRealm.error('Error', 'connect ECONNREFUSED 10.0.0.5:6379', { code: 'ECONNREFUSED' })),
      )
    const toolsLib = { ...rig.kit.toolsLib, wallet: { ...rig.kit.toolsLib.wallet, validateWithdrawal } }
    const other = await openRig({ toolsLib })
    const found = await other.exchange.findUser(1)
    if (!found) throw new Error('There is no user 1.')

    await expect(other.exchange.quote(found, '10', 'eur')).rejects.toThrow(ExchangeUnavailableError)
  })

  it('that is never answered is no refusal', async () => {
    rig.network.failNext('balance', { effect: 'none', reply: 'hang' })
    const arrived = rig.network.hanging()
    const answer = expect(quote()).rejects.toThrow(ExchangeUnavailableError)
    await arrived
    rig.clock.advance(TIMEOUT_MS)

    await answer
  })

  it('by a kit without its network library is no refusal', async () => {
    rig.kit.state.hasNetworkLibrary = false

    await expect(quote()).rejects.toThrow(ExchangeUnavailableError)
  })

  it.each([
    [undefined],
    [null],
    ['<html>'],
    [7],
    [[]],
    [{ fee: 'free' }],
    [{ fee: -1, fee_coin: 'eur' }],
    [{ fee: Number.NaN, fee_coin: 'eur' }],
    [{ fee: [1], fee_coin: 'eur' }],
  ])('answered with %p names no fee, and is no quote', async (answer) => {
    const validateWithdrawal = () => otherRealm.copy(answer)
    const toolsLib = { ...rig.kit.toolsLib, wallet: { ...rig.kit.toolsLib.wallet, validateWithdrawal } }
    const other = await openRig({ toolsLib })
    const found = await other.exchange.findUser(1)
    if (!found) throw new Error('There is no user 1.')
    await expect(other.exchange.quote(found, '10', 'eur')).rejects.toThrow(ExchangeUnavailableError)
  })
})
