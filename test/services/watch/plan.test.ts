import { LATE_PAYOUT_MS } from '../../../src/domain/looks'
import { createWatchPlan } from '../../../src/services/watch/plan'

const AT = new Date('2026-01-05T09:00:00Z')
const PAID = { provider: 'bank', payoutStartedAt: AT, watchUntil: null, holdRepeated: false }

describe('the plan to watch what has ended', () => {
  it.each(['processed', 'canceled'] as const)(
    'looks at what is %s for ten days where its provider is not configured any more, for it may be put back',
    (to) => {
      const plan = createWatchPlan(() => null)
      expect(plan(PAID, { to })).toMatchObject({ watchUntil: { inMs: LATE_PAYOUT_MS } })
    },
  )

  it('does not look for a payout that was never begun', () => {
    const plan = createWatchPlan(() => null)
    expect(plan({ ...PAID, payoutStartedAt: null }, { to: 'processed' })).toEqual({})
  })
})
