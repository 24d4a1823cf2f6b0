import { isFinal } from '../../src/domain/states'
import { Bank, providerFor } from './bank'
import { Chance } from './chance'
import { type Acknowledged, Checks, POISONED, type Violation } from './checks'
import { Client, type Wish } from './client'
import { Edges, type Generation, type Surroundings } from './edges'
import type { Excuse } from './exclusions'
import { type Fault, Faults, type KindAt, readSchedule, scheduleText } from './faults'
import { drawKnobs, type Knobs } from './knobs'
import { createMemoryStore, type MemoryStore } from './memory-store'
import { Operator } from './operator'
import { boot, type Booted, type Mutant, processIdOf } from './process'
import { EPOCH_MS, Timeline } from './timeline'
import { type Burn, exchangeFor, Wallet } from './wallet'

export interface HistoryOptions {
  readonly seed: number
  /** Faults by number, as a failing history prints them; without one, chance decides. */
  readonly schedule?: string
  readonly mutant?: Mutant | null
  /** Hears everything that happens, a line each. */
  readonly narrate?: (line: string) => void
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
  readonly virtualMs: number
}

const MINUTE = 60_000
/** From a death to the moment at which what it held is released: the grace, and up to two looks. */
const NOTICED_WITHIN_MS = [6_000, 12_000] as const
/**
 * After the last fault nothing happens any more within this: what has ended is watched for a day, or for as long as a
 * payout that was given up may be made after all.
 */
const REST_WITHIN_MS = 12 * 24 * 60 * MINUTE

/** Two looks at a payout of which nobody can say anything, and one to spare. */
const LOOKED_AT_AGAIN_MS = 4 * 60 * MINUTE
/** A day and an hour after its end the last look for late locks is made, and the looks at the payout are a day apart. */
const WATCHED_CLOSELY_MS = 26 * 60 * MINUTE

/** One history from the first request to the last rest: processes, wallet, bank and clients of one seed. */
export class World {
  readonly knobs: Knobs
  readonly timeline: Timeline
  readonly faults: Faults
  readonly store: MemoryStore
  readonly wallet: Wallet
  readonly bank: Bank
  readonly checks: Checks
  readonly acknowledged: Acknowledged[] = []
  readonly life: Chance
  private readonly operator: Operator
  crashes = 0
  private readonly seed: number
  private readonly mutant: Mutant | null
  private readonly calls = new Map<string, number>()
  private readonly around: Surroundings
  private readonly processes: (Booted | null)[] = []
  private lives = 0

  constructor({ seed, schedule, mutant = null, narrate }: HistoryOptions) {
    const drawn = drawKnobs(seed, mutant?.hot)
    const knobs = mutant?.where?.(drawn) ?? drawn
    this.seed = seed
    this.knobs = knobs
    this.mutant = mutant
    this.life = new Chance(seed ^ 0x2545f491)
    this.operator = new Operator(this, new Chance(seed ^ 0x3c6ef372))
    this.timeline = new Timeline()
    const nowMs = () => this.timeline.nowMs
    const say = narrate && ((line: string) => narrate(`${(nowMs() / 1_000).toFixed(3).padStart(10)} ${line}`))
    if (say) this.timeline.narrate = say
    this.faults = new Faults(seed, knobs.rates, schedule === undefined ? null : readSchedule(schedule), say)
    this.checks = new Checks(
      () => ({
        store: this.store.tables,
        wallet: this.wallet,
        bank: this.bank,
        acknowledged: this.acknowledged,
        calls: this.calls,
        asked: (id) =>
          this.store.functions
            .listDifferences({ isOpen: true, limit: 1_000 })
            .flatMap(({ withdrawalId, kind }) => (withdrawalId === id ? [kind] : [])),
        nowMs,
      }),
      () => this.timeline.stop(),
    )
    this.store = createMemoryStore({
      nowMs: () => EPOCH_MS + nowMs(),
      onAppend: (entry, ...rows) => {
        say?.(
          `  ${entry.withdrawalId} ${entry.from} -> ${entry.to} ${entry.event} by ${entry.actor} ${entry.reasonCode ?? ''}`,
        )
        this.checks.appended(entry, ...rows)
      },
      ...(mutant?.without && { without: mutant.without }),
      isRepetition: (of, since) => this.isRepetition(of, since),
    })
    this.wallet = new Wallet(
      knobs.wallet,
      nowMs,
      (burn) => this.checks.released(burn),
      (burn) => this.wiped(burn),
    )
    this.bank = new Bank(knobs.provider, seed, this.timeline, this.faults, {
      isThrottled: () => this.around.down.throttle > this.timeline.nowMs,
      onOrdered: (order, earlier) => this.checks.ordered(order, earlier),
      onExecuted: (payout) => this.checks.executed(payout),
      ownerOf: (key) => {
        const { rows, retired } = this.store.tables
        for (const { id, payoutKey } of rows.values()) if (payoutKey === key) return id
        return retired.get(key)?.withdrawalId ?? null
      },
      onChanged: (payout) => {
        const { lookup, returnWindowMs } = knobs.provider
        const isLookedFor = lookup !== 'none' && returnWindowMs > 0
        if (payout.state === 'returned' && !isLookedFor)
          this.checks.excuse(payout.withdrawalId, 'paid_then_returned')
        if (payout.state === 'paid' && payout.lied === 'declined_then_paid')
          this.checks.excuse(payout.withdrawalId, 'declined_then_paid')
        this.webhook(payout.withdrawalId)
      },
    })
    this.around = {
      ...{ timeline: this.timeline, faults: this.faults, latency: new Chance(seed ^ 0x1b873593) },
      ...{ leaseMs: knobs.leaseSeconds * 1_000, lateMaxMs: knobs.lateMaxMs },
      pauseMaxMs: 3 * knobs.leaseSeconds * 1_000 + knobs.quietMs,
      sendsLate: knobs.rates.zombie_send > 0,
      down: { store: 0, exchange: 0, provider: 0, throttle: 0 },
      kill: (generation) => this.kill(generation),
      tooLate: (withdrawalId) => this.checks.excuse(withdrawalId, 'effect_after_quiet'),
      count: (id) => this.calls.set(id, (this.calls.get(id) ?? 0) + 1),
    }
  }

  async run(): Promise<void> {
    const { knobs, timeline } = this
    for (let process = 0; process < knobs.processes; process++) this.boot(process)
    const clients = this.plan()
    timeline.at(knobs.faultsUntilMs, null, 'faults end', () => this.endFaults())
    const isAtRest = await timeline.run(knobs.faultsUntilMs + REST_WITHIN_MS)
    for (const client of clients) client.checkAnswers()
    if (this.checks.violations.length === 0) this.checks.atRest(isAtRest)
  }

  result(): History {
    const { timeline, faults, checks } = this
    return {
      ...{ seed: this.seed, schedule: scheduleText(faults.injected), violations: checks.violations },
      ...{ trace: timeline.trace, events: timeline.events, crashes: this.crashes, virtualMs: timeline.nowMs },
      faults: faults.injected.map(({ kind }) => kind),
      states: [...this.store.tables.rows.values()].map(({ state }) => state),
      excuses: [...checks.excuses.values()].flatMap((excuses) => [...excuses]),
    }
  }

  /** Some process that runs, or null. */
  anyProcess(): Booted | null {
    const running = this.processes.filter((booted) => booted?.generation.alive)
    return running.length > 0 ? this.life.pick(running) : null
  }

  /**
   * A payout in doubt is looked at for ever, and what has ended for days. Once everything that time alone changes lies
   * behind it, and it has been looked at since without being changed, the next look is the last one over again.
   */
  private isRepetition(of: 'doubt' | 'watch', since: Date): boolean {
    const { knobs, timeline } = this
    const { keyLifetimeMs, notFoundConclusiveAfterMs } = knobs.provider
    const doubtMs = Math.max(knobs.doubtReviewMs, keyLifetimeMs) + knobs.quietMs + notFoundConclusiveAfterMs
    const longestMs = of === 'doubt' ? doubtMs + LOOKED_AT_AGAIN_MS : WATCHED_CLOSELY_MS
    return timeline.nowMs - Math.max(since.getTime() - EPOCH_MS, knobs.faultsUntilMs) > longestMs
  }

  private boot(process: number): void {
    const { knobs, timeline, mutant, seed, around } = this
    const life = ++this.lives
    const generation: Generation = { process, number: life, alive: true, pausedUntilMs: 0 }
    const edges = new Edges(around, generation)
    const isDown = (what: 'exchange' | 'provider') => () => around.down[what] > timeline.nowMs
    this.processes[process] = boot({
      ...{ knobs, timeline, edges, database: this.store, mutant, life, seed },
      strayMs: () => this.nextStrayMs(),
      exchange: exchangeFor(this.wallet, edges, {
        timeoutMs: knobs.exchangeTimeoutMs,
        isDown: isDown('exchange'),
      }),
      provider: providerFor(this.bank, edges, this.faults, isDown('provider')),
    })
  }

  /** The sweep runs every hour, and does nothing but where a lock is left of what has ended. */
  private nextStrayMs(): number {
    const { rows } = this.store.tables
    for (const { state, withdrawalId } of this.wallet.burns) {
      const row = rows.get(withdrawalId)
      if (state === 'pending' && row && isFinal(row.state)) return EPOCH_MS
    }
    return Infinity
  }

  private kill(generation: Generation): void {
    if (!generation.alive) return
    generation.alive = false
    this.crashes++
    const { process } = generation
    const notice = () => this.takeForDead(generation)
    this.timeline.after(this.life.between(...NOTICED_WITHIN_MS), null, 'death noticed', notice)
    this.timeline.after(this.life.between(500, 30_000), null, 'boot', () => this.boot(process))
  }

  /** As the worker that has found its lock free does: whether it is dead, nobody can see better than that. */
  private takeForDead({ number }: Generation): void {
    this.store.functions.releaseLeases([processIdOf(number)])
  }

  private takeOneForDead(): void {
    const booted = this.anyProcess()
    if (booted) this.takeForDead(booted.generation)
  }

  /** A webhook is a hint to look, on whichever process the load balancer picks, once, twice or never. */
  private webhook(withdrawalId: string): void {
    const times = this.life.pick([0, 1, 1, 2])
    for (let time = 0; time < times; time++)
      this.timeline.after(this.life.between(0, 30_000), null, 'webhook', () => this.wake(withdrawalId))
  }

  private wake(withdrawalId: string): void {
    this.anyProcess()
      ?.store.wake(withdrawalId)
      .catch(() => {})
  }

  private endFaults(): void {
    this.faults.stop()
    Object.assign(this.around.down, { store: 0, exchange: 0, provider: 0, throttle: 0 })
  }

  /** Decides before it begins what will happen at which moment, whatever else does. */
  private plan(): readonly Client[] {
    const { knobs, faults, timeline, life } = this
    const during = (fault: { index: number }) => faults.amount(fault, 'at', 0, knobs.faultsUntilMs)
    const clients: Client[] = []
    for (let number = 0; number < knobs.withdrawals; number++) {
      const client = new Client(this, this.wish(number))
      clients.push(client)
      const startMs = life.between(0, knobs.faultsUntilMs * 0.6)
      timeline.at(startMs, null, 'request', () => client.start())
      const soon = (fault: { index: number }) => startMs + faults.amount(fault, 'at', 0, 90_000)
      const atOnceOr = (fault: { index: number }, later: (fault: { index: number }) => number) =>
        faults.amount(fault, 'at once', 0, 1) === 0
          ? startMs + faults.amount(fault, 'at', 0, 1_500)
          : later(fault)
      if (faults.at('plan.retry')) timeline.at(startMs + 3, null, 'request again', () => client.start())
      for (let time = 0; time < 2; time++) {
        const cancel = faults.at('plan.cancel')
        if (cancel) this.planCancel(client, startMs, cancel)
      }
      const foreign = faults.at('plan.foreign')
      if (foreign)
        timeline.at(atOnceOr(foreign, soon), null, foreign.kind, () =>
          this.decideElsewhere(client, foreign.kind),
        )
      const staff = faults.at('plan.staff')
      if (staff) this.planStaff(client, atOnceOr(staff, soon), staff)
      const poison = faults.at('plan.poison')
      if (poison) timeline.at(soon(poison), null, 'poison', () => this.poison(client))
    }
    for (let time = 0; time < 4; time++) {
      const wake = faults.at('plan.wake')
      if (wake) timeline.at(during(wake), null, 'wake', () => this.wakeAll())
    }
    this.planForProcesses(during)
    return clients
  }

  private planForProcesses(during: (fault: { index: number }) => number): void {
    const { knobs, faults, timeline } = this
    for (let time = 0; time < 4; time++) {
      const unseen = faults.at('plan.unseen')
      if (unseen) timeline.at(during(unseen), null, unseen.kind, () => this.takeOneForDead())
    }
    for (let time = 0; time < 3; time++) {
      const kill = faults.at('plan.kill')
      if (kill) timeline.at(during(kill), null, 'kill', () => this.killOne())
      const outage = faults.at('plan.outage')
      if (outage) {
        const what = outage.kind.replace('_down', '') as keyof Surroundings['down']
        const lengthMs = faults.amount(outage, 'length', 1_000, what === 'store' ? MINUTE : 10 * MINUTE)
        timeline.at(during(outage), null, outage.kind, () => {
          this.around.down[what] = Math.min(timeline.nowMs + lengthMs, knobs.faultsUntilMs)
        })
      }
    }
    for (let time = 0; time < 6; time++) {
      const operator = faults.at('plan.operator')
      if (operator) timeline.at(during(operator), null, 'operator', () => this.operator.act())
    }
    const paused = faults.at('plan.provider')
    if (paused) {
      const atMs = during(paused)
      timeline.at(atMs, null, 'pause', () => this.decideOverProvider(true))
      const forMs = faults.amount(paused, 'length', 1_000, 5 * MINUTE)
      timeline.at(Math.min(atMs + forMs, knobs.faultsUntilMs), null, 'resume', () =>
        this.decideOverProvider(false),
      )
    }
    const all = faults.at('plan.kill_all')
    if (all) timeline.at(during(all), null, 'kill all', () => this.killAll())
    const stop = faults.at('plan.stop')
    if (stop) timeline.at(during(stop), null, 'stop', () => this.stopOne())
  }

  private planCancel(client: Client, startMs: number, fault: Fault<KindAt<'plan.cancel'>>): void {
    const { timeline, faults, knobs } = this
    const cancelAt = (atMs: number) => timeline.at(atMs, null, 'cancel', () => client.cancel())
    switch (fault.kind) {
      case 'cancel_at_once':
        cancelAt(startMs + faults.amount(fault, 'at', 100, 2_000))
        return
      case 'cancel':
        cancelAt(startMs + faults.amount(fault, 'at', 0, 90_000))
        return
      case 'cancel_often': {
        const everyMs = faults.amount(fault, 'every', 2_000, 15_000)
        for (let atMs = startMs + everyMs; atMs < knobs.faultsUntilMs; atMs += everyMs) cancelAt(atMs)
      }
    }
  }

  private planStaff(client: Client, atMs: number, fault: Fault<KindAt<'plan.staff'>>): void {
    const { timeline, faults, knobs, wallet } = this
    const member = fault.kind === 'put_on_hold' ? 'onHold' : 'waiting'
    timeline.at(atMs, null, fault.kind, () => {
      const burn = wallet.burns.find(
        ({ withdrawalId, state, processing }) =>
          withdrawalId === client.withdrawalId && state === 'pending' && !processing,
      )
      if (!burn) return
      burn[member] = true
      burn.heldSinceMs = timeline.nowMs
      const forMs = faults.amount(fault, 'length', 1_000, 5 * MINUTE)
      const untilMs = Math.min(timeline.nowMs + forMs, knobs.faultsUntilMs)
      timeline.at(untilMs, null, 'let go', () => {
        burn[member] = false
      })
    })
  }

  /** The look before the mark cannot see what is put there behind it; what was there for long it has seen. */
  private wiped(burn: Burn): void {
    const { knobs, timeline, checks } = this
    const { rates, exchangeTimeoutMs } = knobs
    const isPrompt = rates.pause === 0 && rates.late_effect === 0 && rates.zombie_send === 0
    if (isPrompt && timeline.nowMs - burn.heldSinceMs > 4 * exchangeTimeoutMs) checks.wiped(burn)
  }

  private decideOverProvider(isPaused: boolean): void {
    const { functions } = this.store
    const [known] = functions.readProviderStates()
    const said = { provider: 'bank', reason: 'It was looked into.', actor: 'operator:1' }
    functions.setProviderPaused({ ...said, isPaused, version: known?.version ?? 0 })
  }

  private wish(number: number): Wish {
    const { life } = this
    return {
      number,
      userId: 1 + life.below(2),
      amount: `${life.between(1, 99)}.${life.between(10, 98) | 1}`,
      iban: `DE89370400440532${String(number).padStart(6, '0')}`,
      key: life.isLucky(0.75) ? `key-${number}` : null,
    }
  }

  private killOne(): void {
    const booted = this.anyProcess()
    if (booted) this.kill(booted.generation)
  }

  private killAll(): void {
    for (const booted of this.processes) if (booted) this.kill(booted.generation)
  }

  /** SIGTERM: it finishes what it has in hand, and is killed when that takes too long. */
  private stopOne(): void {
    const booted = this.anyProcess()
    if (!booted) return
    const { generation } = booted
    const end = () => this.kill(generation)
    this.timeline.after(10_000, null, 'stop deadline', end)
    Promise.all([booted.batches.stop(), booted.runner.stop()]).then(end, end)
  }

  private wakeAll(): void {
    for (const id of this.store.tables.rows.keys()) this.wake(id)
  }

  private decideElsewhere({ withdrawalId }: Client, kind: string): void {
    const burn = this.wallet.burns.find(
      (held) => held.withdrawalId === withdrawalId && held.state === 'pending',
    )
    const isForced = kind.startsWith('forced')
    if (!burn || (burn.processing && !isForced)) return
    if (burn.processing) this.checks.excuse(burn.withdrawalId, 'forced_change')
    const { refusedTwice } = this.wallet
    if (kind.endsWith('settle') && refusedTwice.has(burn.id) && this.knobs.wallet.lookupLagMs > 0)
      this.checks.excuse(burn.withdrawalId, 'settled_after_refusal')
    this.wallet.decideElsewhere(burn, kind.endsWith('settle') ? 'settled' : 'released')
  }

  private poison({ withdrawalId }: Client): void {
    if (withdrawalId !== null) this.store.tamper(withdrawalId, { destination: POISONED })
  }
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
