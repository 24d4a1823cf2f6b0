import { ERASED } from '../../domain/destination'
import type { Queryable } from '../connect/database'
import { COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'

/** Whatever says what is wrong with a row, or null where it is what it was accepted as. */
export type JudgeRow = (row: StoredWithdrawal) => string | null

const PAGE = 1_000

/**
 * Nothing is left to hold it against; that somebody asked for that, or that its time was over, is on record, and it has
 * ended for good.
 */
const IS_ERASED = `destination = '${ERASED}' and state in ('processed', 'canceled', 'returned') and watch_at is null
  and (w.updated_at < (select coalesce(max((a.detail ->> 'before')::timestamptz), '-infinity')
                         from bank_withdrawal.operator_actions a
                        where a.action = 'retention.details' and a.subject = 'retention')
       or exists (select from bank_withdrawal.operator_actions a
                   where a.action = 'user.erased' and a.subject = 'user:' || w.user_id))`

/** No SQL can tell: the rows are read, page by page, and held against what was sealed with them. */
export async function checkSeals(db: Queryable, judge: JudgeRow, namedMax: number) {
  const findings: { id: string; detail: string }[] = []
  let count = 0
  for (let after = ''; ;) {
    const rows = await db.query<RawRow>(
      `select ${COLUMNS} from bank_withdrawal.withdrawals w
        where id > $1 and not (${IS_ERASED}) order by id limit ${PAGE}`,
      [after],
    )
    for (const row of rows.map(toWithdrawal)) {
      const detail = judge(row)
      if (detail === null) continue
      count++
      if (findings.length < namedMax) findings.push({ id: row.id, detail })
    }
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) break
    after = last.id
  }
  return {
    name: 'rows_are_what_was_accepted',
    holds: 'amounts, user, method, provider, keys and destination are those that were sealed',
    count,
    findings,
  }
}
