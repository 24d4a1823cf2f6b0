import type { Router } from 'express'

import { createNoticeStore } from '../db/notices'
import type { RetentionStore } from '../db/retention'
import type { PaymentProvider } from '../ports/payment-provider'
import { systemClock } from '../runtime/clock'
import { meteredExchange } from '../runtime/metered-exchange'
import { nextRun } from '../runtime/next-run'
import { createAdoption } from '../services/intake/adoption'
import { createPolicyBook, type PolicyBook } from '../services/policy/book'
import { createDocumentSeals, sealedDocuments } from '../services/sealed-documents'
import { fixedBySettings, policyOfSettings } from '../settings/exchange'
import type { Config } from '../settings/plugin'
import { createRepetition } from '../workers/repeat'
import { createSchedule, type Job, type Schedule } from '../workers/schedule'
import type { Base } from './base'
import type { Parts } from './composition'
import { createEngine, type Engine } from './engine'
import { createFloatJob, floatGateOf } from './float'
import { journalMonths } from './journal-months-job'
import { createTelling, createTellingJob, type Telling, tellingJobs } from './outbox'
import { bookJobs, createReconciliation, proofsOf, type Reconciliation } from './reconciliation'
import { retentionJobs } from './retention-job'
import type { SettingsPart } from './settings-part'
import { createSurface } from './surface'
import { trailJobs } from './trail-jobs'
import { forServices, type Wired } from './wired'

/** The program with one version of the settings: what serves, and what works. */
export interface Run {
  readonly engine: Engine
  readonly telling: Telling
  readonly reconciliation: Reconciliation
  readonly routes: Router
  readonly parts: Parts
  /** Works in the background from now on, where this instance works at all. */
  begin(): void
  /**
   * Takes nothing more up, waits until what is in hand has come to rest, and closes the providers that were made for it.
   * Nothing is lost by it: a row between two steps is due at once, for whoever looks next.
   */
  end(): Promise<void>
}

/**
 * Opens the providers that were made for these parts, and wires everything around them. Two at a time are as two
 * processes: each row is in the hands of one, by its lease.
 *
 * @throws When a provider cannot be opened; those that were opened are closed again.
 */
export async function createRun(base: Base, parts: Parts, settings: SettingsPart): Promise<Run> {
  const { config, providers, plans, made } = parts
  const book = await openPolicy(base, config, settings.sources.fixed)
  await openProviders(base, config, made)
  const { clock, random, logger, store, vault, metrics } = base
  const ground = {
    config,
    book,
    providers,
    store,
    vault,
    clock,
    random,
    logger,
    exchange: meteredExchange(base.exchange(config), { meter: metrics, clock }),
  }
  const float = floatGateOf(base, parts)
  await float.refresh()
  const { presence, patience } = base
  const engine = createEngine({ ...ground, processId: presence.id, patience, meter: metrics, float })
  const authenticator = base.authenticator(config)
  const reconciliation = createReconciliation({ ...ground, books: base.books, engine })
  const { gates, trail, books, limits, figures, floats } = base
  const kept = {
    gates,
    trail,
    books,
    limits,
    figures,
    floats,
    metrics,
    reconciliation,
    proofs: proofsOf({ ...ground, books, notices: createNoticeStore(base.database) }),
  }
  const wired: Wired = { ...ground, ...kept, plans, engine, authenticator }
  const telling = createTelling(base, wired, settings)
  const schedule = createJobs(wired, base.retention, [
    ...tellingJobs(telling),
    createFloatJob(wired, telling.notices),
  ])
  const adoption = createAdoptionJob(wired)
  const months = journalMonths(wired, base.database)
  const outbox = createTellingJob(telling, wired)
  return {
    ...{ engine, telling, reconciliation, parts },
    routes: createSurface(wired, settings, telling),
    begin() {
      if (!config.worker) return
      engine.runner.start()
      schedule.start()
      adoption?.start()
      months?.start()
      outbox.start()
    },
    async end() {
      telling.outbox.stop()
      await schedule.stop()
      await reconciliation.stop()
      await adoption?.stop()
      await months?.stop()
      await outbox.stop()
      telling.messenger.close()
      await engine.batches.stop()
      await engine.runner.stop()
      await closeProviders(made)
    },
  }
}

/** @throws A policy that cannot be read is found out now, and not by the first user. */
async function openPolicy(
  { store, clock }: Pick<Base, 'store' | 'clock'>,
  config: Config,
  fixed: Readonly<Record<string, unknown>>,
): Promise<PolicyBook> {
  const settings = policyOfSettings(config)
  const book = createPolicyBook({ ...{ store, clock }, settings, fixed: fixedBySettings(fixed) })
  await book.latest()
  return book
}

/** @throws When one cannot be opened; then all of them are closed. */
export async function openProviders(
  { store, clock, random, logger }: Pick<Base, 'store' | 'clock' | 'random' | 'logger'>,
  { encryptionKeys }: Pick<Config, 'encryptionKeys'>,
  providers: readonly PaymentProvider[],
): Promise<void> {
  const seals = createDocumentSeals(encryptionKeys, random)
  try {
    for (const provider of providers) {
      const documents = sealedDocuments(provider.name, store.providerDocuments(provider.name), seals)
      const mayLeave = async () => (await store.whatStops(provider.name)) === null
      await provider.open?.({ documents, clock, random, logger, mayLeave })
    }
  } catch (error) {
    await closeProviders(providers)
    throw error
  }
}

export const closeProviders = async (providers: readonly PaymentProvider[]): Promise<void> => {
  await Promise.allSettled(providers.map(async (provider) => provider.close?.()))
}

/** What has ended is looked at in minutes, hours and days: once a minute is often enough to ask for it. */
const WATCH_EVERY_MINUTE = '* * * * *'
/** What is not added up yet is read at each look of an operator: a minute's worth at most. */
const TALLIES_EVERY_MINUTE = '* * * * *'
/** One call for each currency, whatever has ended. */
const STRAY_LOCKS_EVERY_TEN_MINUTES = '*/10 * * * *'

/** One job per provider, whatever its mode is now: what was accepted for a batch leaves after a change of mode too. */
const createJobs = (wired: Wired, retention: RetentionStore, others: readonly Job[]): Schedule => {
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
      ...bookJobs(wired),
      ...trailJobs(wired),
      ...retentionJobs(wired, retention),
      ...others,
    ],
    // Schedules are of the machine's own time: a test whose time stands still begins itself what it wants to have run.
    { clock: systemClock, nextRun, logger },
  )
}

/** Looks for withdrawals made with the exchange's own form; null where those are left to a person. */
function createAdoptionJob(wired: Wired) {
  const { adoption, adoptionSeconds, feeMode, networkFees } = wired.config
  if (!adoption) return null
  const adopt = createAdoption({ ...forServices(wired), feeMode, networkFees })
  return createRepetition('adoption', adopt, { ...wired, everyMs: adoptionSeconds * 1_000 })
}
