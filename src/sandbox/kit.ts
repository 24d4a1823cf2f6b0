import type { Database } from '../db/connect/database'
import type { ToolsLib } from '../kit/tools-lib'
import type { Clock } from '../ports/clock'
import { bearerCheck } from './bearer-check'
import { createSandboxMints } from './mints'
import { createSandboxTables } from './schema'
import type { SandboxTokens } from './tokens'
import { isTotp } from './totp'
import {
  createSandboxUsers,
  FIRST_USERS,
  type SandboxStanding,
  type SandboxUser,
  type SandboxUsers,
  type UserRow,
} from './users'
import { type BurnRow, createSandboxWallet, type RepeatedBurn, type SandboxWallet } from './wallet'

export type { SandboxStanding, SandboxUser } from './users'

/** A kit that needs nobody: users, tokens with scopes, wallets, stored bank accounts and OTP, behind `toolsLib`. */
export interface SandboxKit {
  readonly toolsLib: ToolsLib
  readonly tokens: SandboxTokens
  /** Creates the tables and the first users; changes nothing that is there. */
  open(): Promise<void>
  addUser(user: SandboxUser): Promise<void>
  /** What an operator of the exchange does to a user. */
  changeUser(id: number, standing: SandboxStanding): Promise<void>
  readonly wallet: SandboxWallet
  /** What truly happened to the money, in order. */
  ledger(): Promise<readonly LedgerLine[]>
}

export interface LedgerLine {
  readonly seq: number
  readonly kind: 'lock' | 'settle' | 'release' | 'mint'
  /** The row of the burn or the mint. */
  readonly burnId: number
  readonly transactionId: string
  readonly userId: number
  readonly currency: string
  readonly amount: string
}

const COINS: Readonly<Record<string, Record<string, unknown>>> = {
  eur: fiat('eur', 'Euro', 0.01),
  usd: fiat('usd', 'US Dollar', 0.01),
  usdt: {
    symbol: 'usdt',
    fullname: 'Tether',
    type: 'blockchain',
    allow_withdrawal: true,
    increment_unit: 0.0001,
  },
}

/** Not every name that finds something in an object is a coin's: "constructor" does too. */
const coinOf = (symbol: string) => (Object.hasOwn(COINS, symbol) ? COINS[symbol] : undefined)

function fiat(symbol: string, fullname: string, increment: number): Record<string, unknown> {
  return {
    symbol,
    fullname,
    type: 'fiat',
    active: true,
    allow_withdrawal: true,
    min: 1,
    max: 100_000,
    increment_unit: increment,
    withdrawal_fee: 0,
  }
}

/** Kinds of stored account that each currency is paid out to. */
const OFFRAMP = { eur: ['bank'], usd: ['bank'] }

export function createSandboxKit(options: {
  database: Database
  tokens: SandboxTokens
  clock: Clock
  repeatedBurn?: RepeatedBurn
}): SandboxKit {
  const { database, tokens, clock } = options
  const repeated = options.repeatedBurn ?? 'refused'
  const now = () => clock.now()
  const wallet = createSandboxWallet(database, repeated, now)
  const mints = createSandboxMints(database, repeated, now)
  const users = createSandboxUsers(database)

  return {
    tokens,
    wallet,
    addUser: users.add,
    changeUser: users.change,
    toolsLib: createToolsLib({ wallet, mints, users }, tokens, clock),
    async open() {
      await createSandboxTables(database)
      for (const user of FIRST_USERS) await users.add(user)
    },
    ledger: () =>
      database.query<LedgerLine>(
        `select seq::int as seq, kind, burn_id::int as "burnId", transaction_id as "transactionId",
                user_id::float8 as "userId", currency, amount::text as amount
           from bank_withdrawal_sandbox.ledger order by seq`,
      ),
  }
}

interface Books {
  readonly wallet: SandboxWallet
  readonly mints: ReturnType<typeof createSandboxMints>
  readonly users: SandboxUsers
}

function createToolsLib(books: Books, tokens: SandboxTokens, clock: Clock): ToolsLib {
  const { find: findUser } = books.users
  const existing = async (id: number): Promise<UserRow> => {
    const user = await findUser(id)
    if (!user) throw new Error('User not found')
    return user
  }
  return {
    wallet: createWalletLib(books, existing),
    security: {
      verifyBearerTokenExpressMiddleware: (scopes) => bearerCheck(tokens, findUser, scopes),
      async verifyOtpBeforeAction(userId, otpCode) {
        const { otp_secret: secret } = await existing(userId)
        if (secret === null || isTotp(secret, otpCode, clock.now().getTime())) return true
        throw new Error('Invalid OTP Code')
      },
    },
    user: {
      async getUserByKitId(kitId) {
        const user = await findUser(kitId)
        if (!user) return null
        const { otp_secret: secret, deactivated, ...row } = user
        return { ...row, activated: !deactivated, otp_enabled: secret !== null, network_id: 1000 + user.id }
      },
    },
    getKitConfig: () => ({ offramp: OFFRAMP }),
    getKitCoins: () => Object.keys(COINS),
    getKitCoin: (symbol) => structuredClone(coinOf(symbol) ?? {}),
  }
}

function createWalletLib(
  { wallet, mints }: Books,
  existing: (id: number) => Promise<UserRow>,
): ToolsLib['wallet'] {
  const balanceOf = async (id: number) => {
    await existing(id)
    const balances = await wallet.balancesOf(id)
    return Object.fromEntries([
      ['user_id', id],
      ...balances.flatMap(({ currency, available, locked }) => [
        [`${currency}_balance`, Number(available) + Number(locked)],
        [`${currency}_available`, Number(available)],
      ]),
    ]) as Record<string, number>
  }

  return {
    async burnAssetByKitId(kitId, currency, amount, opts) {
      await existing(kitId)
      return wallet.burn(kitId, currency, amount, opts)
    },
    updatePendingBurn: (transactionId, opts) => wallet.updateBurn(transactionId, { ...opts }),
    async getUserWithdrawalsByKitId(kitId, ...query) {
      await existing(kitId)
      const rows = await wallet.burnsOf(kitId, query[12])
      return asList(rows)
    },
    async getUserDepositsByKitId(kitId, ...query) {
      await existing(kitId)
      return asList(await mints.mintsOf(kitId, query[12]))
    },
    /** Only ever asked for what is pending, or for what was made in a time. */
    getExchangeWithdrawals: async (...[currency, , , , , , , , , , since, until]) =>
      asList(
        since !== null && until !== null
          ? await wallet.burnsBetween(currency, since, until)
          : await wallet.pendingBurns(currency),
      ),
    getExchangeDeposits: async (...[currency, , , , , , , , , , since, until]) =>
      asList(await mints.mintsBetween(currency, since ?? '-infinity', until ?? 'infinity')),
    async mintAssetByKitId(kitId, currency, amount, opts) {
      await existing(kitId)
      return mints.mint(kitId, currency, amount, opts)
    },
    getUserBalanceByKitId: balanceOf,
    async validateWithdrawal(user, _address, amount, currency) {
      const coin = coinOf(currency)
      if (!coin) throw new Error(`Invalid coin: ${currency}`)
      if (amount <= 0) throw new Error(`Invalid amount: ${amount}`)
      if (!user) throw new Error('User not found')
      const available = (await balanceOf((user as UserRow).id))[`${currency}_available`] ?? 0
      if (available < amount)
        throw new Error(`User ${currency} balance is lower than amount "${amount}" + fee "0"`)
      return { fee: coin.withdrawal_fee, fee_coin: currency }
    },
  }
}

/** As it comes through JSON; the driver has read it as a time. */
const iso = (at: unknown): string => new Date(at as string).toISOString()

/** A look-up translates the network's user id into the kit's, and says so. */
const asList = (rows: readonly BurnRow[]) => ({
  count: rows.length,
  data: rows.map((row) => ({
    ...row,
    network_id: 1000 + row.user_id,
    ...{ created_at: iso(row.created_at), updated_at: iso(row.updated_at) },
  })),
})
