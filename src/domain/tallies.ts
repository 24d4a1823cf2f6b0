/** What a withdrawal came to, as it is counted by the hour; migrations/000011 decides which is which. */
export const OUTCOMES = ['asked', 'paid', 'failed', 'canceled', 'returned'] as const
export type Outcome = (typeof OUTCOMES)[number]

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Seconds within which a payout was made are counted in these steps; the database has the same ones. */
export const TOOK_STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 30],
  ...[1, 2, 5, 10, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 3, 5, 7, 14].map((days) => days * DAY),
]

/** How many were paid within which step; `step` counts from 0, and one past the last is longer than all. */
export interface Took {
  readonly step: number
  readonly count: number
}

/**
 * The shortest of the steps within which at least `share` of them were paid.
 *
 * @param share From 0 to 1.
 * @returns Seconds; Infinity where it took longer than any step; null where nothing was paid.
 */
export function paidWithin(took: readonly Took[], share: number): number | null {
  const all = took.reduce((sum, { count }) => sum + count, 0)
  if (all === 0) return null
  let seen = 0
  for (const { step, count } of [...took].sort((a, b) => a.step - b.step)) {
    seen += count
    if (seen >= all * share) return TOOK_STEPS[step] ?? Infinity
  }
  return Infinity
}
