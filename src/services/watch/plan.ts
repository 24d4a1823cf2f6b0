import type { StoredWithdrawal } from '../../db/store'
import { LATE_PAYOUT_MS, lateHoldLookMs, returnLookMs } from '../../domain/looks'
import { isFinal } from '../../domain/states'
import type { WithdrawalPatch } from '../../domain/withdrawal'
import type { PaymentProvider } from '../../ports/payment-provider'
import type { Move } from '../transition'

/** What a move into an end writes, whoever makes it: when somebody looks whether the end holds, and until when. */
export type WatchPlan = (seen: Ending, move: Pick<Move, 'to' | 'patch'>) => WithdrawalPatch

type Ending = Pick<StoredWithdrawal, 'provider' | 'payoutStartedAt' | 'watchUntil' | 'holdRepeated'>

export const createWatchPlan =
  (providerNamed: (name: string) => PaymentProvider | null): WatchPlan =>
  (seen, { to, patch }) => {
    if (!isFinal(to)) return {}
    const payoutMs = payoutWindowMs(seen, to, providerNamed(seen.provider))
    const locks = mayBeLockedAgain({ state: to, holdRepeated: patch?.holdRepeated ?? seen.holdRepeated })
    const looks = [locks ? lateHoldLookMs(0) : null, payoutMs > 0 ? returnLookMs(0) : null]
    const firstMs = earliest(looks)
    if (firstMs === null) return {}
    return {
      watchAt: { inMs: firstMs },
      // A time that is running goes on running: what came back does not give the bank more of it.
      ...(payoutMs > 0 && { watchUntil: seen.watchUntil ?? { inMs: payoutMs } }),
    }
  }

/** The earliest of some looks; null where there is none. */
export const earliest = (looks: readonly (number | null)[]): number | null => {
  const times = looks.filter((ms) => ms !== null)
  return times.length === 0 ? null : Math.min(...times)
}

/**
 * Whether one more lock may land, or hide, for it: where nothing was paid no lock is left, and one that was asked for
 * twice may have been made twice. Of the others the list of all pending burns tells (stray-locks.ts).
 */
export const mayBeLockedAgain = ({
  state,
  holdRepeated,
}: Pick<StoredWithdrawal, 'state' | 'holdRepeated'>): boolean => state === 'canceled' || holdRepeated

/**
 * How long a payout that has ended one way may still end another way; 0 where nobody could say so. What its rail can do
 * is not known where its provider was taken out of the settings: it may be put back, and is asked then.
 */
function payoutWindowMs(
  { payoutStartedAt }: Ending,
  to: Move['to'],
  provider: PaymentProvider | null,
): number {
  if (payoutStartedAt === null || provider?.capabilities.lookup === 'none') return 0
  const returnMs = provider?.capabilities.returnWindowMs ?? LATE_PAYOUT_MS
  return to === 'canceled' ? Math.max(returnMs, LATE_PAYOUT_MS) : returnMs
}
