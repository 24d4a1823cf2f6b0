import { storableJson } from '../../domain/storable'
import type { Queryable } from '../connect/database'
import { WAKE } from './leases'

/** What a person did that no withdrawal's journal tells. */
export interface OperatorAction {
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly reason: string
  readonly detail: Readonly<Record<string, unknown>>
}

export interface RecordedAction extends OperatorAction {
  /** As text: a bigint. */
  readonly id: string
  readonly at: Date
}

const COLUMNS = '(at, actor, action, subject, reason, detail)'
const VALUES = 'bank_withdrawal.clock(), $1, $2, $3, $4, $5::jsonb'

const parametersOf = ({ actor, action, subject, reason, detail }: OperatorAction): unknown[] => [
  ...[actor, action, subject, reason, storableJson(detail)],
]

export async function recordOperatorAction(db: Queryable, action: OperatorAction): Promise<void> {
  await db.query(
    `insert into bank_withdrawal.operator_actions ${COLUMNS} values (${VALUES})`,
    parametersOf(action),
  )
}

/**
 * Brings the next look at the withdrawal that is the action's subject forward, and records who wanted it: both or
 * neither.
 *
 * @returns false when it rests for good; nothing was written.
 */
export async function wakeAs(db: Queryable, action: OperatorAction): Promise<boolean> {
  const rows = await db.query(
    `with woken as (
       ${WAKE} where w.id = $3 and (w.next_run_at is not null or w.watch_at is not null) returning w.id
     )
     insert into bank_withdrawal.operator_actions ${COLUMNS} select ${VALUES} from woken returning id`,
    parametersOf(action),
  )
  return rows.length > 0
}

/** The latest first. */
export const listOperatorActions = (
  db: Queryable,
  { subject, action, limit }: { subject: string; action?: string; limit: number },
): Promise<readonly RecordedAction[]> =>
  db.query<RecordedAction>(
    `select a.id::text as id, at, actor, action, subject, reason, detail
       from bank_withdrawal.operator_actions a
      where subject = $1 and ($2::text is null or action = $2) order by a.id desc limit $3`,
    [subject, action ?? null, limit],
  )
