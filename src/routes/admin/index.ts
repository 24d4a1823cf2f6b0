import { type RequestHandler, Router } from 'express'

import type { BooksStore } from '../../db/books'
import type { GateStore } from '../../db/gates'
import type { Store } from '../../db/store'
import type { PayoutProofs } from '../../services/books/proofs'
import type { Approvals } from '../../services/operate/approvals'
import type { Decisions } from '../../services/operate/decisions'
import type { FloatDesk } from '../../services/operate/float'
import type { ProviderControl } from '../../services/operate/providers'
import type { StopSwitch } from '../../services/operate/stop'
import type { BatchRuns } from '../../workers/batch-run'
import { approvalRoutes } from './approvals'
import { auditRoutes } from './audit'
import { batchRoutes } from './batches'
import { codeLockRoutes } from './code-locks'
import { type DeliveryRouteDeps, deliveryRoutes } from './deliveries'
import { type EndpointRouteDeps, endpointRoutes } from './endpoints'
import { floatRoutes } from './float'
import { type NoticeRouteDeps, noticeRoutes } from './notices'
import { type OverviewRouteDeps, overviewRoutes } from './overview'
import { type PolicyRouteDeps, policyRoutes } from './policy'
import { proofRoutes } from './proofs'
import { providerRoutes } from './providers'
import { type DifferenceRouteDeps, differenceRoutes, quarantineRoutes } from './questions'
import { type ReconciliationRouteDeps, reconciliationRoutes } from './reconciliation'
import { type SettingsRouteDeps, settingsRoutes } from './settings'
import { stillAsked } from './still-asked'
import { stopRoutes } from './stop'
import { type UnnamedDeps, withoutNames } from './unnamed'
import { operateRoutes, type WithdrawalRouteDeps } from './withdrawals'

export interface AdminRouteDeps
  extends
    DifferenceRouteDeps,
    OverviewRouteDeps,
    WithdrawalRouteDeps,
    PolicyRouteDeps,
    SettingsRouteDeps,
    EndpointRouteDeps,
    DeliveryRouteDeps,
    DeliveryRouteDeps,
    NoticeRouteDeps,
    ReconciliationRouteDeps,
    UnnamedDeps {
  readonly store: Store
  readonly batches: BatchRuns
  readonly books: BooksStore
  readonly proofs: PayoutProofs
  readonly providers: ProviderControl
  readonly gates: GateStore
  readonly decisions: Decisions
  readonly approvals: Approvals
  readonly stop: StopSwitch
  readonly floats: FloatDesk
  /** Lets operators in, and nobody else. */
  readonly operator: RequestHandler
}

/** What operators see and do. */
export function adminRoutes(deps: AdminRouteDeps): Router {
  const router = Router()
  router.use(deps.operator, stillAsked, withoutNames(deps))
  const { only } = deps.duties
  router.use('/overview', overviewRoutes(deps))
  router.use('/audit', auditRoutes(deps.store))
  router.use('/batches', only('payouts'), batchRoutes(deps))
  router.use('/providers', only('payouts'), providerRoutes(deps))
  router.use('/float', only('payouts'), floatRoutes(deps))
  router.use('/withdrawals', only('decide'), operateRoutes(deps))
  // What is confirmed there is anybody's duty.
  router.use('/approvals', approvalRoutes(deps))
  router.use('/stop', only('stop'), stopRoutes(deps))
  router.use('/differences', only('decide'), differenceRoutes(deps))
  router.use('/proofs', proofRoutes(deps))
  router.use('/reconciliation', only('decide'), reconciliationRoutes(deps))
  router.use('/code-locks', only('decide'), codeLockRoutes(deps))
  router.use('/quarantine', only('decide'), quarantineRoutes(deps.store))
  router.use('/policy', only('policy'), policyRoutes(deps))
  // Who may change what everybody may do may change the rest, too.
  router.use('/settings', only('policy'), settingsRoutes(deps))
  router.use('/endpoints', only('policy'), endpointRoutes(deps))
  router.use('/notices', noticeRoutes(deps))
  router.use('/deliveries', only('decide'), deliveryRoutes(deps))
  return router
}
