import type { Store, StoredWithdrawal } from '../db/store'
import { errorFields, LeaseLostError } from '../errors'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import { inParallel } from '../runtime/parallel'
import { resting } from '../services/batches/deliver'
import type { Candidate } from '../services/batches/send'
import { NO_FLOAT } from '../services/payouts/float'
import type { Next, StepDeps, Steps } from '../services/steps'
import { itemFor } from '../services/steps/submitting'
import type { Transition } from '../services/transition'
import type { LeasedRows } from './leased-rows'
import { logRepetition } from './log-repetition'

export interface PreparationDeps {
  readonly store: Pick<Store, 'postpone' | 'renewLeases' | 'letGo'>
  readonly transition: Transition
  readonly steps: Pick<Steps, 'ready'>
  readonly stepDeps: StepDeps
  readonly clock: Clock
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
      isFresh: () => false,
      ensureLease: () => held.ensure(settings.callTimeoutMs),
      record: () => Promise.reject(new Error('Nothing is recorded before a batch is frozen.')),
    }
    // Whether the provider may be called, and what its account can pay, was asked once for all of them.
    const next = await deps.steps.ready(visit, { ...stepDeps, gate: OPEN_GATE, float: NO_FLOAT })
    if (next.kind === 'go' && next.move.to === 'submitting')
      return { seen: row, move: next.move, item: itemFor(row, stepDeps) }
    held.release([row])
    await leaveBehind(row, next, held.current().owner)
    return null
  }

  async function leaveBehind(row: StoredWithdrawal, next: Next, leaseOwner: string): Promise<void> {
    switch (next.kind) {
      case 'go':
        if (!(await deps.transition(row, resting(next.move), { actor: 'worker', leaseOwner })))
          await store.letGo({ id: row.id, leaseOwner })
        return
      case 'stay':
        logRepetition(logger, row, next)
        await store.postpone(
          { id: row.id, version: row.version, leaseOwner },
          next.forMs,
          next.reasonCode,
          next.untilResumed,
        )
        return
      case 'resend_batch':
        throw new Error('What is ready is in no batch.')
    }
  }

  return async (rows, held, isStopping) => {
    const prepared = await inParallel(rows, settings.concurrency, async (row) => {
      try {
        await held.renewInTime()
        return held.has(row.id) && !isStopping() ? await prepareOne(row, held) : null
      } catch (error) {
        held.release([row])
        // Its lease ends by itself, and the next run looks at it again.
        const fields = { withdrawalId: row.id, state: row.state, ...errorFields(error) }
        if (error instanceof LeaseLostError) logger.warn('worker.lease_lost', fields)
        else logger.error('worker.step_failed', fields)
        return null
      }
    })
    return prepared.filter((candidate) => candidate !== null)
  }
}

const OPEN_GATE = { closedFor: () => Promise.resolve(null), closedForCredits: () => Promise.resolve(null) }
