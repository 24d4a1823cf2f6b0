import type { NoticeStore } from '../db/notices'
import { createFloatGate, type FloatGate } from '../services/payouts/float'
import { createFloatWatch } from '../services/watch/float-watch'
import type { Job } from '../workers/schedule'
import type { Parts } from './composition'
import type { Wired } from './wired'

/** Of all instances one asks each provider. */
const EVERY_MINUTE = '* * * * *'
const MINUTE_MS = 60_000
/** What is to leave at once is looked at this often while its account is empty. */
const SINGLE_LOOK_MS = 5 * MINUTE_MS
/** Due a little before the run that is to take it. */
const BEFORE_RUN_MS = 5_000

export function floatGateOf(
  { floats: store, clock }: Pick<Wired, 'floats' | 'clock'>,
  { plans, config }: Pick<Parts, 'plans' | 'config'>,
): FloatGate {
  return createFloatGate({
    store,
    clock,
    line: { order: config.floatOrder, methodsFirst: config.floatFirst },
    waitMsOf(name) {
      if (plans.modeOf({ name }) === 'immediate') return SINGLE_LOOK_MS
      const now = clock.now()
      const next = plans.nextRunOf({ name }, now)
      // A person sends what no schedule does, at any time.
      if (next === null) return SINGLE_LOOK_MS
      return Math.max(1_000, next.getTime() - now.getTime() - BEFORE_RUN_MS)
    },
  })
}

export const createFloatJob = (
  { floats: store, providers, plans, clock, logger, config }: Wired,
  notices: NoticeStore,
): Job => ({
  ...{ name: 'float', expression: EVERY_MINUTE, timezone: 'UTC' },
  run: createFloatWatch({
    ...{ store, notices, clock, logger },
    providers: providers.all,
    leavesAt: (name, now) =>
      (plans.modeOf({ name }) === 'batch' ? plans.nextRunOf({ name }, now) : null) ?? now,
    settings: config,
  }),
})
