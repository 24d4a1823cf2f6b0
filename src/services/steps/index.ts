import type { WorkingState } from '../../domain/states'
import { inDoubt } from './in-doubt'
import { throughItsPayer } from './payer-guard'
import { inReview } from './policy-review'
import { ready } from './ready'
import { releasing } from './releasing'
import { requested } from './requested'
import { returning } from './returning'
import { guardAll } from './seal-guard'
import { settling } from './settling'
import type { Step } from './step'
import { submitted } from './submitted'
import { submitting } from './submitting'

/** A state that a worker acts in does not compile until it has a step here; so has a review that ends by itself. */
export type Steps = Readonly<Record<WorkingState | 'in_review', Step>>

export const STEPS: Steps = guardAll({
  requested,
  in_review: inReview,
  ready: throughItsPayer(ready),
  submitting,
  submitted: throughItsPayer(submitted),
  in_doubt: throughItsPayer(inDoubt),
  settling,
  releasing,
  returning,
})

export type { Next, Stay, Step, StepDeps, StepSettings, Visit } from './step'
