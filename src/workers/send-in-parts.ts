import type { Store } from '../db/store'
import { backoffMs, WALLET_BACKOFF } from '../domain/retry'
import { errorFields } from '../errors'
import type { Logger } from '../ports/logger'
import type { PaymentProvider } from '../ports/payment-provider'
import { type BatchSender, type Candidate, NotFrozenError, type SentBatch } from '../services/batches/send'
import type { StepDeps } from '../services/steps'
import type { LeasedRows } from './leased-rows'

export interface PartsDeps {
  readonly store: Pick<Store, 'postpone'>
  readonly sender: Pick<BatchSender, 'send'>
  readonly stepDeps: Pick<StepDeps, 'random'>
  readonly logger: Logger
}

/**
 * Sends candidates as one batch. Where the database refuses one of them nothing of the batch is stored, and nobody in it
 * would ever be paid: then they go in halves, until that one is alone, and stays behind.
 *
 * @returns Why nothing more is sent for now; null to go on. What was sent is added to `sent`, and held no more.
 */
export type SendInParts = (
  group: { provider: PaymentProvider; currency: string },
  candidates: readonly Candidate[],
  held: LeasedRows,
  sent: SentBatch[],
) => Promise<string | null>

/** A handful in a batch of thousands; where the database refuses everybody, that is not found out one by one. */
const REFUSALS_MAX = 64

export function createSendInParts({ store, sender, stepDeps, logger }: PartsDeps): SendInParts {
  async function leaveBehind({ seen: row }: Candidate, held: LeasedRows, why: unknown): Promise<void> {
    const { owner: leaseOwner } = held.current()
    held.release([row])
    // It is tried again, ever more seldom, and a person is asked about what stays where it is.
    logger.error('worker.step_failed', { withdrawalId: row.id, state: row.state, ...errorFields(why) })
    const forMs = backoffMs(row.attempts, WALLET_BACKOFF, stepDeps.random.fraction())
    await store.postpone({ id: row.id, version: row.version, leaseOwner }, forMs, undefined)
  }

  return (group, candidates, held, sent) => {
    let refusals = 0
    const sendThese = async (these: readonly Candidate[]): Promise<string | null> => {
      try {
        const batch = await sender.send(group, these, held.current())
        held.release(these.map(({ seen }) => seen))
        if (batch) sent.push(batch)
        return batch?.waiting ?? null
      } catch (error) {
        const isRefused = error instanceof NotFrozenError && ++refusals <= REFUSALS_MAX
        if (!isRefused) {
          // Of what may have been sent each says so for itself, when its lease ends.
          if (!(error instanceof NotFrozenError)) held.release(these.map(({ seen }) => seen))
          throw error
        }
        const [first, ...others] = these
        if (first && others.length === 0) {
          await leaveBehind(first, held, error.cause)
          return null
        }
        const half = Math.ceil(these.length / 2)
        const waiting = await sendThese(these.slice(0, half))
        if (waiting !== null) return waiting
        await held.renewInTime()
        return sendThese(these.slice(half).filter(({ seen }) => held.has(seen.id)))
      }
    }
    return sendThese(candidates)
  }
}
