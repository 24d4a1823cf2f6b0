import type { Store, StoredWithdrawal } from '../db/store'
import { backoffMs, WALLET_BACKOFF } from '../domain/retry'
import { errorFields, LeaseLostError } from '../errors'
import type { Clock, Randomness } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { inParallel } from '../runtime/parallel'
import { resting } from '../services/batches/deliver'
import type { Candidate } from '../services/batches/send'
import type { Next, StepDeps, Steps } from '../services/steps'
import { itemFor } from '../services/steps/submitting'
import type { Transition } from '../services/transition'
import type { LeasedRows } from './leased-rows'

export interface PreparationDeps {
  readonly store: Pick<Store, 'postpone' | 'renewLeases'>
  readonly transition: Transition
  readonly steps: Pick<Steps, 'ready'>
  readonly stepDeps: StepDeps
  readonly clock: Clock
  readonly random: Pick<Randomness, 'fraction'>
  readonly logger: Logger
  readonly settings: {
    /** Calls to the exchange, or single payouts, at the same time. */
    readonly concurrency: number
    readonly callTimeoutMs: number
  }
}

/**
 * Takes the last look at every burn before money moves, a few at a time. Who fails it stays behind, with the reason
 * written down; one bad withdrawal holds nobody else up.
 */
export type Preparation = (
  rows: readonly StoredWithdrawal[],
  held: LeasedRows,
  isStopping: () => boolean,
) => Promise<Candidate[]>

export function createPreparation(deps: PreparationDeps): Preparation {
  const { store, stepDeps, logger, settings } = deps

  async function prepareOne(row: StoredWithdrawal, held: LeasedRows): Promise<Candidate | null> {
    const visit = {
      row,
      entered: false,
      ensureLease: () => held.ensure(settings.callTimeoutMs),
      record: () => Promise.reject(new Error('Nothing is recorded before a batch is frozen.')),
    }
    // Whether the provider may be called was asked once for the whole run.
    const next = await deps.steps.ready(visit, { ...stepDeps, gate: OPEN_GATE })
    if ('to' in next && next.to === 'submitting')
      return { seen: row, move: next, item: itemFor(row, stepDeps) }
    held.release([row])
    await leaveBehind(row, next, held.current().owner)
    return null
  }

  async function leaveBehind(row: StoredWithdrawal, next: Next, leaseOwner: string): Promise<void> {
    if ('to' in next) {
      await deps.transition(row, resting(next), { actor: 'worker', leaseOwner })
      return
    }
    const wait =
      'stayMs' in next ? next.stayMs : backoffMs(row.attempts, WALLET_BACKOFF, deps.random.fraction())
    const reasonCode = 'stayMs' in next ? next.reasonCode : undefined
    await store.postpone({ id: row.id, version: row.version, leaseOwner }, wait, reasonCode)
  }

  return async (rows, held, isStopping) => {
    const prepared = await inParallel(rows, settings.concurrency, async (row) => {
      try {
        await held.renewInTime()
        return held.has(row.id) && !isStopping() ? await prepareOne(row, held) : null
      } catch (error) {
        held.release([row])
        // Its lease ends by itself, and the next run looks at it again.
        const facts = { withdrawalId: row.id, state: row.state, ...errorFields(error) }
        if (error instanceof LeaseLostError) logger.warn('worker.lease_lost', facts)
        else logger.error('worker.step_failed', facts)
        return null
      }
    })
    return prepared.filter((candidate) => candidate !== null)
  }
}

const OPEN_GATE = { closedFor: () => Promise.resolve(null) }
