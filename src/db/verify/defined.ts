import { sha256 } from '../../domain/digest'
import { MIGRATIONS } from '../connect/migrations.generated'

/**
 * What the migrations define, read from their own text: the last word on each function and trigger. PostgreSQL keeps the
 * body of a function to the letter, so that another body is another digest on any version of it.
 */

/**
 * Lines that are a comment, in a pattern that means the same here and to PostgreSQL. A kit's plugin is built without them, so that a
 * database has them or not, by who migrated it.
 */
const COMMENT_LINES = String.raw`(^|\n) *--[^\n]*(?=\n)`
const codeOf = (body: string): string => body.replace(new RegExp(COMMENT_LINES, 'g'), '')
/** The same of an expression in SQL. */
export const codeInSql = (expression: string): string =>
  `regexp_replace(${expression}, '${COMMENT_LINES}', '', 'g')`

export interface DefinedFunction {
  readonly name: string
  readonly digest: string
  /** As pg_proc has it. */
  readonly volatility: 'i' | 's' | 'v'
}

export interface DefinedTrigger {
  readonly table: string
  readonly name: string
  readonly calls: string
  /** As pg_trigger has it: when it is called, and for what. */
  readonly type: number
  /** Only where one of these is written, by name; empty for all. */
  readonly columns: string
}

const FUNCTION =
  /create (?:or replace )?function bank_withdrawal\.(\w+)\(((?:(?!create )[\s\S])*?)\bas (\$\$|')([\s\S]*?)\3|drop function bank_withdrawal\.(\w+)/g
const TRIGGER =
  /create trigger (\w+)\s+(before|after)\s+([^;%]*?)\s+on bank_withdrawal\.(\w+)\s([^;%]*?)execute function bank_withdrawal\.(\w+)\(\)/g

/** Exchanged by tests, which move it. */
const NOT_COMPARED = 'clock'

const VOLATILITY = { immutable: 'i', stable: 's', volatile: 'v' } as const

function functionsIn(texts: readonly string[]): readonly DefinedFunction[] {
  const known = new Map<string, DefinedFunction>()
  for (const [, name, given = '', , body = '', dropped] of texts.flatMap((text) => [
    ...text.matchAll(FUNCTION),
  ]))
    if (dropped !== undefined) known.delete(dropped)
    else if (name !== undefined && name !== NOT_COMPARED) {
      const said = /\b(immutable|stable|volatile)\b/.exec(given)?.[1] ?? 'volatile'
      const volatility = VOLATILITY[said as keyof typeof VOLATILITY]
      known.set(name, { name, digest: sha256(codeOf(body)), volatility })
    }
  return [...known.values()]
}

/** The bits of `tgtype`. */
const FOR_EACH_ROW = 1
const BEFORE = 2
const EVENTS = { insert: 4, delete: 8, update: 16, truncate: 32 } as const

function typeOf(when: string, events: string, rest: string): number {
  const words = Object.entries(EVENTS).filter(([event]) => new RegExp(`\\b${event}\\b`).test(events))
  return (
    words.reduce((sum, [, bit]) => sum + bit, 0) +
    (when === 'before' ? BEFORE : 0) +
    (rest.includes('for each row') ? FOR_EACH_ROW : 0)
  )
}

function columnsOf(events: string): string {
  const [, listed = ''] = /update of ([\w,\s]+?)(?:\s+or\s|$)/.exec(events) ?? []
  return listed
    .split(',')
    .map((column) => column.trim())
    .filter((column) => column !== '')
    .sort()
    .join(',')
}

function triggersIn(texts: readonly string[]): readonly DefinedTrigger[] {
  const known = new Map<string, DefinedTrigger>()
  for (const [, name = '', when = '', events = '', table = '', rest = '', calls = ''] of texts.flatMap(
    (text) => [...text.matchAll(TRIGGER)],
  ))
    known.set(`${table} ${name}`, {
      ...{ table, name, calls },
      ...{ type: typeOf(when, events, rest), columns: columnsOf(events) },
    })
  return [...known.values()]
}

const TEXTS = MIGRATIONS.map(({ sql }) => sql)

export const FUNCTIONS = functionsIn(TEXTS)
export const TRIGGERS = triggersIn(TEXTS)

/** The body of the function that chains one part of the journal, without comments; `%I` stands for the part. */
export const CHAIN_OF_PART = codeOf(
  TEXTS.flatMap((text) => /as \$body\$([\s\S]*?)\$body\$/.exec(text)?.[1] ?? []).at(-1) ?? '',
)
