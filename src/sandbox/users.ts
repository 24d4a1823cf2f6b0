import type { Database } from '../db/connect/database'

export interface SandboxUser {
  readonly id: number
  readonly fullName: string
  readonly balances: Readonly<Record<string, string>>
  readonly bankAccounts?: readonly Record<string, unknown>[]
  /** With a secret the user has OTP on. */
  readonly otpSecret?: string
}

/** What an operator of the exchange says of a user; whatever is not named stays as it is. */
export interface SandboxStanding {
  readonly deactivated?: boolean
  readonly flagged?: boolean
  readonly withdrawal_blocked?: string | null
  readonly id_data?: Readonly<Record<string, unknown>>
}

/** As it is stored. */
export interface UserRow {
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

export interface SandboxUsers {
  add(user: SandboxUser): Promise<void>
  change(id: number, standing: SandboxStanding): Promise<void>
  find(id: number): Promise<UserRow | undefined>
}

/** The published example accounts of ISO 13616, which no person holds. */
export const FIRST_USERS: readonly SandboxUser[] = [
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

export const createSandboxUsers = (database: Database): SandboxUsers => ({
  async add(user) {
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
  },

  async change(id, standing) {
    await database.query(
      `update bank_withdrawal_sandbox.users u
          set (deactivated, flagged, withdrawal_blocked, id_data) = (
            select s.deactivated, s.flagged, s.withdrawal_blocked, s.id_data
              from jsonb_populate_record(u, $2::jsonb) s)
        where id = $1`,
      [id, JSON.stringify(standing)],
    )
  },

  async find(id) {
    const rows = await database.query<UserRow>(
      `select id::float8 as id, email, full_name, otp_secret, deactivated, flagged, withdrawal_blocked, id_data,
              bank_account
         from bank_withdrawal_sandbox.users where id = $1`,
      [id],
      'sandbox_user',
    )
    return rows[0]
  },
})
