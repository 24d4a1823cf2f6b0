import { type RequestHandler, Router } from 'express'

import type { Database } from '../db/connect/database'
import { migrate } from '../db/connect/migrate'
import { checkDurability, type DatabaseChoice, openDatabase } from '../db/connect/open'
import { checkRights } from '../db/connect/rights'
import { createSettingsStore } from '../db/settings-versions'
import { nameInCode, type NameOf } from '../domain/setting-names'
import { ConfigError } from '../errors'
import type { Authenticator } from '../ports/authenticator'
import type { Clock, Randomness } from '../ports/clock'
import type { Exchange } from '../ports/exchange'
import type { Logger } from '../ports/logger'
import type { PaymentProvider } from '../ports/payment-provider'
import { createSettingSecrets } from '../services/settings/secrets'
import { deskSettings } from '../settings/desk'
import type { Config } from '../settings/plugin'
import type { Pays, ProviderDefinition } from '../settings/providers'
import { createRecovery, type Recovery } from '../workers/recovery'
import { createRepetition, type Repetition } from '../workers/repeat'
import { type Base, createBase } from './base'
import { compose, type CompositionSources, readStartConfig } from './composition'
import { createCurrent, type Current } from './current'
import { SINGLE, withoutKeys } from './desk'
import type { Engine } from './engine'
import type { Telling } from './outbox'
import type { Reconciliation } from './reconciliation'
import { closeProviders, createRun, openProviders } from './run'
import type { FixedIn, SettingsPart } from './settings-part'
import { surfaceUntilStarted, whyNotStarted } from './surface'
import { type EarlierSettings, takeOver } from './take-over'

export type { Engine } from './engine'

export interface AppOptions {
  readonly exchange: (config: Config) => Exchange
  readonly authenticator: (config: Config) => Authenticator
  /** Given in code; left out, operators switch on those of `definitions`. */
  readonly providers?: readonly PaymentProvider[]
  readonly definitions?: readonly ProviderDefinition[]
  /** A choice is opened and closed by the plugin; an open database stays its owner's. */
  readonly database: DatabaseChoice | Database
  /** What is fixed: nobody changes it in the desk. With `definitions` also `providers` and theirs, by full name. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Where nobody has set anything; may depend on which providers there are. */
  readonly defaults?: (providers: readonly PaymentProvider[]) => Readonly<Record<string, unknown>>
  /** Becomes the first version of what operators set, where there is none yet. */
  readonly earlier?: EarlierSettings
  /** What this installation does not let pay, one sentence each. */
  readonly refusals?: (pays: Readonly<Record<string, Pays>>) => readonly string[]
  readonly fixedIn?: FixedIn
  readonly logger: Logger
  readonly clock: Clock
  readonly random: Randomness
  /** What settings are called where they were written; as in code when left out. */
  readonly nameOf?: NameOf
}

export interface App {
  /** Mount at the root of an Express app; answers 503 until `start` has finished. */
  readonly router: Router
  /**
   * Opens and migrates the database, recovers what a crash left, and starts to work.
   * @throws When the database cannot be used. Nothing was started; it may be called again.
   */
  start(): Promise<void>
  /** Finishes the step in hand and releases the leases. */
  stop(): Promise<void>
  /** The parts, once started; for tests and tools. They change with the settings. */
  engine(): Engine
  /** What tells others, once started; for tests and tools. */
  telling(): Telling
  /** What holds the books against others, once started; it changes with the settings, too. */
  reconciliation(): Reconciliation
  /** Who pays now; empty until it is started. */
  providers(): readonly PaymentProvider[]
}

/**
 * The only place that wires.
 *
 * @throws {ConfigError} What is fixed cannot work, whatever operators set.
 */
export function createApp(options: AppOptions): App {
  const { logger, random, nameOf } = options
  const sources = sourcesOf(options)
  const config = readStartConfig(sources, nameOf)
  if (options.providers) throwProblems(compose(sources, {}, nameOf).problems)
  let running: Running | null = null
  let failure: readonly string[] = []

  const authenticator = options.authenticator(config)
  const untilStarted = surfaceUntilStarted({ logger, random, config, authenticator, failure: () => failure })
  const router = Router()
  const whatRuns: RequestHandler = (req, res, next) =>
    (running?.current.run().routes ?? untilStarted)(req, res, next)
  router.use(whatRuns)

  const run = () => {
    if (!running) throw new Error('The plugin has not been started.')
    return running.current.run()
  }

  return {
    router,
    async start() {
      if (running) return
      try {
        running = await openAndBegin({ options, sources, config })
        failure = []
      } catch (error) {
        failure = whyNotStarted(error)
        throw error
      }
      logger.info('plugin.started', {
        basePath: config.basePath,
        providers: running.current.run().parts.providers.all.map(({ name }) => name),
      })
    },
    async stop() {
      if (!running) return
      const { current, recovery, refresh, limits, close } = running
      // From here on requests are told to come back: what they would begin could not be finished.
      running = null
      await refresh?.stop()
      await current.stop()
      await recovery.stop()
      await limits.stop()
      await close()
      logger.info('plugin.stopped')
    },
    engine: () => run().engine,
    telling: () => run().telling,
    reconciliation: () => run().reconciliation,
    providers: () => running?.current.run().parts.providers.all ?? [],
  }
}

interface Running extends Pick<Base, 'limits'> {
  readonly current: Current
  readonly recovery: Recovery
  /** Looks for what another instance has saved; nobody else has an embedded database open. */
  readonly refresh: Repetition | null
  readonly close: () => Promise<void>
}

const sourcesOf = (options: AppOptions): CompositionSources => ({
  fixed: options.config ?? {},
  defaults: options.defaults ?? (() => ({})),
  providers: options.providers ?? null,
  definitions: options.providers ? [] : (options.definitions ?? []),
  refusals: options.refusals ?? (() => []),
})

function throwProblems(problems: readonly string[]): void {
  if (problems.length > 0) throw new ConfigError(problems)
}

async function openAndBegin(given: Given): Promise<Running> {
  const { database, close } = await open(given.options)
  try {
    return await begin(given, database, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function open({ database: choice, logger, providers = [] }: AppOptions) {
  const isOpen = 'query' in choice
  const database = isOpen ? choice : await openDatabase(choice, logger)
  const close = async () => {
    await closeProviders(providers)
    if (!isOpen) await database.close()
  }
  return { database, close }
}

interface Given {
  readonly options: AppOptions
  readonly sources: CompositionSources
  readonly config: Config
}

async function begin(
  { options, sources, config }: Given,
  database: Database,
  close: () => Promise<void>,
): Promise<Running> {
  const { logger, clock, nameOf = nameInCode } = options
  await checkDurability(database, logger)
  await migrate(database)
  await checkRights(database, logger)
  const base = await createBase(options, config, database)
  await openProviders(base, config, options.providers ?? [])
  warnOf(config, nameOf, logger)
  const part = createPart({ options, sources, config }, base)
  const notTakenOver = options.earlier ? await takeOver(options.earlier, { ...part, logger }) : []
  const settings: SettingsPart = {
    ...part,
    apply: () => current.apply(),
    applied() {
      const applied = current.applied()
      return { ...applied, problems: [...applied.problems, ...(applied.version === 0 ? notTakenOver : [])] }
    },
  }
  const { store, secrets } = part
  const current = createCurrent({
    ...{ store, secrets, sources, logger },
    createRun: (parts) => createRun(base, parts, settings),
  })
  let lookNow = () => {}
  const recovery = createRecoveryOf(base, config, () => lookNow())
  await recovery.start()
  await current.start().catch(async (error: unknown) => {
    await recovery.stop()
    throw error
  })
  lookNow = () => current.run().engine.runner.lookNow()
  if (current.run().parts.config.operators === 'single')
    logger.warn('operators.single', { explanation: SINGLE })
  const refresh =
    database.kind === 'embedded'
      ? null
      : createRepetition('settings', current.apply, { everyMs: REFRESH_EVERY_MS, clock, logger })
  refresh?.start()
  return { current, recovery, refresh, limits: base.limits, close }
}

/** Within so long every instance works with what one of them has saved. */
const REFRESH_EVERY_MS = 10_000

function createPart(
  { options, sources, config }: Given,
  { database, random }: Base,
): Omit<SettingsPart, 'apply' | 'applied'> {
  const { nameOf = nameInCode, fixedIn = 'code' } = options
  const store = createSettingsStore(database)
  const table = deskSettings(sources.definitions)
  return {
    ...{ store, sources, table, fixedIn },
    secrets: createSettingSecrets({ store, keys: config.encryptionKeys, random }),
    nameOf(name) {
      const provider = table.find((known) => known.name === name)?.provider
      return provider ? nameOf(name.slice(provider.length + 1), provider) : nameOf(name)
    },
  }
}

function warnOf({ encryptionKeys }: Config, nameOf: NameOf, logger: Logger): void {
  if (encryptionKeys.length > 0) return
  logger.warn('vault.no_keys', { explanation: withoutKeys(nameOf) })
}

/** A directory lock keeps everybody else from an embedded database; who held a lease there before is dead. */
const createRecoveryOf = (
  { store, presence, clock, logger, database }: Base,
  { worker }: Config,
  onReleased: () => void,
): Recovery =>
  createRecovery({
    ...{ store, presence, clock, logger, onReleased },
    isAlone: database.kind === 'embedded',
    looksForDead: worker,
  })
