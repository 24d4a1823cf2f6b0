import { createEngine, type Engine } from '../../src/app/engine'
import type { BooksStore } from '../../src/db/books'
import type { Store, StoredWithdrawal } from '../../src/db/store'
import type { EncryptionKey } from '../../src/domain/encryption-key'
import { emptyPolicy, type PolicyInForce } from '../../src/domain/policy'
import type { Clock, Randomness } from '../../src/ports/clock'
import type { Exchange } from '../../src/ports/exchange'
import type { Logger } from '../../src/ports/logger'
import type { PaymentProvider } from '../../src/ports/payment-provider'
import { createReconcile, type ReconcileDeps } from '../../src/services/books/reconcile'
import { createTakeInLost, type TakeInDeps, type TakeInLost } from '../../src/services/books/take-in'
import { createReceiveWebhook, type ReceiveWebhook } from '../../src/services/events/webhooks'
import { createAdoption } from '../../src/services/intake/adoption'
import { createCancel } from '../../src/services/intake/cancel'
import { type CreateWithdrawal, createWithdrawalService } from '../../src/services/intake/create'
import { createIntake } from '../../src/services/intake/intake'
import { createOperate, type Operate } from '../../src/services/operate/actions'
import { createProve } from '../../src/services/operate/proofs'
import { createProviderDirectory } from '../../src/services/payouts/directory'
import { createFloatGate } from '../../src/services/payouts/float'
import type { ProviderCalls } from '../../src/services/payouts/provider-calls'
import { type StepDeps, STEPS, type Steps } from '../../src/services/steps'
import { createVault, type Vault } from '../../src/services/vault'
import { policyOfSettings } from '../../src/settings/exchange'
import { type Config, parseConfig } from '../../src/settings/plugin'
import type { Outbox } from '../../src/workers/outbox'
import { firstLookMs } from '../../src/workers/runner'
import { Chance } from './chance'
import type { Edges, Generation } from './edges'
import type { FaultClass } from './faults'
import type { FeeKnobs, Knobs } from './knobs'
import { type OutboxBoot, outboxFor } from './listener'
import type { MemoryBooks } from './memory-books'
import type { MemoryDeliveries } from './memory-deliveries'
import type { memoryFloat } from './memory-float'
import type { MemoryFunctions, MemoryStore } from './memory-store'
import type { MemoryStoreOptions } from './memory-tables'
import { type Remembered, remembering } from './remembering'
import { EPOCH_MS, type Timeline } from './timeline'

/** A mistake, planted from outside: what of the program is wrapped, and how. */
export interface Mutant {
  readonly name: string
  /** What a person who made this mistake would have believed. */
  readonly believes: string
  /** Faults that are never off in its histories: a mistake that takes three of them at once is rare by chance. */
  readonly hot?: readonly FaultClass[]
  /** What all of its histories are like, where it shows only in few of them. */
  readonly where?: (knobs: Knobs) => Knobs
  readonly without?: MemoryStoreOptions['without']
  readonly store?: (store: Store) => Store
  readonly storeOfCancel?: (store: Store) => Store
  readonly exchange?: (exchange: Exchange) => Exchange
  readonly provider?: (provider: PaymentProvider) => PaymentProvider
  readonly deliveries?: (deliveries: MemoryDeliveries) => MemoryDeliveries
  readonly calls?: (calls: ProviderCalls) => ProviderCalls
  readonly prove?: typeof createProve
  readonly reconcile?: (deps: ReconcileDeps) => ReconcileDeps
  readonly takeIn?: (deps: TakeInDeps, all: { readonly vault: Vault }) => TakeInDeps
  /** A withdrawal as the desk sees it. */
  readonly rowOfDesk?: (row: StoredWithdrawal) => StoredWithdrawal
  readonly steps?: (steps: Steps, clock: Clock) => Steps
  readonly stepDeps?: (deps: StepDeps) => StepDeps
}

/** What a booted process offers to the outside. */
export interface Booted {
  readonly generation: Generation
  readonly store: Store
  readonly runner: Engine['runner']
  readonly batches: Engine['batches']
  readonly create: CreateWithdrawal
  readonly cancel: (userId: number, id: string) => Promise<StoredWithdrawal>
  readonly operate: Operate
  readonly receive: ReceiveWebhook
  readonly takeIn: TakeInLost
}

/** What whoever starts now is started with. */
export interface Settings {
  readonly fees: Pick<FeeKnobs, 'mode' | 'networkFees'>
  readonly mode: Knobs['mode']
  readonly doubtReviewMs: number
}

export interface Boot {
  readonly settings: Settings
  readonly knobs: Knobs
  readonly timeline: Timeline
  readonly edges: Edges
  readonly database: MemoryStore
  readonly exchange: Exchange
  readonly providers: readonly PaymentProvider[]
  readonly logger: Logger
  readonly mutant: Mutant | null
  /** What the vaults of all processes have said. */
  readonly remembered: Remembered
  /** Tells this life from every other one: the seed of its chance and the stem of its ids. */
  readonly life: number
  readonly seed: number
  /** When the exchange's list of pending burns has something to say; Infinity when it has not. */
  readonly strayMs: () => number
  /** The same for burns that the exchange's own form has made. */
  readonly adoptableMs: () => number
  /** What the accounts hold; null where nobody says. */
  readonly floats: ReturnType<typeof memoryFloat> | null
  /** What is known of the books; null where nobody holds them against each other. */
  readonly books: { readonly functions: MemoryBooks; readonly dueMs: () => number } | null
  /** Who is told of withdrawals, and what is on its way there; null where nobody is. */
  readonly telling: (Pick<OutboxBoot, 'deliveries' | 'listener'> & { readonly dueMs: () => number }) | null
}

/** What the lease owners of a life begin with. */
export const processIdOf = (life: number): string => `life-${life}`

/** As src/app/app.ts schedules it. */
const WATCH_EVERY_MS = 60_000
const ADOPTION_EVERY_MS = 30_000
const TELL_EVERY_MS = 2_000
const BOOKS_EVERY_MS = 60_000

/** Of every history: what is hidden is hidden by it, and whoever checks can look. */
const KEYS: readonly EncryptionKey[] = [{ id: 'sim', secret: new Uint8Array(32).fill(7) }]
export const keysOf = ({ isSealed }: Pick<Knobs, 'isSealed'>): readonly EncryptionKey[] =>
  isSealed ? KEYS : []

/** Boots one process as src/app/app.ts does, on everything simulated. */
export function boot({
  knobs,
  timeline,
  edges,
  database,
  mutant,
  life,
  seed,
  strayMs,
  settings,
  logger,
  ...outside
}: Boot): Booted {
  const { generation } = edges
  const chance = new Chance(seed ^ life)
  const clock = clockOf(timeline, generation, { knobs, database }, chance)
  const random = randomnessOf(seed, life)
  const plain = storeOf(database.functions, edges)
  const store = mutant?.store?.(plain) ?? plain
  const exchange = mutant?.exchange?.(outside.exchange) ?? outside.exchange
  const providers = createProviderDirectory(
    outside.providers.map((provider) => mutant?.provider?.(provider) ?? provider),
    knobs.leaseSeconds,
  )
  const vault = remembering(createVault(keysOf(knobs), random), outside.remembered)
  const config = configOf(knobs)
  const policy = () => Promise.resolve(NO_POLICY)
  const engine = createEngine({
    book: { current: policy },
    ...{ providers, store, vault, exchange, clock, random, logger },
    config: { ...config, ...finer(knobs, settings) },
    processId: () => processIdOf(life),
    steps: wrapped(STEPS, mutant, clock),
    ...(outside.floats && { float: floatGateOf(outside.floats, edges, clock) }),
  })
  const { runner, transition, batches } = engine
  const create = createWithdrawalService({
    ...{ store, vault, clock, random, logger, waitMs: knobs.waitMs, openMax: null },
    policy,
    modeOf: () => settings.mode,
    intake: createIntake({
      policy,
      ...{ exchange, providers: providers.all, feeMode: settings.fees.mode, destinations: 'any' },
    }),
    providerNamed: providers.named,
    newLease: runner.newLease,
    drive: (row, lease) => runner.drive(row, lease, true),
  })
  const storeOfCancel = mutant?.storeOfCancel?.(store) ?? store
  const cancel = createCancel({ store: storeOfCancel, transition, driveNow: runner.driveNow })
  const asking = {
    ...{ store, vault, transition, exchange, random, providerNamed: providers.named },
    ...{ providerCalls: engine.stepDeps.providerCalls, settings: engine.stepDeps.settings },
  }
  const rowOfDesk = mutant?.rowOfDesk ?? ((row: StoredWithdrawal) => row)
  const plainOperate = createOperate({
    ...asking,
    store: {
      ...store,
      findWithdrawal: async (id) => await store.findWithdrawal(id).then((row) => row && rowOfDesk(row)),
    },
    prove: (mutant?.prove ?? createProve)(asking),
  })
  const operate = {
    ...plainOperate,
    possible: (row: StoredWithdrawal) => plainOperate.possible(rowOfDesk(row)),
  }
  runner.start()
  const every = (ms: number, dueMs: () => number, run: () => Promise<unknown>): void => {
    timeline.whenDue(ms, generation, { jitterMs: chance.below(ms), dueMs }, () => {
      run()
        .finally(() => every(ms, dueMs, run))
        .catch(() => {})
    })
  }
  every(knobs.batchEveryMs, database.nextBatchMs, () => engine.batches.run())
  every(WATCH_EVERY_MS, database.nextWatchMs, () => engine.watch.run())
  every(knobs.strayLocksEveryMs, strayMs, () => engine.strayLocks())
  if (knobs.byFormShare > 0) {
    const adopt = createAdoption({
      ...{ store, exchange, providers: providers.all, vault, logger, modeOf: () => settings.mode },
      policy,
      ...{ feeMode: settings.fees.mode, networkFees: settings.fees.networkFees },
    })
    every(ADOPTION_EVERY_MS, outside.adoptableMs, adopt)
  }
  startTelling(outside.telling, every, (telling) =>
    outboxFor({ ...telling, edges, mutant, logger }, { clock, random }),
  )
  const receive = createReceiveWebhook({ store, providerNamed: providers.named, secret: '', clock, logger })
  const takeIn = startHolding(outside.books, edges, {
    ...{ every, mutant, vault, modeOf: () => settings.mode },
    ...{ store, exchange, logger, newLease: runner.newLease, days: 1 },
    ...{ providers: providers.all, providerNamed: providers.named },
    providerCalls: engine.stepDeps.providerCalls,
  })
  return { generation, store, runner, batches, create, cancel, operate, receive, takeIn }
}

type Every = (ms: number, dueMs: () => number, run: () => Promise<unknown>) => void

interface BooksGround extends Omit<ReconcileDeps, 'books'>, Omit<TakeInDeps, 'books' | 'vault'> {
  readonly exchange: ReconcileDeps['exchange'] & TakeInDeps['exchange']
  readonly store: ReconcileDeps['store'] & TakeInDeps['store']
  readonly providerCalls: ReconcileDeps['providerCalls'] & TakeInDeps['providerCalls']
  readonly vault: Vault
  readonly every: Every
  readonly mutant: Mutant | null
}

/** Holds the books against each other where somebody wants it; what was lost is taken in by what this gives. */
function startHolding(
  of: Boot['books'],
  edges: Edges,
  { every, mutant, ...ground }: BooksGround,
): TakeInLost {
  if (of === null) return () => Promise.reject(new Error('Nobody holds the books against each other.'))
  const books = booksOver(of.functions, edges)
  const reconcile = createReconcile(wrappedBy(mutant?.reconcile, { ...ground, books }))
  every(BOOKS_EVERY_MS, of.dueMs, () => reconcile.work())
  const deps: TakeInDeps = { ...ground, books }
  return createTakeInLost(mutant?.takeIn?.(deps, ground) ?? deps)
}

const wrappedBy = <Deps>(wrap: ((deps: Deps) => Deps) | undefined, deps: Deps): Deps => wrap?.(deps) ?? deps

const READS_OF_BOOKS: ReadonlySet<string> = new Set([
  ...['lastOf', 'matchItems', 'matchRows', 'matchCredits', 'count', 'next', 'verdicts', 'openDifference'],
])
/** What cannot go wrong in a way of its own. */
const AT_ONCE: ReadonlySet<string> = new Set(['now', 'analyse', 'clear'])

/** The books, as far away as the tables are. */
function booksOver(functions: MemoryBooks, edges: Edges): BooksStore {
  const books: Record<string, Statement['run']> = {}
  for (const [name, run] of Object.entries(functions) as [string, Statement['run']][]) {
    const point = READS_OF_BOOKS.has(name) ? 'store.read' : 'store.write'
    books[name] = AT_ONCE.has(name)
      ? (...given) => Promise.resolve(run(...given))
      : (...given) => edges.statement(point, `books.${name}`, () => run(...given))
  }
  return books as unknown as BooksStore
}

function startTelling(
  telling: Boot['telling'],
  every: (ms: number, dueMs: () => number, run: () => Promise<unknown>) => void,
  outboxOf: (telling: NonNullable<Boot['telling']>) => Outbox,
): void {
  if (telling === null) return
  const outbox = outboxOf(telling)
  every(TELL_EVERY_MS, telling.dueMs, () => outbox.run())
}

/** Looked at again as soon as anything can have changed. */
const FLOAT_LOOK_MS = 20_000

const floatGateOf = (floats: ReturnType<typeof memoryFloat>, edges: Edges, clock: Clock) =>
  createFloatGate({
    store: {
      readFloats: (of) => edges.statement('store.read', 'store.readFloats', () => floats.readFloats(of)),
      listWaiting: (of, limit) =>
        edges.statement('store.read', 'store.listWaiting', () => floats.listWaiting(of, limit)),
      noteWaiting: (of, ids) =>
        edges.statement('store.write', 'store.noteWaiting', () => floats.noteWaiting(of, ids)),
    },
    clock,
    waitMsOf: () => FLOAT_LOOK_MS,
  })

const NO_POLICY: PolicyInForce = {
  version: 0,
  policy: emptyPolicy(policyOfSettings(parseConfig({}))),
}

const configs = new WeakMap<Knobs, Config>()

/** Every life of a history reads the same settings. */
function configOf(knobs: Knobs): Config {
  const known = configs.get(knobs)
  if (known) return known
  const config = parseConfig({
    leaseSeconds: knobs.leaseSeconds,
    // Refused from outside when a lease is too short for it; here both are drawn to fit.
    exchangeTimeoutMs: knobs.exchangeTimeoutMs,
    workerConcurrency: knobs.concurrency,
    statementText: 'Withdrawal',
  })
  configs.set(knobs, config)
  return config
}

/** What the settings only take in whole seconds and hours. */
const finer = (knobs: Knobs, settings: Settings) => ({
  workerPollMs: knobs.pollMs,
  quietSeconds: knobs.quietMs / 1_000,
  doubtReviewHours: settings.doubtReviewMs / 3_600_000,
})

function wrapped(steps: Steps, mutant: Mutant | null, clock: Clock): Steps {
  const planted = mutant?.steps?.(steps, clock) ?? steps
  if (!mutant?.calls && !mutant?.stepDeps) return planted
  const inside = (deps: StepDeps): StepDeps => {
    const called = mutant.calls ? { ...deps, providerCalls: mutant.calls(deps.providerCalls) } : deps
    return mutant.stepDeps?.(called) ?? called
  }
  const entries = Object.entries(planted) as [keyof Steps, Steps[keyof Steps]][]
  return Object.fromEntries(
    entries.map(
      ([state, step]) =>
        [state, (visit, deps) => step(visit, inside(deps))] as const satisfies [string, Steps[keyof Steps]],
    ),
  ) as Steps
}

/** Every process has its own idea of the time of day, and its own count of milliseconds. */
function clockOf(
  timeline: Timeline,
  generation: Generation,
  { knobs, database }: Pick<Boot, 'knobs' | 'database'>,
  chance: Chance,
): Clock {
  const skewMs = Math.round((chance.fraction() * 2 - 1) * knobs.clockSkewMs)
  const startMs = chance.below(1e9)
  return {
    now: () => new Date(EPOCH_MS + timeline.nowMs + skewMs),
    monotonicMs: () => startMs + timeline.nowMs,
    setTimer: (ms, wake) =>
      // After looks for nothing every second one is left out; after a start there are ten times as many.
      ms === knobs.pollMs || ms === 2 * knobs.pollMs || ms === firstLookMs(knobs.pollMs)
        ? timeline.whenDue(ms, generation, { jitterMs: chance.below(ms), dueMs: database.nextDueMs }, wake)
        : timeline.after(ms, generation, 'timer', wake),
  }
}

function randomnessOf(seed: number, life: number): Randomness {
  const chance = new Chance(seed ^ Math.imul(life, 0x85ebca6b))
  let ids = 0
  return {
    fraction: chance.fraction,
    bytes: (length) => Uint8Array.from({ length }, () => chance.below(256)),
    newId: () => `id-${String(life).padStart(4, '0')}-${String(++ids).padStart(5, '0')}`,
  }
}

const READS: ReadonlySet<string> = new Set([
  ...['findWithdrawal', 'findByIdempotencyKey', 'listWithdrawals', 'countWithdrawals', 'readJournal', 'ping'],
  ...[
    'readyGroups',
    'findBatch',
    'listBatches',
    'listBatchMembers',
    'whatStops',
    'readStop',
    'isQuarantined',
  ],
])

interface Statement {
  readonly name: string
  readonly label: string
  readonly point: 'store.read' | 'store.write'
  readonly run: (...given: readonly unknown[]) => unknown
}

const statements = new WeakMap<MemoryFunctions, readonly Statement[]>()

function statementsOf(tables: MemoryFunctions): readonly Statement[] {
  const known = statements.get(tables)
  if (known) return known
  const made = Object.entries(tables).map(([name, run]): Statement => {
    const point = READS.has(name) ? 'store.read' : 'store.write'
    return { name, label: `store.${name}`, point, run: run as Statement['run'] }
  })
  statements.set(tables, made)
  return made
}

/** The tables, as far away as a database is. */
function storeOf(tables: MemoryFunctions, edges: Edges): Store {
  const store: Record<string, Statement['run']> = {}
  for (const { name, label, point, run } of statementsOf(tables))
    store[name] = (...given) => edges.statement(point, label, () => run(...given))
  return store as unknown as Store
}
