import { type RequestHandler, Router } from 'express'

import type { GateStore } from '../../db/gates'
import type { Store } from '../../db/store'
import type { Approvals } from '../../services/operate/approvals'
import type { Decisions } from '../../services/operate/decisions'
import type { ProviderControl } from '../../services/operate/providers'
import type { StopSwitch } from '../../services/operate/stop'
import type { BatchRuns } from '../../workers/batch-run'
import { approvalRoutes } from './approvals'
import { batchRoutes } from './batches'
import { codeLockRoutes } from './code-locks'
import { type OverviewRouteDeps, overviewRoutes } from './overview'
import { providerRoutes } from './providers'
import { differenceRoutes, quarantineRoutes } from './questions'
import { stopRoutes } from './stop'
import { operateRoutes, type WithdrawalRouteDeps } from './withdrawals'

export interface AdminRouteDeps extends OverviewRouteDeps, WithdrawalRouteDeps {
  readonly store: Store
  readonly batches: BatchRuns
  readonly providers: ProviderControl
  readonly gates: GateStore
  readonly decisions: Decisions
  readonly approvals: Approvals
  readonly stop: StopSwitch
  /** Lets operators in, and nobody else. */
  readonly operator: RequestHandler
}

/** What operators see and do. */
export function adminRoutes(deps: AdminRouteDeps): Router {
  const router = Router()
  router.use(deps.operator)
  router.use('/overview', overviewRoutes(deps))
  router.use('/batches', batchRoutes(deps))
  router.use('/providers', providerRoutes(deps))
  router.use('/withdrawals', operateRoutes(deps))
  router.use('/approvals', approvalRoutes(deps))
  router.use('/stop', stopRoutes(deps))
  router.use('/differences', differenceRoutes(deps.store))
  router.use('/code-locks', codeLockRoutes(deps))
  router.use('/quarantine', quarantineRoutes(deps.store))
  return router
}
