import type { State } from '../../src/domain/states'
import type { Bank, Payout } from './bank'
import type { Books, Checks } from './checks'
import { checkDiscrepancies, restsOrIsAsked } from './checks-at-rest'
import type { Knobs } from './knobs'
import type { MemoryRow } from './memory-tables'
import type { Timeline } from './timeline'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** So long after the last fault everything has come to rest, or a person has it, but for what is listed below. */
export const LIVELY_WITHIN_MS = 400 * SECOND
/** The longest wait between two looks at a bank that has not answered, with its jitter (`LOOKUP_BACKOFF`). */
const LOOK_MS = 1.25 * 15 * MINUTE
/** What has ended is looked at once a day while it can change; an hour for the look itself. */
const WATCHED_WITHIN_MS = 25 * HOUR
const AGAIN_MS = MINUTE

interface Around {
  readonly timeline: Timeline
  readonly knobs: Knobs
  readonly checks: Checks
  readonly bankOf: (row: Pick<MemoryRow, 'provider'>) => Bank
  readonly payoutsOf: (withdrawalId: string) => readonly Payout[]
  /** Milliseconds on the history's own clock of a moment on the database's. */
  readonly ownMs: (at: Date) => number
  readonly doubtReviewMs: number
  /** Leases and quiet times end by the database's clock: by so much later where it was set back. */
  readonly setBackMs: number
}

/**
 * What may take longer than 400 seconds of time without faults, and until when, counted from when it came to be where it
 * is. Who has it then is a person: `restsOrIsAsked` is asked for nothing less.
 */
const MAY_WAIT: { readonly [name in State]?: (row: MemoryRow, around: Around) => number } = {
  requested: waitsForLock,
  /** Canceled before anybody knew whether there is a lock. */
  releasing: (row, around) => (row.heldAt === null ? waitsForLock(row, around) : 0),
  /** The bank cannot say, or has not shown it yet: at its age a person is asked, after one more look. */
  in_doubt: (_row, { knobs, doubtReviewMs }) => doubtReviewMs + knobs.quietMs + 2 * LOOK_MS,
  /** On its way: until the bank has said its last word, and two looks. */
  submitted: (row, { payoutsOf, timeline }) => {
    const saidMs = Math.max(0, ...payoutsOf(row.id).map(({ changedAtMs }) => changedAtMs))
    const isOnItsWay = payoutsOf(row.id).some(({ state }) => state === 'pending')
    return isOnItsWay ? Infinity : 2 * LOOK_MS + Math.max(0, timeline.nowMs - saidMs)
  },
  /** Its account was empty, or the bank did not say whether it has it already: tried as seldom as a bank is looked at. */
  ready: (row, around) =>
    row.reasonCode === 'insufficient_float' || row.reasonCode === 'confirming' || isShutOut(row, around)
      ? 2 * LOOK_MS
      : 0,
}

/** A bank that says nothing clear of what it is sent again counts as silent for a while, for those too that it never saw. */
const isShutOut = (row: MemoryRow, { bankOf }: Around): boolean =>
  row.reasonCode === 'provider_unavailable' && bankOf(row).knobs.replay === 'unknown'

/**
 * That a lock is not there, or is refused behind an earlier request, counts once whoever hears it has known of that request
 * for as long as it may be on its way, by its own clock; each time another process may be the one.
 */
function waitsForLock({ holdDoubtAt }: MemoryRow, { knobs }: Around): number {
  return holdDoubtAt === null ? 0 : knobs.processes * (knobs.leaseSeconds * SECOND + knobs.quietMs)
}

/**
 * I7 and I10 with their bounds. Asked for once the faults are over: what has not come to rest 400 seconds later is where
 * something is listed that takes longer, and not for longer than that; and a day later nothing differs from the books of
 * the bank and of the exchange that nobody was asked about.
 *
 * @param calmMs From when nothing goes wrong any more, and nothing of it is under way.
 */
export function watchLiveness(around: Around, calmMs: number): void {
  const { timeline, checks } = around
  const look = (): void => {
    const open = [...checks.books().store.rows.values()].filter((row) => !restsOrIsAsked(row, checks.books()))
    for (const row of open) checkInTime(around, row, calmMs)
    if (open.length > 0) timeline.after(AGAIN_MS, null, 'lively', look)
  }
  timeline.at(calmMs + LIVELY_WITHIN_MS, null, 'lively', look)
  timeline.at(calmMs + WATCHED_WITHIN_MS + HOUR, null, 'watched', () => checkWatched(around))
}

function checkInTime(around: Around, row: MemoryRow, calmMs: number): void {
  const { timeline, checks, ownMs } = around
  const sinceMs = Math.max(calmMs, ownMs(row.stateSince))
  const boundMs = LIVELY_WITHIN_MS + around.setBackMs + (MAY_WAIT[row.state]?.(row, around) ?? 0)
  const forMs = timeline.nowMs - sinceMs
  if (forMs > boundMs)
    checks.report(
      'I7 liveness',
      row.id,
      `${row.state} (${row.reasonCode}) for ${Math.round(forMs / SECOND)} s without a fault`,
    )
  const nextMs = row.nextRunAt === null ? Infinity : ownMs(row.nextRunAt) - timeline.nowMs
  if (nextMs > LOOK_MS)
    checks.report(
      'I7 liveness',
      row.id,
      `${row.state}, and nobody looks for ${Math.round(nextMs / SECOND)} s`,
    )
}

/** I10 within a look: what has differed for a day has been asked about. */
function checkWatched({ timeline, checks, payoutsOf }: Around): void {
  const books: Books = checks.books()
  for (const row of books.store.rows.values()) {
    const isOfLate = payoutsOf(row.id).some(
      ({ changedAtMs }) => timeline.nowMs - changedAtMs < WATCHED_WITHIN_MS,
    )
    if (!isOfLate && timeline.nowMs > WATCHED_WITHIN_MS) checkDiscrepancies(checks, row)
  }
}
