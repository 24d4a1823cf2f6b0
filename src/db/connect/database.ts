/** The two ways to a PostgreSQL, seen alike: `pg` on a server, PGlite in this process. Same SQL for both. */
export interface Queryable {
  query<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<readonly Row[]>
}

export interface Database extends Queryable {
  readonly kind: 'server' | 'embedded'
  /** Commits when `work` resolves, rolls back when it throws. Never wait for another system inside. */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

export interface Transaction extends Queryable {
  /** Runs a script of several statements without parameters. */
  script(text: string): Promise<void>
}

/** SQLSTATE of a database error, whichever driver raised it. */
export const sqlState = (error: unknown): string | null => {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : null
}

export const UNIQUE_VIOLATION = '23505'
