import type { Database, Transaction } from '../db/connect/database'
import { sqlState, UNIQUE_VIOLATION } from '../db/connect/database'
import { readDecimal } from '../domain/money'
import { StatusCodeError } from './status-code-error'
import {
  BALANCES,
  type BurnRow,
  COLUMNS,
  record,
  type RepeatedBurn,
  TRANSACTIONS,
  transactionsBetween,
} from './wallet'

export interface MintOptions {
  readonly transactionId: string
  readonly status?: boolean
  readonly description?: string
}

/** Credits, in the same books as the burns. A second mint with a known id does what a second burn does. */
export const createSandboxMints = (database: Database, repeatedMint: RepeatedBurn, now: () => Date) => ({
  async mint(userId: number, currency: string, amount: unknown, opts: MintOptions): Promise<BurnRow> {
    const value = readDecimal(amount)
    if (value === null || Number(value) <= 0) throw new Error('Parameter amount error: cannot be null')
    const [first] = await mintsWithId(database, opts.transactionId)
    if (first && repeatedMint === 'answers_the_first') return first
    const uniqueId = repeatedMint === 'burns_again' ? null : opts.transactionId
    try {
      return await database.transaction((tx) =>
        mint(tx, userId, currency, value, { ...opts, uniqueId, at: now() }),
      )
    } catch (error) {
      if (sqlState(error) !== UNIQUE_VIOLATION) throw error
      throw new StatusCodeError(400, 'Transaction with this id already exists')
    }
  },

  /** Of every user, oldest first; `until` is exclusive. */
  mintsBetween: (currency: string | null, since: string, until: string): Promise<readonly BurnRow[]> =>
    transactionsBetween(database, 'deposit', currency, since, until),

  mintsOf: (userId: number, transactionId: string | null): Promise<readonly BurnRow[]> =>
    database.query<BurnRow>(
      `select ${COLUMNS} from ${TRANSACTIONS}
        where type = 'deposit' and user_id = $1 and ($2::text is null or transaction_id = $2) order by id desc`,
      [userId, transactionId],
    ),
})

const mintsWithId = (database: Database, transactionId: string): Promise<readonly BurnRow[]> =>
  database.query<BurnRow>(
    `select ${COLUMNS} from ${TRANSACTIONS} where type = 'deposit' and transaction_id = $1 order by id`,
    [transactionId],
  )

async function mint(
  tx: Transaction,
  userId: number,
  currency: string,
  amount: string,
  opts: MintOptions & { uniqueId: string | null; at: Date },
): Promise<BurnRow> {
  // Left out, the status means a final mint, as it does for a burn.
  const isFinal = opts.status !== false
  const [row] = await tx.query<BurnRow>(
    `insert into ${TRANSACTIONS} (type, transaction_id, unique_id, user_id, currency, amount, status, description,
       created_at)
     values ('deposit', $1, $2, $3, $4, $5::numeric, $6, $7, $8::timestamptz) returning ${COLUMNS}`,
    [
      ...[opts.transactionId, opts.uniqueId, userId, currency, amount, isFinal, opts.description ?? null],
      opts.at.toISOString(),
    ],
  )
  if (!row) throw new Error('The mint was not stored.')
  if (!isFinal) return row
  await tx.query(
    `insert into ${BALANCES} as b (user_id, currency, available) values ($1, $2, $3::numeric)
     on conflict (user_id, currency) do update set available = b.available + excluded.available`,
    [userId, currency, amount],
  )
  await record(tx, 'mint', row.id)
  return row
}
