import type { NetworkAddress } from './fake-network-client'

/** A row of the kit's table of users, as `getUserByKitId` gives it: everything, the password hash included. */
export interface KitUser {
  readonly id: number
  readonly email: string
  readonly full_name: string | null
  readonly password: string
  readonly network_id: number | null
  readonly verification_level: number
  readonly otp_enabled: boolean
  readonly is_subaccount: boolean
  readonly withdrawal_blocked: Date | null
  readonly activated: boolean
  readonly flagged: boolean
  /** Status 3 is an identity that an operator has verified. */
  readonly id_data: unknown
  readonly bank_account: unknown
  readonly created_at: Date
}

export interface Coin {
  readonly symbol: string
  readonly fullname: string
  readonly type: 'fiat' | 'blockchain'
  readonly allow_withdrawal: boolean
  readonly min: number
  readonly max: number
  readonly increment_unit: number
  readonly withdrawal_fee: number
  readonly withdrawal_fees?: Readonly<Record<string, { readonly value: number; readonly symbol: string }>>
}

/** A tier's rule: 0 is no limit, -1 switches withdrawals off. */
export interface TierLimit {
  readonly amount: number
  readonly currency: string
}

/** What a test may change of the kit while it runs. */
export interface KitState extends NetworkAddress {
  /** False after an outage during a restart: the library that speaks to the network is undefined. */
  hasNetworkLibrary: boolean
  /** Kits before 2.17.8 answer a list of the whole exchange out of a memory, rows and all. */
  keepsAnswers: boolean
  /** null until the kit has loaded its configuration. */
  coins: Readonly<Record<string, Coin>> | null
  fiatFees: Readonly<Record<string, { readonly withdrawal_fee?: number }>>
  limits: Readonly<Record<string, TierLimit>>
  /** What one unit is worth in the limit's currency; -1 where there is no price. */
  prices: Readonly<Record<string, number>>
  forcesOtp: boolean
  /** What `getKitConfig` gives: the operator's settings of the exchange. */
  kitConfig: unknown
  users: Map<number, KitUser>
  otpCodes: Map<number, string>
  /** Every code that was ever handed in for checking. */
  otpAttempts: unknown[]
  frozenUsers: Set<number>
  /** What the look at the table of sessions fails with: the middleware tells it as any other refusal. */
  sessionFault: string | null
  /** Some versions refuse every address with "admin" in it that their table of permissions does not know. */
  refusesAdminAddresses: boolean
  issuer: string
  /** Through which object the middleware answers, and when. */
  answersThrough: 'req.res' | 'res'
  answersWhen: 'at once' | 'later' | 'as a promise' | 'never'
  /** Replaces what the middleware does after its own checks. */
  middlewareFault: ((next: (error?: unknown) => void) => unknown) | null
}

export const PASSWORD_HASH = '$2a$10$canaryPasswordHashCanaryPasswordHash'
export const IBAN = 'DE89370400440532013000'

export const user = (id: number, changes: Partial<KitUser> = {}): KitUser => ({
  id,
  email: `user${id}@kit.example`,
  full_name: 'Ada Lovelace',
  password: PASSWORD_HASH,
  network_id: 1000 + id,
  verification_level: 1,
  otp_enabled: false,
  is_subaccount: false,
  withdrawal_blocked: null,
  activated: true,
  flagged: false,
  id_data: { status: 3, type: 'passport', number: 'X1', note: '' },
  bank_account: [
    {
      id: 'a1b2c3d4e5f60718',
      type: 'bank',
      status: 3,
      bank_name: 'Musterbank',
      iban: IBAN,
      bic: 'COBADEFFXXX',
    },
  ],
  created_at: new Date(0),
  ...changes,
})

export const coin = (symbol: string, changes: Partial<Coin> = {}): Coin => ({
  symbol,
  fullname: symbol.toUpperCase(),
  type: 'fiat',
  allow_withdrawal: true,
  min: 1,
  max: 100_000,
  increment_unit: 0.01,
  withdrawal_fee: 0,
  ...changes,
})

export const newKitState = (url: string): KitState => ({
  url,
  resolves: true,
  hasNetworkLibrary: true,
  keepsAnswers: false,
  coins: { eur: coin('eur'), usd: coin('usd'), usdt: coin('usdt', { type: 'blockchain' }) },
  fiatFees: {},
  limits: {
    eur: { amount: 0, currency: 'eur' },
    usd: { amount: 0, currency: 'usd' },
    usdt: { amount: 0, currency: 'usdt' },
  },
  prices: {},
  forcesOtp: false,
  kitConfig: { offramp: { eur: ['bank'], usd: ['bank'] } },
  users: new Map([1, 2].map((id) => [id, user(id)])),
  otpCodes: new Map(),
  otpAttempts: [],
  frozenUsers: new Set(),
  sessionFault: null,
  refusesAdminAddresses: true,
  issuer: 'kit.example',
  answersThrough: 'req.res',
  answersWhen: 'later',
  middlewareFault: null,
})
