import { bearerCheck } from './fake-bearer-check'
import { type KitState, type KitUser, newKitState } from './fake-kit-state'
import { createLists } from './fake-lists'
import { send } from './fake-network-client'
import { validateWithdrawal } from './fake-withdrawal-rules'
import { asBluebird, asNative, asPlain, otherRealm } from './other-realm'

/** Looser than our own type of it: the real library takes anything, and what is left out has a meaning. */
interface BurnOptions {
  readonly status?: unknown
  readonly transactionId?: unknown
  readonly description?: unknown
  readonly address?: unknown
  readonly network?: unknown
  readonly rejected?: unknown
  readonly dismissed?: unknown
  readonly waiting?: unknown
  readonly onhold?: unknown
  readonly email?: unknown
  readonly fee?: unknown
}

interface UpdateOptions extends BurnOptions {
  readonly processing?: unknown
  readonly updatedTransactionId?: unknown
  readonly updatedAddress?: unknown
  readonly updatedDescription?: unknown
}

const PATH = '/v2/network/7'

/**
 * A kit's `toolsLib` with the habits kit.md section 6 documents, the bad ones above all. It speaks real HTTP to a
 * FakeNetwork, and everything it hands over was made in another realm.
 */
export function createFakeKit(networkUrl: string) {
  const state = newKitState(networkUrl)
  return { state, toolsLib: createToolsLib(state) }
}

export type FakeKit = ReturnType<typeof createFakeKit>

function createToolsLib(state: KitState) {
  return {
    wallet: createWallet(state, createNetworkLibrary(state)),
    security: {
      verifyBearerTokenExpressMiddleware: (scopes: readonly string[] = ['user']) =>
        bearerCheck(state, scopes),
      verifyOtpBeforeAction: (userId: number, otpCode: unknown) =>
        asBluebird(() => Promise.resolve().then(() => verifyOtp(state, userId, otpCode))),
    },
    user: {
      getUserByKitId: (kitId: number, _rawData = true, _networkData = false) =>
        asBluebird(() => findUser(state, kitId)),
    },
    getKitConfig: (): unknown => asPlain(() => structuredClone(state.kitConfig)),
    // Sync, and `{}` until the kit has loaded its configuration.
    getKitCoins: (): unknown => asPlain(() => (state.coins ? Object.keys(state.coins) : {})),
    getKitCoinsConfig: (): unknown =>
      asPlain(() =>
        Object.fromEntries(
          Object.keys(state.coins ?? {}).map((symbol) => [symbol, withFiatFees(state, symbol)]),
        ),
      ),
    getKitCoin: (symbol: string): unknown => asPlain(() => (state.coins ? withFiatFees(state, symbol) : {})),
  }
}

const withFiatFees = ({ coins, fiatFees }: KitState, symbol: string): unknown => {
  const coin = coins?.[symbol]
  return coin && { ...coin, ...fiatFees[symbol] }
}

async function findUser(state: KitState, kitId: unknown): Promise<KitUser | null> {
  await Promise.resolve()
  if (!kitId) throw new Error("Please provide a user's kit id")
  return state.users.get(kitId as number) ?? null
}

/** An unknown user is a null that nobody looked for. */
function verifyOtp(state: KitState, userId: number, otpCode: unknown): true {
  const row = state.users.get(userId) ?? null
  if (!row) throw new TypeError("Cannot read properties of null (reading 'otp_enabled')")
  state.otpAttempts.push(otpCode)
  if (row.otp_enabled && state.otpCodes.get(userId) !== otpCode) throw new Error('Invalid OTP Code')
  return true
}

function createNetworkLibrary(state: KitState) {
  const boolean = (name: string, value: unknown) => (typeof value === 'boolean' ? { [name]: value } : {})
  const truthy = (name: string, value: unknown) => (value ? { [name]: value } : {})
  const kept = new Map<string, Promise<unknown>>()
  function list(...of: Parameters<typeof listPath>): Promise<unknown> {
    const path = listPath(...of)
    const answer = kept.get(path) ?? send(state, 'GET', path).then(otherRealm.copy)
    if (state.keepsAnswers && !path.includes('user_id')) kept.set(path, answer)
    return answer
  }
  const library = {
    burn: (networkId: number, currency: string, amount: unknown, opts: BurnOptions) => {
      if (!amount) throw new Error('Parameter amount error: cannot be null')
      return send(state, 'POST', `${PATH}/burn`, {
        user_id: networkId,
        currency,
        amount,
        ...truthy('description', opts.description),
        ...truthy('transaction_id', opts.transactionId),
        ...truthy('address', opts.address),
        ...truthy('network', opts.network),
        status: typeof opts.status === 'boolean' ? opts.status : true,
        ...boolean('rejected', opts.rejected),
        ...boolean('dismissed', opts.dismissed),
        ...boolean('waiting', opts.waiting),
        ...boolean('onhold', opts.onhold),
        email: typeof opts.email === 'boolean' ? opts.email : true,
        ...(typeof opts.fee === 'number' && { fee: opts.fee }),
      })
    },
    mint: (networkId: number, currency: string, amount: unknown, opts: BurnOptions) => {
      if (!amount) throw new Error('Parameter amount error: cannot be null')
      return send(state, 'POST', `${PATH}/mint`, {
        user_id: networkId,
        currency,
        amount,
        ...truthy('description', opts.description),
        ...truthy('transaction_id', opts.transactionId),
        status: typeof opts.status === 'boolean' ? opts.status : true,
        email: typeof opts.email === 'boolean' ? opts.email : true,
        ...(typeof opts.fee === 'number' && { fee: opts.fee }),
      })
    },
    update: (transactionId: string, opts: UpdateOptions) => {
      if (!transactionId) throw new Error('Parameter transactionId error: cannot be null')
      const { status, rejected, dismissed, processing, waiting, onhold } = opts
      const states = [status, rejected, dismissed, processing, waiting]
      if (states.filter((flag) => flag === true).length > 1) throw new Error('Can only update one parmaeter')
      return send(state, 'PUT', `${PATH}/burn`, {
        transaction_id: transactionId,
        status: status === true,
        rejected: rejected === true,
        dismissed: dismissed === true,
        processing: processing === true,
        waiting: waiting === true,
        onhold: onhold === true,
        email: typeof opts.email === 'boolean' ? opts.email : true,
        ...truthy('updated_transaction_id', opts.updatedTransactionId),
        ...truthy('updated_address', opts.updatedAddress),
        ...truthy('updated_description', opts.updatedDescription),
      })
    },
    balance: (networkId: number) => send(state, 'GET', `${PATH}/balance?user_id=${networkId}`),
    // The values go into the address as they are.
    withdrawals: (networkId: number | null, query: string) => list('withdrawals', networkId, query),
    deposits: (networkId: number | null, query: string) => list('deposits', networkId, query),
  }
  // Undefined after an outage; whoever uses it gets a TypeError.
  return () => (state.hasNetworkLibrary ? library : undefined) as typeof library
}

const listPath = (list: string, networkId: number | null, query: string): string =>
  `${PATH}/${list}?${networkId === null ? '' : `user_id=${networkId}`}${query}`

function createWallet(state: KitState, network: ReturnType<typeof createNetworkLibrary>) {
  const networkIdOf = (kitId: unknown): number => {
    if (typeof kitId !== 'number' || !Number.isInteger(kitId) || kitId <= 0)
      throw new Error('kitIds can only contain integers greater than 0')
    const id = state.users.get(kitId)?.network_id
    if (!id) throw new Error('User is not registered on the network')
    return id
  }
  return {
    burnAssetByKitId: (kitId: number, currency: string, amount: unknown, opts: BurnOptions = {}) =>
      asNative(async () => {
        await Promise.resolve()
        const networkId = networkIdOf(kitId)
        return network().burn(networkId, currency, amount, opts)
      }),

    mintAssetByKitId: (kitId: number, currency: string, amount: unknown, opts: BurnOptions = {}) =>
      asNative(async () => {
        await Promise.resolve()
        const networkId = networkIdOf(kitId)
        return network().mint(networkId, currency, amount, opts)
      }),

    updatePendingBurn: (transactionId: string, opts: UpdateOptions = {}) => {
      // Not an async function in the kit: an undefined library throws here and now.
      const update = asPlain(() => network().update)
      return asBluebird(async () => {
        await Promise.resolve()
        return update(transactionId, opts)
      })
    },

    ...createLists(
      { state, findUser: (kitId) => findUser(state, kitId), networkIdOf },
      (...query) => network().withdrawals(...query),
      (...query) => network().deposits(...query),
    ),

    getUserBalanceByKitId: (kitId: number) =>
      asNative(async () => {
        await Promise.resolve()
        const balance = await network().balance(networkIdOf(kitId))
        // Spread as it is; a page of HTML becomes one member per letter.
        return { user_id: kitId, ...(balance as Record<string, unknown>) }
      }),

    validateWithdrawal: (
      user: unknown,
      _address: string,
      amount: number,
      currency: string,
      _network: string | null = null,
    ) => asNative(() => validateWithdrawal(state, network(), user as KitUser | null, amount, currency)),
  }
}
