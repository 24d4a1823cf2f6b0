import type { Queryable } from '../connect/database'
import { COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'

/** Whatever says what is wrong with a row, or null where it is what it was accepted as. */
export type JudgeRow = (row: StoredWithdrawal) => string | null

const PAGE = 1_000

/** No SQL can tell: the rows are read, page by page, and held against what was sealed with them. */
export async function checkSeals(db: Queryable, judge: JudgeRow, namedMax: number) {
  const findings: { id: string; detail: string }[] = []
  let count = 0
  for (let after = ''; ;) {
    const rows = await db.query<RawRow>(
      `select ${COLUMNS} from bank_withdrawal.withdrawals where id > $1 order by id limit ${PAGE}`,
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
