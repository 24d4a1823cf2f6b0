import { ERASED } from '../domain/destination'
import type { Database, Queryable } from './connect/database'
import { AT_REST, COUNTS_NO_MORE, ERASE_DETAILS } from './retention'
import { CLOCK } from './row'

export interface Erased {
  readonly withdrawals: number
  /** Withdrawals that are kept as they are: not ended, still watched, of this month, or not old enough. */
  readonly kept: number
  readonly quarantined: number
}

/**
 * Takes a user's account, name and keys out of withdrawals that ended long ago. Amounts, states, times and the journal stay:
 * sums and chains are over those, and the books have to be kept longer than the details.
 *
 * @param olderThanDays Since the last change. Twice is once.
 */
export const erasePersonal = (
  db: Database,
  {
    userId,
    olderThanDays,
    actor,
    reason,
  }: { userId: number; olderThanDays: number; actor: string; reason: string },
): Promise<Erased> =>
  db.transaction(async (tx) => {
    const rows = await tx.query<{ id: string }>(
      `update bank_withdrawal.withdrawals w
          set ${ERASE_DETAILS}
        where user_id = $1 and destination <> '${ERASED}' and ${AT_REST} and ${COUNTS_NO_MORE}
          and updated_at < ${CLOCK} - make_interval(days => $2)
        returning id`,
      [userId, olderThanDays],
    )
    // What is still to be sent is sent, and forgotten soon afterwards; what waits for an endpoint that is off is not sent.
    await tx.query(
      `delete from bank_withdrawal.deliveries
        where (state <> 'waiting' or give_up_at < ${CLOCK}) and subject = any($1::text[])`,
      [rows.map(({ id }) => id)],
    )
    const quarantined = await tx.query(
      `delete from bank_withdrawal.quarantined_destinations q
        where user_id = $1 and lifted_at < ${CLOCK} - make_interval(days => $2) returning 1 as one`,
      [userId, olderThanDays],
    )
    await tx.query('delete from bank_withdrawal.wrong_codes where user_id = $1', [userId])
    const [left] = await tx.query<{ count: number }>(
      `select count(*)::int as count from bank_withdrawal.withdrawals where user_id = $1 and destination <> '${ERASED}'`,
      [userId],
    )
    const erased = { withdrawals: rows.length, kept: left?.count ?? 0, quarantined: quarantined.length }
    await tx.query(
      `insert into bank_withdrawal.operator_actions (at, actor, action, subject, reason, detail)
       values (${CLOCK}, $1, 'user.erased', $2, $3, $4::jsonb)`,
      [actor, `user:${userId}`, reason, JSON.stringify({ ...erased, olderThanDays })],
    )
    return erased
  })

export interface PersonalRecord {
  readonly kind: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Everything that is stored about a user, in the order of the tables. Sealed destinations come as they are. */
export async function readPersonal(db: Queryable, userId: number): Promise<readonly PersonalRecord[]> {
  const tables: readonly (readonly [string, string])[] = [
    ['withdrawal', 'select * from bank_withdrawal.withdrawals where user_id = $1 order by created_at, id'],
    [
      'journal',
      `select j.* from bank_withdrawal.journal j join bank_withdrawal.withdrawals w on w.id = j.withdrawal_id
        where w.user_id = $1 order by j.withdrawal_id, j.seq`,
    ],
    [
      'question',
      `select d.* from bank_withdrawal.differences d join bank_withdrawal.withdrawals w on w.id = d.withdrawal_id
        where w.user_id = $1 order by d.id`,
    ],
    [
      'message',
      `select d.* from bank_withdrawal.deliveries d join bank_withdrawal.withdrawals w on w.id = d.subject
        where w.user_id = $1 order by d.id`,
    ],
    [
      'proposal',
      `select a.*, (select coalesce(jsonb_agg(to_jsonb(d) - 'approval_id' order by d.at, d.actor), '[]')
                      from bank_withdrawal.approval_words d where d.approval_id = a.id) as words
         from bank_withdrawal.approvals a join bank_withdrawal.withdrawals w on w.id = a.subject
        where a.subject_kind = 'withdrawal' and w.user_id = $1 order by a.id`,
    ],
    [
      'held_account',
      'select * from bank_withdrawal.quarantined_destinations where user_id = $1 order by since',
    ],
    ['wrong_codes', 'select * from bank_withdrawal.wrong_codes where user_id = $1'],
    [
      'used_code',
      'select user_id, used_at from bank_withdrawal.used_codes where user_id = $1 order by used_at',
    ],
    [
      'operator_action',
      `select * from bank_withdrawal.operator_actions
        where subject = 'user:' || $1::bigint
           or subject in (select id from bank_withdrawal.withdrawals where user_id = $1) order by id`,
    ],
  ]
  const found: PersonalRecord[] = []
  for (const [kind, text] of tables)
    for (const data of await db.query<Record<string, unknown>>(text, [userId])) found.push({ kind, data })
  return found
}
