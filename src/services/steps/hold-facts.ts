import type { StoredWithdrawal } from '../../db/store'
import type { ReasonCode } from '../../domain/reasons'
import { type Backoff, backoffMs, WALLET_BACKOFF } from '../../domain/retry'
import type { Hold } from '../../ports/exchange'
import { doubtMsLeft, go, type Next, type Stay, stay, type StepDeps, type Visit } from './step'

/**
 * Milliseconds until a lock whose intent was stored at `since` can no longer take effect; 0 without such an intent. It
 * may leave as late as the lease that was taken with the intent lasts, and takes effect within the quiet time after that.
 */
export function holdDoubtMsLeft(row: StoredWithdrawal, since: Date | null, deps: StepDeps): number {
  if (since === null) return 0
  const { leaseSeconds, quietMs } = deps.settings
  const leaseMs = leaseSeconds * 1_000
  return doubtMsLeft(row, deps, {
    name: `hold ${row.id} ${since.getTime()}`,
    knownForMs: leaseMs + quietMs,
    since: new Date(since.getTime() + leaseMs),
    quietMs,
  })
}

/** The same for what has been missing since the row came into its state. */
export function missingMsLeft(row: StoredWithdrawal, deps: StepDeps): number {
  const { id, state, stateSince: since } = row
  const { quietMs } = deps.settings
  const name = `missing ${id} ${state} ${since.getTime()}`
  return doubtMsLeft(row, deps, { name, knownForMs: quietMs, since, quietMs })
}

/** A "no" that does not count yet: looked for again soon, since what is on its way mostly arrives soon. */
export const lookWithin = ({ row }: Visit, leftMs: number, { random }: StepDeps): Stay =>
  stay(Math.min(leftMs, backoffMs(row.attempts, WALLET_BACKOFF, random.fraction())))

/** Somebody at the exchange has stopped the burn, or deals with it. Our updates are absolute and would undo that. */
export const isKept = ({ onHold, waiting }: Hold): boolean => onHold || waiting

/** People decide in hours; they may also decide in a minute. */
const KEPT_BACKOFF: Backoff = { firstMs: 5_000, capMs: 5 * 60_000 }

/**
 * Leaves a burn alone until whoever stopped it lets it go; a person knows that it waits for that.
 *
 * @param reasonCode What its user is told; left out where there is something better to say.
 */
export async function leaveKept(
  { row }: Visit,
  hold: Hold,
  deps: StepDeps,
  reasonCode?: ReasonCode,
): Promise<Stay> {
  await deps.raise(row, 'held_by_exchange', {
    state: row.state,
    burnId: hold.id,
    onHold: hold.onHold,
    waiting: hold.waiting,
  })
  return stay(backoffMs(row.attempts, KEPT_BACKOFF, deps.random.fraction()), reasonCode)
}

/** The burn is nobody's but ours: where it was stopped before, the question that was put then is answered. */
export async function noteLetGo({ row }: Visit, { answered }: StepDeps): Promise<void> {
  if (row.attempts > 1) await answered(row, 'held_by_exchange', 'The exchange let the burn go.')
}

/** Its user, or somebody for them, took the money back in the exchange before anything was sent. */
export const canceledAtExchange = (
  to: 'canceled' | 'releasing',
  hold: Hold,
  next: { runInMs: null } | { keepLeaseSeconds: number },
): Next =>
  go({
    to,
    event: 'hold.canceled_at_exchange',
    reasonCode: 'canceled_at_exchange',
    patch: { heldAt: 'now', holdDoubtAt: null },
    detail: { burnState: hold.state },
    next,
  })
