import type { WorkingState } from './states'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/**
 * How long a withdrawal may be in a state that a worker acts in, before a person is told. Work on it goes on: whatever is
 * repeated, however patiently, is repeated in front of somebody.
 */
export const STUCK_AFTER_MS: Readonly<Record<WorkingState, number>> = {
  // The exchange answers in seconds; an outage of hours is worth a question of its own.
  requested: 2 * HOUR_MS,
  // Over the longest week-end, at a bank that takes files on working days.
  ready: 4 * DAY_MS,
  // A lease, and then it is in doubt.
  submitting: HOUR_MS,
  // What a provider says a payout takes is looked at too; this is for whatever it says.
  submitted: 14 * DAY_MS,
  in_doubt: 2 * DAY_MS,
  settling: 2 * HOUR_MS,
  releasing: 2 * HOUR_MS,
  // Somebody may have to allow it first.
  returning: DAY_MS,
}

/** Nobody can act for a provider that is not configured: it was taken out by mistake, or too early. */
export const WITHOUT_PROVIDER_AFTER_MS = HOUR_MS

/** Questions that are over when the withdrawal has left what they were about. */
export const ENDS_BY_ITSELF = {
  unresolved: ['submitted', 'settling', 'releasing', 'processed', 'canceled', 'returning', 'returned'],
  vanished: ['submitted', 'settling', 'releasing', 'processed', 'canceled', 'returning', 'returned'],
  payer_changed: ['settling', 'releasing', 'processed', 'canceled', 'returning', 'returned'],
  overdue: ['settling', 'releasing', 'processed', 'canceled', 'returning', 'returned'],
} as const
