import { createHash } from 'node:crypto'

import type { Cause, LimitRule } from '../../domain/policy'
import { isOpen, isUnscheduled } from '../../domain/states'
import type { WithdrawalDraft } from '../../domain/withdrawal'
import type { Queryable } from '../connect/database'
import { CLOCK, COLUMNS, type RawRow, statesThat, type StoredWithdrawal, toWithdrawal } from '../row'
import { ARE_FEW, FEW, FEW_COLUMN } from './given-sql'
import { type LeaseRequest } from './lease-sql'
import { judgedBy, RULED } from './policy-sql'

/** What has to be true of the user's other withdrawals at the moment of the insert. */
export interface InsertGuards {
  /** How many the user may then have open; null for any number. */
  readonly openMax: number | null
  /** The one-time code the request was let in with; it lets in no other. */
  readonly otpCode: string | null
  /** What the policy says to it; null where it says nothing, and nothing is counted. */
  readonly policy?: PolicyGuard | null
}

/** The part of a policy that is judged where the withdrawal is stored. */
export interface PolicyGuard {
  readonly version: number
  /** Counted under a lock, so that of many at once no more are stored than fit. */
  readonly rules: readonly GuardRule[]
  /** How long an account that the user has not withdrawn to before is waited for. */
  readonly coolingOffHours: number
  /** Why a person looks at it whatever has been counted, and by which rules. */
  readonly causes: readonly Cause[]
  readonly known: readonly string[]
}

export interface GuardRule extends LimitRule {
  readonly name: string
}

/** What has been used of a limit that a withdrawal does not fit under. */
export interface UsedLimit {
  readonly name: string
  readonly count: number
  readonly amount: string
}

/** Nothing was written. */
export class NotInsertedError extends Error {
  override readonly name = 'NotInsertedError'

  constructor(
    readonly why: 'too_many_open' | 'quarantined' | 'code_used' | 'limited',
    /** With `limited`. */
    readonly limit: UsedLimit | null = null,
  ) {
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
export type Inserted =
  | StoredWithdrawal
  | 'key_taken'
  | 'too_many_open'
  | 'quarantined'
  | 'code_used'
  | { readonly limitedBy: UsedLimit }

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

export const UNGUARDED: InsertGuards = { openMax: null, otpCode: null, policy: null }

/** Whether it queues up behind those of other users: then it is written by itself, or two groups would wait for each other. */
export const countsOverOthers = ({ guards: { policy } }: NewWithdrawal): boolean =>
  policy?.rules.some(({ of }) => of !== 'user') ?? false

export function storedOrThrow(inserted: Inserted): StoredWithdrawal | null {
  if (inserted === 'key_taken') return null
  if (typeof inserted === 'string') throw new NotInsertedError(inserted)
  if ('limitedBy' in inserted) throw new NotInsertedError('limited', inserted.limitedBy)
  return inserted
}

/** What is frozen for a person is not the user's to end: it may not keep them from their money as well. */
const NOT_COUNTED = statesThat((state) => !isOpen(state) || isUnscheduled(state))

/** A kit takes a code for 90 seconds, half a minute before and after its own; the rest is for clocks that differ. */
const CODE_COUNTS_SECONDS = 300

/**
 * What is checked is checked in the statement that writes, in this order: a key that is taken is an answer and no
 * refusal, so it uses up no code; too many open ones use up none either, nor does an account that sent money back, nor a
 * limit of the policy. Then the code, and the row itself.
 */
const INSERT = `
  with given as materialized (
    select * from json_to_recordset($1::json) as g (
      place integer, id text, "userId" bigint, "idempotencyKey" text, "requestHash" text, currency text, amount numeric,
      fee numeric, "payoutAmount" numeric, method text, destination text, "destinationMasked" text,
      "destinationHash" text, provider text, mode text, "payoutKey" text, "endToEndId" text,
      "leaseOwner" text, "leaseSeconds" double precision, "openMax" integer, code text, policy jsonb, ${FEW_COLUMN})
     where ${ARE_FEW}
  ), judged as materialized (
    select g.*,
           case when g."openMax" is not null and bank_withdrawal.open_withdrawals_of(g."userId", array[${NOT_COUNTED}]) >= g."openMax"
                then 'too_many_open'
                when g."idempotencyKey" is not null and exists (
                  select from bank_withdrawal.withdrawals w
                   where w.user_id = g."userId" and w.idempotency_key = g."idempotencyKey")
                then 'key_taken'
                when exists (
                  select from bank_withdrawal.quarantined_destinations q
                   where q.destination_hash = g."destinationHash" and q.user_id = g."userId" and q.lifted_at is null)
                then 'quarantined' end as early
      from given g
  ), ruled as materialized (
    select r.*, coalesce(r.early, case when r.ruling -> 'refused' is not null then 'limited' end) as verdict
      from (select j.*, case when j.early is null and j.policy is not null
                             then ${judgedBy('j."userId"', 'j."destinationHash"', 'j.currency', 'j.amount', 'j.policy')}
                        end as ruling
              from judged j) r
  ), coded as (
    insert into bank_withdrawal.used_codes as known (user_id, code, used_at)
    select "userId", code, ${CLOCK} from ruled where code is not null and verdict is null
    on conflict (user_id, code) do update set used_at = excluded.used_at
      where known.used_at < ${CLOCK} - make_interval(secs => ${CODE_COUNTS_SECONDS})
    returning user_id, code
  ), forgotten as (
    delete from bank_withdrawal.used_codes
     using ruled j
     where used_codes.user_id = j."userId" and j.code is not null and j.verdict is null and used_codes.code <> j.code
       and used_codes.used_at < ${CLOCK} - make_interval(secs => ${2 * CODE_COUNTS_SECONDS})
  ), fit as materialized (
    select j.*, ${CLOCK} as at, ${CLOCK} + make_interval(secs => j."leaseSeconds") as leased_until,
           coalesce(j.verdict, case when j.code is not null and not exists (
             select from coded c where c.user_id = j."userId" and c.code = j.code) then 'code_used' end) as outcome
      from ruled j
  ), created as (
    insert into bank_withdrawal.withdrawals (
      id, user_id, idempotency_key, request_hash, currency, amount, fee, payout_amount, method,
      destination, destination_masked, destination_hash, provider, mode, payout_key, end_to_end_id,
      state, version, attempts, next_run_at, lease_owner, lease_until, hold_doubt_at,
      state_since, created_at, updated_at, review_causes, cools_until)
    select id, "userId", "idempotencyKey", "requestHash", currency, amount, fee, "payoutAmount", method,
      destination, "destinationMasked", "destinationHash", provider, mode, "payoutKey", "endToEndId",
      'requested', 1, 1, leased_until, "leaseOwner", leased_until, at, at, at, at,
      ${RULED.causes('ruling')}, ${RULED.coolsUntil('ruling')}
      from fit where outcome is null order by place
    on conflict (user_id, idempotency_key) do nothing
    returning *
  ), journalled as (
    insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, to_state, actor, detail)
    select id, version, created_at, 'withdrawal.requested', state, 'user',
           case when review_causes is null and cools_until is null then '{}'
                else (select ${RULED.detail('f.ruling', 'f.policy')} from fit f where f.id = created.id) end
      from created
  )
  select f.place, f.outcome, f.ruling -> 'refused' as refused, s.*
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
  const rows = await db.query<RawRow & Outcome>(INSERT, [JSON.stringify(inOrder.map(written))], 'insert')
  const results: Inserted[] = given.map(() => 'key_taken')
  for (const { place, outcome, refused, ...row } of rows)
    if (refused !== null) results[place] = { limitedBy: refused }
    else if (outcome !== null) results[place] = outcome
    else if (row.id !== null) results[place] = toWithdrawal(row)
  return results
}

interface Outcome {
  readonly place: number
  readonly outcome: Extract<Inserted, string> | null
  readonly refused: UsedLimit | null
}

const written = ({ draft, lease, guards, place }: NewWithdrawal & { place: number }) => ({
  ...draft,
  ...FEW,
  place,
  leaseOwner: lease.owner,
  leaseSeconds: lease.seconds,
  openMax: guards.openMax,
  policy: guards.policy ?? null,
  code: guards.otpCode === null ? null : hashOfCode(draft.userId, guards.otpCode),
})

const hashOfCode = (userId: number, code: string): string =>
  createHash('sha256').update(`${userId}:${code}`).digest('hex')
