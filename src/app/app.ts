import { type RequestHandler, Router } from 'express'

import type { Database } from '../db/connect/database'
import { migrate } from '../db/connect/migrate'
import { checkDurability, type DatabaseChoice, openDatabase } from '../db/connect/open'
import { checkRights } from '../db/connect/rights'
import { createGateStore } from '../db/gates'
import { createPresence, type Presence } from '../db/presence'
import { createStore } from '../db/store'
import { createTrailStore } from '../db/trail'
import { nameInCode, type NameOf } from '../domain/setting-names'
import type { Authenticator } from '../ports/authenticator'
import type { Clock, Randomness } from '../ports/clock'
import type { Exchange } from '../ports/exchange'
import type { Logger } from '../ports/logger'
import type { PaymentProvider } from '../ports/payment-provider'
import { createAdoption } from '../services/intake/adoption'
import { requireKeys } from '../services/key-rotation'
import { createRequestLimits, type RequestLimits } from '../services/limits/request-limits'
import { createProviderDirectory, type ProviderDirectory } from '../services/payouts/directory'
import { createPolicyBook } from '../services/policy/book'
import { createDocumentSeals, sealedDocuments } from '../services/sealed-documents'
import { createVault, type Vault } from '../services/vault'
import { fixedBySettings, policyOfSettings } from '../settings/exchange'
import { type Config, parseConfig } from '../settings/plugin'
import { createRecovery, type Recovery } from '../workers/recovery'
import { createRepetition, type Repetition } from '../workers/repeat'
import { createSchedule, type Schedule } from '../workers/schedule'
import { SINGLE } from './desk'
import { createEngine, type Engine } from './engine'
import { createPayoutPlans, type PayoutPlans } from './plans'
import { createSurface, surfaceUntilStarted } from './surface'
import { trailJobs } from './trail-jobs'
import { forServices, type Wired } from './wired'

export type { Engine } from './engine'

export interface AppOptions {
  readonly exchange: (config: Config) => Exchange
  readonly authenticator: (config: Config) => Authenticator
  readonly providers: readonly PaymentProvider[]
  /** A choice is opened and closed by the plugin; an open database stays its owner's. */
  readonly database: DatabaseChoice | Database
  readonly config?: Readonly<Record<string, unknown>>
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
  /** The parts, once started; for tests and tools. */
  engine(): Engine
}

/** The only place that wires. */
export function createApp(options: AppOptions): App {
  const { logger, nameOf } = options
  const config = parseConfig(options.config ?? {}, nameOf)
  const providers = createProviderDirectory(options.providers, config.leaseSeconds, nameOf)
  const plans = createPayoutPlans(config, providers, nameOf)
  let running: Running | null = null

  const untilStarted = surfaceUntilStarted({ logger, random: options.random, config })
  const router = Router()
  const whatRuns: RequestHandler = (req, res, next) => (running?.routes ?? untilStarted)(req, res, next)
  router.use(whatRuns)

  return {
    router,
    async start() {
      if (running) return
      const { database, close } = await open(options)
      try {
        await checkDurability(database, logger)
        await migrate(database)
        await checkRights(database, logger)
        const vault = createVault(config.encryptionKeys, options.random, config.hashKey)
        await requireKeys(database, config.encryptionKeys, vault, nameOf)
        const presence = createPresence({ database, newId: options.random.newId, logger })
        const wired = await wire({ options, config, providers, plans, presence, vault }, database)
        const { engine, limits } = wired
        const schedule = createJobs(wired)
        const adoption = createAdoptionJob(wired)
        const routes = createSurface(wired)
        const recovery = createRecoveryOf(wired, presence, database)
        await recovery.start()
        running = { engine, schedule, adoption, recovery, limits, routes, close }
        if (config.worker) {
          engine.runner.start()
          schedule.start()
          adoption?.start()
        }
      } catch (error) {
        await close()
        throw error
      }
      logger.info('plugin.started', {
        basePath: config.basePath,
        providers: providers.all.map(({ name }) => name),
      })
    },
    async stop() {
      if (!running) return
      const { engine, schedule, adoption, recovery, limits, close } = running
      // From here on requests are told to come back: what they would begin could not be finished.
      running = null
      await schedule.stop()
      await adoption?.stop()
      await engine.batches.stop()
      await engine.runner.stop()
      await recovery.stop()
      await limits.stop()
      await close()
      logger.info('plugin.stopped')
    },
    engine() {
      if (!running) throw new Error('The plugin has not been started.')
      return running.engine
    },
  }
}

interface Running {
  readonly engine: Engine
  readonly schedule: Schedule
  readonly adoption: Repetition | null
  readonly recovery: Recovery
  readonly limits: RequestLimits
  readonly routes: Router
  readonly close: () => Promise<void>
}

async function open({ database: choice, logger, providers }: AppOptions) {
  const isOpen = 'query' in choice
  const database = isOpen ? choice : await openDatabase(choice, logger)
  const close = async () => {
    await Promise.allSettled(providers.map(async (provider) => provider.close?.()))
    if (!isOpen) await database.close()
  }
  return { database, close }
}

async function wire(given: Given, database: Database): Promise<Wired> {
  const { options, config, providers, plans, presence, vault } = given
  const { clock, random, logger, nameOf = nameInCode } = options
  const store = createStore(database)
  const seals = createDocumentSeals(config.encryptionKeys, random)
  for (const provider of providers.all) {
    const documents = sealedDocuments(provider.name, store.providerDocuments(provider.name), seals)
    const mayLeave = async () => (await store.whatStops(provider.name)) === null
    await provider.open?.({ documents, clock, random, logger, mayLeave })
  }
  if (config.encryptionKeys.length === 0)
    logger.warn('vault.no_keys', {
      explanation:
        `${nameOf('encryptionKeys')} is not set: account data is stored readable, and whoever can write to the database ` +
        `can change who is paid how much without anybody noticing. Make keys with: npm run keys`,
    })
  if (config.operators === 'single') logger.warn('operators.single', { explanation: SINGLE })
  const book = createPolicyBook({
    ...{ store, clock },
    settings: policyOfSettings(config),
    fixed: fixedBySettings(options.config ?? {}),
  })
  // A policy that cannot be read is found out now, and not by the first user.
  await book.latest()
  const ground = {
    config,
    book,
    providers,
    store,
    vault,
    clock,
    random,
    logger,
    exchange: options.exchange(config),
  }
  const gates = createGateStore(database)
  return {
    ...ground,
    gates,
    trail: createTrailStore(database),
    limits: createRequestLimits({ gates, clock, logger }),
    plans,
    engine: createEngine({ ...ground, processId: presence.id }),
    authenticator: options.authenticator(config),
  }
}

interface Given {
  readonly options: AppOptions
  readonly config: Config
  readonly providers: ProviderDirectory
  readonly plans: PayoutPlans
  readonly presence: Presence
  readonly vault: Vault
}

/** A directory lock keeps everybody else from an embedded database; who held a lease there before is dead. */
const createRecoveryOf = (
  { engine, config, clock, logger }: Wired,
  presence: Presence,
  { kind }: Database,
): Recovery =>
  createRecovery({
    ...{ store: engine.store, presence, clock, logger },
    isAlone: kind === 'embedded',
    looksForDead: config.worker,
  })

/** What has ended is looked at in minutes, hours and days: once a minute is often enough to ask for it. */
const WATCH_EVERY_MINUTE = '* * * * *'
/** What is not added up yet is read at each look of an operator: a minute's worth at most. */
const TALLIES_EVERY_MINUTE = '* * * * *'
/** One call for each currency, whatever has ended. */
const STRAY_LOCKS_EVERY_TEN_MINUTES = '*/10 * * * *'

/** One job per provider, whatever its mode is now: what was accepted for a batch leaves after a change of mode too. */
const createJobs = (wired: Wired): Schedule => {
  const { logger, config, providers, engine, plans } = wired
  return createSchedule(
    [
      ...providers.all.map((provider) => ({
        name: `batches of ${provider.name}`,
        expression: plans.scheduleOf(provider),
        timezone: config.scheduleTimezone,
        run: () => engine.batches.run(provider.name),
      })),
      { name: 'watch', expression: WATCH_EVERY_MINUTE, timezone: 'UTC', run: engine.watch.run },
      { name: 'tallies', expression: TALLIES_EVERY_MINUTE, timezone: 'UTC', run: engine.store.foldTallies },
      {
        name: 'stray locks',
        expression: STRAY_LOCKS_EVERY_TEN_MINUTES,
        timezone: 'UTC',
        run: engine.strayLocks,
      },
      ...trailJobs(wired),
    ],
    logger,
  )
}

/** Looks for withdrawals made with the exchange's own form; null where those are left to a person. */
function createAdoptionJob(wired: Wired) {
  const { adoption, adoptionSeconds, feeMode, networkFees } = wired.config
  if (!adoption) return null
  const adopt = createAdoption({ ...forServices(wired), feeMode, networkFees })
  return createRepetition('adoption', adopt, { ...wired, everyMs: adoptionSeconds * 1_000 })
}
