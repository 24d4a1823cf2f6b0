import type { StoredWithdrawal } from '../../db/store'
import { type Cause, CAUSES } from '../../domain/policy'
import type { Move } from '../transition'
import { go, stay, type Step } from './step'

/**
 * Why one whose amount is locked waits instead of being paid, by what the policy said when it was stored.
 *
 * @returns null where it may be paid.
 */
export function reviewOf({
  reviewCauses,
  coolsUntil,
  readAt,
}: StoredWithdrawal): Pick<Move, 'reasonCode' | 'next' | 'detail'> | null {
  const causes = reviewCauses?.split(',') ?? []
  const first: Cause | undefined = CAUSES.find((cause) => causes.includes(cause))
  if (reviewCauses !== null)
    return { reasonCode: first ?? 'limit_reached', detail: { causes }, next: { runInMs: null } }
  const leftMs = coolsUntil === null ? 0 : coolsUntil.getTime() - readAt.getTime()
  if (leftMs <= 0) return null
  return {
    reasonCode: 'cooling_off',
    detail: { until: coolsUntil?.toISOString() },
    next: { runInMs: leftMs },
  }
}

/** Only what waits for a time and for no person is due in this state: once that is over, it goes on. */
export const inReview: Step = ({ row }) => {
  const { coolsUntil, reviewCauses, readAt } = row
  // Nothing of ours makes such a one due; whoever did is not believed.
  if (coolsUntil === null || reviewCauses !== null)
    return Promise.resolve(
      go({
        ...{ to: 'in_review', event: 'review.left_to_person' },
        ...{ reasonCode: row.reasonCode, next: { runInMs: null } },
      }),
    )
  const leftMs = coolsUntil.getTime() - readAt.getTime()
  return Promise.resolve(
    leftMs > 0
      ? stay(leftMs, 'cooling_off')
      : go({ to: 'ready', event: 'review.cooled_off', next: { runInMs: 0 } }),
  )
}
