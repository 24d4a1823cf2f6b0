import type { Database, Transaction } from '../db/connect/database'
import { sqlState, UNIQUE_VIOLATION } from '../db/connect/database'
import { readDecimal } from '../domain/money'
import { StatusCodeError } from './status-code-error'

/**
 * What a second burn with a known transaction id does. Which one a real network does is not documented, so the
 * sandbox can do each: refuse it, answer with the first, or burn again.
 */
export type RepeatedBurn = 'refused' | 'answers_the_first' | 'burns_again'

export interface BurnRow {
  readonly id: number
  readonly transaction_id: string
  readonly user_id: number
  readonly currency: string
  readonly amount: number
  readonly fee: number
  readonly type: 'withdrawal' | 'deposit'
  readonly status: boolean
  readonly rejected: boolean
  readonly dismissed: boolean
  readonly processing: boolean
  readonly waiting: boolean
  readonly onhold: boolean
  /** For a withdrawal the kit itself makes: the id of the user's bank account. */
  readonly address: string | null
  readonly description: string | null
  readonly created_at: string
  readonly updated_at: string
}

/** Balances that lock, settle and release, with the habits of the network behind a kit. */
export interface SandboxWallet {
  burn(userId: number, currency: string, amount: unknown, opts: BurnOptions): Promise<BurnRow>
  updateBurn(transactionId: string, opts: Readonly<Record<string, unknown>>): Promise<BurnRow>
  burnsOf(userId: number, transactionId: string | null): Promise<readonly BurnRow[]>
  /** Of every user, oldest first. */
  pendingBurns(currency: string | null): Promise<readonly BurnRow[]>
  /** Of every user, whatever became of them, oldest first; `until` is exclusive. */
  burnsBetween(currency: string | null, since: string, until: string): Promise<readonly BurnRow[]>
  balancesOf(userId: number): Promise<readonly Balance[]>
}

export interface Balance {
  readonly currency: string
  readonly available: string
  readonly locked: string
}

export interface BurnOptions {
  readonly transactionId: string
  readonly status?: boolean
  readonly fee?: number
  readonly description?: string
  readonly address?: string
}

/** Burns and mints, one book. */
export const TRANSACTIONS = 'bank_withdrawal_sandbox.burns'
export const BALANCES = 'bank_withdrawal_sandbox.balances'
export const COLUMNS = `id::float8 as id, transaction_id, user_id::float8 as user_id, currency, amount::float8 as amount,
  fee::float8 as fee, type, status, rejected, dismissed, processing, waiting, onhold, address,
  description, created_at, updated_at`
const FLAGS = ['status', 'rejected', 'dismissed', 'processing', 'waiting'] as const

export const createSandboxWallet = (
  database: Database,
  repeatedBurn: RepeatedBurn,
  now: () => Date,
): SandboxWallet => ({
  async burn(userId, currency, amount, opts) {
    const value = readDecimal(amount)
    if (value === null || Number(value) <= 0) throw new Error('Parameter amount error: cannot be null')
    const [first] = await burnsWithId(database, opts.transactionId)
    if (first && repeatedBurn === 'answers_the_first') return first
    const uniqueId = repeatedBurn === 'burns_again' ? null : opts.transactionId
    try {
      return await database.transaction((tx) =>
        burn(tx, userId, currency, value, { ...opts, uniqueId, at: now() }),
      )
    } catch (error) {
      if (sqlState(error) !== UNIQUE_VIOLATION) throw error
      throw new StatusCodeError(400, 'Transaction with this id already exists')
    }
  },

  updateBurn: (transactionId, opts) => database.transaction((tx) => updateBurn(tx, transactionId, opts)),

  burnsOf: (userId, transactionId) =>
    database.query<BurnRow>(
      `select ${COLUMNS} from ${TRANSACTIONS}
        where type = 'withdrawal' and user_id = $1 and ($2::text is null or transaction_id = $2)
        order by id desc`,
      [userId, transactionId],
      'sandbox_burns_of',
    ),

  pendingBurns: (currency) =>
    database.query<BurnRow>(
      `select ${COLUMNS} from ${TRANSACTIONS}
        where type = 'withdrawal' and ($1::text is null or currency = $1)
          and not status and not rejected and not dismissed order by id`,
      [currency],
    ),

  burnsBetween: (currency, since, until) =>
    transactionsBetween(database, 'withdrawal', currency, since, until),

  balancesOf: (userId) =>
    database.query<Balance>(
      `select currency, available::text as available, locked::text as locked
         from ${BALANCES} where user_id = $1 order by currency`,
      [userId],
      'sandbox_balances',
    ),
})

export const transactionsBetween = (
  database: Database,
  type: BurnRow['type'],
  ...[currency, since, until]: readonly [string | null, string, string]
): Promise<readonly BurnRow[]> =>
  database.query<BurnRow>(
    `select ${COLUMNS} from ${TRANSACTIONS}
      where type = $1 and ($2::text is null or currency = $2)
        and created_at >= $3::timestamptz and created_at < $4::timestamptz order by id`,
    [type, currency, since, until],
  )

async function burn(
  tx: Transaction,
  userId: number,
  currency: string,
  amount: string,
  opts: BurnOptions & { uniqueId: string | null; at: Date },
): Promise<BurnRow> {
  const fee = readDecimal(opts.fee ?? 0) ?? '0'
  // Left out, the status means a final burn: a plugin that forgets it takes the money at once.
  const isFinal = opts.status !== false
  const taken = await tx.query(
    `update ${BALANCES}
        set available = available - $3::numeric - $4::numeric,
            locked = locked + case when $5 then 0 else $3::numeric + $4::numeric end
      where user_id = $1 and currency = $2 and available >= $3::numeric + $4::numeric returning user_id`,
    [userId, currency, amount, fee, isFinal],
    'sandbox_lock',
  )
  if (taken.length === 0) throw new StatusCodeError(400, 'User balance is lower than amount')
  const [row] = await tx.query<BurnRow>(
    `insert into ${TRANSACTIONS} (transaction_id, unique_id, user_id, currency, amount, fee, status, description,
       address, created_at)
     values ($1, $2, $3, $4, $5::numeric, $6::numeric, $7, $8, $9, $10::timestamptz) returning ${COLUMNS}`,
    [
      ...[opts.transactionId, opts.uniqueId, userId, currency, amount, fee, isFinal],
      ...[opts.description ?? null, opts.address ?? null, opts.at.toISOString()],
    ],
    'sandbox_burn',
  )
  if (!row) throw new Error('The burn was not stored.')
  await record(tx, 'lock', row.id)
  if (isFinal) await record(tx, 'settle', row.id)
  return row
}

async function updateBurn(
  tx: Transaction,
  transactionId: string,
  opts: Readonly<Record<string, unknown>>,
): Promise<BurnRow> {
  if (FLAGS.filter((flag) => opts[flag] === true).length > 1) throw new Error('Can only update one parmaeter')
  const [burnRow] = await tx.query<BurnRow & { total: string }>(
    `select ${COLUMNS}, (amount + fee)::text as total from ${TRANSACTIONS}
      where type = 'withdrawal' and transaction_id = $1 order by id limit 1 for update`,
    [transactionId],
    'sandbox_burn_to_change',
  )
  if (!burnRow) throw new StatusCodeError(400, 'Withdrawal not found')
  if (burnRow.status || burnRow.rejected || burnRow.dismissed)
    throw new StatusCodeError(400, 'Withdrawal is already processed')
  const settles = opts.status === true
  const releases = opts.rejected === true || opts.dismissed === true
  if (settles || releases)
    await tx.query(
      `update ${BALANCES} set locked = locked - $3::numeric,
              available = available + case when $4 then $3::numeric else 0 end
        where user_id = $1 and currency = $2`,
      [burnRow.user_id, burnRow.currency, burnRow.total, releases],
      'sandbox_unlock',
    )
  // Absolute: every flag that is not named becomes false.
  const [row] = await tx.query<BurnRow>(
    `update ${TRANSACTIONS}
        set status = $2, rejected = $3, dismissed = $4, processing = $5, waiting = $6, onhold = $7,
            transaction_id = coalesce($8, transaction_id),
            unique_id = case when unique_id is null then null else coalesce($8, unique_id) end,
            description = coalesce($9, description), updated_at = now()
      where id = $1 returning ${COLUMNS}`,
    [
      burnRow.id,
      ...[...FLAGS, 'onhold'].map((flag) => opts[flag] === true),
      opts.updatedTransactionId ?? null,
      opts.updatedDescription ?? null,
    ],
    'sandbox_change_burn',
  )
  if (!row) throw new Error('The burn was not stored.')
  if (settles) await record(tx, 'settle', row.id)
  if (releases) await record(tx, 'release', row.id)
  return row
}

const burnsWithId = (database: Database, transactionId: string): Promise<readonly BurnRow[]> =>
  database.query<BurnRow>(
    `select ${COLUMNS} from ${TRANSACTIONS} where type = 'withdrawal' and transaction_id = $1 order by id`,
    [transactionId],
    'sandbox_burns_with_id',
  )

/** The truth, in the same commit as the effect. */
export const record = (tx: Transaction, kind: 'lock' | 'settle' | 'release' | 'mint', burnId: number) =>
  tx.query(
    `insert into bank_withdrawal_sandbox.ledger (kind, burn_id, transaction_id, user_id, currency, amount)
     select $1, id, transaction_id, user_id, currency, amount from ${TRANSACTIONS} where id = $2`,
    [kind, burnId],
    'sandbox_ledger',
  )
