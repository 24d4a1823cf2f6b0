import { createHash } from 'node:crypto'

import type { QueryConfig } from 'pg'

import type { Logger } from '../../ports/logger'
import { sqlState } from './database'

/** Names under which a connection keeps statements, parsed and planned. */
export interface StatementNames {
  queryOf(text: string, parameters: readonly unknown[], name: string | undefined): QueryConfig
  /**
   * Whether a statement failed for its name alone, which means that it did not run: behind a pooler that hands each
   * transaction to another session, names are not where they were left. Nothing is named from then on.
   */
  wereLost(error: unknown): boolean
}

/** `invalid_sql_statement_name`, `duplicate_prepared_statement` */
const LOST = ['26000', '42P05']

/** The text is in the name: a pooler may show one program's names to another, and to another version of it. */
export function createStatementNames(isOn: boolean, logger: Logger): StatementNames {
  const names = new Map<string, string>()
  let on = isOn

  function nameOf(text: string, name: string): string {
    const known = names.get(text)
    if (known !== undefined) return known
    const made = `bw_${name}_${createHash('sha256').update(text).digest('hex').slice(0, 12)}`
    names.set(text, made)
    return made
  }

  return {
    queryOf: (text, parameters, name) => ({
      text,
      values: [...parameters],
      ...(on && name !== undefined && { name: nameOf(text, name) }),
    }),
    wereLost(error) {
      if (!LOST.includes(sqlState(error) ?? '')) return false
      if (on)
        logger.warn('database.statements_unnamed', {
          explanation:
            'A pooler stands between us and PostgreSQL that does not keep prepared statements: each is planned anew from here on. Switch them off in the settings, or use session pooling.',
        })
      on = false
      return true
    },
  }
}
