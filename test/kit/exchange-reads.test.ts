import { ExchangeUnavailableError } from '../../src/kit/calls'
import type { ExchangeUser } from '../../src/ports/exchange'
import { coin, PASSWORD_HASH, user } from './fake-kit-state'
import { otherRealm } from './other-realm'
import { closeRigs, openRig, type Rig, TIMEOUT_MS } from './rig'

const UNAVAILABLE = ExchangeUnavailableError
const HTML = { effect: 'none', reply: { status: 200, body: '<html>maintenance</html>' } } as const
const DOWN = { effect: 'none', reply: { status: 503, body: '{"message":"maintenance"}' } } as const

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
})
afterEach(closeRigs)

async function existing(userId = 1): Promise<ExchangeUser> {
  const found = await rig.exchange.findUser(userId)
  if (!found) throw new Error(`There is no user ${userId}.`)
  return found
}

describe('a user', () => {
  it('that does not exist is null', async () => {
    expect(await rig.exchange.findUser(99)).toBeNull()
  })

  it('is read from the kit’s row, without the password hash in any field but the raw one', async () => {
    const { raw, ...mapped } = await existing()

    expect(mapped).toMatchObject({
      id: 1,
      email: 'user1@kit.example',
      fullName: 'Ada Lovelace',
      otpEnabled: false,
      bankAccounts: [{ id: 'a1b2c3d4e5f60718', verified: true }],
    })
    expect(JSON.stringify(mapped)).not.toContain(PASSWORD_HASH)
    expect(raw).toMatchObject({ network_id: 1001, password: PASSWORD_HASH })
  })

  it.each([
    [null, null],
    ['', null],
    ['  ', null],
    [' Ada ', 'Ada'],
  ])('with the full name %p is called %p', async (given, fullName) => {
    rig.kit.state.users.set(1, user(1, { full_name: given }))

    expect((await existing()).fullName).toBe(fullName)
  })

  it.each([
    ['as it usually is', {}, {}],
    ['frozen', { activated: false }, { isBlocked: true }],
    [
      'blocked until a later time',
      { withdrawal_blocked: new Date(Date.parse('2126-01-01')) },
      { isBlocked: true },
    ],
    ['blocked until a time that has passed', { withdrawal_blocked: new Date(0) }, {}],
    [
      'blocked in a way nobody can read',
      { withdrawal_blocked: 'until further notice' as unknown as Date },
      { isBlocked: true },
    ],
    ['blocked without a time', { withdrawal_blocked: true as unknown as Date }, { isBlocked: true }],
    ['flagged', { flagged: true }, { isFlagged: true }],
    ['not verified yet', { id_data: { status: 1 } }, { isVerified: false }],
    ['without an identity', { id_data: {} }, { isVerified: null }],
    ['without a record of identities', { id_data: undefined }, { isVerified: null }],
  ])('%s stands so', async (_what, changes, expected) => {
    rig.kit.state.users.set(1, user(1, changes))

    const ordinary = { isBlocked: false, isFlagged: false, isVerified: true }
    expect((await existing()).standing).toEqual({ ...ordinary, ...expected })
  })

  it('cannot be read while the kit’s database is down', async () => {
    const toolsLib = { ...rig.kit.toolsLib, user: { getUserByKitId: () => databaseDown() } }
    const other = await openRig({ toolsLib })
    await expect(other.exchange.findUser(1)).rejects.toThrow(UNAVAILABLE)
  })

  it.each(['<html>', 7, true])('answered with %p is no user and no absence of one', async (answer) => {
    const toolsLib = { ...rig.kit.toolsLib, user: { getUserByKitId: () => answer } }
    const other = await openRig({ toolsLib })
    await expect(other.exchange.findUser(1)).rejects.toThrow(UNAVAILABLE)
  })
})

describe('a currency', () => {
  it('is fiat when the kit says so', async () => {
    rig.kit.state.fiatFees = { eur: { withdrawal_fee: 0.5 } }

    expect(await rig.exchange.findCurrency('eur')).toEqual({
      symbol: 'eur',
      fullName: 'EUR',
      isFiat: true,
      withdrawalsAllowed: true,
      min: '1',
      max: '100000',
      increment: '0.01',
      fee: '0.5',
      accountTypes: ['bank'],
    })
  })

  it.each<readonly [string, unknown, readonly string[] | null]>([
    ['is paid to the types of its off-ramp', { offramp: { eur: ['bank', 7] } }, ['bank']],
    ['is paid to nobody with an empty off-ramp', { offramp: { eur: [] } }, []],
    ['is paid to nobody knows which types without one', { offramp: { usd: ['bank'] } }, null],
    ['is paid to nobody knows which types by a kit that has none', {}, null],
    ['has its off-ramp in capitals in some kits', { offramp: { EUR: ['bank'] } }, ['bank']],
  ])('%s', async (_what, kitConfig, accountTypes) => {
    rig.kit.state.kitConfig = kitConfig

    expect(await rig.exchange.findCurrency('eur')).toMatchObject({ accountTypes })
  })

  it.each<readonly [number | undefined, number | undefined, string]>([
    [undefined, undefined, '1'],
    [undefined, 2, '2'],
    [3, 2, '3'],
    // An operator's 0 does not replace the network's fee.
    [0, 2, '2'],
  ])(
    'with the operator’s fee %p and the network’s %p is shown with the fee that will be asked',
    async (custom, listed, fee) => {
      const withdrawal_fees = listed === undefined ? {} : { eur: { value: listed, symbol: 'eur' } }
      rig.kit.state.coins = { eur: coin('eur', { withdrawal_fee: 1, withdrawal_fees }) }
      rig.kit.state.fiatFees = custom === undefined ? {} : { eur: { withdrawal_fee: custom } }
      rig.kit.state.kitConfig = { fiat_fees: rig.kit.state.fiatFees }

      expect(await rig.exchange.findCurrency('eur')).toMatchObject({ fee })
      expect(await rig.exchange.quote(await existing(), '10', 'eur')).toEqual({ kind: 'ok', fee })
    },
  )

  it('on a blockchain is not fiat, though the kit’s own check would let it pass', async () => {
    expect(await rig.exchange.findCurrency('usdt')).toMatchObject({ isFiat: false })
    rig.network.books.fund(1001, 'usdt', '100')
    expect(await rig.exchange.quote(await existing(), '10', 'usdt')).toMatchObject({ kind: 'ok' })
  })

  it('that the kit does not have is null', async () => {
    expect(await rig.exchange.findCurrency('xyz')).toBeNull()
    expect(await rig.exchange.findCurrency('constructor')).toBeNull()
  })

  it('is null while the kit has not loaded its configuration', async () => {
    rig.kit.state.coins = null

    expect(await rig.exchange.findCurrency('eur')).toBeNull()
  })

  it('with withdrawals switched off is read as such', async () => {
    rig.kit.state.coins = { eur: coin('eur', { allow_withdrawal: false }) }

    expect(await rig.exchange.findCurrency('eur')).toMatchObject({ withdrawalsAllowed: false })
  })

  it('is listed with all others, of whatever type', async () => {
    const symbols = (await rig.exchange.listCurrencies()).map(({ symbol, isFiat }) => [symbol, isFiat])

    expect(symbols).toEqual([
      ['eur', true],
      ['usd', true],
      ['usdt', false],
    ])
  })

  it('is not listed as missing while the kit has not loaded its configuration', async () => {
    rig.kit.state.coins = null

    await expect(rig.exchange.listCurrencies()).rejects.toThrow(UNAVAILABLE)
  })

  it('are asked for once, all of them: a kit copies everything it has for each answer', async () => {
    const { toolsLib } = rig.kit
    const asked: string[] = []
    const counted = (name: 'getKitCoinsConfig' | 'getKitConfig' | 'getKitCoins') => () => {
      asked.push(name)
      return toolsLib[name]()
    }
    const getKitCoin = (symbol: string) => {
      asked.push(symbol)
      return toolsLib.getKitCoin(symbol)
    }
    const counting = {
      ...{ ...toolsLib, getKitCoin, getKitCoins: counted('getKitCoins') },
      ...{ getKitConfig: counted('getKitConfig'), getKitCoinsConfig: counted('getKitCoinsConfig') },
    }
    const all = await rig.exchange.listCurrencies()
    const { exchange } = await openRig({ toolsLib: counting })
    expect(await exchange.listCurrencies()).toEqual(all)
    expect(asked.sort()).toEqual(['getKitCoinsConfig', 'getKitConfig'])

    const { getKitCoinsConfig: _none, ...standIn } = toolsLib
    expect(await (await openRig({ toolsLib: standIn })).exchange.listCurrencies()).toEqual(all)
  })

  it('without limits has none', async () => {
    const bare = otherRealm.copy({ symbol: 'eur', type: 'fiat', min: null, max: 'none' })
    const other = await openRig({ toolsLib: { ...rig.kit.toolsLib, getKitCoin: () => bare } })
    const found = await other.exchange.findCurrency('eur')

    expect(found).toMatchObject({ min: null, max: null, increment: null, fee: '0' })
  })
})

describe('an available balance', () => {
  it('is a decimal', async () => {
    rig.network.books.fund(1001, 'eur', '0.55')

    expect(await rig.exchange.availableBalance(1, 'eur')).toBe('1000.55')
  })

  it('is 0 in a currency the user never had', async () => {
    expect(await rig.exchange.availableBalance(1, 'usd')).toBe('0')
  })

  it.each([
    ['a page of HTML, which the kit spreads letter by letter', HTML],
    ['an error', DOWN],
    ['a reset', { effect: 'none', reply: 'reset' }],
    ['a text as the amount', { effect: 'none', reply: { status: 200, body: '{"eur_available":"many"}' } }],
    ['null as the amount', { effect: 'none', reply: { status: 200, body: '{"eur_available":null}' } }],
    ['a list', { effect: 'none', reply: { status: 200, body: '[1,2]' } }],
  ] as const)('that is answered with %s is unknown, not 0', async (_what, fault) => {
    rig.network.failNext('balance', fault)

    await expect(rig.exchange.availableBalance(1, 'eur')).rejects.toThrow(UNAVAILABLE)
  })

  it('that is never answered is unknown after the deadline', async () => {
    rig.network.failNext('balance', { effect: 'none', reply: 'hang' })
    const arrived = rig.network.hanging()
    const balance = expect(rig.exchange.availableBalance(1, 'eur')).rejects.toThrow(UNAVAILABLE)
    await arrived
    rig.clock.advance(TIMEOUT_MS)

    await balance
  })
})

describe('a one-time code', () => {
  beforeEach(() => {
    rig.kit.state.users.set(1, user(1, { otp_enabled: true }))
    rig.kit.state.otpCodes.set(1, '123456')
  })

  it('is not asked for where the user has none', async () => {
    expect(await rig.exchange.verifyOtp(await existing(2), null)).toBe('ok')
    expect(rig.kit.state.otpAttempts).toEqual([])
  })

  it('that is missing is missing, and nothing is tried', async () => {
    expect(await rig.exchange.verifyOtp(await existing(), null)).toBe('missing')
    expect(rig.kit.state.otpAttempts).toEqual([])
  })

  it('that is right is right, and is handed over as text', async () => {
    expect(await rig.exchange.verifyOtp(await existing(), '123456')).toBe('ok')
    expect(rig.kit.state.otpAttempts).toEqual(['123456'])
  })

  it.each(['654321', '', '12345'])('%p is invalid', async (code) => {
    expect(await rig.exchange.verifyOtp(await existing(), code)).toBe('invalid')
  })

  it('that nobody checked in time is not called invalid', async () => {
    const toolsLib = {
      ...rig.kit.toolsLib,
      security: { ...rig.kit.toolsLib.security, verifyOtpBeforeAction: () => otherRealm.bluebird(() => {}) },
    }
    const other = await openRig({ toolsLib })
    const verdict = expect(other.exchange.verifyOtp(await existing(), '123456')).rejects.toThrow(UNAVAILABLE)
    other.clock.advance(TIMEOUT_MS)
    await verdict
  })

  it('that a broken kit could not check is not called invalid', async () => {
    const before = await existing()
    rig.kit.state.users.delete(1)

    await expect(rig.exchange.verifyOtp(before, '123456')).rejects.toThrow(UNAVAILABLE)
  })

  it.each([undefined, null, false, 'yes', 1, {}])('answered with %p is not right', async (answer) => {
    const toolsLib = {
      ...rig.kit.toolsLib,
      security: { ...rig.kit.toolsLib.security, verifyOtpBeforeAction: () => answer },
    }
    const other = await openRig({ toolsLib })
    const verdict = await other.exchange.verifyOtp(await existing(), '123456')

    expect(verdict).toBe('invalid')
  })
})

const databaseDown = () =>
  otherRealm.bluebird((_resolve, reject) =>
    reject(otherRealm.error('SequelizeConnectionRefusedError', 'connect ECONNREFUSED 127.0.0.1:5432')),
  )
