import type { NewDifference } from '../../src/db/statements/differences'
import { type DifferenceKind, DIFFERENCES, factOf } from '../../src/domain/questions'
import { createVault, type Vault } from '../../src/services/vault'
import type { Bank, Payout } from './bank'
import { eventOf, providerFor } from './bank-provider'
import { createBanks } from './banks'
import { Chance, hashOf } from './chance'
import { type Acknowledged, type Books, Checks, isEnded, type Violation } from './checks'
import { checkAtRest } from './checks-at-rest'
import type { Client } from './client'
import { Desk } from './desk'
import { Edges, type Generation, type Surroundings } from './edges'
import type { Excuse } from './exclusions'
import { Faults, readSchedule, scheduleText } from './faults'
import { drawKnobs, type Knobs } from './knobs'
import { Listener } from './listener'
import { listedBy } from './lists'
import { watchLiveness } from './liveness'
import { Books as MemoryBooks } from './memory-books'
import { Deliveries } from './memory-deliveries'
import { memoryFloat } from './memory-float'
import { createMemoryStore, type MemoryStore } from './memory-store'
import type { MemoryRow } from './memory-tables'
import { Operator } from './operator'
import { intrude } from './orders'
import { planHistory } from './plan'
import { Planter } from './planted'
import { boot, type Booted, keysOf, type Mutant, processIdOf, type Settings } from './process'
import { isEarnedAboutNoRow, isEarnedQuestion } from './questions-earned'
import { remembered, remembering } from './remembering'
import { canaryLogger, mentionsAccount } from './secrecy'
import { EPOCH_MS, Timeline } from './timeline'
import { type Burn, exchangeFor, Wallet } from './wallet'

export interface HistoryOptions {
  readonly seed: number
  /** Faults by number, as a failing history prints them; without one, chance decides. */
  readonly schedule?: string
  readonly mutant?: Mutant | null
  /** Hears everything that happens, a line each. */
  readonly narrate?: (line: string) => void
  /** As the histories of the first simulator were: what schedules that are kept from then mean. */
  readonly isFirst?: boolean
  /** What the history is like, where it is not drawn. */
  readonly where?: (knobs: Knobs) => Knobs
}

export interface History {
  readonly seed: number
  readonly schedule: string
  readonly violations: readonly Violation[]
  readonly trace: number
  readonly events: number
  readonly crashes: number
  readonly faults: readonly string[]
  readonly states: readonly string[]
  readonly excuses: readonly Excuse[]
  /** Which further roads it went: see `roadsOf`. */
  readonly roads: readonly string[]
  readonly virtualMs: number
}

const MINUTE = 60_000
/** A call that began before the faults ended, and whose effect is counted from its deadline. */
const LATEST_CALL_MS = 10_000
/** From a death to the moment at which what it held is released: the grace, and up to two looks. */
const NOTICED_WITHIN_MS = [6_000, 12_000] as const
/**
 * After the last fault nothing happens any more within this: what has ended is watched for a day, or for as long as a
 * payout that was given up may be made after all.
 */
const REST_WITHIN_MS = 12 * 24 * 60 * MINUTE

/** The day on which every history begins is over for an hour. */
const FIRST_DAY_OVER_MS = Date.parse('2026-01-06T01:00:00Z')
/** Two looks at a payout of which nobody can say anything, and one to spare. */
const LOOKED_AT_AGAIN_MS = 4 * 60 * MINUTE
/** A day and an hour after its end the last look for late locks is made, and the looks at the payout are a day apart. */
const WATCHED_CLOSELY_MS = 26 * 60 * MINUTE

/** One history from the first request to the last rest: processes, wallet, banks and clients of one seed. */
export class World {
  readonly knobs: Knobs
  readonly timeline: Timeline
  readonly faults: Faults
  /** Whose confirmed lock a crash of the database has undone. */
  readonly lost = new Set<string>()
  readonly store: MemoryStore
  readonly wallet: Wallet
  readonly banks: readonly Bank[]
  readonly checks: Checks
  readonly acknowledged: Acknowledged[] = []
  readonly life: Chance
  /** For what came after the first simulator. */
  readonly later: Chance
  readonly operator: Operator
  readonly vault: Vault
  private readonly remembered = remembered()
  readonly processes: (Booted | null)[] = []
  readonly around: Surroundings
  clients: readonly Client[] = []
  /** What whoever starts from now on is started with. */
  settings: Settings & { readonly isSwapped: boolean; readonly isWithoutSecond: boolean }
  /** How far the database's clock is ahead of the history's. */
  aheadMs = 0
  /** By how much it was set back in all: what was to be waited for by it takes that much longer. */
  setBackMs = 0
  crashes = 0
  /** Since when who waits for float, by id. */
  readonly waitsForFloat = new Map<string, Date>()
  /** null where nobody holds the books against each other. */
  readonly books: MemoryBooks | null
  readonly planter: Planter
  readonly desk: Desk
  readonly deliveries: Deliveries
  readonly listener: Listener
  private readonly seed: number
  private readonly mutant: Mutant | null
  private lives = 0
  /** Those that were started while the second provider was taken out. */
  private readonly lacking = new Set<Generation>()

  constructor({ seed, schedule, mutant = null, narrate, isFirst = false, where }: HistoryOptions) {
    const drawn = drawKnobs(seed, mutant?.hot, isFirst)
    const asked = where?.(drawn) ?? drawn
    const knobs = mutant?.where?.(asked) ?? asked
    this.seed = seed
    this.knobs = knobs
    this.mutant = mutant
    this.life = new Chance(seed ^ 0x2545f491)
    this.later = new Chance(seed ^ 0x1f83d9ab)
    this.operator = new Operator(this, new Chance(seed ^ 0x3c6ef372))
    this.timeline = new Timeline()
    this.vault = remembering(
      createVault(keysOf(knobs), { bytes: (length) => new Uint8Array(length) }),
      this.remembered,
    )
    const { fees, mode, doubtReviewMs } = knobs
    this.settings = { fees, mode, doubtReviewMs, isSwapped: false, isWithoutSecond: false }
    const say =
      narrate &&
      ((line: string) => narrate(`${(this.timeline.nowMs / 1_000).toFixed(3).padStart(10)} ${line}`))
    if (say) this.timeline.narrate = say
    this.faults = new Faults(seed, knobs.rates, schedule === undefined ? null : readSchedule(schedule), say)
    this.checks = new Checks(this.booksOf(), () => this.timeline.stop())
    this.store = this.createStore(say)
    this.planter = new Planter(this, seed)
    this.books = knobs.books
      ? new MemoryBooks(this.store.tables, this.store.functions, (run) => this.planter.ended(run))
      : null
    this.desk = new Desk(this, new Chance(seed ^ 0x59f111f1))
    this.deliveries = new Deliveries(this.store.tables)
    // It is switched off altogether while things go wrong, in every second of the histories in which it can be deaf.
    const isDeaf = () => knobs.rates.deaf > 0 && seed % 2 === 0 && this.timeline.nowMs < knobs.faultsUntilMs
    this.listener = new Listener(() => this.checks, isDeaf)
    this.wallet = new Wallet(knobs.wallet, () => this.timeline.nowMs, {
      onLocked: (burn) => this.locked(burn),
      onReleased: (burn) => this.checks.released(burn),
      onMinted: (credit) => this.checks.minted(credit),
      onBalance: (balance) => this.checks.balanced(balance),
      onWiped: (burn) => this.wiped(burn),
      onDecided: (burn) => this.checks.decided(burn),
    })
    this.banks = createBanks(this, seed)
    this.around = {
      ...{ timeline: this.timeline, faults: this.faults, latency: new Chance(seed ^ 0x1b873593) },
      ...{ leaseMs: knobs.leaseSeconds * 1_000, lateMaxMs: knobs.lateMaxMs },
      pauseMaxMs: 3 * knobs.leaseSeconds * 1_000 + knobs.quietMs,
      sendsLate: knobs.rates.zombie_send > 0,
      down: { store: 0, exchange: 0, provider: 0, throttle: 0 },
      kill: (generation) => this.kill(generation),
      takeForDead: (generation) => this.takeForDead(generation),
      intrude: (kind, generation) => intrude(this, kind, generation),
      note: null,
      tooLate: (withdrawalId) => this.checks.excuse(withdrawalId, 'effect_after_quiet'),
      count: (id) => this.checks.called(id),
    }
  }

  async run(): Promise<void> {
    const { knobs, timeline } = this
    for (let process = 0; process < knobs.processes; process++) this.boot(process)
    this.clients = planHistory(this)
    if (this.books) this.desk.plan()
    this.planter.plan()
    timeline.at(knobs.faultsUntilMs, null, 'faults end', () => this.endFaults())
    const isAtRest = await timeline.run(knobs.faultsUntilMs + REST_WITHIN_MS)
    for (const client of this.clients) client.checkAnswers()
    if (this.checks.violations.length === 0) checkAtRest(this.checks, isAtRest)
    if (this.checks.violations.length === 0) this.planter.checkAtRest()
    if (knobs.isHeard) this.listener.checkHeard(this.checks)
  }

  result(): History {
    const { timeline, faults, checks } = this
    return {
      ...{ seed: this.seed, schedule: scheduleText(faults.injected), violations: checks.violations },
      ...{ trace: timeline.trace, events: timeline.events, crashes: this.crashes, virtualMs: timeline.nowMs },
      faults: faults.injected.map(({ kind }) => kind),
      states: [...this.store.tables.rows.values()].map(({ state }) => state),
      excuses: [...checks.excuses.values()].flatMap((excuses) => [...excuses]),
      roads: roadsOf(this),
    }
  }

  payoutsOf = (withdrawalId: string): readonly Payout[] =>
    this.banks.length === 1
      ? (this.banks[0]?.payoutsOf(withdrawalId) ?? [])
      : this.banks.flatMap((bank) => bank.payoutsOf(withdrawalId))

  bankOf = ({ provider }: Pick<MemoryRow, 'provider'>): Bank => {
    const bank = this.banks.find(({ name }) => name === provider)
    if (!bank) throw new Error(`There is no bank ${provider}.`)
    return bank
  }

  /** Some process that runs, or null. */
  anyProcess(): Booted | null {
    const running = this.processes.filter((booted) => booted?.generation.alive)
    return running.length > 0 ? this.life.pick(running) : null
  }

  /** Milliseconds on the history's own clock of a moment on the database's. */
  readonly ownMs = (databaseMs: number): number => databaseMs - this.aheadMs

  private booksOf() {
    const wasAsked = (id: string, kind: DifferenceKind): boolean =>
      [true, false].some((isOpen) =>
        this.store.functions
          .listDifferences({ isOpen, limit: 1_000, withdrawalId: id })
          .some((asked) => asked.kind === kind),
      )
    const asked = (id: string) =>
      this.store.functions
        .listDifferences({ isOpen: true, limit: 1_000, withdrawalId: id })
        .map(({ kind }) => kind)
    let books: Books | null = null
    return (): Books =>
      (books ??= {
        ...{ store: this.store.tables, wallet: this.wallet, banks: this.banks, bankOf: this.bankOf },
        ...{ payoutsOf: this.payoutsOf, acknowledged: this.acknowledged, asked, wasAsked },
        ibanOf: (row: MemoryRow) => this.ibanOf(row),
        nowMs: () => this.timeline.nowMs,
        aheadMs: () => this.aheadMs,
      })
  }

  private ibanOf({ id, destination }: MemoryRow): string | null {
    try {
      return (this.vault.open(id, destination) as { iban?: string } | null)?.iban ?? null
    } catch {
      return null
    }
  }

  private createStore(say: ((line: string) => void) | undefined): MemoryStore {
    const { mutant, checks } = this
    const made = createMemoryStore({
      nowMs: () => EPOCH_MS + this.timeline.nowMs + this.aheadMs,
      onAppend: (entry, ...rows) => {
        say?.(
          `  ${entry.withdrawalId} ${entry.from} -> ${entry.to} ${entry.event} by ${entry.actor} ${entry.reasonCode ?? ''}`,
        )
        if (mentionsAccount(entry.detail)) checks.leaked('the journal', entry.withdrawalId)
        if (this.knobs.isSealed && mentionsAccount(rows[1])) checks.leaked('the table', entry.withdrawalId)
        checks.appended(entry, ...rows)
        if (this.knobs.isHeard) this.deliveries.appended(entry, rows[1])
      },
      ...(mutant?.without && { without: mutant.without }),
      isRepetition: (of, since) => this.isRepetition(of, since),
      isLost: ({ id }) => this.isLost(id),
    })
    const { openDifference } = made.functions
    return {
      ...made,
      functions: {
        ...made.functions,
        openDifference: (difference) => {
          const row = made.tables.rows.get(difference.withdrawalId)
          const isNew = openDifference(difference)
          if (isNew) this.questionPut(row ?? null, difference)
          return isNew
        },
      },
      nextDueMs: () => this.ownMs(made.nextDueMs()),
      nextBatchMs: () => this.ownMs(made.nextBatchMs()),
      nextWatchMs: () => this.ownMs(made.nextWatchMs()),
    }
  }

  /** I8 and I15 for what a person is asked while work goes on. */
  private questionPut(row: MemoryRow | null, asked: Omit<NewDifference, 'fact'>): void {
    const { checks } = this
    const { kind, withdrawalId, detail } = asked
    const isEarned = row
      ? isEarnedQuestion(asked, row, checks.books())
      : isEarnedAboutNoRow(kind, withdrawalId, checks.books())
    if (!(kind in DIFFERENCES) || !isEarned)
      checks.report('I8 a question is earned', withdrawalId, `${kind} was asked without cause`)
    if (this.wasAnswered(asked))
      checks.report('I8 a question is earned', withdrawalId, `${kind} was asked again after it was answered`)
    if (mentionsAccount(detail)) checks.leaked('a question', withdrawalId)
  }

  /** By a person, about the same facts; what a worker has closed may come up again. */
  private wasAnswered({ kind, withdrawalId, detail }: Omit<NewDifference, 'fact'>): boolean {
    const fact = factOf(kind, detail)
    return this.store.functions
      .listDifferences({ isOpen: false, limit: 1_000, withdrawalId })
      .some((one) => one.kind === kind && one.resolvedBy !== 'worker' && factOf(kind, one.detail) === fact)
  }

  setBack(ms: number): void {
    this.aheadMs -= ms
    this.setBackMs += ms
  }

  /** By its name: to draw for it would make every history another one. */
  private isLost(id: string): boolean {
    const { rates, faultsUntilMs } = this.knobs
    const isOn = rates.store_error > 0 && this.timeline.nowMs < faultsUntilMs
    if (!isOn || this.lost.has(id) || hashOf(`${this.seed} lost ${id}`) % 4 !== 0) return false
    this.lost.add(id)
    return true
  }

  /**
   * A payout in doubt is looked at for ever, and what has ended for days. Once everything that time alone changes lies
   * behind it, and it has been looked at since without being changed, the next look is the last one over again.
   */
  private isRepetition(of: 'doubt' | 'watch', since: Date): boolean {
    const { knobs, timeline } = this
    const longest = (of: (bank: Bank) => number) => Math.max(...this.banks.map(of))
    const keyLifetimeMs = longest((bank) => bank.knobs.keyLifetimeMs)
    const shownMs = longest((bank) => bank.knobs.notFoundConclusiveAfterMs)
    const doubtMs = Math.max(knobs.doubtReviewMs, keyLifetimeMs) + knobs.quietMs + shownMs
    const longestMs = of === 'doubt' ? doubtMs + LOOKED_AT_AGAIN_MS : WATCHED_CLOSELY_MS
    const sinceMs = this.ownMs(since.getTime()) - EPOCH_MS
    return timeline.nowMs - Math.max(sinceMs, knobs.faultsUntilMs) > longestMs
  }

  private boot(process: number): void {
    const { knobs, timeline, mutant, seed, around, settings } = this
    const life = ++this.lives
    const generation: Generation = { process, number: life, alive: true, pausedUntilMs: 0 }
    const edges = new Edges(around, generation)
    const isDown = (what: 'exchange' | 'provider') => () => around.down[what] > timeline.nowMs
    const listed = listedBy(this.faults, () => this.planter.readOdd())
    const used = settings.isWithoutSecond ? this.banks.slice(0, 1) : this.banks
    if (settings.isWithoutSecond) this.lacking.add(generation)
    this.processes[process] = boot({
      ...{ knobs, timeline, edges, database: this.store, mutant, life, seed, settings },
      remembered: this.remembered,
      strayMs: () => this.nextStrayMs(),
      adoptableMs: () => this.nextAdoptableMs(),
      telling: knobs.isHeard
        ? {
            ...{ deliveries: this.deliveries, listener: this.listener },
            dueMs: () => this.ownMs(this.deliveries.nextDueMs()),
          }
        : null,
      books: this.books && { functions: this.desk.heard(this.books), dueMs: () => this.nextBooksMs() },
      floats: this.knobs.float && memoryFloat(this.store.tables, this.waitsForFloat, () => this.funded()),
      logger: canaryLogger(() => this.checks.leaked('the log')),
      exchange: exchangeFor(this.wallet, edges, {
        ...{ timeoutMs: knobs.exchangeTimeoutMs, isDown: isDown('exchange') },
        ...{ currencies: knobs.currencies, feeOf: (amount) => this.feeOf(amount) },
        accountsOf: (userId) => this.clients.flatMap((client) => client.accountOf(userId)),
        listed,
      }),
      providers: used.map((bank) =>
        providerFor(bank, edges, this.faults, {
          isDown: isDown('provider'),
          currencies: this.currenciesOf(bank),
          listed,
        }),
      ),
    })
  }

  /** With two providers each pays its own currency; with other settings, the other's. */
  private currenciesOf(bank: Bank): readonly string[] {
    const { currencies } = this.knobs
    if (this.banks.length === 1) return currencies
    const isFirst = (bank === this.banks[0]) !== this.settings.isSwapped
    if (this.settings.isWithoutSecond) return currencies
    return [isFirst ? 'eur' : 'usd']
  }

  /** With the faults ends the shortage: then everything that waits can leave. */
  private funded(): string {
    const { float, faultsUntilMs } = this.knobs
    if (!float || this.timeline.nowMs >= faultsUntilMs) return '1000000000'
    return String(float.first + float.more * Math.floor(this.timeline.nowMs / float.everyMs))
  }

  feeOf(amount: string): string {
    const { flat, share } = this.knobs.fees
    return ((flat + Math.ceil((Number(amount) * 100 * share) / 1_000)) / 100).toFixed(2)
  }

  /** The sweep does nothing but where a lock is left of what has ended. */
  private nextStrayMs(): number {
    const { rows } = this.store.tables
    for (const { state, withdrawalId, isPlanted, onHold } of this.wallet.burns) {
      const row = rows.get(withdrawalId)
      // One that somebody has put there, and holds, is looked at again and again in vain.
      const isKept = isPlanted && onHold
      if (state === 'pending' && row && isEnded(row) && !isKept && !this.isAskedOnly(withdrawalId))
        return EPOCH_MS
    }
    return Infinity
  }

  /** A lock that shares its id with one that was settled cannot be given back by it: once asked, only a person ends it. */
  private isAskedOnly(withdrawalId: string): boolean {
    const locks = this.wallet.burnsFor(withdrawalId)
    const settled = locks.filter(({ state }) => state === 'settled')
    const pending = locks.filter(({ state }) => state === 'pending')
    if (!pending.every(({ id }) => settled.some((other) => other.id === id))) return false
    return this.store.functions
      .listDifferences({ isOpen: true, limit: 1_000, withdrawalId })
      .some(({ kind }) => kind === 'orphan_hold')
  }

  /** The run that goes on, and the day's own, once: the later ones would see the same again. */
  private nextBooksMs(): number {
    if (!this.books) return Infinity
    const isOver = this.books.hasAsked(new Date(FIRST_DAY_OVER_MS))
    return this.ownMs(Math.min(this.books.nextDueMs(), isOver ? Infinity : FIRST_DAY_OVER_MS))
  }

  private nextAdoptableMs(): number {
    const { rows } = this.store.tables
    const isLeft = ({ form, state, processing, onHold, waiting, withdrawalId }: Burn): boolean =>
      form !== null && state === 'pending' && !processing && !onHold && !waiting && !rows.has(withdrawalId)
    return this.wallet.burns.some(isLeft) ? EPOCH_MS : Infinity
  }

  kill(generation: Generation): void {
    if (!generation.alive) return
    generation.alive = false
    this.crashes++
    const { process } = generation
    const notice = () => this.takeForDead(generation)
    this.timeline.after(this.life.between(...NOTICED_WITHIN_MS), null, 'death noticed', notice)
    this.timeline.after(this.life.between(500, 30_000), null, 'boot', () => this.boot(process))
  }

  /** As the worker that has found its lock free does: whether it is dead, nobody can see better than that. */
  takeForDead({ number }: Generation): void {
    this.store.functions.releaseLeases([processIdOf(number)])
  }

  /** A webhook is a hint to look, on whichever process the load balancer picks, once, twice or never. */
  webhook(bank: Bank, payout: Payout): void {
    const times = this.life.pick([0, 1, 1, 2])
    const event = eventOf(payout)
    const hint = () => {
      if (!this.knobs.storesEvents) return this.wake(payout.withdrawalId)
      // The bank comes back with what was not taken in; the poll finds it meanwhile.
      this.anyProcess()
        ?.receive(bank.name, event, null)
        .catch(() => {})
    }
    for (let time = 0; time < times; time++)
      this.timeline.after(this.life.between(0, 30_000), null, 'webhook', hint)
  }

  wake(withdrawalId: string): void {
    this.anyProcess()
      ?.store.wake(withdrawalId)
      .catch(() => {})
  }

  private endFaults(): void {
    this.faults.stop()
    Object.assign(this.around.down, { store: 0, exchange: 0, provider: 0, throttle: 0 })
    this.watchLiveness()
    // Whoever has taken a provider out while it had payouts puts it back, wherever it is missing.
    this.settings = { ...this.settings, isWithoutSecond: false }
    for (const generation of this.lacking) this.kill(generation)
  }

  /** From when on nothing is under way any more that went wrong before: who stood still goes on, what is late has landed. */
  private watchLiveness(): void {
    const { knobs, timeline, checks, bankOf, payoutsOf } = this
    const pausedMs = this.processes.map((booted) => booted?.generation.pausedUntilMs ?? 0)
    const calmMs = Math.max(timeline.nowMs + knobs.lateMaxMs + LATEST_CALL_MS, ...pausedMs)
    const doubtReviewMs = Math.max(knobs.doubtReviewMs, this.settings.doubtReviewMs)
    const ownMs = (at: Date) => this.ownMs(at.getTime()) - EPOCH_MS
    const { setBackMs } = this
    watchLiveness({ timeline, knobs, checks, bankOf, payoutsOf, ownMs, doubtReviewMs, setBackMs }, calmMs)
  }

  private locked(burn: Burn): void {
    if (burn.form === null) this.checks.locked(burn)
  }

  /** The look before the mark cannot see what is put there behind it; what was there for long it has seen. */
  private wiped(burn: Burn): void {
    const { knobs, timeline, checks } = this
    const { rates, exchangeTimeoutMs } = knobs
    const isPrompt = rates.pause === 0 && rates.late_effect === 0 && rates.zombie_send === 0
    if (isPrompt && timeline.nowMs - burn.heldSinceMs > 4 * exchangeTimeoutMs) checks.wiped(burn)
  }
}

/** What a history has passed through beside states and faults: without these a figure of many would say little. */
function roadsOf({ knobs, lost, store, banks, wallet, waitsForFloat, planter }: World): readonly string[] {
  const { rows, retired, journal } = store.tables
  const events = new Set([...journal.values()].flat().map(({ event }) => event))
  const all = [...rows.values()]
  const roads: Readonly<Record<string, boolean>> = {
    adopted: events.has('withdrawal.adopted'),
    'fee deducted': all.some(({ amount, payoutAmount }) => amount !== payoutAmount),
    'fee on top': all.some(({ amount, payoutAmount, fee }) => amount === payoutAmount && Number(fee) > 0),
    'two providers': new Set(all.map(({ provider }) => provider)).size > 1,
    'two currencies': new Set(all.map(({ currency }) => currency)).size > 1,
    'left under a new key': retired.size > 0,
    'payout stopped': events.has('payout.stop_answered'),
    'events stored': knobs.storesEvents,
    'destinations sealed': knobs.isSealed,
    'whole batches looked up': banks.some((bank) => bank.knobs.asksOrders),
    'part came back': all.some(
      (row) => row.returnedAmount !== null && row.returnedAmount !== row.payoutAmount,
    ),
    credited: wallet.credits.length > 0,
    'books held against each other': knobs.books !== null,
    'confirmed lock undone by a crash': lost.size > 0,
    'planted, and found': planter.planted.some(({ isFound }) => isFound),
    'taken in again': events.has('withdrawal.taken_in'),
    'told to a listener': knobs.isHeard,
    'waited for float, and left': all.some(({ id, state }) => waitsForFloat.has(id) && state === 'processed'),
    'person moved it': [...journal.values()].flat().some(({ actor }) => actor.startsWith('operator')),
  }
  return Object.keys(roads).filter((road) => roads[road])
}

/** Thousands of errors are made in a history, and nobody reads where. */
export async function runHistory(options: HistoryOptions): Promise<History> {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    const world = new World(options)
    await world.run()
    return world.result()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
