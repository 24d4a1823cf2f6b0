import { createHash } from 'node:crypto'

import { isOpen, isUnscheduled } from '../../domain/states'
import type { Withdrawal } from '../../domain/withdrawal'
import type { Database, Queryable, Transaction } from '../connect/database'
import { CLOCK, COLUMNS, type RawRow, statesThat, type StoredWithdrawal, toWithdrawal } from '../row'
import { type LeaseRequest } from './lease-sql'

export type WithdrawalDraft = Pick<
  Withdrawal,
  | 'id'
  | 'userId'
  | 'idempotencyKey'
  | 'requestHash'
  | 'currency'
  | 'amount'
  | 'fee'
  | 'payoutAmount'
  | 'method'
  | 'destination'
  | 'destinationMasked'
  | 'destinationHash'
  | 'provider'
  | 'mode'
  | 'payoutKey'
  | 'endToEndId'
>

/** What has to be true of the user's other withdrawals at the moment of the insert. */
export interface InsertGuards {
  /** How many the user may then have open; null for any number. */
  readonly openMax: number | null
  /** The one-time code the request was let in with; it lets in no other. */
  readonly otpCode: string | null
}

/** Nothing was written. */
export class NotInsertedError extends Error {
  override readonly name = 'NotInsertedError'

  constructor(readonly why: 'too_many_open' | 'code_used') {
    super(`The withdrawal was not stored: ${why}.`)
  }
}

/**
 * Stores a new withdrawal in `requested`, leased to the process that goes on to lock the amount, with its first
 * journal entry. The intent to lock is part of this commit (`hold_doubt_at`): after a crash, whoever claims the
 * row knows that a pending burn may already be on its way.
 *
 * @returns null when the user's idempotency key is taken; nothing was written.
 * @throws {NotInsertedError} A guard says no.
 */
export async function insertWithdrawal(
  db: Database,
  draft: WithdrawalDraft,
  lease: LeaseRequest,
  guards: InsertGuards = { openMax: null, otpCode: null },
): Promise<StoredWithdrawal | null> {
  if (guards.openMax === null && guards.otpCode === null) return insert(db, draft, lease)
  return db.transaction(async (tx) => {
    if (guards.openMax !== null) await refuseTooMany(tx, draft.userId, guards.openMax)
    const row = await insert(tx, draft, lease)
    // After the insert: a repetition of the request, with the same key and code, is none.
    if (row && guards.otpCode !== null) await useCode(tx, draft.userId, guards.otpCode)
    return row
  })
}

/** Any number; it only has to be another one than that of other locks in this database. */
const LOCK_CLASS = 480_721

/** What is frozen for a person is not the user's to end: it may not keep them from their money as well. */
const NOT_COUNTED = statesThat((state) => !isOpen(state) || isUnscheduled(state))

/**
 * Requests of one user queue up here until the commit, so that each counts what the one before has stored.
 *
 * A statement sees what was committed before it began: lock and count have to be two.
 */
async function refuseTooMany(tx: Transaction, userId: number, openMax: number): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1, hashint8($2))', [LOCK_CLASS, userId])
  const [open] = await tx.query<{ count: number }>(
    `select count(*)::int as count from bank_withdrawal.withdrawals
      where user_id = $1 and state not in (${NOT_COUNTED})`,
    [userId],
  )
  if (open && open.count >= openMax) throw new NotInsertedError('too_many_open')
}

/** A kit takes a code for 90 seconds, half a minute before and after its own; the rest is for clocks that differ. */
const CODE_COUNTS_SECONDS = 300

async function useCode(tx: Transaction, userId: number, code: string): Promise<void> {
  const used = await tx.query(
    `insert into bank_withdrawal.used_codes as known (user_id, code, used_at)
     values ($1, $2, ${CLOCK})
     on conflict (user_id, code) do update set used_at = excluded.used_at
       where known.used_at < ${CLOCK} - make_interval(secs => $3)
     returning user_id`,
    [userId, createHash('sha256').update(`${userId}:${code}`).digest('hex'), CODE_COUNTS_SECONDS],
  )
  if (used.length === 0) throw new NotInsertedError('code_used')
  await tx.query(
    `delete from bank_withdrawal.used_codes
      where used_at < ${CLOCK} - make_interval(secs => $1) and user_id = $2`,
    [2 * CODE_COUNTS_SECONDS, userId],
  )
}

async function insert(
  db: Queryable,
  draft: WithdrawalDraft,
  lease: LeaseRequest,
): Promise<StoredWithdrawal | null> {
  const rows = await db.query<RawRow>(
    `with created as (
       insert into bank_withdrawal.withdrawals (
         id, user_id, idempotency_key, request_hash, currency, amount, fee, payout_amount, method,
         destination, destination_masked, destination_hash, provider, mode, payout_key, end_to_end_id,
         state, version, attempts, next_run_at, lease_owner, lease_until, hold_doubt_at,
         state_since, created_at, updated_at)
       select $1, $2::bigint, $3, $4, $5, $6::numeric, $7::numeric, $8::numeric, $9,
         $10, $11, $12, $13, $14, $15, $16,
         'requested', 1, 1, leased_until, $17, leased_until, at, at, at, at
       from (select ${CLOCK} as at,
                    ${CLOCK} + make_interval(secs => $18) as leased_until) times
       on conflict (user_id, idempotency_key) do nothing
       returning *
     ), journalled as (
       insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, to_state, actor)
       select id, version, created_at, 'withdrawal.requested', state, 'user' from created
     )
     select ${COLUMNS} from created`,
    [
      draft.id,
      draft.userId,
      draft.idempotencyKey,
      draft.requestHash,
      draft.currency,
      draft.amount,
      draft.fee,
      draft.payoutAmount,
      draft.method,
      draft.destination,
      draft.destinationMasked,
      draft.destinationHash,
      draft.provider,
      draft.mode,
      draft.payoutKey,
      draft.endToEndId,
      lease.owner,
      lease.seconds,
    ],
  )
  return rows[0] ? toWithdrawal(rows[0]) : null
}
