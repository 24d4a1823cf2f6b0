import type { Store, StoredWithdrawal } from '../db/store'
import { backoffMs, WALLET_BACKOFF } from '../domain/retry'
import { isWorking } from '../domain/states'
import { errorFields, LeaseLostError } from '../errors'
import type { Clock, Randomness } from '../ports/clock'
import type { Logger } from '../ports/logger'
import type { BatchSender } from '../services/batches/send'
import { recordFacts } from '../services/record-facts'
import type { Next, Stay, StepDeps, Steps } from '../services/steps'
import type { Move, Transition } from '../services/transition'
import type { CallPlaces } from './call-places'
import type { Lease } from './lease'
import { logRepetition } from './log-repetition'

export interface RunnerSettings {
  readonly leaseSeconds: number
  /** Longest single call a step makes; a lease with less time left than this is not used for an effect. */
  readonly callTimeoutMs: number
  readonly pollMs: number
  /** Withdrawals that wait for a partner at the same time. */
  readonly concurrency: number
}

export interface RunnerDeps {
  readonly store: Store
  readonly transition: Transition
  /** What is done in each state; the ones of services/steps, unless the simulator plants a mistake. */
  readonly steps: Steps
  readonly batches: Pick<BatchSender, 'resend'>
  readonly stepDeps: StepDeps
  readonly clock: Clock
  readonly random: Randomness
  readonly newLease: () => Lease
  readonly logger: Logger
  readonly settings: RunnerSettings
}

/** A withdrawal takes about six steps; one that keeps going is a bug, and must not spin. */
const STEPS_MAX = 30

/** A commit takes milliseconds; on a machine that has no time for it a look more does not matter. */
const FRESH_MS = 2_000

/** One withdrawal in the hands of one worker: step after step, until it rests. */
export class Journey {
  private leaseEndsAtMs: number
  private stepsTaken = 0
  /** When the last step had heard what it asked. */
  private seenAtMs = -Infinity

  constructor(
    private readonly deps: RunnerDeps,
    private row: StoredWithdrawal,
    private readonly lease: Lease,
    private entered: boolean,
    private readonly runner: {
      readonly isStopping: () => boolean
      /** Asked once it has a place: it may have waited for that. */
      readonly mayBegin: () => boolean
      readonly places: Pick<CallPlaces, 'during'>
    },
  ) {
    this.leaseEndsAtMs = lease.askedAtMs + lease.seconds * 1000
  }

  async run(): Promise<StoredWithdrawal> {
    try {
      while (await this.takeStep());
    } catch (error) {
      await this.giveUp(error)
    }
    return this.row
  }

  /** @returns Whether to go on with the next state. */
  private async takeStep(): Promise<boolean> {
    const { state } = this.row
    if (!isWorking(state) && state !== 'in_review') return false
    if (++this.stepsTaken > STEPS_MAX) throw new Error('The withdrawal does not come to rest.')
    const next = await this.runner.places.during(this.entered, () => this.step(state))
    this.seenAtMs = this.deps.clock.monotonicMs()
    if (next === null) {
      await this.postpone({ forMs: 0 })
      return false
    }
    switch (next.kind) {
      case 'resend_batch':
        await this.deps.batches.resend(next.batchId, this.row, this.lease)
        return false
      case 'stay':
        logRepetition(this.deps.logger, this.row, next)
        await this.postpone(next)
        return false
      case 'go':
        return this.goesOn(await this.move(next.move))
    }
  }

  /** @returns null where it has not begun and shall not any more. */
  private step(state: keyof Steps): Promise<Next | null> {
    if (this.stepsTaken === 1 && !this.runner.mayBegin()) return Promise.resolve(null)
    const visit = {
      row: this.row,
      entered: this.entered,
      isFresh: () => this.deps.clock.monotonicMs() - this.seenAtMs < FRESH_MS,
      ensureLease: () => this.ensureLease(),
      record: async (move: Move) => {
        await this.move(move)
        return this.row
      },
    }
    return this.deps.steps[state](visit, this.deps.stepDeps)
  }

  private async goesOn(made: Move): Promise<boolean> {
    this.entered = true
    if (!('keepLeaseSeconds' in made.next)) return false
    // Between two steps is where stopping is free; a payout whose intent is stored is sent first.
    if (!this.runner.isStopping() || this.row.state === 'submitting') return true
    await this.postpone({ forMs: 0 })
    return false
  }

  /** @returns The move that was written, which is another one where the facts contradict each other. */
  private async move(move: Move): Promise<Move> {
    const mover = { actor: 'worker', leaseOwner: this.lease.owner }
    const startedAtMs = this.deps.clock.monotonicMs()
    const { row: moved, made } = await recordFacts(this.deps.transition, this.row, move, mover)
    if (!moved) throw new LeaseLostError('The withdrawal has moved on, or its lease is over.')
    this.leaseEndsAtMs = startedAtMs + this.deps.settings.leaseSeconds * 1000
    this.row = moved
    return made
  }

  private async postpone({ forMs, reasonCode, untilResumed }: Omit<Stay, 'kind'>): Promise<void> {
    const { id, version } = this.row
    const claim = { id, version, leaseOwner: this.lease.owner }
    const kept = await this.deps.store.postpone(claim, forMs, reasonCode, untilResumed)
    if (!kept) throw new LeaseLostError('The withdrawal has moved on, or its lease is over.')
    const nextRunAt = new Date(this.row.readAt.getTime() + forMs)
    this.row = { ...this.row, nextRunAt, ...(reasonCode !== undefined && { reasonCode }) }
  }

  /** Measured on our own clock from before the lease was asked for, so it ends here before it ends there. */
  private ensureLease(): void {
    if (this.deps.clock.monotonicMs() + this.deps.settings.callTimeoutMs > this.leaseEndsAtMs)
      throw new LeaseLostError('Too little of the lease is left to make the call within it.')
  }

  private async giveUp(error: unknown): Promise<void> {
    const { row, deps } = this
    const fields = { withdrawalId: row.id, state: row.state, ...errorFields(error) }
    if (error instanceof LeaseLostError) {
      deps.logger.warn('worker.lease_lost', fields)
      await this.letGo()
      return
    }
    deps.logger.error('worker.step_failed', fields)
    const forMs = backoffMs(row.attempts, WALLET_BACKOFF, deps.random.fraction())
    await this.postpone({ forMs }).catch(async (failure: unknown) => {
      // The row comes back by itself when its lease ends.
      deps.logger.warn('worker.postpone_failed', { withdrawalId: row.id, ...errorFields(failure) })
      await this.letGo()
    })
  }

  /** Whoever took the row from us meanwhile waits for our call to be over; it is. */
  private async letGo(): Promise<void> {
    const { deps, row, lease } = this
    await deps.store.letGo({ id: row.id, leaseOwner: lease.owner }).catch((failure: unknown) =>
      // Then it waits for the end of the lease.
      deps.logger.warn('worker.let_go_failed', { withdrawalId: row.id, ...errorFields(failure) }),
    )
  }
}
