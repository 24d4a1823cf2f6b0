import type { Queryable } from '../connect/database'

/** What a person did that no withdrawal's journal tells. */
export interface OperatorAction {
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly reason: string
  readonly detail: Readonly<Record<string, unknown>>
}

export async function recordOperatorAction(db: Queryable, action: OperatorAction): Promise<void> {
  await db.query(
    `insert into bank_withdrawal.operator_actions (at, actor, action, subject, reason, detail)
     values (bank_withdrawal.clock(), $1, $2, $3, $4, $5::jsonb)`,
    [action.actor, action.action, action.subject, action.reason, JSON.stringify(action.detail)],
  )
}
