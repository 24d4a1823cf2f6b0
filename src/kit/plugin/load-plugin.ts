import type { RequestHandler } from 'express'

import { type App, createApp } from '../../app/app'
import { createKitSide } from '../../app/kit-ports'
import { openServer } from '../../db/connect/pool'
import { nameInKit } from '../../domain/setting-names'
import { ConfigError, errorFields } from '../../errors'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import { PROVIDERS } from '../../providers/registry'
import { isOperator, operatorAccess, type OperatorRoles } from '../../routes/access'
import { unavailableRouter } from '../../routes/unavailable'
import { systemClock, systemRandomness } from '../../runtime/clock'
import { redacting } from '../../runtime/redacting'
import { SETTINGS } from '../../settings/plugin'
import { readSettings } from '../../settings/setting'
import { createKitAuthenticator } from '../authenticator'
import type { ToolsLib } from '../tools-lib'
import { kitLogger, type LoggerPlugin } from './kit-logger'
import { type KitPluginSettings, readPluginSettings } from './plugin-settings'

/** What the kit puts into the scope of a plugin's script. */
export interface KitScope {
  readonly app: { use(handler: RequestHandler): unknown }
  readonly toolsLib: ToolsLib
  readonly loggerPlugin: LoggerPlugin
  readonly meta: unknown
  readonly publicMeta: unknown
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Shared with every other plugin and the exchange itself, whose server has 100 connections by default. */
export const CONNECTIONS_MAX = 5

/**
 * Serves the plugin on the kit's app. Never throws and leaves no promise unheard: either would take every plugin
 * of the exchange down. What cannot work answers 503 and says why.
 */
export function loadPlugin(scope: KitScope): void {
  const logger = redacting(kitLogger(scope.loggerPlugin))
  try {
    const settings = readPluginSettings(scope.meta, scope.publicMeta, scope.environment)
    if (settings.unknown.length > 0) logger.warn('plugin.unknown_settings', { settings: settings.unknown })
    const { config, problems } = settings
    const plugin = problems.length > 0 ? { problems } : createPlugin(scope, settings, logger)
    if ('problems' in plugin) return refuse(scope, logger, { config, problems: plugin.problems })
    scope.app.use(plugin.app.router)
    keepTrying(plugin.app, systemClock, logger)
  } catch (error) {
    logger.error('plugin.not_loaded', errorFields(error))
  }
}

/** Users are told that there is nothing yet, operators (also in the log) which setting it is. */
function refuse(
  { app, toolsLib }: KitScope,
  logger: Logger,
  { config, problems }: Pick<KitPluginSettings, 'config' | 'problems'>,
): void {
  logger.error('plugin.not_configured', { problems })
  const authenticator = createKitAuthenticator({
    toolsLib,
    clock: systemClock,
    timeoutMs: SETTINGS.exchangeTimeoutMs.fallback,
  })
  app.use(
    unavailableRouter({
      logger: quiet(logger),
      newId: systemRandomness.newId,
      basePath: SETTINGS.basePath.fallback,
      iotaapPath: null,
      defaultCurrency: null,
      problem: 'the settings are not complete',
      details: {
        problems: () => Promise.resolve(problems),
        isOperator: isOperator(operatorAccess(authenticator, rolesIn(config))),
      },
    }),
  )
}

/** As they are set, or else the kit's administrators: whoever has to mend the settings must get to see what is wrong. */
function rolesIn({ operatorRoles }: KitPluginSettings['config']): OperatorRoles {
  const { values } = readSettings(ROLES, { operatorRoles })
  return { operatorRoles: values.operatorRoles ?? ROLES.operatorRoles.fallback, viewerRoles: [] }
}

const ROLES = { operatorRoles: SETTINGS.operatorRoles }

/** The reason has been logged once; each refused request would only repeat it. */
const quiet = (logger: Logger): Logger => ({ ...logger, error: logger.debug })

function createPlugin(
  { toolsLib }: KitScope,
  { config, earlier, defaults, databaseUrl }: KitPluginSettings,
  logger: Logger,
): { app: App } | { problems: readonly string[] } {
  const clock = systemClock
  try {
    const app = createApp({
      ...createKitSide({ toolsLib, clock, logger }),
      definitions: PROVIDERS,
      database: openServer({ url: databaseUrl, connectionsMax: CONNECTIONS_MAX, logger }),
      config,
      defaults: () => defaults,
      earlier: { ...earlier, actor: 'kit', reason: TAKEN_OVER },
      fixedIn: 'kit',
      logger,
      clock,
      random: systemRandomness,
      nameOf: nameInKit,
    })
    return { app }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { problems: error.problems }
  }
}

const TAKEN_OVER = 'Taken over from the plugin’s form in the panel, where an earlier version was set up.'

const FIRST_TRY_AGAIN_MS = 2_000
const TRY_AGAIN_MAX_MS = 60_000

/** Starts as soon as the database lets us: it may come up later than the kit, and go away again. */
function keepTrying(app: App, clock: Clock, logger: Logger, waitMs = FIRST_TRY_AGAIN_MS): void {
  app.start().catch((error: unknown) => {
    logger.error('plugin.not_started', { ...errorFields(error), tryAgainInMs: waitMs })
    clock.setTimer(waitMs, () => keepTrying(app, clock, logger, Math.min(waitMs * 2, TRY_AGAIN_MAX_MS)))
  })
}
