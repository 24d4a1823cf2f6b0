/** One invariant. `sql` selects `id` and `detail` of every offender; an empty result is a pass. */
export interface Check {
  /** Stable; runbooks refer to it. */
  readonly name: string
  /** What is true of a healthy database. */
  readonly holds: string
  readonly sql: string
}
