import type { Router } from 'express'
import { type RequestHandler } from 'express'

import { describeError } from '../errors'
import type { Authenticator } from '../ports/authenticator'
import type { Clock, Randomness } from '../ports/clock'
import type { Exchange } from '../ports/exchange'
import type { Logger } from '../ports/logger'
import { createRouter } from '../routes'
import { operatorAccess, ownAccountOnly } from '../routes/access'
import { adminRoutes } from '../routes/admin'
import { fileRoutes } from '../routes/admin/files'
import type { Readiness } from '../routes/health'
import { allow } from '../routes/http'
import { createPresenter } from '../routes/present'
import { unavailableRouter } from '../routes/unavailable'
import { webhookRoutes } from '../routes/webhooks'
import { iotaapRoutes, type WithdrawalRouteDeps, withdrawalRoutes } from '../routes/withdrawals'
import { withDeadline } from '../runtime/deadline'
import { createReceiveWebhook } from '../services/events/webhooks'
import { createCancel } from '../services/intake/cancel'
import { createWithdrawalService } from '../services/intake/create'
import { createIntake } from '../services/intake/intake'
import { createOptions } from '../services/intake/options'
import { createOperate } from '../services/operate/actions'
import { createFileExchange } from '../services/operate/files'
import { createProviderControl } from '../services/operate/providers'
import type { ProviderDirectory } from '../services/payouts/directory'
import type { Vault } from '../services/vault'
import type { Config } from '../settings/plugin'
import type { Runner } from '../workers/runner'
import type { Engine } from './engine'
import type { PayoutPlans } from './plans'

/** What the routes are wired from. */
export interface Wired {
  readonly clock: Clock
  readonly random: Randomness
  readonly logger: Logger
  readonly authenticator: Authenticator
  readonly config: Config
  readonly providers: ProviderDirectory
  readonly vault: Vault
  readonly exchange: Exchange
  readonly engine: Engine
  readonly plans: PayoutPlans
}

/** Everything that is served, wired. */
export function createSurface(wired: Wired): Router {
  const { config, providers, engine, plans, authenticator, clock, random, logger } = wired
  const { store, transition, runner } = engine
  const operator = operatorAccess(authenticator, config)
  const withdrawals = userSide(wired)
  return createRouter({
    logger,
    basePath: config.basePath,
    newId: random.newId,
    readiness: readinessOf(engine, config.worker ? runner : null, clock),
    withdrawals: withdrawalRoutes(withdrawals),
    admin: adminRoutes({
      store,
      batches: engine.batches,
      providers: createProviderControl({ store, providers, plans, silentForMs: engine.silentForMs, logger }),
      operate: createOperate({ store, transition }),
      operator,
    }),
    raw: rawRoutes(wired, operator),
    iotaap: iotaapAt(config, iotaapRoutes(withdrawals)),
  })
}

function userSide(wired: Wired): WithdrawalRouteDeps {
  const { config, providers, vault, exchange, engine, plans, authenticator, clock, random, logger } = wired
  const { store, transition, runner } = engine
  const { feeMode, waitMs, defaultCurrency } = config
  return {
    store,
    logger,
    defaultCurrency,
    create: createWithdrawalService({
      store,
      vault,
      clock,
      random,
      logger,
      modeOf: plans.modeOf,
      waitMs,
      openMax: config.maxOpenWithdrawals === 0 ? null : config.maxOpenWithdrawals,
      intake: createIntake({
        exchange,
        providers: providers.all,
        feeMode,
        destinations: config.destinations,
        isQuarantined: (destination) => store.isQuarantined(vault.hash(destination)),
      }),
      providerNamed: providers.named,
      newLease: runner.newLease,
      drive: (row, lease) => runner.drive(row, lease, true),
    }),
    cancel: createCancel({ store, transition, driveNow: runner.driveNow }),
    options: createOptions({
      exchange,
      providers: providers.all,
      modeOf: plans.modeOf,
      scheduleOf: (provider) => (plans.modeOf(provider) === 'batch' ? plans.scheduleOf(provider) : null),
      feeMode,
    }),
    present: createPresenter({
      vault,
      expectedMsOf: (name) => providers.named(name)?.capabilities.expectedMs ?? null,
    }),
    user: allow(authenticator, ['user']),
    acting: ownAccountOnly(config.allowSharedAccounts),
  }
}

const rawRoutes = (
  { config, providers, engine: { store }, clock, logger }: Wired,
  operator: RequestHandler,
): readonly (readonly [string, Router])[] => {
  const receive = createReceiveWebhook({
    store,
    providerNamed: providers.named,
    secret: config.webhookSecret,
    clock,
    logger,
  })
  const files = createFileExchange({ store, providerNamed: providers.named, logger })
  return [
    ['/webhooks', webhookRoutes(receive)],
    ['/admin/files', fileRoutes(files, operator)],
  ]
}

const iotaapAt = ({ dialects, iotaapPath }: Config, routes: Router) =>
  dialects.includes('iotaap') ? { path: iotaapPath, routes } : null

/** A database that needs longer than this to say "1" cannot accept withdrawals. */
const PING_TIMEOUT_MS = 2_000

const readinessOf = ({ store, watch }: Engine, worker: Runner | null, clock: Clock): Readiness => ({
  degraded: () =>
    Object.entries(watch.stuck()).map(
      ([state, count]) => `${count} withdrawals have been ${state} for longer than they should`,
    ),
  async problems() {
    const database = await withDeadline(clock, PING_TIMEOUT_MS, 'the database', () => store.ping()).then(
      () => [],
      (error: unknown) => [`the database does not answer (${describeError(error).name ?? 'error'})`],
    )
    return worker?.isRunning() === false ? [...database, 'the worker is not running'] : database
  },
})

/** The same addresses while there is nobody behind them. */
export const surfaceUntilStarted = ({
  logger,
  random,
  config,
}: Pick<Wired, 'logger' | 'random' | 'config'>): Router =>
  unavailableRouter({
    logger,
    newId: random.newId,
    basePath: config.basePath,
    iotaapPath: config.dialects.includes('iotaap') ? config.iotaapPath : null,
    message: 'Withdrawals are not available yet. Please try again in a moment.',
    problems: ['not started'],
  })
