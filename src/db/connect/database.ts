/** The two ways to a PostgreSQL, seen alike: `pg` on a server, PGlite in this process. Same SQL for both. */
export interface Queryable {
  /**
   * @param name Of a statement whose text is always the same: it is parsed and planned once for each connection, where
   *   that is possible.
   */
  query<Row extends object>(
    text: string,
    parameters?: readonly unknown[],
    name?: string,
  ): Promise<readonly Row[]>
}

export interface Database extends Queryable {
  readonly kind: 'server' | 'embedded'
  /**
   * For lists and searches: connections of their own, whose statements end after seconds. A person who pages through a
   * long history waits for nobody but others who do. None where there is only one connection anyway.
   */
  readonly lists?: Queryable
  /** For what reads a long history page by page: one connection of its own. None where there is only one anyway. */
  readonly studies?: Queryable
  /** Commits when `work` resolves, rolls back when it throws. Never wait for another system inside. */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>
  /**
   * Opens a connection beside the others, for what lasts as long as it does. None where the database ends with this
   * process.
   *
   * @param onLost Called when it breaks.
   */
  readonly dedicated?: (onLost: () => void) => Promise<Dedicated>
  /**
   * Opens one connection without time limits, for upkeep that reads whole tables while others work. None where there is
   * only one connection anyway.
   */
  readonly upkeep?: () => Promise<Database>
  /**
   * Resolves with what happened when the database has stopped for good: only a new start of this process helps. None
   * where connections come and go.
   */
  readonly gone?: Promise<Error>
  close(): Promise<void>
}

export const listsOf = (database: Database): Queryable => database.lists ?? database

export const studiesOf = (database: Database): Queryable => database.studies ?? listsOf(database)

export interface Dedicated extends Queryable {
  /** False when a pooler stands in between, which may hand the session behind it to somebody else. */
  readonly isDirect: boolean
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

/** Bad data (22), a broken constraint (23), more than an index holds (54), a refusal of our own in the schema (P0). */
const REFUSED = /^(22|23|54|P0)/

/** The database does not take what is in the statement: nothing of it was written, and the same is refused again. */
export const isRefused = (error: unknown): boolean => REFUSED.test(sqlState(error) ?? '')
