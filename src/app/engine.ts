import type { Store } from '../db/store'
import { type Meter, NO_METER } from '../ports/meter'
import { createBatchSender } from '../services/batches/send'
import { createCircuits } from '../services/payouts/circuit'
import { type FloatGate, NO_FLOAT } from '../services/payouts/float'
import { createGate } from '../services/payouts/gate'
import { createProviderCalls } from '../services/payouts/provider-calls'
import { createRaise } from '../services/raise'
import { type StepDeps, STEPS, type Steps } from '../services/steps'
import { createPatience, type Patience } from '../services/steps/patience'
import { createTransition, type Transition } from '../services/transition'
import { createWatchStep } from '../services/watch/after-the-end'
import { createLockLook } from '../services/watch/late-locks'
import { createPayersBack } from '../services/watch/payers-back'
import { createWatchPlan } from '../services/watch/plan'
import { createRetiredLook } from '../services/watch/retired-payouts'
import { createStrayLocks, type StrayLocks } from '../services/watch/stray-locks'
import { createStuckSweep } from '../services/watch/stuck'
import { type BatchRuns, createBatchRuns } from '../workers/batch-run'
import { createLeases } from '../workers/lease'
import { createRunner, type Runner } from '../workers/runner'
import { createWatchRuns, type WatchRuns } from '../workers/watch-run'
import type { Ground } from './ground'

export interface EngineOptions extends Ground {
  /** What our lease owners begin with, so that others can tell whether we live; none where nobody could. */
  readonly processId?: () => string | null
  /** What this process has known for how long, where it lives longer than its engine; the engine's own where left out. */
  readonly patience?: Patience
  /** What is done in each state; the simulator plants its mistakes here. */
  readonly steps?: Steps
  readonly meter?: Meter
  /** Nothing is held against what accounts hold where it is left out. */
  readonly float?: FloatGate
}

/** What moves withdrawals, wired: one runner and one sender of batches around the same store. */
export interface Engine {
  readonly store: Store
  readonly transition: Transition
  readonly runner: Runner
  readonly batches: BatchRuns
  readonly watch: WatchRuns
  /** Finds what still locks money for a withdrawal that has ended. */
  readonly strayLocks: StrayLocks
  /** What steps ask others with; what operators do asks with the same. */
  readonly stepDeps: StepDeps
  /** Milliseconds until a provider that went silent is called again; 0 where it is called now. */
  readonly silentForMs: (provider: string) => number
}

export function createEngine(options: EngineOptions): Engine {
  const { config, providers, store, clock, random, logger, steps = STEPS, meter = NO_METER } = options
  const watchFrom = createWatchPlan(providers.named)
  const transition = createTransition({ store, logger, meter, watchFrom, seals: options.vault })
  const circuits = createCircuits({ clock, random })
  const stepDeps = createStepDeps(
    options,
    createGate({ store, circuits }),
    createProviderCalls({ clock, circuits, meter }),
  )
  const callTimeoutMs = Math.max(config.exchangeTimeoutMs, providers.timeoutMsMax)
  const { leaseSeconds, workerPollMs: pollMs, workerConcurrency: concurrency } = config

  const newLease = createLeases({ clock, random, leaseSeconds, processId: options.processId ?? (() => null) })
  const sender = createBatchSender({ store, transition, stepDeps, clock, random, newLease, logger })
  const common = { store, transition, steps, stepDeps, clock, random, newLease, logger }
  const runner = createRunner({
    ...common,
    batches: sender,
    settings: { leaseSeconds, callTimeoutMs, pollMs, concurrency },
  })
  const batches = createBatchRuns({
    ...common,
    ...{ sender, meter },
    drive: (row, lease) => runner.drive(row, lease, false),
    settings: { leaseSeconds, callTimeoutMs, concurrency },
  })
  const askAboutStuck = createStuckSweep({
    store,
    raise: stepDeps.raise,
    providers: providers.all.map(({ name }) => name),
  })
  const takeBackForPayers = createPayersBack({ store, providers: providers.all })
  const watch = createWatchRuns({
    store,
    look: createWatchStep({ transition, stepDeps }),
    lookAtRetired: createRetiredLook({ store, stepDeps }),
    sweep: async () => {
      await takeBackForPayers()
      return askAboutStuck()
    },
    newLease,
    logger,
    settings: { concurrency },
  })
  const look = createLockLook(stepDeps)
  const strayLocks = createStrayLocks({ store, exchange: options.exchange, look, logger })
  return { store, transition, stepDeps, runner, batches, watch, strayLocks, silentForMs: circuits.waitMs }
}

const createStepDeps = (
  { config, providers, store, vault, exchange, clock, random, logger, book, float, patience }: EngineOptions,
  gate: StepDeps['gate'],
  providerCalls: StepDeps['providerCalls'],
): StepDeps => ({
  exchange,
  vault,
  random,
  patience: patience ?? createPatience(clock),
  now: clock.now,
  raise: createRaise({ store, logger }),
  answered: async ({ id: withdrawalId }, kind, resolution) => {
    await store.resolveDifference({ withdrawalId, kind, by: 'worker', resolution })
  },
  quarantine: store.quarantine,
  retiredPayouts: store.listRetiredPayouts,
  gate,
  float: float ?? NO_FLOAT,
  providerCalls,
  providerNamed: providers.named,
  settings: {
    quietMs: config.quietSeconds * 1_000,
    leaseSeconds: config.leaseSeconds,
    statementText: config.statementText,
    doubtReviewMs: config.doubtReviewHours * 3_600_000,
    standing: async () => (await book.current()).policy.users,
    returnsNeedApproval: config.returns === 'approved',
  },
})
