import type { RequestHandler, Response, Router } from 'express'

import { redactText } from '../domain/redaction'
import { ConfigError, describeError } from '../errors'
import { createRouter } from '../routes'
import { isOperator, operatorAccess, ownAccountOnly } from '../routes/access'
import { adminRoutes } from '../routes/admin'
import { createDuties } from '../routes/admin/duties'
import { fileRoutes } from '../routes/admin/files'
import { apiPageRoutes } from '../routes/api-page'
import { pageRoutes } from '../routes/desk'
import type { Readiness } from '../routes/health'
import { allow, identityOf } from '../routes/http'
import { createRouteLimits, type RouteLimits } from '../routes/limits'
import { createListReader } from '../routes/list-reader'
import { metricsRoutes } from '../routes/metrics'
import { createPresenter } from '../routes/present'
import { securityEvents } from '../routes/security-events'
import { unavailableRouter } from '../routes/unavailable'
import { webViewRoutes } from '../routes/web-view'
import { webhookRoutes } from '../routes/webhooks'
import { iotaapRoutes, type WithdrawalRouteDeps, withdrawalRoutes } from '../routes/withdrawals'
import { withDeadline } from '../runtime/deadline'
import { createReceiveWebhook } from '../services/events/webhooks'
import { createCancel } from '../services/intake/cancel'
import { createWithdrawalService } from '../services/intake/create'
import { createExpectation, leaving } from '../services/intake/expected'
import { createIntake } from '../services/intake/intake'
import { createOptions } from '../services/intake/options'
import { createQuote } from '../services/intake/quote'
import { createWhileOpen } from '../services/intake/while-open'
import { CODE_LOCK_RULE, createCodeLocks, NO_CODE_LOCKS } from '../services/limits/code-locks'
import { createOverview } from '../services/operate/overview'
import { createProviderWords } from '../services/operate/provider-words'
import { createRiskHints } from '../services/operate/risk-hints'
import { createDecideSeveral } from '../services/operate/several'
import { createUnnamed } from '../services/operate/unnamed'
import { createFigures } from '../services/watch/figures'
import type { Config } from '../settings/plugin'
import { createDesk, type Desk } from './desk'
import { readApiPage, readDeskPage, readWebView } from './desk-page'
import { createMetricsReader } from './metrics'
import type { Telling } from './outbox'
import type { SettingsPart } from './settings-part'
import { forServices, type Wired } from './wired'

/** Everything that is served, wired. */
export function createSurface(wired: Wired, settings: SettingsPart, telling: Telling): Router {
  const { config, engine, plans, providers, authenticator, clock, random, logger, store } = wired
  const services = forServices(wired)
  const desk = createDesk(wired, settings, telling)
  const operator = operatorAccess(authenticator, config)
  const { operatorRoles } = config
  const mayAct = (res: Response) => identityOf(res).scopes.some((scope) => operatorRoles.includes(scope))
  const duties = createDuties({ policy: wired.book.current, operatorRoles })
  const limited = createRouteLimits({ limits: wired.limits, clock, rules: config })
  const withdrawals = userSide(wired, limited)
  const receive = createReceiveWebhook({ ...services, secret: config.webhookSecret })
  return createRouter({
    logger,
    basePath: config.basePath,
    newId: random.newId,
    setTimer: clock.setTimer,
    securityEvents: securityEvents({ clock, logger, addressHeader: config.addressHeader }),
    atTheDoor: limited.atTheDoor,
    readiness: readinessOf(wired, desk, operator),
    metrics: metricsOf(wired, settings, operator),
    withdrawals: withdrawalRoutes(withdrawals),
    admin: adminRoutes({
      store,
      batches: engine.batches,
      ...desk,
      ...telling,
      decideSeveral: createDecideSeveral({ store, decisions: desk.decisions, logger }),
      hintsOf: createRiskHints(services),
      overview: createOverview({
        ...{ figures: wired.figures, floats: wired.floats },
        ...{ store, control: desk.providers, providers, clock, nextRunOf: plans.nextRunOf },
        words: createProviderWords({ clock, logger }),
        returnsNeedApproval: config.returns === 'approved',
      }),
      mayAct,
      operator,
      unnamed: createUnnamed({ store, vault: wired.vault }),
      gates: wired.gates,
      ...{ books: wired.books, reconciliation: wired.reconciliation, proofs: wired.proofs },
      ...{ duties, operatorRoles, fixed: wired.book.fixed, isConfirmed: config.operators === 'several' },
    }),
    desk: pageRoutes(readDeskPage),
    webView: webViewRoutes(readWebView),
    apiPage: apiPageRoutes(readApiPage),
    raw: [
      ['/webhooks', webhookRoutes(receive, clock.setTimer)],
      [
        '/admin/files',
        fileRoutes({ ...desk, mayAct, setTimer: clock.setTimer }, [operator, duties.only('payouts')]),
      ],
    ],
    iotaap: iotaapAt(config, iotaapRoutes(withdrawals)),
  })
}

const metricsOf = (
  { metrics, figures: store, engine, providers, clock, logger, config }: Wired,
  { fixedIn }: SettingsPart,
  operator: RequestHandler,
) => ({
  request: metrics.request,
  monotonicMs: clock.monotonicMs,
  routes: metricsRoutes({
    read: createMetricsReader({
      ...{ metrics, engine, providers },
      figures: createFigures({ store, clock, logger }),
      returnsNeedApproval: config.returns === 'approved',
      isReconciled: config.reconcileDays > 0,
    }),
    token: config.metricsToken,
    // Inside a host whoever comes from outside may come by a proxy on its machine.
    trustsLoopback: fixedIn === 'environment',
    isOperator: isOperator(operator),
  }),
})

function userSide(wired: Wired, { of: limited }: RouteLimits): WithdrawalRouteDeps {
  const { config, vault, engine, authenticator, store } = wired
  const { feeMode, destinations, waitMs, defaultCurrency, maxOpenWithdrawals } = config
  const { runner } = engine
  const all = forServices(wired)
  const providers = leaving(all, all.providers, { modeOf: all.modeOf, from: wired.clock.now() })
  const services = { ...all, providers }
  return {
    ...services,
    defaultCurrency,
    create: createWhileOpen(
      store,
      createWithdrawalService({
        ...services,
        waitMs,
        openMax: maxOpenWithdrawals === 0 ? null : maxOpenWithdrawals,
        intake: createIntake({
          ...services,
          ...{ feeMode, destinations },
          codes: codeLocksOf(wired),
        }),
        newLease: runner.newLease,
        drive: (row, lease) => runner.drive(row, lease, true),
      }),
    ),
    cancel: createCancel({ ...services, driveNow: runner.driveNow }),
    options: createOptions({ ...services, feeMode, destinations }),
    quote: createQuote({ ...services, feeMode }),
    present: createPresenter({ vault, expectedAt: createExpectation(services) }),
    lists: createListReader(services),
    user: allow(authenticator, ['user']),
    limited,
    acting: ownAccountOnly(config.allowSharedAccounts),
  }
}

const codeLocksOf = ({ config, gates, clock, logger }: Wired) =>
  config.wrongCodesMax === 0
    ? NO_CODE_LOCKS
    : createCodeLocks({ gates, clock, logger, rule: { ...CODE_LOCK_RULE, free: config.wrongCodesMax - 1 } })

const iotaapAt = ({ dialects, iotaapPath, defaultCurrency }: Config, routes: Router) =>
  dialects.includes('iotaap') ? { path: iotaapPath, routes, defaultCurrency } : null

/** A database that needs longer than this to say "1" cannot accept withdrawals. */
const PING_TIMEOUT_MS = 2_000

const readinessOf = (
  { engine: { store, watch, runner }, config, clock }: Wired,
  { concerns }: Desk,
  operator: RequestHandler,
): Readiness => {
  const ping = (): Promise<readonly string[]> =>
    withDeadline(clock, PING_TIMEOUT_MS, 'the database', () => store.ping()).then(
      () => [],
      (error: unknown) => [`the database does not answer (${describeError(error).name ?? 'error'})`],
    )
  /** Anybody may ask, as often as they like: while the database is silent, each would wait there before what pays. */
  let pinging: Promise<readonly string[]> | null = null
  return {
    degraded: () =>
      Object.entries(watch.stuck()).map(
        ([state, count]) => `${count} withdrawals have been ${state} for longer than they should`,
      ),
    details: { problems: concerns, isOperator: isOperator(operator) },
    async problems() {
      const database = await (pinging ??= ping().finally(() => {
        pinging = null
      }))
      return config.worker && !runner.isRunning() ? [...database, 'the worker is not running'] : database
    },
  }
}

/** For whoever can mend it, by its address; the error itself goes to whoever starts the program. */
export const whyNotStarted = (error: unknown): readonly string[] =>
  error instanceof ConfigError ? error.problems : [redactText(describeError(error).message)]

/**
 * The same addresses while there is nobody behind them.
 *
 * @param failure Why the last start failed, for operators: a database that refuses and a key that is missing look alike
 *   from outside.
 */
export const surfaceUntilStarted = ({
  logger,
  random,
  config,
  authenticator,
  failure,
}: Pick<Wired, 'logger' | 'random' | 'config' | 'authenticator'> & {
  readonly failure: () => readonly string[]
}): Router =>
  unavailableRouter({
    logger,
    newId: random.newId,
    basePath: config.basePath,
    iotaapPath: config.dialects.includes('iotaap') ? config.iotaapPath : null,
    defaultCurrency: config.defaultCurrency,
    problem: 'not started',
    details: {
      problems: () => Promise.resolve(failure()),
      isOperator: isOperator(operatorAccess(authenticator, config)),
    },
  })
