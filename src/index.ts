import type { Router } from 'express'

import { createApp } from './app/app'
import { createKitSide } from './app/kit-ports'
import type { Database } from './db/connect/database'
import type { DatabaseChoice } from './db/connect/open'
import type { NameOf } from './domain/setting-names'
import type { ToolsLib } from './kit/tools-lib'
import type { Logger } from './ports/logger'
import type { PaymentProvider } from './ports/payment-provider'
import { PROVIDERS } from './providers/registry'
import { systemClock, systemRandomness } from './runtime/clock'
import { createLogger, redacting } from './runtime/logger'

export interface BankWithdrawalsOptions {
  /** The kit's `toolsLib`, or the sandbox's. */
  readonly toolsLib: ToolsLib
  /**
   * The first one that pays a method in a currency gets it. Left out, operators switch providers on in the desk; `config`
   * may then also hold `providers` and their settings, by full name, which are fixed.
   */
  readonly providers?: readonly PaymentProvider[]
  readonly database: DatabaseChoice | Database
  /** See docs/settings.md. What is given here is fixed; all else operators set in the desk. */
  readonly config?: Readonly<Record<string, unknown>>
  /** What problems and warnings call a setting, where it is written elsewhere than in code: `leaseSeconds`. */
  readonly nameOf?: NameOf
  /** A winston logger, for instance; JSON lines on stdout when left out. */
  readonly logger?: Logger
}

export interface BankWithdrawals {
  /** Mount it at the root of an Express 4 or 5 app: `app.use(plugin.router)`. */
  readonly router: Router
  /** Migrates, recovers what a crash left, and starts to work. */
  start(): Promise<void>
  /** Finishes the step in hand and releases the leases. */
  stop(): Promise<void>
}

/** @throws {ConfigError} Lists every setting that cannot work. */
export function createBankWithdrawals(options: BankWithdrawalsOptions): BankWithdrawals {
  const { toolsLib, providers, database, config, nameOf } = options
  const logger = options.logger ? redacting(options.logger) : createLogger('info')
  const clock = systemClock
  const { router, start, stop } = createApp({
    ...createKitSide({ toolsLib, clock, logger }),
    ...(providers ? { providers } : { definitions: PROVIDERS }),
    database,
    logger,
    clock,
    random: systemRandomness,
    ...(config && { config }),
    ...(nameOf && { nameOf }),
  })
  return { router, start, stop }
}

// For whoever writes a provider or mounts the router with their own parts.
export type { Database, DatabaseChoice, Logger, ToolsLib }
export { ConfigError } from './errors'
export type * from './ports/payment-provider'
