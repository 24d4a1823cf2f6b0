import { inspect } from 'node:util'

import { fakeToken } from './fake-bearer-check'
import { IBAN, PASSWORD_HASH, user } from './fake-kit-state'
import type { Endpoint, Fault } from './fake-network'
import { API_KEY } from './fake-network-client'
import { otherRealm } from './other-realm'
import { aCredit, aHold, closeRigs, openRig, type Rig, TIMEOUT_MS } from './rig'

/**
 * Goal: what toolsLib throws carries the exchange's api key and a live signature, and its rows carry password
 * hashes and account numbers; none of it may get past src/kit in an error, an outcome or a log line. Method: every
 * call meets every fault, and everything that comes out is searched to any depth, hidden properties included.
 */
const FAULTS: Readonly<Record<string, Fault>> = {
  'is answered with 400 and a message': {
    effect: 'none',
    reply: { status: 400, body: '{"message":"No such thing"}' },
  },
  'is answered with 400 and HTML': { effect: 'none', reply: { status: 400, body: '<html>' } },
  'is answered with 401': { effect: 'none', reply: { status: 401, body: '{"message":"Access denied"}' } },
  'is answered with 500': { effect: 'none', reply: { status: 500, body: '{"message":"boom"}' } },
  'is answered with 200 and HTML': { effect: 'none', reply: { status: 200, body: '<html>' } },
  'is answered with 200 and nothing': { effect: 'none', reply: { status: 200, body: '' } },
  'is reset': { effect: 'none', reply: 'reset' },
  'breaks off': { effect: 'none', reply: 'cut' },
  hangs: { effect: 'none', reply: 'hang' },
}

const ENDPOINTS: readonly Endpoint[] = ['burn', 'update', 'mint', 'withdrawals', 'deposits', 'balance']

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
  rig.network.onHang = () => rig.clock.advance(TIMEOUT_MS)
})
afterEach(closeRigs)

/** Whatever the adapter can be asked for. The raw row is for the kit's own checks, and is left out on purpose. */
const CALLS: Readonly<Record<string, (rig: Rig) => Promise<unknown>>> = {
  async findUser({ exchange }) {
    const {
      raw: _raw,
      bankAccounts: _bankAccounts,
      ...mapped
    } = (await exchange.findUser(1)) ?? { raw: null }
    return mapped
  },
  findCurrency: ({ exchange }) => exchange.findCurrency('eur'),
  listCurrencies: ({ exchange }) => exchange.listCurrencies(),
  availableBalance: ({ exchange }) => exchange.availableBalance(1, 'eur'),
  async quote({ exchange }) {
    const found = await exchange.findUser(1)
    return found && exchange.quote(found, '10', 'eur')
  },
  async verifyOtp({ exchange }) {
    const found = await exchange.findUser(1)
    return found && exchange.verifyOtp(found, '000000')
  },
  placeHold: ({ exchange }) => exchange.placeHold(aHold()),
  findHold: ({ exchange }) => exchange.findHold({ userId: 1, ids: ['w-1', 'TX-1'] }),
  markProcessing: ({ exchange }) => exchange.markProcessing('w-1'),
  settleHold: ({ exchange }) => exchange.settleHold('w-1', 'TX-1'),
  releaseHold: ({ exchange }) => exchange.releaseHold('w-1'),
  listPendingHolds: ({ exchange }) => exchange.listPendingHolds('eur'),
  listHolds: ({ exchange }) => exchange.listHolds(EVER),
  listCredits: ({ exchange }) => exchange.listCredits(EVER),
  placeCredit: ({ exchange }) => exchange.placeCredit(aCredit()),
  findCredit: ({ exchange }) => exchange.findCredit({ userId: 1, id: 'w-1-back' }),
  authenticate: ({ authenticator }) =>
    authenticator.authenticate({ headers: { authorization: `Bearer ${fakeToken({ sub: { id: 1 } })}` } }, [
      'user',
    ]),
}

const EVER = { currency: 'eur', since: new Date(0), until: new Date(1e13) }

async function everythingThatComesOut(from = rig): Promise<string> {
  const out: unknown[] = []
  for (const call of Object.values(CALLS)) out.push(await call(from).catch((error: unknown) => error))
  return inspect([out, from.logger.lines], {
    depth: Infinity,
    showHidden: true,
    getters: true,
    maxStringLength: Infinity,
  })
}

function expectNoSecretIn(text: string): void {
  const signatures = rig.network.requests.map(({ headers }) => String(headers['api-signature']))
  for (const secret of [API_KEY, 'api-key', 'api-signature', ...signatures, PASSWORD_HASH, IBAN])
    expect(text).not.toContain(secret)
}

it.each(Object.keys(FAULTS))('nothing secret comes out of any call that %s', async (name) => {
  const fault = FAULTS[name]
  if (!fault) throw new Error(`There is no fault ${name}.`)
  for (const endpoint of ENDPOINTS) rig.network.failNext(endpoint, fault, fault, fault)

  expectNoSecretIn(await everythingThatComesOut())
})

it('nothing secret comes out of any call to a network that cannot be reached', async () => {
  await rig.network.close()

  expectNoSecretIn(await everythingThatComesOut())
})

it('nothing secret comes out of any call to a kit without its network library', async () => {
  rig.kit.state.hasNetworkLibrary = false

  expectNoSecretIn(await everythingThatComesOut())
})

it('nothing secret comes out of calls that go well', async () => {
  expectNoSecretIn(await everythingThatComesOut())
})

it.each(['every call', 'every call but the look at the user'])(
  'nothing secret comes out of a kit that throws its own rows and errors about, in %s',
  async (where) => {
    const thrown = otherRealm.error('StatusCodeError', '500 - {}', {
      statusCode: 500,
      options: { headers: { 'api-key': API_KEY, 'api-signature': 'live' }, body: { iban: IBAN } },
      parameters: [user(1)],
      sql: `update "Users" set password = '${PASSWORD_HASH}'`,
    })
    const fail = () => otherRealm.bluebird((_resolve, reject) => reject(thrown))
    const wallet = {
      burnAssetByKitId: fail,
      updatePendingBurn: fail,
      getUserWithdrawalsByKitId: fail,
      getUserDepositsByKitId: fail,
      getExchangeWithdrawals: fail,
      mintAssetByKitId: fail,
      getUserBalanceByKitId: fail,
      validateWithdrawal: fail,
    }
    const security = { verifyBearerTokenExpressMiddleware: () => fail, verifyOtpBeforeAction: fail }
    const { user: users } = rig.kit.toolsLib
    rig.kit.state.users.set(1, user(1, { otp_enabled: true }))
    const broken = await openRig({
      toolsLib: {
        wallet,
        security,
        user: where === 'every call' ? { getUserByKitId: fail } : users,
        getKitConfig: fail,
        getKitCoins: fail,
        getKitCoinsConfig: fail,
        getKitCoin: fail,
      },
    })
    const text = await everythingThatComesOut(broken)

    expectNoSecretIn(text)
  },
)

it('only the id and the number of burns are logged where one id has several', async () => {
  rig.network.books.repeatedBurn = 'burns_again'
  await rig.exchange.placeHold(aHold())
  await rig.exchange.placeHold(aHold())
  await rig.exchange.findHold({ userId: 1, ids: ['w-1'] })

  expect(rig.logger.lines).toEqual([
    { level: 'error', event: 'hold.found_twice', fields: { burnId: 'w-1', count: 2 } },
  ])
})
