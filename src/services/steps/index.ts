import type { WorkingState } from '../../domain/states'
import { inDoubt } from './in-doubt'
import { ready } from './ready'
import { releasing } from './releasing'
import { requested } from './requested'
import { settling } from './settling'
import type { Step } from './step'
import { submitted } from './submitted'
import { submitting } from './submitting'

/** A state that a worker acts in does not compile until it has a step here. */
export const STEPS: Readonly<Record<WorkingState, Step>> = {
  requested,
  ready,
  submitting,
  submitted,
  in_doubt: inDoubt,
  settling,
  releasing,
}

export type { Next, Step, StepDeps, StepSettings, Visit } from './step'
