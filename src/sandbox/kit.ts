import type { Database } from '../db/connect/database'
import type { ToolsLib } from '../kit/tools-lib'
import type { Clock } from '../ports/clock'
import { bearerCheck } from './bearer-check'
import { createSandboxMints } from './mints'
import { createSandboxTables } from './schema'
import type { SandboxTokens } from './tokens'
import { isTotp } from './totp'
import { type BurnRow, createSandboxWallet, type RepeatedBurn, type SandboxWallet } from './wallet'

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

export interface SandboxUser {
  readonly id: number
  readonly fullName: string
  readonly balances: Readonly<Record<string, string>>
  readonly bankAccounts?: readonly Record<string, unknown>[]
  /** With a secret the user has OTP on. */
  readonly otpSecret?: string
}

export interface SandboxStanding {
  readonly deactivated?: boolean
  readonly flagged?: boolean
  readonly withdrawal_blocked?: string | null
  readonly id_data?: Readonly<Record<string, unknown>>
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

/** The published example accounts of ISO 13616, which no person holds. */
const FIRST_USERS: readonly SandboxUser[] = [
  {
    id: 1,
    fullName: 'Ada Lovelace',
    balances: { eur: '10000', usd: '10000' },
    bankAccounts: [
      {
        id: 'a1b2c3d4e5f60718',
        type: 'bank',
        status: 3,
        bank_name: 'Musterbank',
        iban: 'DE89370400440532013000',
        swift: 'COBADEFFXXX',
        account_holder: 'Ada Lovelace',
      },
      {
        id: 'b1b2c3d4e5f60719',
        type: 'bank',
        status: 1,
        bank_name: 'Banque Exemple',
        iban: 'FR1420041010050500013M02606',
        account_holder: 'Ada Lovelace',
      },
    ],
  },
  { id: 2, fullName: 'Grace Hopper', balances: { eur: '10000', usd: '10000' } },
]

export function createSandboxKit(options: {
  database: Database
  tokens: SandboxTokens
  clock: Clock
  repeatedBurn?: RepeatedBurn
}): SandboxKit {
  const { database, tokens, clock } = options
  const repeated = options.repeatedBurn ?? 'refused'
  const wallet = createSandboxWallet(database, repeated)
  const mints = createSandboxMints(database, repeated)

  async function addUser(user: SandboxUser): Promise<void> {
    const added = await database.query(
      `insert into bank_withdrawal_sandbox.users (id, email, full_name, otp_secret, bank_account)
       values ($1, $2, $3, $4, $5::jsonb) on conflict do nothing returning id`,
      [
        user.id,
        `user${user.id}@sandbox.example`,
        user.fullName,
        user.otpSecret ?? null,
        JSON.stringify(user.bankAccounts ?? []),
      ],
    )
    if (added.length === 0) return
    for (const [currency, available] of Object.entries(user.balances))
      await database.query(
        `insert into bank_withdrawal_sandbox.balances (user_id, currency, available) values ($1, $2, $3::numeric)
         on conflict do nothing`,
        [user.id, currency, available],
      )
  }

  return {
    tokens,
    wallet,
    addUser,
    changeUser: async (id, standing) => {
      // Whatever is not named stays as it is.
      await database.query(
        `update bank_withdrawal_sandbox.users u
            set (deactivated, flagged, withdrawal_blocked, id_data) = (
              select s.deactivated, s.flagged, s.withdrawal_blocked, s.id_data
                from jsonb_populate_record(u, $2::jsonb) s)
          where id = $1`,
        [id, JSON.stringify(standing)],
      )
    },
    toolsLib: createToolsLib(database, { wallet, mints }, tokens, clock),
    async open() {
      await createSandboxTables(database)
      for (const user of FIRST_USERS) await addUser(user)
    },
    ledger: () =>
      database.query<LedgerLine>(
        `select seq::int as seq, kind, burn_id::int as "burnId", transaction_id as "transactionId",
                user_id::float8 as "userId", currency, amount::text as amount
           from bank_withdrawal_sandbox.ledger order by seq`,
      ),
  }
}

interface UserRow {
  readonly id: number
  readonly email: string
  readonly full_name: string
  readonly otp_secret: string | null
  readonly deactivated: boolean
  readonly flagged: boolean
  readonly withdrawal_blocked: Date | null
  readonly id_data: unknown
  readonly bank_account: unknown
}

interface Books {
  readonly wallet: SandboxWallet
  readonly mints: ReturnType<typeof createSandboxMints>
}

function createToolsLib(database: Database, books: Books, tokens: SandboxTokens, clock: Clock): ToolsLib {
  const findUser = async (id: number): Promise<UserRow | undefined> => {
    const rows = await database.query<UserRow>(
      `select id::float8 as id, email, full_name, otp_secret, deactivated, flagged, withdrawal_blocked, id_data,
              bank_account
         from bank_withdrawal_sandbox.users where id = $1`,
      [id],
    )
    return rows[0]
  }
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
    getKitConfig: () => ({}),
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
    /** Only ever asked for what is pending. */
    getExchangeWithdrawals: async (currency) => asList(await wallet.pendingBurns(currency)),
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

/** A look-up translates the network's user id into the kit's, and says so. */
const asList = (rows: readonly BurnRow[]) => ({
  count: rows.length,
  data: rows.map((row) => ({ ...row, network_id: 1000 + row.user_id })),
})
