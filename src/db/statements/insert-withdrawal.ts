import { createHash } from 'node:crypto'

import { isOpen, isUnscheduled } from '../../domain/states'
import type { Withdrawal } from '../../domain/withdrawal'
import type { Queryable } from '../connect/database'
import { CLOCK, COLUMNS, type RawRow, statesThat, type StoredWithdrawal, toWithdrawal } from '../row'
import { ARE_FEW, FEW, FEW_COLUMN } from './given-sql'
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

/** A withdrawal that is to be stored, who goes on with it, and what has to be true. */
export interface NewWithdrawal {
  readonly draft: WithdrawalDraft
  readonly lease: LeaseRequest
  readonly guards: InsertGuards
}

/** What became of it; `key_taken`: the user's idempotency key stands for another one. */
export type Inserted = StoredWithdrawal | 'key_taken' | NotInsertedError['why']

/**
 * Stores a new withdrawal in `requested`, leased to the process that goes on to lock the amount, with its first
 * journal entry. The intent to lock is part of this commit (`hold_doubt_at`): after a crash, whoever claims the
 * row knows that a pending burn may already be on its way.
 *
 * @returns null when the user's idempotency key is taken; nothing was written.
 * @throws {NotInsertedError} A guard says no.
 */
export async function insertWithdrawal(
  db: Queryable,
  draft: WithdrawalDraft,
  lease: LeaseRequest,
  guards: InsertGuards = UNGUARDED,
): Promise<StoredWithdrawal | null> {
  const [inserted = 'key_taken'] = await insertWithdrawals(db, [{ draft, lease, guards }])
  return storedOrThrow(inserted)
}

export const UNGUARDED: InsertGuards = { openMax: null, otpCode: null }

export function storedOrThrow(inserted: Inserted): StoredWithdrawal | null {
  if (inserted === 'key_taken') return null
  if (typeof inserted === 'string') throw new NotInsertedError(inserted)
  return inserted
}

/** What is frozen for a person is not the user's to end: it may not keep them from their money as well. */
const NOT_COUNTED = statesThat((state) => !isOpen(state) || isUnscheduled(state))

/** A kit takes a code for 90 seconds, half a minute before and after its own; the rest is for clocks that differ. */
const CODE_COUNTS_SECONDS = 300

/**
 * What is checked is checked in the statement that writes, in this order: a key that is taken is an answer and no
 * refusal, so it uses up no code; too many open ones use up none either. Then the code, and the row itself.
 */
const INSERT = `
  with given as materialized (
    select * from json_to_recordset($1::json) as g (
      place integer, id text, "userId" bigint, "idempotencyKey" text, "requestHash" text, currency text, amount numeric,
      fee numeric, "payoutAmount" numeric, method text, destination text, "destinationMasked" text,
      "destinationHash" text, provider text, mode text, "payoutKey" text, "endToEndId" text,
      "leaseOwner" text, "leaseSeconds" double precision, "openMax" integer, code text, ${FEW_COLUMN})
     where ${ARE_FEW}
  ), judged as materialized (
    select g.*,
           case when g."openMax" is not null and bank_withdrawal.open_withdrawals_of(g."userId", array[${NOT_COUNTED}]) >= g."openMax"
                then 'too_many_open'
                when g."idempotencyKey" is not null and exists (
                  select from bank_withdrawal.withdrawals w
                   where w.user_id = g."userId" and w.idempotency_key = g."idempotencyKey")
                then 'key_taken' end as verdict
      from given g
  ), coded as (
    insert into bank_withdrawal.used_codes as known (user_id, code, used_at)
    select "userId", code, ${CLOCK} from judged where code is not null and verdict is null
    on conflict (user_id, code) do update set used_at = excluded.used_at
      where known.used_at < ${CLOCK} - make_interval(secs => ${CODE_COUNTS_SECONDS})
    returning user_id, code
  ), forgotten as (
    delete from bank_withdrawal.used_codes
     using judged j
     where used_codes.user_id = j."userId" and j.code is not null and j.verdict is null and used_codes.code <> j.code
       and used_codes.used_at < ${CLOCK} - make_interval(secs => ${2 * CODE_COUNTS_SECONDS})
  ), fit as materialized (
    select j.*, ${CLOCK} as at, ${CLOCK} + make_interval(secs => j."leaseSeconds") as leased_until,
           coalesce(j.verdict, case when j.code is not null and not exists (
             select from coded c where c.user_id = j."userId" and c.code = j.code) then 'code_used' end) as outcome
      from judged j
  ), created as (
    insert into bank_withdrawal.withdrawals (
      id, user_id, idempotency_key, request_hash, currency, amount, fee, payout_amount, method,
      destination, destination_masked, destination_hash, provider, mode, payout_key, end_to_end_id,
      state, version, attempts, next_run_at, lease_owner, lease_until, hold_doubt_at,
      state_since, created_at, updated_at)
    select id, "userId", "idempotencyKey", "requestHash", currency, amount, fee, "payoutAmount", method,
      destination, "destinationMasked", "destinationHash", provider, mode, "payoutKey", "endToEndId",
      'requested', 1, 1, leased_until, "leaseOwner", leased_until, at, at, at, at
      from fit where outcome is null order by place
    on conflict (user_id, idempotency_key) do nothing
    returning *
  ), journalled as (
    insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, to_state, actor)
    select id, version, created_at, 'withdrawal.requested', state, 'user' from created
  )
  select f.place, f.outcome, s.*
    from fit f left join (select ${COLUMNS} from created) s on s.id = f.id`

/** Stores several, of as many users. @returns What became of each, in their order. */
export async function insertWithdrawals(
  db: Queryable,
  given: readonly NewWithdrawal[],
): Promise<readonly Inserted[]> {
  // Users queue up in one order everywhere: of two groups, neither waits for the other.
  const inOrder = given
    .map((one, place) => ({ ...one, place }))
    .sort((a, b) => a.draft.userId - b.draft.userId)
  const rows = await db.query<RawRow & { place: number; outcome: Exclude<Inserted, object> | null }>(
    INSERT,
    [JSON.stringify(inOrder.map(written))],
    'insert',
  )
  const results: Inserted[] = given.map(() => 'key_taken')
  for (const { place, outcome, ...row } of rows)
    if (outcome !== null) results[place] = outcome
    else if (row.id !== null) results[place] = toWithdrawal(row)
  return results
}

const written = ({ draft, lease, guards, place }: NewWithdrawal & { place: number }) => ({
  ...draft,
  ...FEW,
  place,
  leaseOwner: lease.owner,
  leaseSeconds: lease.seconds,
  openMax: guards.openMax,
  code: guards.otpCode === null ? null : hashOfCode(draft.userId, guards.otpCode),
})

const hashOfCode = (userId: number, code: string): string =>
  createHash('sha256').update(`${userId}:${code}`).digest('hex')
