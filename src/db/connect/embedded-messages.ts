/** What goes between this program and the thread that the embedded database runs in; all of it can be cloned. */

export interface ThreadData {
  /** Where its files are; null: in memory alone. */
  readonly dataDir: string | null
}

export type EmbeddedRequest = { readonly id: number } & (
  | {
      readonly kind: 'query'
      readonly text: string
      readonly parameters: readonly unknown[]
      /** Of a statement whose text is always the same. */
      readonly name?: string
      /** The transaction it belongs to. */
      readonly tx?: number
    }
  | { readonly kind: 'script'; readonly text: string; readonly tx: number }
  /** Answered once it is this transaction's turn; all others wait from then until it ends. Its id is the request's. */
  | { readonly kind: 'begin' }
  | { readonly kind: 'end'; readonly tx: number; readonly how: 'commit' | 'rollback' }
  | { readonly kind: 'close' }
)

/** A request without its number. */
export type Asked = EmbeddedRequest extends infer Request
  ? Request extends unknown
    ? Omit<Request, 'id'>
    : never
  : never

/** `id` 0: whether the database was opened. */
export type EmbeddedAnswer =
  | { readonly id: number; readonly rows: readonly object[] }
  | { readonly id: number; readonly failure: Failure }

export interface Failure {
  readonly name: string
  readonly message: string
  /** SQLSTATE and what else PostgreSQL says of an error; not the parameters, which are people's data. */
  readonly fields: Readonly<Record<string, string>>
}

const FIELDS = [
  ...['code', 'severity', 'detail', 'hint', 'position', 'where'],
  ...['schema', 'table', 'column', 'dataType', 'constraint', 'routine'],
]

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), fields: {} }
  const fields = FIELDS.flatMap((field) => {
    const value = (error as unknown as Record<string, unknown>)[field]
    return typeof value === 'string' ? [[field, value] as const] : []
  })
  return { name: error.name, message: error.message, fields: Object.fromEntries(fields) }
}

export const errorOf = ({ name, message, fields }: Failure): Error =>
  Object.assign(new Error(message), fields, { name })
